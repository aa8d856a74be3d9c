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
 * A bundle that passed all checks: of its parts against the manifest, of all hashes, and of the records against the ledgers.
 * The methods read from the file on each call and check the hash of the part again.
 */
export type Bundle = {
  manifest: BundleManifest
  places: BundledPlace[]
  /** In the order of kind and id. */
  readRecords(): AsyncGenerator<BundledRecord>
  /** Oldest first. */
  readRevisions(ledger: string): AsyncGenerator<BundledRevision>
  /** Whether the text of the article is stored in parts. */
  isLongArticle(id: string): boolean
  /** For a short article: its text and its bytes as received. */
  readArticle(id: string): Promise<{ body: string; source: Uint8Array }>
  /** For a long article. */
  readTextParts(id: string): AsyncGenerator<TextPart>
  close(): void
}

const maxManifestBytes = 64 * 1_048_576

/**
 * Opens a bundle and checks all of it.
 *
 * @param maxBytes limit of the unpacked size; the declared sizes are checked first, the actual sizes while reading
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
  const articleReader = createArticleReader(readChunks, partsByName)
  const places = await Array.fromAsync(
    parseNdjson('places.ndjson', readChunks('places.ndjson'), BundledPlace),
  )
  const snapshotDigests = await checkLedgers(manifest, readChunks)
  const records = parseNdjson('records.ndjson', readChunks('records.ndjson'), BundledRecord)
  for (const article of await checkRecords(records, manifest, snapshotDigests))
    await checkArticle(article, partsByName, articleReader)
  return {
    manifest,
    places,
    ...articleReader,
    readRecords: () =>
      parseNdjson<BundledRecord>('records.ndjson', readChunks('records.ndjson'), null),
    readRevisions: (ledger) => {
      const name = `ledgers/${ledger}.ndjson`
      return parseNdjson<BundledRevision>(name, readChunks(name), null)
    },
    close: () => zip.close(),
  }
}

type ReadChunks = (name: string) => AsyncGenerator<Buffer>
type PartsByName = ReadonlyMap<string, BundleManifest['parts'][number]>
type ArticleReader = Pick<Bundle, 'isLongArticle' | 'readArticle' | 'readTextParts'>

function createArticleReader(readChunks: ReadChunks, partsByName: PartsByName): ArticleReader {
  const readPart = async (name: string) => Buffer.concat(await Array.fromAsync(readChunks(name)))
  return {
    isLongArticle: (id) => partsByName.has(`articles/${id}/parts.ndjson`),
    async readArticle(id) {
      const name = `articles/${id}/body.txt`
      const body = decodeUtf8(name, await readPart(name))
      if (!isNormalised(body))
        throwBadBundle(`${name}: it contains characters that the text of an article cannot have.`)
      return { body, source: new Uint8Array(await readPart(`articles/${id}/source`)) }
    },
    readTextParts(id) {
      const folder = `articles/${id}`
      const name = `${folder}/parts.ndjson`
      return splitLongText(
        folder,
        parseNdjson(name, readChunks(name), BundledTextPart),
        readChunks(`${folder}/body.txt`),
        readChunks(`${folder}/source`),
      )
    },
  }
}

/** Checks all ledgers. @returns digests of the last snapshots of all records */
async function checkLedgers(
  { ledgers }: BundleManifest,
  readChunks: ReadChunks,
): Promise<Set<string>> {
  const snapshotDigests = new Set<string>()
  for (const { id, hash } of ledgers) {
    const name = `ledgers/${id}.ndjson`
    const revisions = parseNdjson(name, readChunks(name), BundledRevision)
    const lastHash = await checkLedger(name, revisions, snapshotDigests)
    if (lastHash !== hash) throwBadBundle(`${name}: it does not end with the revision ${hash}.`)
  }
  return snapshotDigests
}

async function checkArticle(
  { id, record }: BundledRecord,
  partsByName: PartsByName,
  { isLongArticle, readArticle, readTextParts }: ArticleReader,
): Promise<void> {
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

/** Reads the bytes of a part and checks their size and hash at the end. */
const createPartReader = (zip: ZipReader, partsByName: PartsByName): ReadChunks =>
  async function* readPartChunks(name) {
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
      throwBadBundle(`${name}: it does not match the manifest (SHA-256 ${part.sha256}).`)
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
      `manifest.json: the bundle has version ${content.version}; this program reads versions up to ${bundleVersion}.`,
    )
  return validateValue('manifest.json', BundleManifest, content)
}

/**
 * Checks that the records are sorted and unique, and that each matches its last snapshot in one of the ledgers.
 *
 * @returns the articles, without their citations
 */
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
      throwBadBundle(`${location} is a duplicate, or not in the order of kind and id.`)
    previousPosition = position
    if (!snapshotDigests.has(digestRecord(record)))
      throwBadBundle(`${location} does not match its last snapshot in the ledgers.`)
    if (register && !canHaveRegister(kind, register.key))
      throwBadBundle(
        `${location}: only a permit can have a register with a key, and only an article one without a key.`,
      )
    if (kind === 'article') articles.push({ ...record, citations: [] })
    hasCase ||= id === manifest.case.id && kind === 'case'
  }
  if (!hasCase)
    throwBadBundle(`records.ndjson: the case ${manifest.case.slug} is not among the records.`)
  return articles
}

const canHaveRegister = (kind: Kind, key: string | null): boolean =>
  kind === 'permit' ? Boolean(key) : kind === 'article' && key === null
