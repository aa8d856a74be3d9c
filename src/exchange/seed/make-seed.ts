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

const listedKinds = ['actor', 'affiliation', 'good', 'permit', 'measure', 'event'] as const

/**
 * Writes `<folder>/<case>/source.txt` and `case.yaml`, in the form of `seeds/`: of a case with one article of plain text,
 * for that is what the form holds. Records that are live no more, and what stands only to explain others, stay out.
 *
 * @returns the folder of the case
 * @throws {BadBundle} with the reason when the form cannot hold the case
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
    throw new BadBundle(`The text of ${article.record.slug} is long; a seed holds a short one.`)
  const { body, source } = await bundle.readArticle(article.id)
  const boilerplate = findBoilerplate(article, body)
  if (cleanSource(source, boilerplate) !== body)
    throw new BadBundle(
      `The text of ${article.record.slug} does not follow from its bytes by the rules for plain text.`,
    )
  const slugs = new Map(records.map(({ id, record }) => [id, record.slug]))
  const toSeed = (of: BundledRecord) => toSeedRecord(of, article, body, slugs)
  const [caseRecord] = liveRecords.filter(({ id }) => id === manifest.case.id)
  if (caseRecord === undefined) throw new BadBundle('The case was retracted.')
  const {
    spans,
    metadata,
    bodySha256,
    sourceSha256,
    sourceMediaType,
    case: _of,
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

/** Families before the goods that belong to them. */
function selectKind(records: readonly BundledRecord[], kind: Kind): BundledRecord[] {
  const ofKind = records.filter((one) => one.kind === kind)
  return kind === 'good'
    ? ofKind.toSorted((a, b) => Number(a.record.family !== null) - Number(b.record.family !== null))
    : ofKind
}

/** Where boilerplate begins: the first line of each such stretch. */
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

/** The record with slugs for ids, and its citations of this article, each quote as short as it can stand alone. */
function toSeedRecord(
  { kind, record, citations }: BundledRecord,
  article: BundledRecord,
  body: string,
  slugs: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const replaceIds = (value: unknown): unknown =>
    typeof value === 'string' && uuidPattern.test(value)
      ? (slugs.get(value) ?? value)
      : Array.isArray(value)
        ? value.map(replaceIds)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replaceIds(one)]))
          : value
  const foreignCitation = citations.find((one) => one.article !== article.id)
  if (foreignCitation)
    throw new BadBundle(
      `The ${kind} ${record.slug} is cited from another article too; a seed has one.`,
    )
  return { ...(replaceIds(record) as object), citations: toSeedCitations(citations, body, slugs) }
}

function toSeedCitations(
  citations: readonly BundledCitation[],
  body: string,
  slugs: ReadonlyMap<string, string>,
) {
  const text = indexText(body)
  const merged: { key: string; citation: Record<string, unknown>; fields: string[] }[] = []
  for (const { quote, prefix, suffix, field, value, voices, confidence } of citations) {
    if (field === null)
      throw new BadBundle(`A quote is cited for no field: "${quote}". A seed names fields.`)
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
