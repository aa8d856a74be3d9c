import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { canonical, revisionHash, sha256 } from '../../ledger/canonical.ts'
import { openZip, type ZipFile } from '../zip/read-zip.ts'
import { ownPart } from './lines.ts'
import {
  BundledPlace,
  BundledRecord,
  BundledRevision,
  bundleVersion,
  Manifest,
  partName,
} from './schema.ts'

/** What is wrong with a bundle, naming the part; nothing of it was stored. */
export class BadBundle extends Error {
  override readonly name = 'BadBundle'
}

type BundledLedger = { id: string; revisions: BundledRevision[] }

/** A bundle in which everything holds: every part against the manifest, every hash, every record against the ledgers. */
export type Bundle = {
  manifest: Manifest
  places: BundledPlace[]
  records: BundledRecord[]
  ledgers: BundledLedger[]
  /** The text and the bytes of an article, as they were checked. */
  article(id: string): Promise<{ body: string; source: Uint8Array }>
  close(): void
}

const manifestBytesMax = 64 * 1_048_576

/**
 * Opens a bundle and checks all of it before anything is given out. What a zip file claims of its sizes is held against
 * `bytesMax` before anything is read, and against what comes when it is.
 *
 * @throws {BadBundle}
 */
export async function readBundle(path: string, bytesMax: number): Promise<Bundle> {
  const zip = await openZip(path, {
    bytesMax,
    mayBe: (name) => name === 'manifest.json' || partName.test(name),
  }).catch(bad)
  try {
    return await checked(zip)
  } catch (error) {
    zip.close()
    throw error
  }
}

const bad = (error: unknown): never => {
  throw error instanceof BadBundle
    ? error
    : new BadBundle(error instanceof Error ? error.message : String(error), { cause: error })
}

async function checked(zip: ZipFile): Promise<Bundle> {
  const manifest = await manifestOf(zip)
  const byName = new Map(manifest.parts.map((part) => [part.name, part]))
  if (byName.size < manifest.parts.length) bad('manifest.json: it lists a part twice.')
  const unlisted = zip.names.find((name) => name !== 'manifest.json' && !byName.has(name))
  if (unlisted !== undefined) bad(`${unlisted}: the manifest does not list this part.`)
  const read = async (name: string): Promise<Buffer> => {
    const part = byName.get(name)
    if (part === undefined || !zip.names.includes(name)) return bad(`${name}: the part is missing.`)
    const bytes = await zip.read(name).catch((error) => bad(`${name}: ${error.message}`))
    const hash = createHash('sha256').update(bytes).digest('hex')
    if (bytes.length !== part.size || hash !== part.sha256)
      bad(`${name}: it is not the part that the manifest lists (SHA-256 ${part.sha256}).`)
    return bytes
  }
  for (const name of byName.keys()) await read(name)

  const places = linesOf('places.ndjson', await read('places.ndjson'), BundledPlace)
  const records = linesOf('records.ndjson', await read('records.ndjson'), BundledRecord)
  const ledgers: BundledLedger[] = []
  for (const { id, hash } of manifest.ledgers) {
    const name = `ledgers/${id}.ndjson`
    const revisions = linesOf(name, await read(name), BundledRevision)
    checkLedger(name, revisions)
    if (revisions.at(-1)?.hash !== hash) bad(`${name}: it does not end with the revision ${hash}.`)
    ledgers.push({ id, revisions })
  }
  checkRecords(records, ledgers)
  const article = async (id: string) => {
    const [body, source] = [
      await read(`articles/${id}/body.txt`),
      await read(`articles/${id}/source`),
    ]
    return { body: utf8(`articles/${id}/body.txt`, body), source: new Uint8Array(source) }
  }
  for (const { id, kind, record } of records) {
    if (kind !== 'article') continue
    for (const [name, hash] of [
      [`articles/${id}/body.txt`, record.bodySha256],
      [`articles/${id}/source`, record.sourceSha256],
    ] as const)
      if (byName.get(name)?.sha256 !== hash) bad(`${name}: it is not the text of its article.`)
    await article(id)
  }
  if (!records.some(({ id, kind }) => id === manifest.case.id && kind === 'case'))
    bad(`records.ndjson: the case ${manifest.case.slug} is not among the records.`)
  return { manifest, places, records, ledgers, article, close: () => zip.close() }
}

async function manifestOf(zip: ZipFile): Promise<Manifest> {
  if (!zip.names.includes('manifest.json')) return bad('manifest.json: the part is missing.')
  const bytes = await zip
    .read('manifest.json', manifestBytesMax)
    .catch((error) => bad(`manifest.json: ${error.message}`))
  const given = json('manifest.json', utf8('manifest.json', bytes)) as { version?: unknown } | null
  if (typeof given?.version === 'number' && given.version > bundleVersion)
    bad(
      `manifest.json: the bundle is of version ${given.version}; this program reads up to ${bundleVersion}.`,
    )
  return parsed('manifest.json', Manifest, given)
}

function utf8(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return bad(`${name}: it is not UTF-8.`)
  }
}

function json(at: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return bad(`${at}: it is not JSON.`)
  }
}

function parsed<T>(at: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  return bad(`${at}: /${issue?.path.join('/')}: ${issue?.message}`)
}

const linesOf = <T>(name: string, bytes: Buffer, schema: z.ZodType<T>): T[] =>
  utf8(name, bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) =>
      parsed(`${name}, line ${index + 1}`, schema, json(`${name}, line ${index + 1}`, line)),
    )

/** Texts and revisions against their hashes, and the revisions against each other where they follow one another. */
function checkLedger(name: string, revisions: readonly BundledRevision[]): void {
  let before: BundledRevision | undefined
  for (const one of revisions) {
    const { documents, previousHash, hash, ...facts } = one
    for (const { record, hash: ofText, text } of documents)
      if (text !== null && sha256(text) !== ofText)
        bad(`${name}: revision ${one.revision}: the document of record ${record} was changed.`)
    const covered = documents.map(({ text, ...others }) => others)
    if (revisionHash({ ...facts, documents: covered }, previousHash) !== hash)
      bad(`${name}: revision ${one.revision}: its hash does not fit.`)
    if (before !== undefined && one.revision <= before.revision)
      bad(`${name}: revision ${one.revision} does not come after ${before.revision}.`)
    if (before?.revision === one.revision - 1 && previousHash !== before.hash)
      bad(`${name}: revision ${one.revision} does not follow from the one before it.`)
    before = one
  }
}

/** Each record is what the last document of it in some ledger says. */
function checkRecords(records: readonly BundledRecord[], ledgers: readonly BundledLedger[]): void {
  const seen = new Set<string>()
  const last = new Map<string, string[]>()
  for (const { revisions } of ledgers) {
    const inLedger = new Map<string, string>()
    for (const { documents } of revisions)
      for (const { record, text } of documents) if (text !== null) inLedger.set(record, text)
    for (const [record, text] of inLedger) last.set(record, [...(last.get(record) ?? []), text])
  }
  for (const record of records) {
    const { id, kind, state } = record
    if (seen.has(id)) bad(`records.ndjson: the record ${id} stands there twice.`)
    seen.add(id)
    const at = `records.ndjson: the ${kind} ${record.record.slug}`
    const documents = (last.get(id) ?? []).map((text) => json(at, text) as Record<string, unknown>)
    const fits = documents.some((document) =>
      state === 'live'
        ? document.kind === kind &&
          canonical(ownPart(kind, document)) ===
            canonical({ record: record.record, citations: record.citations })
        : document.state === state && document.slug === record.record.slug,
    )
    if (!fits) bad(`${at} is not what its last document in the ledgers says.`)
  }
}
