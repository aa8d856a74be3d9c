import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { anchorQuote } from '../../evidence/quote-anchor.ts'
import { indexText } from '../../evidence/text.ts'
import { cleanPlainText } from '../../intake/text-cleaning.ts'
import { isUncitable } from '../../records/kinds/articles/schema.ts'
import type { Kind } from '../../records/model/schema.ts'
import { BadBundle } from '../bundle/reader/bad-bundle.ts'
import type { Bundle } from '../bundle/reader/read-bundle.ts'
import type { BundledCitation, BundledRecord } from '../bundle/schema.ts'

const listedKinds = [
  'actor',
  'affiliation',
  'good',
  'permit',
  'measure',
  'event',
  'figure',
] as const

/**
 * Writes `<folder>/<case>/source.txt` and `case.yaml` in the format of `seeds/`, which holds a case with one article of plain
 * text. Retracted and merged records are left out.
 *
 * @returns the folder of the case
 * @throws {BadBundle} if the format cannot hold the case
 */
export async function makeSeed(bundle: Bundle, folder: string): Promise<string> {
  const { manifest, places } = bundle
  const records = await Array.fromAsync(bundle.readRecords())
  const liveRecords = records.filter(({ state }) => state === 'live')
  const articles = liveRecords.filter(
    ({ kind, record }) => kind === 'article' && record.case === manifest.case.id,
  )
  const [article] = articles
  if (article === undefined || articles.length > 1)
    throw new BadBundle(`A seed holds a case with one article; this one has ${articles.length}.`)
  if (bundle.isLongArticle(article.id))
    throw new BadBundle(`The text of ${article.record.slug} is too long for a seed.`)
  const { body, source } = await bundle.readArticle(article.id)
  const boilerplate = findBoilerplate(article, body)
  if (cleanSource(source, boilerplate) !== body)
    throw new BadBundle(
      `The text of ${article.record.slug} is not what the rules for plain text make of its bytes.`,
    )
  const slugs = new Map(records.map(({ id, record }) => [id, record.slug]))
  const toSeed = (record: BundledRecord) => toSeedRecord(record, article, body, slugs)
  const caseRecord = liveRecords.find(({ id }) => id === manifest.case.id)
  if (caseRecord === undefined) throw new BadBundle('The case was retracted.')
  const {
    spans,
    metadata,
    bodySha256,
    sourceSha256,
    sourceMediaType,
    case: _case,
    ...articleFields
  } = toSeed(article)
  const content = {
    case: toSeed(caseRecord),
    article: { ...articleFields, source: 'source.txt', boilerplate },
    places,
    ...Object.fromEntries(
      listedKinds.map((kind) => [`${kind}s`, selectKind(liveRecords, kind).map(toSeed)]),
    ),
  }
  const caseFolder = join(folder, manifest.case.slug)
  await mkdir(caseFolder, { recursive: true })
  await writeFile(join(caseFolder, 'source.txt'), source)
  await writeFile(join(caseFolder, 'case.yaml'), stringify(content, { lineWidth: 110 }))
  return caseFolder
}

/** Goods without a family come first, because a family must be listed before its members. */
function selectKind(records: readonly BundledRecord[], kind: Kind): BundledRecord[] {
  const selected = records.filter((record) => record.kind === kind)
  if (kind !== 'good') return selected
  return selected.toSorted(
    (a, b) => Number(a.record.family !== null) - Number(b.record.family !== null),
  )
}

/** The first line of each span of boilerplate. */
const findBoilerplate = ({ record }: BundledRecord, body: string) =>
  (record.spans as { type: string; start: number; note: string | null }[])
    .filter(isUncitable)
    .map(({ start, note }) => ({
      from: [...body].slice(start).join('').split('\n')[0] ?? '',
      note,
    }))

function cleanSource(
  source: Uint8Array,
  boilerplate: { from: string; note: string | null }[],
): string | null {
  try {
    return cleanPlainText(source, boilerplate).body
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return null
  }
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The record with slugs instead of ids. */
function toSeedRecord(
  { kind, record, citations }: BundledRecord,
  article: BundledRecord,
  body: string,
  slugs: ReadonlyMap<string, string>,
): Record<string, unknown> {
  if (citations.some((citation) => citation.article !== article.id))
    throw new BadBundle(
      `The ${kind} ${record.slug} also has citations of another article; a seed has one article.`,
    )
  return {
    ...(replaceIds(record, slugs) as object),
    citations: toSeedCitations(citations, body, slugs),
  }
}

/** Replaces ids with slugs, at any depth. */
function replaceIds(value: unknown, slugs: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string' && uuidPattern.test(value)) return slugs.get(value) ?? value
  if (Array.isArray(value)) return value.map((element) => replaceIds(element, slugs))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, replaceIds(member, slugs)]),
  )
}

/** Equal citations for consecutive fields become one. A quote that is unique in the text needs no prefix and suffix. */
function toSeedCitations(
  citations: readonly BundledCitation[],
  body: string,
  slugs: ReadonlyMap<string, string>,
) {
  const text = indexText(body)
  const merged: { key: string; citation: Record<string, unknown>; fields: string[] }[] = []
  for (const { quote, prefix, suffix, field, value, voices, confidence } of citations) {
    if (field === null)
      throw new BadBundle(`The quote "${quote}" is cited for no field; a seed requires a field.`)
    const isUnique = anchorQuote(text, { quote }, []).state === 'anchored'
    const citation = {
      quote,
      ...(!isUnique && { prefix, suffix }),
      voices: voices.map(({ actor, document }) =>
        actor === null ? { document } : (slugs.get(actor) ?? actor),
      ),
      ...(value !== null && { value }),
      ...(confidence !== null && { confidence }),
    }
    const key = JSON.stringify(citation)
    const previous = merged.at(-1)
    if (previous?.key === key) previous.fields.push(field)
    else merged.push({ key, citation, fields: [field] })
  }
  return merged.map(({ citation, fields }) => ({ ...citation, fields }))
}
