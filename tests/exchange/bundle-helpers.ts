import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import yauzl from 'yauzl'
import { ZipFile } from 'yazl'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { importBundle } from '../../src/exchange/bundle/importer/import-bundle.ts'
import { readBundle } from '../../src/exchange/bundle/reader/read-bundle.ts'
import { writeBundle } from '../../src/exchange/bundle/write-bundle.ts'
import { copyEmptyDatabase } from '../process/test-database.ts'

export const caseSlug = 'canada-turkey-wescam'
export const maxBundleBytes = 64 * 1_048_576
export const bundleFolder = join(tmpdir(), `casefile-bundle-${process.pid}`)
const openDatabases: Database[] = []

/** To be called when a test file ends: the next one may share the process, and this module with it. */
export async function closeInstances(): Promise<void> {
  for (const one of openDatabases.splice(0)) await one.close()
  rmSync(bundleFolder, { recursive: true, force: true })
}

let fileCount = 0
export const newZipPath = () => pathInFolder(`${++fileCount}.zip`)

export function pathInFolder(name: string): string {
  mkdirSync(bundleFolder, { recursive: true })
  return join(bundleFolder, name)
}

/** An instance without a case. */
export async function openEmptyInstance(): Promise<Database> {
  const database = openDatabase({
    url: await copyEmptyDatabase(),
    poolSize: 2,
    statementTimeoutMs: 0,
    onConnectionLost: () => undefined,
  })
  openDatabases.push(database)
  return database
}

const findCaseId = async ({ pool }: Database, of: string): Promise<string> =>
  (await pool.query("SELECT id FROM record WHERE kind = 'case' AND slug = $1", [of])).rows[0].id

export async function exportBundle(database: Database, ref = caseSlug): Promise<string> {
  const file = newZipPath()
  await pipeline(
    await writeBundle(database, await findCaseId(database, ref)),
    createWriteStream(file),
  )
  return file
}

export async function importBundleFile(database: Database, file: string) {
  const bundle = await readBundle(file, maxBundleBytes)
  try {
    return await importBundle(database, bundle)
  } finally {
    bundle.close()
  }
}

export async function unzipParts(file: string): Promise<Map<string, Buffer>> {
  const zip = await yauzl.openPromise(file)
  const parts = new Map<string, Buffer>()
  for await (const entry of zip.eachEntry()) {
    const pieces = await Array.fromAsync(await zip.openReadStreamPromise(entry))
    parts.set(entry.fileName, Buffer.concat(pieces as Buffer[]))
  }
  return parts
}

export async function zipParts(
  parts: Iterable<readonly [string, Buffer]>,
  mode = 0o100644,
): Promise<string> {
  const zip = new ZipFile()
  for (const [name, bytes] of parts) zip.addBuffer(bytes, name, { mode })
  zip.end()
  const file = newZipPath()
  await pipeline(zip.outputStream, createWriteStream(file))
  return file
}

export const countRows = async ({ pool }: Database) => {
  const { rows } = await pool.query(
    'SELECT (SELECT count(*) FROM record) AS records, (SELECT count(*) FROM revision) AS revisions, (SELECT count(*) FROM citation) AS citations, (SELECT count(*) FROM place) AS places, (SELECT count(*) FROM origin_text) AS texts',
  )
  return rows[0]
}

/** A part changed, and the sums of the manifest made to fit: whoever forges a bundle can do that. */
export async function forgeBundle(
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
  return zipParts(all)
}
