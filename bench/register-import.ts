/**
 * The command `npm run bench:register [-- PERMITS]`: the import of a register beside plain COPY of the same rows into the
 * same tables, in turns, each into a database of its own. Rates are of the rows; the search index follows them.
 */
import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from, to } from 'pg-copy-streams'
import { openEmbedded } from '../src/database/embedded.ts'
import { migrate } from '../src/database/migrate.ts'
import { atEnd, runCommand } from './closing.ts'
import { benchFolder } from './data-set/cached.ts'
import { residentBytes } from './processes.ts'

const rounds = 3
const work = join(benchFolder, 'register')
const permits = Number(process.argv[2] ?? 20_000)

/** In the order in which their rows refer to one another; what refers to a revision waits for the commit. */
const tables = [
  ...['record', 'case_file', 'actor', 'actor_alias', 'good', 'article', 'article_part', 'permit'],
  ...['permit_item', 'event', 'event_participant', 'event_effect', 'citation', 'ledger_document'],
  'revision',
]

const states = ['canada', 'turkey', 'syria', 'norway', 'chile', 'japan', 'kenya', 'peru']

/** A register of the shape of a real one: twenty-five permits a day, a few hundred goods, eight states. */
async function* register(): AsyncGenerator<string> {
  yield 'number,issued,until,entry,goods,destination,end destination,value,remark\n'
  for (let number = 0; number < permits; number += 1) {
    const day = new Date(Date.UTC(2000, 0, 1 + Math.floor(number / 25))).toISOString().slice(0, 10)
    const entry = `ML${(number % 22) + 1}`
    const [first, last] = [states[number % 8], states[(number % 3 ? number : number + 1) % 8]]
    yield `${number},${day},${day},${entry},"Parts of vehicles, type ${number % 400}",${first},${last},${(number * 37) % 100_000},no remark that would be of use\n`
  }
}

const map = `
register: bench
case: { slug: bench, title: A register }
article: { slug: bench-register, title: A register of permits, publisher: canada }
permit:
  key: [number]
  title: Export licence {number}
  number: { column: number }
  issuer: { actor: canada }
  issuedOn: { column: issued, formats: [yyyy-MM-dd] }
  validUntil: { column: until, formats: [yyyy-MM-dd] }
  destination: { column: destination, table: states }
  endDestination: { column: end destination, table: states }
  goods: { column: goods }
  controlEntries: [{ column: entry, list: EU ML }]
  value: { column: value, currency: EUR }
actors: [{ slug: canada, type: state, name: Canada, country: CA }]
tables:
  states:
${states.map((slug) => `    ${slug}: { slug: ${slug}, type: state, name: ${slug}, country: null }`).join('\n')}
`

type Imported = { seconds: number; indexSeconds: number; residentMb: number }

/** In a process of its own, as a user runs it. */
async function importInto(url: string, file: string, mapFile: string): Promise<Imported> {
  const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8']
  const main = join(import.meta.dirname, '../src/main.js')
  const args = ['import-register', file, '--map', mapFile, '--json']
  const child = spawn(process.execPath, [...flags, '--max-old-space-size=512', main, ...args], {
    env: { PATH: process.env.PATH, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  atEnd(async () => child.kill())
  let [text, most] = ['', 0]
  child.stdout.on('data', (piece) => {
    text += piece
  })
  const watch = setInterval(() => {
    most = Math.max(most, residentBytes(child.pid ?? 0) || 0)
  }, 50)
  const code = await new Promise((done) => child.on('close', done))
  clearInterval(watch)
  if (code !== 0) throw new Error(`The import ended with ${code}.`)
  const { added, seconds, indexSeconds } = JSON.parse(text)
  if (added !== permits) throw new Error(`${added} of ${permits} permits were added.`)
  return { seconds, indexSeconds, residentMb: most / 1_048_576 }
}

/** All rows of a database into files. */
async function dump(url: string): Promise<void> {
  const client = await connected(url)
  for (const table of tables)
    await pipeline(
      client.query(to(`COPY "${table}" TO STDOUT`)),
      createWriteStream(join(work, `${table}.copy`)),
    )
  await client.end()
}

/** Seconds of copying the files in, as one transaction; foreign keys and indexes as they are, nothing left to settle. */
async function copyInto(url: string): Promise<number> {
  const client = await connected(url)
  const started = performance.now()
  await client.query('BEGIN')
  await client.query("SET LOCAL casefile.settled = 'on'")
  for (const table of tables)
    await pipeline(
      createReadStream(join(work, `${table}.copy`), { highWaterMark: 1_048_576 }),
      client.query(from(`COPY "${table}" FROM STDIN`)),
    )
  await client.query('COMMIT')
  await client.end()
  return (performance.now() - started) / 1_000
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  return client
}

async function run(): Promise<void> {
  mkdirSync(work, { recursive: true })
  const embedded = await openEmbedded({
    dataDir: benchFolder,
    purpose: 'command',
    log: console.error,
  })
  atEnd(embedded.close)
  const admin = await connected(embedded.url)
  atEnd(() => admin.end())
  const fresh = async (name: string): Promise<string> => {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await admin.query(`CREATE DATABASE ${name}`)
    const url = new URL(embedded.url)
    url.pathname = name
    await migrate(url.href)
    return url.href
  }
  const file = join(work, 'register.csv')
  await pipeline(register(), createWriteStream(file))
  const mapFile = join(work, 'map.yaml')
  await pipeline([map], createWriteStream(mapFile))
  const ratios: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const imported = await fresh('register_import')
    const { seconds, indexSeconds, residentMb } = await importInto(imported, file, mapFile)
    await dump(imported)
    const copied = await copyInto(await fresh('register_copy'))
    ratios.push(copied / seconds)
    const rate = (time: number) => Math.round(permits / time)
    console.log(
      `round ${round}: import ${rate(seconds)} permits/s, COPY ${rate(copied)} permits/s: ${(copied / seconds).toFixed(2)} of it (goal 0.25); ${Math.round(residentMb)} MB resident (goal below 400); then ${indexSeconds.toFixed(1)} s for the search index`,
    )
  }
  for (const name of ['register_import', 'register_copy'])
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
  rmSync(work, { recursive: true })
}

await runCommand(run)
