import type { z } from 'zod'
import { parseEdtfBounds } from '../../evidence/edtf.ts'
import { computeCommonShare, type ShingledText } from '../../evidence/text-overlap.ts'
import { type ArticleDescription, MetadataName } from '../../records/kinds/articles/schema.ts'
import { LanguageTag, StatedDateInput } from '../../records/model/schema.ts'

type StatedMetadata = { name: string; value: string; foundIn: string }

/** What the sender says about a document. */
export type SenderDescription = Partial<ArticleDescription> & { case: string }

/** EDTF of a day in words, in a language (BCP 47; null where it is not known). Null where the words are no single day. */
type DayReader = (words: string, language: string | null) => string | null

/**
 * Describes an article: the sender's values first, else those of the document's metadata. A metadata value that cannot be
 * parsed stays in the metadata only.
 */
export function describeArticle(
  senderDescription: SenderDescription,
  metadata: readonly StatedMetadata[],
  fileName: string | null,
  readDay: DayReader,
): Omit<ArticleDescription, 'slug'> {
  const findValue = (name: z.infer<typeof MetadataName>) =>
    metadata.find((entry) => entry.name === name)?.value
  const { type, title, publisher, authors, url, language, publishedOn } = senderDescription
  const fullTitle = title ?? findValue(MetadataName.enum.title) ?? fileName ?? 'Untitled'
  const statedLanguage = language ?? parseLanguage(findValue('language'))
  const published = metadata.filter(({ name }) => name === 'published')
  return {
    ...senderDescription,
    type: type ?? 'other',
    title: fullTitle.slice(0, 1_000).trim() || 'Untitled',
    publisher: publisher ?? null,
    authors: authors ?? pickAuthors(metadata),
    url: url ?? metadata.map(parseCanonicalUrl).find((canonical) => canonical !== null) ?? null,
    language: statedLanguage,
    publishedOn:
      publishedOn ??
      published
        .map((entry) => parsePublicationDate(entry, statedLanguage, readDay))
        .find((date) => date !== null) ??
      null,
  }
}

function pickAuthors(metadata: readonly StatedMetadata[]): string[] {
  const bylines = metadata.filter(({ name }) => name === 'byline')
  const [best] = bylines
  if (best === undefined) return []
  const names = bylines
    .filter(({ foundIn }) => foundIn === best.foundIn)
    .map(({ value }) => value.replace(/^by\s+/i, '').trim())
    .filter((name) => name !== '' && !/^https?:/i.test(name))
  return [...new Set(names)].slice(0, 100)
}

function parseCanonicalUrl({ name, value }: StatedMetadata): string | null {
  if (name !== 'canonicalUrl' || value.length > 2_000) return null
  const url = URL.canParse(value) ? new URL(value) : null
  return url && /^https?:$/.test(url.protocol) ? url.href : null
}

function parseLanguage(value: string | undefined): string | null {
  const tag = value?.split(/[,;]/)[0]?.trim().replaceAll('_', '-')
  return LanguageTag.safeParse(tag).success ? (tag ?? null) : null
}

/**
 * The day of an ISO 8601 date or instant, in the instant's own time zone; or of a date with a year in words. Null for any
 * other format.
 */
function parsePublicationDate(
  { value, foundIn }: StatedMetadata,
  language: string | null,
  readDay: DayReader,
): StatedDateInput | null {
  const [iso] = /^\d{4}-\d\d(-\d\d)?(?=$|[T ])/.exec(value) ?? []
  const edtf = iso ?? readDay(value, language)
  if (edtf === null) return null
  try {
    parseEdtfBounds(edtf)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return null
  }
  return StatedDateInput.parse({
    edtf,
    asStated: value,
    reasoning: `The document states it in ${foundIn}.`,
  })
}

/** The slug of a title in ASCII letters, at most 80 characters, cut between words where possible. */
export function slugOf(plainTitle: string): string {
  const slug = plainTitle
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  if (slug.length <= 80) return slug || 'document'
  const cut = slug.slice(0, 80)
  return cut.includes('-') ? cut.slice(0, cut.lastIndexOf('-')) : cut
}

/** The first of `slug`, `slug-2`, `slug-3` ... that is free. */
export function findFreeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug
  for (let number = 2; ; number += 1)
    if (!taken.has(`${slug}-${number}`)) return `${slug}-${number}`
}

/** Near duplicates: at least this share of the shorter text is in the other one. */
const shareMin = 0.5

export type OverlapShares = { share: number; shareOfOther: number }

/** The share of each text that is also in the other one, 0 to 1, rounded to three digits. */
export function computeOverlapShares(text: ShingledText, other: ShingledText): OverlapShares {
  const round = (share: number): number => Math.round(share * 1_000) / 1_000
  return {
    share: round(computeCommonShare(text, other)),
    shareOfOther: round(computeCommonShare(other, text)),
  }
}

/** The near duplicates among the compared articles, highest shares first. */
export const selectNearDuplicates = <Other extends OverlapShares>(
  others: readonly Other[],
): Other[] =>
  others
    .filter(({ share, shareOfOther }) => Math.max(share, shareOfOther) >= shareMin)
    .sort((a, b) => b.share + b.shareOfOther - a.share - a.shareOfOther)

/** The description in the JSON of a stored article. */
export type ArticleAnswer = {
  id: string
  slug: string
  title: string
  type: string
  publisher: { id: string; slug: string } | null
  authors: string[]
  url: string | null
  language: string | null
  publishedOn: { edtf: string } | null
}

/** Fields of a description that was sent with a document of which the stored article, with the same bytes, says otherwise. */
export function listIgnoredFields(sent: unknown, stored: ArticleAnswer): string[] {
  const { slug, title, type, publisher, authors, url, language, publishedOn } =
    sent as Partial<ArticleDescription>
  const isSame: Record<string, boolean> = {
    slug: slug === undefined || slug === stored.slug,
    title: title === undefined || title === stored.title,
    type: type === undefined || type === stored.type,
    publisher:
      publisher === undefined ||
      publisher === (stored.publisher?.slug ?? null) ||
      publisher === stored.publisher?.id,
    authors: authors === undefined || authors.join('\n') === stored.authors.join('\n'),
    url: url === undefined || url === stored.url,
    language: language === undefined || language === stored.language,
    publishedOn: publishedOn === undefined || publishedOn?.edtf === stored.publishedOn?.edtf,
  }
  return Object.entries(isSame).flatMap(([field, same]) => (same ? [] : field))
}
