import type { z } from 'zod'
import type { ArticleListed } from '../../records/kinds/articles/schema.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import type { StatedDate } from '../../records/model/schema.ts'

export type Listed = z.infer<typeof ArticleListed>

/** CSL-JSON (the schema of the Citation Style Language, 1.0.2) of articles. */
export const cslJson: EntryFormat = {
  needs: 'listed',
  async *write(batches) {
    yield '['
    let separator = ''
    for await (const documents of batches) {
      yield separator +
        documents.map((document) => JSON.stringify(itemOf(JSON.parse(document)))).join(',\n')
      separator = ',\n'
    }
    yield ']\n'
  },
}

const itemOf = (article: Listed) => ({
  id: article.slug,
  type: 'article-newspaper',
  title: article.title,
  ...(article.authors.length > 0 && { author: article.authors.map((literal) => ({ literal })) }),
  ...(article.publisher && { 'container-title': article.publisher.name }),
  ...(article.url && { URL: article.url }),
  ...(article.language && { language: article.language }),
  ...(issued(article.publishedOn) && { issued: issued(article.publishedOn) }),
  note: noteOf(article),
})

/** What a reader needs to find the very text again. */
export const noteOf = ({ id, bodySha256, publishedOn }: Listed): string =>
  [
    `Casefile article ${id}`,
    `SHA-256 of the text ${bodySha256}`,
    ...(publishedOn ? [`date as EDTF ${publishedOn.edtf}`] : []),
  ].join('; ')

const parts = (day: string): number[] => day.split('-').map(Number)

/**
 * As exact as the date is known. "Some day within" is a range that is `circa`: CSL has no other word for it. An open side
 * says nothing that CSL could hold.
 */
function issued(date: z.infer<typeof StatedDate> | null) {
  if (date?.earliest == null || date.latest === null) return undefined
  const exact = exactly(date)
  return exact === null
    ? { 'date-parts': [parts(date.earliest), parts(date.latest)], circa: true }
    : { 'date-parts': [parts(exact)] }
}

/** The day, month or year that a date is; null for any other stretch of time. */
export function exactly({ earliest, latest }: z.infer<typeof StatedDate>): string | null {
  if (earliest === null || latest === null) return null
  if (earliest === latest) return earliest
  const [year = '', month = ''] = earliest.split('-')
  const endOfMonth = new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10)
  if (earliest.endsWith('-01') && latest === endOfMonth) return `${year}-${month}`
  return earliest === `${year}-01-01` && latest === `${year}-12-31` ? year : null
}
