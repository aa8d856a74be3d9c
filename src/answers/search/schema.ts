import { z } from 'zod'
import { Kind, RecordId, Reference } from '../../records/model/schema.ts'

const limitMessage = 'a whole number from 1 to 100'

export const SearchQuery = z.strictObject({
  q: z
    .string()
    .max(1_000, 'give at most 1,000 characters')
    .describe(
      'Words that a record must contain. `"in quotes"`: a phrase. `or`: either side. `-word`: exclude. Accents, case and the English plural do not matter.',
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
    .describe('Only records that belong to this case: slug or id.'),
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
    .describe('Hits per page, 1 to 100. Default: 20.'),
  cursor: z.string().min(1).max(4_000).optional().describe('`next` of the previous page.'),
})
export type SearchQuery = z.infer<typeof SearchQuery>

const Highlight = z
  .strictObject({
    start: z.int().describe('First code point in `text`, from 0.'),
    end: z.int().describe('Code point after the last one.'),
  })
  .meta({ id: 'Highlight', description: 'Words in a snippet that match the query.' })

const Snippet = z
  .strictObject({
    field: z
      .string()
      .describe(
        'Where the words were found: `name`, `aliases.0`, `description` or another field of the record, `citations` for a quote, `body` for the text of an article.',
      ),
    text: z.string().describe('The words with their context, exactly as in the source.'),
    highlights: z.array(Highlight).describe('In order, without overlaps.'),
    passage: z
      .strictObject({
        article: Reference,
        start: z.int().describe("First code point of `text` in the article's body, from 0."),
        end: z.int().describe('Code point after the last one of `text`.'),
        citation: RecordId.nullable().describe(
          'Id of the citation with this quote. Null for a body.',
        ),
      })
      .nullable()
      .describe('The position of `text` in an article. Null for fields of a record.'),
    cite: z
      .strictObject({
        article: z.string(),
        quote: z.string(),
        prefix: z.string(),
        suffix: z.string(),
      })
      .nullable()
      .describe('The passage as a citation, ready to be sent with a record.'),
  })
  .meta({ id: 'Snippet', description: 'Matching words with their context.' })
export type Snippet = z.infer<typeof Snippet>

const SearchHit = z
  .strictObject({
    record: Reference,
    kind: Kind,
    score: z.number().describe('Higher is better. Compare scores within one answer only.'),
    snippets: z.array(Snippet).describe('At most four: from names, descriptions, quotes, body.'),
  })
  .meta({ id: 'SearchHit', description: 'A record that matches the query.' })
export type SearchHit = z.infer<typeof SearchHit>

export const SearchAnswer = z
  .strictObject({
    data: z.array(SearchHit).describe('The best hits first.'),
    next: z.string().nullable().describe('Cursor of the next page. Null on the last page.'),
    total: z
      .strictObject({
        count: z.int(),
        isExact: z
          .boolean()
          .describe('False if there are more matching records than were counted.'),
      })
      .describe('The number of matching records. `facets` count the same records.'),
    facets: z.strictObject({
      kind: z
        .array(z.strictObject({ value: Kind, count: z.int() }))
        .describe('The largest counts first.'),
      case: z
        .array(z.strictObject({ value: Reference, count: z.int() }))
        .describe(
          'The 20 largest counts, the largest first. A record can belong to several cases.',
        ),
      year: z
        .array(z.strictObject({ value: z.int(), count: z.int() }))
        .describe(
          'By year. A record counts in every year that its date can mean. Records without a date, or with a date that is open or wider than ten years, do not count.',
        ),
    }),
    corrections: z
      .array(
        z.strictObject({
          from: z.string().describe('A word of the query that occurs nowhere.'),
          to: z.array(z.string()).describe('Words of names that were searched for instead.'),
        }),
      )
      .describe('Empty if the words of the query find something.'),
  })
  .meta({ id: 'SearchAnswer', description: 'The records that match a query.' })
export type SearchAnswer = z.infer<typeof SearchAnswer>
