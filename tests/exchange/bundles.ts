import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import yauzl from 'yauzl'
import { ZipFile } from 'yazl'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { importBundle } from '../../src/exchange/bundle/importing/import-bundle.ts'
import { readBundle } from '../../src/exchange/bundle/reading/read-bundle.ts'
import { writeBundle } from '../../src/exchange/bundle/write-bundle.ts'
import { copyOfEmpty } from '../process/database.ts'

export const slug = 'canada-turkey-wescam'
export const most = 64 * 1_048_576
export const folder = join(tmpdir(), `casefile-bundle-${process.pid}`)
const opened: Database[] = []

/** To be called when a test file ends: the next one may share the process, and this module with it. */
export async function closeAll(): Promise<void> {
  for (const one of opened.splice(0)) await one.close()
  rmSync(folder, { recursive: true, force: true })
}

let files = 0
export const newFile = () => inFolder(`${++files}.zip`)

export function inFolder(name: string): string {
  mkdirSync(folder, { recursive: true })
  return join(folder, name)
}

/** An instance without a case. */
export async function emptyInstance(): Promise<Database> {
  const database = openDatabase({
    ...{ url: await copyOfEmpty(), poolSize: 2, statementTimeoutMs: 0 },
    onConnectionLost: () => undefined,
  })
  opened.push(database)
  return database
}

const caseIdOf = async ({ pool }: Database, of: string): Promise<string> =>
  (await pool.query("SELECT id FROM record WHERE kind = 'case' AND slug = $1", [of])).rows[0].id

export async function exported(database: Database, of = slug): Promise<string> {
  const file = newFile()
  await pipeline(await writeBundle(database, await caseIdOf(database, of)), createWriteStream(file))
  return file
}

export async function imported(database: Database, file: string) {
  const bundle = await readBundle(file, most)
  try {
    return await importBundle(database, bundle)
  } finally {
    bundle.close()
  }
}

export async function unzipped(file: string): Promise<Map<string, Buffer>> {
  const zip = await yauzl.openPromise(file)
  const parts = new Map<string, Buffer>()
  for await (const entry of zip.eachEntry()) {
    const pieces = await Array.fromAsync(await zip.openReadStreamPromise(entry))
    parts.set(entry.fileName, Buffer.concat(pieces as Buffer[]))
  }
  return parts
}

export async function zipped(
  parts: Iterable<readonly [string, Buffer]>,
  mode = 0o100644,
): Promise<string> {
  const zip = new ZipFile()
  for (const [name, bytes] of parts) zip.addBuffer(bytes, name, { mode })
  zip.end()
  const file = newFile()
  await pipeline(zip.outputStream, createWriteStream(file))
  return file
}

export const counts = async ({ pool }: Database) => {
  const { rows } = await pool.query(
    'SELECT (SELECT count(*) FROM record) AS records, (SELECT count(*) FROM revision) AS revisions, (SELECT count(*) FROM citation) AS citations, (SELECT count(*) FROM place) AS places, (SELECT count(*) FROM origin_text) AS texts',
  )
  return rows[0]
}

/** A part changed, and the sums of the manifest made to fit: whoever forges a bundle can do that. */
export async function forged(
  parts: ReadonlyMap<string, Buffer>,
  name: string,
  change: (text: string) => string,
): Promise<string> {
  const all = new Map(parts)
  all.set(name, Buffer.from(change(String(parts.get(name)))))
  const manifest = JSON.parse(String(parts.get('manifest.json')))
  for (const part of manifest.parts) {
    const bytes = all.get(part.name) ?? Buffer.of()
    part.size = bytes.length
    part.sha256 = createHash('sha256').update(bytes).digest('hex')
  }
  all.set('manifest.json', Buffer.from(JSON.stringify(manifest)))
  return zipped(all)
}
