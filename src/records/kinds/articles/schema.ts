import { z } from 'zod'
import {
  baseFields,
  evidenceFields,
  LanguageTag,
  Line,
  RecordId,
  Reference,
  RefInput,
  Slug,
  StatedDate,
  StatedDateInput,
} from '../../model/schema.ts'

const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256, lower-case hexadecimal.')

/** What kind of document it is. */
export const ArticleType = z.enum([
  'news-article',
  'press-release',
  'report',
  'memo',
  'letter',
  'transcript',
  'legal-text',
  'data-set',
  'web-page',
  'other',
])

export const SpanType = z.enum([
  'article',
  'caption',
  'page',
  'note',
  'table',
  'header',
  'footer',
  'struck',
  'ocr',
  'boilerplate',
  'navigation',
  'teaser',
] as const)
export type SpanType = z.infer<typeof SpanType>

/** The types of spans that cannot be cited. */
const UncitableType = SpanType.extract([
  'boilerplate',
  'navigation',
  'teaser',
  'header',
  'footer',
  'struck',
])

/** Whether a span cannot be cited (in SQL: `isUncitableSpan`). */
export const isUncitable = ({ type }: { type: string }): boolean =>
  UncitableType.safeParse(type).success

/** A marked range of a body. */
const ArticleSpan = z
  .strictObject({
    type: SpanType.describe(
      'Nothing may cite `boilerplate`, `navigation`, `teaser`, `header`, `footer` (of the pages) and `struck` (struck out). `note`: a footnote, its mark in the text, or an exponent. `table`: rows are lines, cells are separated by tabs. `ocr`: read by text recognition. Spans can overlap.',
    ),
    start: z.int().describe('Code points from 0.'),
    end: z.int().describe('Code points, exclusive.'),
    page: z.int().nullable().describe('The page that it is, or is on, from 1; null without pages.'),
    note: z.string().nullable().describe('Why the stretch is marked.'),
    confidence: z
      .number()
      .nullable()
      .describe('Of text recognition (`ocr`), 0 to 1; null for every other span.'),
  })
  .meta({ id: 'ArticleSpan', description: 'A stretch of the body, and what part it is.' })

/** A span as a reviewer corrects it. */
const CorrectedSpan = z
  .strictObject({
    type: SpanType,
    start: z.int().min(0).describe('Code points of the body, from 0.'),
    end: z.int().min(1).describe('Code points of the body, exclusive.'),
    page: z.int().min(1).nullable().default(null),
    note: z
      .string()
      .trim()
      .min(1)
      .max(1_000)
      .nullable()
      .default(null)
      .describe('Why the stretch is marked.'),
    confidence: z.number().nullable().default(null).describe('Ignored: as in the article.'),
  })
  .refine(({ start, end }) => start < end, 'start must be before end')
export type CorrectedSpan = z.infer<typeof CorrectedSpan>

export const SpanCorrection = z
  .strictObject({
    spans: z
      .array(CorrectedSpan)
      .max(20_000)
      .describe(
        'All spans that the article shall have, as it shows them. Spans of type `page` and `ocr` stay as they are, whether they are sent or not.',
      ),
  })
  .meta({ id: 'NewSpans', description: 'Corrected marks of the parts of a body.' })

export const MetadataName = z.enum([
  'title',
  'byline',
  'published',
  'modified',
  'language',
  'canonicalUrl',
  'siteName',
  'description',
  'encoding',
  'omitted',
] as const)

/** What a document says about itself. */
const ArticleMetadata = z
  .strictObject({
    name: MetadataName,
    value: z.string(),
    foundIn: z.string().describe('Where it says so, e.g. `meta[property="og:title"]`.'),
  })
  .meta({ id: 'ArticleMetadata', description: 'What a document says of itself, and where.' })

export const ArticleListed = z
  .strictObject({
    ...baseFields('article'),
    title: z.string(),
    type: ArticleType.describe('What kind of document it is.'),
    case: Reference,
    publisher: Reference.nullable(),
    authors: z.array(z.string()),
    url: z.string().nullable(),
    language: z.string().nullable().describe('BCP 47.'),
    publishedOn: StatedDate.nullable(),
    bodyLength: z.int().describe('Code points.'),
    bodySha256: Sha256,
    sourceMediaType: z.string(),
    sourceSha256: Sha256,
  })
  .meta({ id: 'ArticleListed', description: 'A source document.' })

export const Article = ArticleListed.extend({
  body: z
    .string()
    .nullable()
    .describe(
      'The text that citations point into: NFC, `\\n` line ends. Null where it is long (a register): it is read at `/body`.',
    ),
  boilerplate: z.array(ArticleSpan).describe('Stretches that nothing may cite, in order.'),
  spans: z.array(ArticleSpan).describe('All marked stretches, those of `boilerplate` among them.'),
  metadata: z
    .array(ArticleMetadata)
    .describe('What the document says of itself; of one name the most trusted first.'),
  ...evidenceFields,
}).meta({ id: 'Article' })

/** The body with its citations and spans. */
export const MarkedBody = z
  .strictObject({
    article: Reference,
    bodySha256: Sha256,
    body: z.string(),
    spans: z
      .array(
        z.strictObject({
          type: z.enum(['citation', ...SpanType.options]),
          start: z.int().describe('Code points from 0.'),
          end: z.int().describe('Code points, exclusive.'),
          citation: RecordId.nullable(),
          record: Reference.nullable().describe('What the passage is cited for.'),
          field: z.string().nullable(),
        }),
      )
      .describe('In order of start, then end.'),
    ranges: z
      .array(
        z.strictObject({
          start: z.int().describe('Code points from 0.'),
          end: z.int().describe('Code points, exclusive.'),
          citations: z.array(RecordId).describe('All citations that cover the range.'),
        }),
      )
      .describe(
        'The cited stretches in order, without overlaps: where citations overlap, the stretch that they share is a range of its own.',
      ),
  })
  .meta({ id: 'MarkedBody', description: 'A body and the spans marked in it.' })

/** The description of an article, which can be corrected; the text cannot. */
export const ArticleDescription = z
  .strictObject({
    slug: Slug,
    title: Line,
    type: ArticleType.default('other'),
    case: RefInput,
    publisher: RefInput.nullable().default(null),
    authors: z.array(Line).max(100).default([]),
    url: z.url().max(2_000).nullable().default(null),
    language: LanguageTag.nullable().default(null),
    publishedOn: StatedDateInput.nullable().default(null),
  })
  .meta({ id: 'NewArticleDescription' })
export type ArticleDescription = z.infer<typeof ArticleDescription>

/** A new article, after `src/intake/` has read and cleaned its text. */
export const ArticleInput = ArticleDescription.extend({
  body: z.string().min(1),
  spans: z
    .array(
      ArticleSpan.extend({
        page: z.int().nullable().default(null),
        confidence: z.number().nullable().default(null),
      }),
    )
    .default([]),
  metadata: z.array(ArticleMetadata).default([]),
  source: z.instanceof(Uint8Array),
  sourceMediaType: z.string(),
})
export type ArticleInput = z.infer<typeof ArticleInput>

/** A new article whose text is stored in parts. */
export const LongArticleInput = ArticleInput.omit({ body: true, source: true })
export type LongArticleInput = z.infer<typeof LongArticleInput>

/** An article as a client sends it: the text becomes the source, and its normal form the body. */
export const ArticlePost = ArticleDescription.extend({
  text: z.string().min(1).describe('The text; the body is its NFC with `\\n` line ends.'),
  boilerplate: z
    .array(
      z
        .strictObject({
          start: z.int().min(0).describe('Code points of the body, from 0.'),
          end: z.int().min(1).describe('Code points of the body, exclusive.'),
          note: Line.nullable().default(null),
        })
        .refine(({ start, end }) => start < end, 'start must be before end'),
    )
    .max(1_000)
    .default([])
    .describe('Stretches that nothing may cite.'),
}).meta({ id: 'NewArticle' })
