import { createHash } from 'node:crypto'
import { Kind } from '../../../records/model/schema.ts'
import { openZip, type ZipFile } from '../../zip/read-zip.ts'
import {
  BundledPlace,
  BundledRecord,
  BundledRevision,
  BundledTextPart,
  bundleVersion,
  Manifest,
  partName,
} from '../schema.ts'
import { bad } from './bad-bundle.ts'
import { checkLedger, digestOfRecord } from './check-ledger.ts'
import { isNormal, partsOfText, type TextPart } from './long-text.ts'
import { json, linesOf, parsed, utf8 } from './ndjson.ts'

/**
 * A bundle in which everything holds: every part against the manifest, every hash, every record against the ledgers. What
 * can be long is read from the file each time; the hash of a part is held against the manifest each time as well.
 */
export type Bundle = {
  manifest: Manifest
  places: BundledPlace[]
  /** By kind and id. */
  records(): AsyncGenerator<BundledRecord>
  /** Those of one ledger, oldest first. */
  revisions(ledger: string): AsyncGenerator<BundledRevision>
  /** Whether the text of an article is kept in parts. */
  isLong(article: string): boolean
  /** The text and the bytes of an article. */
  article(id: string): Promise<{ body: string; source: Uint8Array }>
  /** Those of a long one. */
  parts(article: string): AsyncGenerator<TextPart>
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

async function checked(zip: ZipFile): Promise<Bundle> {
  const manifest = await manifestOf(zip)
  const byName = new Map(manifest.parts.map((part) => [part.name, part]))
  if (byName.size < manifest.parts.length) bad('manifest.json: it lists a part twice.')
  const unlisted = zip.names.find((name) => name !== 'manifest.json' && !byName.has(name))
  if (unlisted !== undefined) bad(`${unlisted}: the manifest does not list this part.`)
  const pieces = piecesOf(zip, byName)
  for (const name of byName.keys()) for await (const _ of pieces(name));

  const isLong = (id: string) => byName.has(`articles/${id}/parts.ndjson`)
  const whole = async (name: string) => Buffer.concat(await Array.fromAsync(pieces(name)))
  const article = async (id: string) => {
    const name = `articles/${id}/body.txt`
    const body = utf8(name, await whole(name))
    if (!isNormal(body)) bad(`${name}: it has what no text of an article can have.`)
    return { body, source: new Uint8Array(await whole(`articles/${id}/source`)) }
  }
  const parts = (id: string) => {
    const folder = `articles/${id}`
    const name = `${folder}/parts.ndjson`
    return partsOfText(
      folder,
      linesOf(name, pieces(name), BundledTextPart),
      pieces(`${folder}/body.txt`),
      pieces(`${folder}/source`),
    )
  }

  const places = await Array.fromAsync(
    linesOf('places.ndjson', pieces('places.ndjson'), BundledPlace),
  )
  const said = new Set<string>()
  for (const { id, hash } of manifest.ledgers) {
    const name = `ledgers/${id}.ndjson`
    const end = await checkLedger(name, linesOf(name, pieces(name), BundledRevision), said)
    if (end !== hash) bad(`${name}: it does not end with the revision ${hash}.`)
  }
  const lines = linesOf('records.ndjson', pieces('records.ndjson'), BundledRecord)
  for (const { id, record } of await checkRecords(lines, manifest, said)) {
    for (const [name, hash] of [
      [`articles/${id}/body.txt`, record.bodySha256],
      [`articles/${id}/source`, record.sourceSha256],
    ] as const) {
      const part = byName.get(name)
      if (part === undefined) bad(`${name}: the part is missing.`)
      if (part?.sha256 !== hash) bad(`${name}: it is not the text of its article.`)
    }
    if (isLong(id)) for await (const _ of parts(id));
    else await article(id)
  }
  return {
    ...{ manifest, places, isLong, article, parts },
    records: () => linesOf<BundledRecord>('records.ndjson', pieces('records.ndjson'), null),
    revisions: (id) =>
      linesOf<BundledRevision>(`ledgers/${id}.ndjson`, pieces(`ledgers/${id}.ndjson`), null),
    close: () => zip.close(),
  }
}

/** The bytes of a part, which are held against the manifest when they are at their end. */
const piecesOf = (zip: ZipFile, byName: ReadonlyMap<string, Manifest['parts'][number]>) =>
  async function* pieces(name: string): AsyncGenerator<Buffer> {
    const part = byName.get(name)
    if (part === undefined || !zip.names.includes(name)) return bad(`${name}: the part is missing.`)
    const hash = createHash('sha256')
    let size = 0
    const coming = zip.stream(name)
    try {
      for (;;) {
        const { done, value } = await coming
          .next()
          .catch((error: Error) => bad(`${name}: ${error.message}`))
        if (done) break
        hash.update(value)
        size += value.length
        yield value
      }
    } finally {
      await coming.return(undefined)
    }
    if (size !== part.size || hash.digest('hex') !== part.sha256)
      bad(`${name}: it is not the part that the manifest lists (SHA-256 ${part.sha256}).`)
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

/** Each record stands where it belongs, once, and is what the last document of it in some ledger says. @returns the articles */
async function checkRecords(
  records: AsyncIterable<BundledRecord>,
  manifest: Manifest,
  said: ReadonlySet<string>,
): Promise<BundledRecord[]> {
  const articles: BundledRecord[] = []
  let hasCase = false
  let before = ''
  for await (const record of records) {
    const { id, kind, register } = record
    const at = `records.ndjson: the ${kind} ${record.record.slug}`
    const place = `${Kind.options.indexOf(kind)} ${id}`
    if (place <= before)
      bad(`${at} does not stand in its place by kind and id, or stands there twice.`)
    before = place
    if (!said.has(digestOfRecord(record)))
      bad(`${at} is not what its last document in the ledgers says.`)
    if (
      register &&
      !(kind === 'permit' ? register.key : kind === 'article' && register.key === null)
    )
      bad(
        `${at}: a release of a register is an article, and what was read from it a permit with a key.`,
      )
    if (kind === 'article') articles.push({ ...record, citations: [] })
    hasCase ||= id === manifest.case.id && kind === 'case'
  }
  if (!hasCase) bad(`records.ndjson: the case ${manifest.case.slug} is not among the records.`)
  return articles
}
