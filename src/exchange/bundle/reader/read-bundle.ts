import { createHash } from 'node:crypto'
import { Kind } from '../../../records/model/schema.ts'
import { openZip, type ZipReader } from '../../zip/read-zip.ts'
import {
  BundledPlace,
  BundledRecord,
  BundledRevision,
  BundledTextPart,
  BundleManifest,
  bundleVersion,
  partNamePattern,
} from '../schema.ts'
import { refuseZip, throwBadBundle } from './bad-bundle.ts'
import { checkLedger, digestRecord } from './check-ledger.ts'
import { isNormalised, splitLongText, type TextPart } from './long-text.ts'
import { decodeUtf8, parseJson, parseNdjson, validateValue } from './ndjson.ts'

/**
 * A bundle in which everything holds: every part against the manifest, every hash, every record against the ledgers. What
 * can be long is read from the file each time; the hash of a part is held against the manifest each time as well.
 */
export type Bundle = {
  manifest: BundleManifest
  places: BundledPlace[]
  /** By kind and id. */
  readRecords(): AsyncGenerator<BundledRecord>
  /** Those of one ledger, oldest first. */
  readRevisions(ledger: string): AsyncGenerator<BundledRevision>
  /** Whether the text of an article is kept in parts. */
  isLongArticle(article: string): boolean
  /** The text and the bytes of an article. */
  readArticle(id: string): Promise<{ body: string; source: Uint8Array }>
  /** Those of a long one. */
  readTextParts(article: string): AsyncGenerator<TextPart>
  close(): void
}

const maxManifestBytes = 64 * 1_048_576

/**
 * Opens a bundle and checks all of it before anything is given out. What a zip file claims of its sizes is held against
 * `bytesMax` before anything is read, and against what comes when it is.
 *
 * @throws {BadBundle}
 */
export async function readBundle(path: string, maxBytes: number): Promise<Bundle> {
  const zip = await openZip(path, {
    bytesMax: maxBytes,
    isAllowedName: (name) => name === 'manifest.json' || partNamePattern.test(name),
  }).catch((error: unknown) => refuseZip('', error))
  try {
    return await checkBundle(zip)
  } catch (error) {
    zip.close()
    throw error
  }
}

async function checkBundle(zip: ZipReader): Promise<Bundle> {
  const manifest = await readManifest(zip)
  const partsByName = new Map(manifest.parts.map((part) => [part.name, part]))
  if (partsByName.size < manifest.parts.length)
    throwBadBundle('manifest.json: it lists a part twice.')
  const unlistedName = zip.names.find((name) => name !== 'manifest.json' && !partsByName.has(name))
  if (unlistedName !== undefined)
    throwBadBundle(`${unlistedName}: the manifest does not list this part.`)
  const readChunks = createPartReader(zip, partsByName)
  for (const name of partsByName.keys()) for await (const _ of readChunks(name));

  const isLongArticle = (id: string) => partsByName.has(`articles/${id}/parts.ndjson`)
  const readPart = async (name: string) => Buffer.concat(await Array.fromAsync(readChunks(name)))
  const readArticle = async (id: string) => {
    const name = `articles/${id}/body.txt`
    const body = decodeUtf8(name, await readPart(name))
    if (!isNormalised(body)) throwBadBundle(`${name}: it has what no text of an article can have.`)
    return { body, source: new Uint8Array(await readPart(`articles/${id}/source`)) }
  }
  const readTextParts = (id: string) => {
    const folder = `articles/${id}`
    const name = `${folder}/parts.ndjson`
    return splitLongText(
      folder,
      parseNdjson(name, readChunks(name), BundledTextPart),
      readChunks(`${folder}/body.txt`),
      readChunks(`${folder}/source`),
    )
  }

  const places = await Array.fromAsync(
    parseNdjson('places.ndjson', readChunks('places.ndjson'), BundledPlace),
  )
  const snapshotDigests = new Set<string>()
  for (const { id, hash } of manifest.ledgers) {
    const name = `ledgers/${id}.ndjson`
    const lastHash = await checkLedger(
      name,
      parseNdjson(name, readChunks(name), BundledRevision),
      snapshotDigests,
    )
    if (lastHash !== hash) throwBadBundle(`${name}: it does not end with the revision ${hash}.`)
  }
  const lines = parseNdjson('records.ndjson', readChunks('records.ndjson'), BundledRecord)
  for (const { id, record } of await checkRecords(lines, manifest, snapshotDigests)) {
    for (const [name, hash] of [
      [`articles/${id}/body.txt`, record.bodySha256],
      [`articles/${id}/source`, record.sourceSha256],
    ] as const) {
      const part = partsByName.get(name)
      if (part === undefined) throwBadBundle(`${name}: the part is missing.`)
      if (part?.sha256 !== hash) throwBadBundle(`${name}: it is not the text of its article.`)
    }
    if (isLongArticle(id)) for await (const _ of readTextParts(id));
    else await readArticle(id)
  }
  return {
    manifest,
    places,
    isLongArticle,
    readArticle,
    readTextParts,
    readRecords: () =>
      parseNdjson<BundledRecord>('records.ndjson', readChunks('records.ndjson'), null),
    readRevisions: (id) =>
      parseNdjson<BundledRevision>(
        `ledgers/${id}.ndjson`,
        readChunks(`ledgers/${id}.ndjson`),
        null,
      ),
    close: () => zip.close(),
  }
}

/** The bytes of a part, which are held against the manifest when they are at their end. */
const createPartReader = (
  zip: ZipReader,
  partsByName: ReadonlyMap<string, BundleManifest['parts'][number]>,
) =>
  async function* pieces(name: string): AsyncGenerator<Buffer> {
    const part = partsByName.get(name)
    if (part === undefined || !zip.names.includes(name))
      return throwBadBundle(`${name}: the part is missing.`)
    const hash = createHash('sha256')
    let size = 0
    const chunks = zip.stream(name)
    try {
      for (;;) {
        const { done, value } = await chunks
          .next()
          .catch((error: unknown) => refuseZip(name, error))
        if (done) break
        hash.update(value)
        size += value.length
        yield value
      }
    } finally {
      await chunks.return(undefined)
    }
    if (size !== part.size || hash.digest('hex') !== part.sha256)
      throwBadBundle(
        `${name}: it is not the part that the manifest lists (SHA-256 ${part.sha256}).`,
      )
  }

async function readManifest(zip: ZipReader): Promise<BundleManifest> {
  if (!zip.names.includes('manifest.json'))
    return throwBadBundle('manifest.json: the part is missing.')
  const bytes = await zip
    .read('manifest.json', maxManifestBytes)
    .catch((error: unknown) => refuseZip('manifest.json', error))
  const content = parseJson('manifest.json', decodeUtf8('manifest.json', bytes)) as {
    version?: unknown
  } | null
  if (typeof content?.version === 'number' && content.version > bundleVersion)
    throwBadBundle(
      `manifest.json: the bundle is of version ${content.version}; this program reads up to ${bundleVersion}.`,
    )
  return validateValue('manifest.json', BundleManifest, content)
}

/** Each record stands where it belongs, once, and is what the last document of it in some ledger says. @returns the articles */
async function checkRecords(
  records: AsyncIterable<BundledRecord>,
  manifest: BundleManifest,
  snapshotDigests: ReadonlySet<string>,
): Promise<BundledRecord[]> {
  const articles: BundledRecord[] = []
  let hasCase = false
  let previousPosition = ''
  for await (const record of records) {
    const { id, kind, register } = record
    const location = `records.ndjson: the ${kind} ${record.record.slug}`
    const position = `${Kind.options.indexOf(kind)} ${id}`
    if (position <= previousPosition)
      throwBadBundle(
        `${location} does not stand in its place by kind and id, or stands there twice.`,
      )
    previousPosition = position
    if (!snapshotDigests.has(digestRecord(record)))
      throwBadBundle(`${location} is not what its last document in the ledgers says.`)
    if (
      register &&
      !(kind === 'permit' ? register.key : kind === 'article' && register.key === null)
    )
      throwBadBundle(
        `${location}: a release of a register is an article, and what was read from it a permit with a key.`,
      )
    if (kind === 'article') articles.push({ ...record, citations: [] })
    hasCase ||= id === manifest.case.id && kind === 'case'
  }
  if (!hasCase)
    throwBadBundle(`records.ndjson: the case ${manifest.case.slug} is not among the records.`)
  return articles
}
