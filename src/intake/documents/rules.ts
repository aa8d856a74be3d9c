import type { z } from 'zod'
import { parseEdtfBounds } from '../../evidence/edtf.ts'
import { computeCommonShare, type ShingledText } from '../../evidence/text-overlap.ts'
import { type ArticleDescription, MetadataName } from '../../records/kinds/articles/schema.ts'
import { LanguageTag, StatedDateInput } from '../../records/model/schema.ts'

type StatedMetadata = { name: string; value: string; foundIn: string }

/** What is said of a document by whoever sends it, as far as they say it; the slug is made elsewhere. */
export type SenderDescription = Partial<ArticleDescription> & { case: string }

/**
 * What is said of an article: by its sender where they say it, or else by the document itself. What the document says in
 * a form that is not understood stays in its metadata, and is not guessed.
 */
export function describeArticle(
  given: SenderDescription,
  metadata: readonly StatedMetadata[],
  fileName: string | null,
): Omit<ArticleDescription, 'slug'> {
  const first = (name: z.infer<typeof MetadataName>) => metadata.find((one) => one.name === name)
  const title = given.title ?? first(MetadataName.enum.title)?.value ?? fileName ?? 'Untitled'
  const published = metadata.filter(({ name }) => name === 'published')
  return {
    ...given,
    type: given.type ?? 'other',
    title: title.slice(0, 1_000).trim() || 'Untitled',
    publisher: given.publisher ?? null,
    authors: given.authors ?? pickAuthors(metadata),
    url: given.url ?? metadata.map(parseCanonicalUrl).find((url) => url !== null) ?? null,
    language: given.language ?? parseLanguage(first('language')?.value),
    publishedOn:
      given.publishedOn ??
      published.map(parsePublicationDate).find((date) => date !== null) ??
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

/** The day that an ISO 8601 instant names in its own time zone; of anything else, nothing. */
function parsePublicationDate({ value, foundIn }: StatedMetadata): StatedDateInput | null {
  const [edtf] = /^\d{4}-\d\d(-\d\d)?(?=$|[T ])/.exec(value) ?? []
  if (edtf === undefined) return null
  try {
    parseEdtfBounds(edtf)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return null
  }
  return StatedDateInput.parse({
    edtf,
    asStated: value,
    reasoning: `As the document says in ${foundIn}.`,
  })
}

/** A slug out of a title in plain letters, of at most 80 characters, whole words where it can be. */
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

/** Of the shorter of two texts, at least this much stands in the other. */
const shareMin = 0.5

export type OverlapShares = { share: number; shareOfOther: number }

/** How much two texts share, of the one and of the other, to three digits. */
export function computeOverlapShares(text: ShingledText, other: ShingledText): OverlapShares {
  const round = (share: number): number => Math.round(share * 1_000) / 1_000
  return {
    share: round(computeCommonShare(text, other)),
    shareOfOther: round(computeCommonShare(other, text)),
  }
}

/** Those that are nearly the same text, the ones with the most in common first. */
export const selectNearDuplicates = <Other extends OverlapShares>(
  others: readonly Other[],
): Other[] =>
  others
    .filter(({ share, shareOfOther }) => Math.max(share, shareOfOther) >= shareMin)
    .sort((a, b) => b.share + b.shareOfOther - a.share - a.shareOfOther)
