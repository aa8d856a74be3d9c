import { z } from 'zod'
import { Kind, RecordId, Reference } from '../../records/model/schema.ts'

const limitMessage = 'a whole number from 1 to 100'

export const SearchQuery = z.strictObject({
  q: z
    .string()
    .max(1_000, 'at most 1,000 characters are searched for')
    .describe(
      'Words to find, all of them; `"in quotes"` as they stand, `or` between alternatives, `-` before what must not be there. Accents, case and the English plural do not matter.',
    ),
  kind: z
    .union([Kind, z.array(Kind).min(1).max(20)], {
      error: `give one or several of ${Kind.options.join(', ')}`,
    })
    .optional()
    .describe('Only records of this kind. May be repeated: any of them.'),
  case: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/i, 'a slug or an id: letters and digits, joined by hyphens')
    .max(120)
    .optional()
    .describe('Only what belongs to this case: slug or id.'),
  year: z.coerce
    .number('a year')
    .int('a year')
    .min(1, 'a year')
    .max(9_999, 'a year')
    .optional()
    .describe('Only records whose date can lie in this year.'),
  limit: z.coerce
    .number(limitMessage)
    .int(limitMessage)
    .min(1, limitMessage)
    .max(100, limitMessage)
    .optional()
    .describe('Hits of a page, 1 to 100; standard 20.'),
  cursor: z
    .string()
    .min(1)
    .max(4_000)
    .optional()
    .describe('Where to go on: `next` of the page before.'),
})
export type SearchQuery = z.infer<typeof SearchQuery>

const Highlight = z
  .strictObject({
    start: z.int().describe('Code points of the text, from 0.'),
    end: z.int().describe('Code points of the text, exclusive.'),
  })
  .meta({ id: 'Highlight', description: 'Words of a snippet that were searched for.' })

const Snippet = z
  .strictObject({
    field: z
      .string()
      .describe(
        'Where the words stand: `name`, `aliases.0`, `description` or another field of the record, `citations` for a quote, `body` for the text of an article.',
      ),
    text: z.string().describe('The words with their neighbours, exactly as they stand.'),
    highlights: z.array(Highlight).describe('In order; they do not overlap.'),
    passage: z
      .strictObject({
        article: Reference,
        start: z.int().describe("First code point of `text` in the article's body, from 0."),
        end: z.int().describe('Code point after the last one of `text`.'),
        citation: RecordId.nullable().describe(
          'The citation whose quote this is; null for a body.',
        ),
      })
      .nullable()
      .describe('Where `text` stands in an article; null when it is no text of an article.'),
    cite: z
      .strictObject({
        article: z.string(),
        quote: z.string(),
        prefix: z.string(),
        suffix: z.string(),
      })
      .nullable()
      .describe('The passage as a citation, to be sent as it is with a record.'),
  })
  .meta({ id: 'Snippet', description: 'Words that were found, where they stand.' })
export type Snippet = z.infer<typeof Snippet>

const SearchHit = z
  .strictObject({
    record: Reference,
    kind: Kind,
    score: z.number().describe('Higher is better. Compares hits of one answer only.'),
    snippets: z.array(Snippet).describe('At most four: names, descriptions, quotes, body.'),
  })
  .meta({ id: 'SearchHit', description: 'A record in which the words were found.' })
export type SearchHit = z.infer<typeof SearchHit>

export const SearchAnswer = z
  .strictObject({
    data: z.array(SearchHit).describe('The best first.'),
    next: z.string().nullable().describe('Cursor of the next page; null on the last.'),
    total: z
      .strictObject({
        count: z.int(),
        isExact: z
          .boolean()
          .describe('False: there are more, of which those found first are counted.'),
      })
      .describe('How many records fit. `facets` count the same ones.'),
    facets: z.strictObject({
      kind: z.array(z.strictObject({ value: Kind, count: z.int() })).describe('Most first.'),
      case: z
        .array(z.strictObject({ value: Reference, count: z.int() }))
        .describe('The 20 with the most, most first. A record can belong to several.'),
      year: z
        .array(z.strictObject({ value: z.int(), count: z.int() }))
        .describe(
          'In order of years. A record counts in every year that its date can lie in; one without a date, or with one that is open or over ten years wide, in none.',
        ),
    }),
    corrections: z
      .array(
        z.strictObject({
          from: z.string().describe('A word that stands nowhere.'),
          to: z.array(z.string()).describe('Words of names that were searched for instead.'),
        }),
      )
      .describe('Empty unless the words as they were given find nothing.'),
  })
  .meta({ id: 'SearchAnswer', description: 'Records in which words were found.' })
export type SearchAnswer = z.infer<typeof SearchAnswer>
