import { z } from 'zod'
import type { ArticleListed } from '../../records/kinds/articles/schema.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import type { StatedDate } from '../../records/model/schema.ts'

export type ListedArticle = z.infer<typeof ArticleListed>

const CslItem = z
  .strictObject({
    id: z.string(),
    type: z.literal('article-newspaper'),
    title: z.string(),
    author: z.array(z.strictObject({ literal: z.string() })).optional(),
    'container-title': z.string().optional(),
    URL: z.string().optional(),
    language: z.string().optional(),
    issued: z
      .strictObject({
        'date-parts': z
          .array(z.array(z.int()).min(1).max(3))
          .min(1)
          .max(2)
          .describe('A date or a range: year, month, day.'),
        circa: z.boolean().optional(),
      })
      .optional(),
    note: z.string(),
  })
  .meta({ id: 'CslItem', description: 'An article as CSL-JSON (1.0.2).' })

/** CSL-JSON (the schema of the Citation Style Language, 1.0.2) of articles. */
export const cslJson: EntryFormat = {
  schema: z.array(CslItem),
  recordForm: 'listed',
  async *write(batches) {
    yield '['
    let separator = ''
    for await (const jsonTexts of batches) {
      yield separator +
        jsonTexts.map((jsonText) => JSON.stringify(toCslItem(JSON.parse(jsonText)))).join(',\n')
      separator = ',\n'
    }
    yield ']\n'
  },
}

const toCslItem = (article: ListedArticle) => ({
  id: article.slug,
  type: 'article-newspaper',
  title: article.title,
  ...(article.authors.length > 0 && { author: article.authors.map((literal) => ({ literal })) }),
  ...(article.publisher && { 'container-title': article.publisher.name }),
  ...(article.url && { URL: article.url }),
  ...(article.language && { language: article.language }),
  ...(toCslDate(article.publishedOn) && { issued: toCslDate(article.publishedOn) }),
  note: formatSourceNote(article),
})

/** Identifies the exact text that was cited. */
export const formatSourceNote = ({ id, bodySha256, publishedOn }: ListedArticle): string =>
  [
    `Casefile article ${id}`,
    `SHA-256 of the text ${bodySha256}`,
    ...(publishedOn ? [`date as EDTF ${publishedOn.edtf}`] : []),
  ].join('; ')

const toDateParts = (day: string): number[] => day.split('-').map(Number)

/**
 * As exact as the date is known. A day within a period becomes a range with `circa`, the nearest that CSL offers. Undefined for
 * a date with an open side, which CSL cannot express.
 */
function toCslDate(date: z.infer<typeof StatedDate> | null) {
  if (date?.earliest == null || date.latest === null) return undefined
  const exact = formatExactDate(date)
  return exact === null
    ? { 'date-parts': [toDateParts(date.earliest), toDateParts(date.latest)], circa: true }
    : { 'date-parts': [toDateParts(exact)] }
}

/** The day, month or year that the date covers exactly; null for any other period. */
export function formatExactDate({ earliest, latest }: z.infer<typeof StatedDate>): string | null {
  if (earliest === null || latest === null) return null
  if (earliest === latest) return earliest
  const [year = '', month = ''] = earliest.split('-')
  const endOfMonth = new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10)
  if (earliest.endsWith('-01') && latest === endOfMonth) return `${year}-${month}`
  return earliest === `${year}-01-01` && latest === `${year}-12-31` ? year : null
}
