import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from, to } from 'pg-copy-streams'
import { migrate } from '../../src/database/migrate.ts'
import { registerCleanup } from '../cleanup.ts'
import { readResidentBytes } from '../processes.ts'
import { startFlags } from '../servers.ts'

/** In the order in which their rows refer to one another; what refers to a revision waits for the commit. */
const tablesInInsertOrder = [
  'record',
  'case_file',
  'actor',
  'actor_alias',
  'good',
  'article',
  'article_part',
  'permit',
  'permit_item',
  'event',
  'event_participant',
  'event_effect',
  'citation',
  'ledger_document',
  'revision',
]

export type RegisterImportRun = {
  added: number
  changed: number
  renewed: number
  withdrawn: number
  rows: number
  seconds: number
  indexSeconds: number
  /** The most that the process held. */
  residentBytes: number
}

const samplingIntervalMs = 50

/** In a process of its own, as a user runs it. `onProgress` is told what the process says of itself, and its memory. */
export async function runImport(
  url: string,
  file: string,
  map: string,
  onProgress: (line: string, residentBytes: number) => void = () => undefined,
): Promise<RegisterImportRun> {
  const flags = startFlags.filter((flag) => flag !== 'serve')
  const args = ['import-register', file, '--map', map, '--json', '--rejects', `${file}.rejects`]
  const child = spawn(process.execPath, [...flags, ...args, '--withdraw-at-most', '50'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { PATH: process.env.PATH, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  registerCleanup(async () => child.kill())
  let [text, lastMessage, currentBytes, maxBytes] = ['', '', 0, 0]
  child.stdout.on('data', (piece) => {
    text += piece
  })
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    lastMessage = piece.trim()
    onProgress(lastMessage, currentBytes)
  })
  const memorySampler = setInterval(() => {
    currentBytes = readResidentBytes(child.pid ?? 0) || currentBytes
    maxBytes = Math.max(maxBytes, currentBytes)
  }, samplingIntervalMs)
  const code = await new Promise((done) => child.on('close', done))
  clearInterval(memorySampler)
  if (code !== 0) throw new Error(`The import ended with ${code}: ${lastMessage}`)
  return { ...JSON.parse(text), residentBytes: maxBytes }
}

/** All rows of a database into files. */
export async function dumpTables(url: string, folder: string): Promise<void> {
  const client = await connectClient(url)
  for (const table of tablesInInsertOrder)
    await pipeline(
      client.query(to(`COPY "${table}" TO STDOUT`)),
      createWriteStream(join(folder, `${table}.copy`)),
    )
  await client.end()
}

/** Seconds of copying the files in, as one transaction; foreign keys and indexes as they are, nothing left to settle. */
export async function copyTablesInto(url: string, folder: string): Promise<number> {
  const client = await connectClient(url)
  const started = performance.now()
  await client.query('BEGIN')
  await client.query("SET LOCAL casefile.settled = 'on'")
  for (const table of tablesInInsertOrder)
    await pipeline(
      createReadStream(join(folder, `${table}.copy`), { highWaterMark: 1_048_576 }),
      client.query(from(`COPY "${table}" FROM STDIN`)),
    )
  await client.query('COMMIT')
  await client.end()
  return (performance.now() - started) / 1_000
}

async function connectClient(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  return client
}

/** Makes empty databases on the server of this address, which are gone at the end. */
export async function createDatabaseFactory(
  server: string,
): Promise<(name: string) => Promise<string>> {
  const admin = await connectClient(new URL('/postgres', server).href)
  const createdNames = new Set<string>()
  const drop = (name: string) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  registerCleanup(async () => {
    for (const name of createdNames) await drop(name)
    await admin.end()
  })
  const urlOf = (name: string) => new URL(`/${name}`, server).href
  const create = async (name: string, from: string) => {
    createdNames.add(name)
    await drop(name)
    await admin.query(`CREATE DATABASE ${name} ${from}`)
    return urlOf(name)
  }
  const template = 'casefile_bench_empty'
  await migrate(await create(template, ''))
  return (name) => create(name, `TEMPLATE ${template}`)
}
