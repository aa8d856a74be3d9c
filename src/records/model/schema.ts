import { z } from 'zod'

/** The kinds of record. The path of a kind is its plural: `kind` + `s`. */
export const Kind = z.enum([
  'case',
  'article',
  'actor',
  'affiliation',
  'good',
  'permit',
  'measure',
  'event',
  'figure',
  'place',
])
export type Kind = z.infer<typeof Kind>

/** Path of a record on this server. */
export const buildHref = (kind: string, slug: string): string => `/v1/${kind}s/${slug}`

export const RecordId = z.uuid().describe('UUIDv7.')

/** Whether a reference is an id, not a slug. */
export const isId = (ref: unknown): boolean =>
  typeof ref === 'string' &&
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(ref)

export const Slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a slug is lower-case letters and digits, joined by hyphens')
  .max(120)
  .describe('Unique in its kind; usable wherever an id is.')

/** A slug or an id, in a path or a filter. */
export const Ref = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/i, 'a slug or an id: letters and digits, joined by hyphens')
  .max(120)
  .describe('Slug or id of a record.')

export const RefParams = z.strictObject({ ref: Ref })

/** A slug or an id in a write, or `$name` for a record of the same batch. */
export const RefInput = z
  .string()
  .regex(/^\$?[a-z0-9]+(-[a-z0-9]+)*$/i, 'a slug, an id, or $name for a record of the same batch')
  .max(121)
  .describe('Slug or id of a record; in a batch also `$name` of another item.')

/** Another record, with the least that shows it. */
export const Reference = z
  .strictObject({
    id: RecordId,
    slug: Slug,
    name: z.string().describe('What to show: the name, designation, title or role of the record.'),
    href: z.string().describe('Path of the record on this server.'),
  })
  .meta({
    id: 'Reference',
    description: 'A small reference to another record.',
    examples: [
      {
        id: '01936f5e-0000-7000-8000-000000000001',
        slug: 'turkey',
        name: 'Turkey',
        href: '/v1/actors/turkey',
      },
    ],
  })

export type Reference = z.infer<typeof Reference>

/** A date as the source states it (EDTF, ISO 8601-2), with the first and last day it can mean. A null bound is open. */
export const StatedDate = z
  .strictObject({
    edtf: z.string().describe('EDTF: `2020-05`, `2019-10/2019-12`, `2021?`, `../2020-05`.'),
    asStated: z.string().nullable().describe("The source's own words, e.g. `late 2019`."),
    reasoning: z
      .string()
      .nullable()
      .describe('How the date follows from the words, where that is not plain.'),
    earliest: z.iso.date().nullable().describe('First day it can mean; null is open.'),
    latest: z.iso.date().nullable().describe('Last day it can mean; null is open.'),
  })
  .meta({
    id: 'StatedDate',
    description: 'A date as the source gave it.',
    examples: [
      {
        edtf: '2019-10/2019-12',
        asStated: 'late 2019',
        reasoning: null,
        earliest: '2019-10-01',
        latest: '2019-12-31',
      },
    ],
  })

/** Reference data: names and positions are not claims of a source document. */
export const Place = z
  .strictObject({
    slug: Slug,
    name: z.string(),
    country: z.string().nullable().describe('ISO 3166-1 alpha-2; null where disputed.'),
    latitude: z.number().nullable().describe('Degrees north, WGS 84.'),
    longitude: z.number().nullable().describe('Degrees east, WGS 84.'),
    source: z.string().describe('Where this reference data is from; it is not in the article.'),
    href: z.string().describe('Path of the place on this server.'),
    reference: z.literal(true).describe('Reference data: no source document says it.'),
  })
  .meta({ id: 'Place', description: 'A place: reference data, not a claim of a source document.' })

/** A link of the chain of reported speech: an actor or a named document. */
const Voice = z
  .strictObject({
    actor: Reference.nullable(),
    document: z.string().nullable().describe('A document as the source names it.'),
  })
  .meta({ id: 'Voice', description: 'Who says so: an actor or a named document.' })

/** The exact passage that supports a record. Offsets count Unicode code points (W3C Web Annotation, 4.2.5). */
export const RecordCitation = z
  .strictObject({
    id: RecordId,
    field: z
      .string()
      .nullable()
      .describe(
        'The field it supports, e.g. `items.0.quantity`; null is the record as a whole, `*` the record with all its fields.',
      ),
    article: Reference,
    start: z.int().describe('First code point of the quote in the body, from 0.'),
    end: z.int().describe('Code point after the last one of the quote.'),
    quote: z.string().describe('The passage, exactly as it stands.'),
    prefix: z.string().describe('Up to 32 code points before it.'),
    suffix: z.string().describe('Up to 32 code points after it.'),
    value: z
      .unknown()
      .describe("What this passage says of the field when that differs from the record's value."),
    voices: z.array(Voice).describe('The chain of reported speech, nearest to the fact first.'),
    confidence: z.number().nullable().describe('0 to 1; null when nobody rated it.'),
    state: z.enum(['anchored', 'orphaned']),
    stateReason: z.string().nullable().describe('Why an orphaned citation no longer holds.'),
    fragment: z
      .string()
      .nullable()
      .describe(
        'Where in the document as received it stands, as a fragment of its address: `row=17` of a table (RFC 7111), the heading counted; null when that says nothing.',
      ),
    source: z
      .enum(['text', 'ocr'])
      .describe(
        '`text`: the document has these words as text. `ocr`: a program read them from a picture and may have misread them; compare them with `/v1/articles/{ref}/pages/{page}`.',
      ),
    sourceConfidence: z
      .number()
      .nullable()
      .describe(
        'Lowest confidence of the words in the recognised lines of the quote, 0 to 1; null for `text`. Wrong words can have 0.9.',
      ),
  })
  .meta({ id: 'RecordCitation', description: 'The exact passage that supports a record.' })

/** A field for which passages have other values than the record. */
const Conflict = z
  .strictObject({
    field: z.string(),
    chosen: z.unknown().describe("The record's own value."),
    claims: z.array(
      z.strictObject({
        value: z.unknown(),
        citation: RecordId.describe('The citation that says so.'),
      }),
    ),
  })
  .meta({ id: 'Conflict', description: 'Claims that differ from the value that was chosen.' })

/** The first members of every record. */
export const baseFields = <K extends Kind>(kind: K) => ({
  id: RecordId,
  kind: z.literal(kind),
  slug: Slug,
  revision: z.int().describe('The revision that last changed it.'),
  href: z.string().describe('Path of the record on this server.'),
})

/** The last members of a single record. */
export const evidenceFields = {
  conflicts: z.array(Conflict),
  citations: z.array(RecordCitation).describe('In the order in which they were given.'),
}

/** A date in a write: the server computes its bounds. */
export const StatedDateInput = z
  .strictObject({
    edtf: StatedDate.shape.edtf.max(64),
    asStated: StatedDate.shape.asStated.unwrap().max(1_000).nullable().default(null),
    reasoning: StatedDate.shape.reasoning.unwrap().max(4_000).nullable().default(null),
  })
  .meta({ id: 'NewStatedDate', description: 'A date as the source gives it.' })
export type StatedDateInput = z.infer<typeof StatedDateInput>

/** Text that a person wrote, e.g. a title. */
/**
 * Control characters would be invisible in a name, or change how a terminal or a spreadsheet shows it. Not a `pattern`: the
 * regular expressions of many JSON Schema tools have no `\p`.
 */
export const Line = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .refine((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text), {
    error: 'must be a single line without control characters',
  })
export const Paragraph = z
  .string()
  .trim()
  .min(1)
  .max(20_000)
  .refine((text) => !/(?![\t\n\r])\p{Cc}/u.test(text), {
    error: 'must not contain control characters other than tabs and line breaks',
  })
export const CountryCode = z.string().regex(/^[A-Z]{2}$/, 'ISO 3166-1 alpha-2: two capital letters')
export const LanguageTag = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'BCP 47')
  .max(35)

/** A link of the chain in a write: the slug or id of an actor, or a document that the source names. */
const VoiceInput = z.union([RefInput, z.strictObject({ document: Line })])

/** `register` and not `meta`, which copies: the schema refers to itself. */
const Json = z.json().register(z.globalRegistry, { id: 'Json', description: 'Any JSON value.' })

/** A citation in a write: the server finds the quote in the article and computes the offsets. */
export const CitationInput = z
  .strictObject({
    article: RefInput.describe('The article that says it.'),
    quote: z.string().min(1).max(20_000).describe('The words, exactly as they stand in the body.'),
    prefix: z.string().max(2_000).optional().describe('Words directly before it, to tell apart.'),
    suffix: z.string().max(2_000).optional().describe('Words directly after it, to tell apart.'),
    field: z.string().min(1).max(200).nullable().default(null),
    fields: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(100)
      .optional()
      .describe(
        'Several fields that the one quote supports, instead of `field`: one citation for each. `["*"]` is the record with all its fields.',
      ),
    value: Json.optional(),
    voices: z.array(VoiceInput).max(20).default([]),
    confidence: z.number().min(0).max(1).nullable().default(null),
    fragment: z
      .string()
      .regex(/^[a-z]+=[\w,.;=-]+$/, 'a fragment such as row=17 or page=3')
      .max(100)
      .nullable()
      .default(null)
      .describe('Where in the document as received it stands: `row=17` (RFC 7111), `page=3`.'),
  })
  .meta({ id: 'NewCitation', description: 'A passage that supports a record.' })
export type CitationInput = z.infer<typeof CitationInput>

/** Sorts before every id. */
export const smallestId = '00000000-0000-0000-0000-000000000000'
