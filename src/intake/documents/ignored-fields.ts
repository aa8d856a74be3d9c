import type { ArticleDescription } from '../../records/kinds/articles/schema.ts'

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
