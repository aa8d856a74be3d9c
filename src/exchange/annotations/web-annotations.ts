import { z } from 'zod'
import type { Citation } from '../../records/kinds/citations/schema.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import type { RecordCitation, Reference } from '../../records/model/schema.ts'

const AnnotationBody = z.union([
  z.strictObject({
    type: z.literal('SpecificResource'),
    source: z.string().describe('Address of the record.'),
    selector: z
      .strictObject({
        type: z.literal('FragmentSelector'),
        conformsTo: z.string(),
        value: z.string().describe('JSON Pointer to the field.'),
      })
      .optional(),
  }),
  z.strictObject({
    type: z.literal('TextualBody'),
    purpose: z.enum(['commenting', 'questioning']),
    format: z.literal('text/plain'),
    language: z.literal('en'),
    value: z.string(),
  }),
])

const Annotation = z
  .strictObject({
    id: z.string().describe('`urn:uuid:` and the id of the citation.'),
    type: z.literal('Annotation'),
    motivation: z.literal('describing'),
    canonical: z.string().describe('Address of the citation.'),
    body: z.array(AnnotationBody),
    target: z.strictObject({
      source: z.string().describe('Address of the text.'),
      selector: z.array(
        z.union([
          z.strictObject({
            type: z.literal('TextQuoteSelector'),
            exact: z.string(),
            prefix: z.string(),
            suffix: z.string(),
          }),
          z.strictObject({
            type: z.literal('TextPositionSelector'),
            start: z.int(),
            end: z.int(),
          }),
        ]),
      ),
    }),
  })
  .meta({ id: 'Annotation', description: 'A citation as a W3C Web Annotation.' })

const AnnotationPage = z
  .strictObject({
    '@context': z.literal('http://www.w3.org/ns/anno.jsonld'),
    type: z.literal('AnnotationPage'),
    id: z.string(),
    items: z.array(Annotation),
  })
  .meta({ id: 'AnnotationPage', description: 'Citations as W3C Web Annotations.' })

/**
 * Citations as annotations of the W3C Web Annotation Data Model: the target is the passage in the text of the article, found by
 * its words (TextQuoteSelector) or by code points (TextPositionSelector); the body is the record that it supports.
 */
export const webAnnotations: EntryFormat = {
  schema: AnnotationPage,
  recordForm: 'whole',
  write: writeAnnotationPage,
}

type AnnotatedCitation = Omit<z.infer<typeof RecordCitation>, 'article'> & { article: Reference }

async function* writeAnnotationPage(batches: AsyncIterable<readonly string[]>, base: string) {
  const head = {
    '@context': 'http://www.w3.org/ns/anno.jsonld',
    type: 'AnnotationPage',
    id: 'urn:casefile:annotations',
  }
  yield `${JSON.stringify(head).slice(0, -1)},"items":[`
  let separator = ''
  for await (const jsonTexts of batches) {
    const pageItems = jsonTexts.flatMap((jsonText) => annotateEntry(JSON.parse(jsonText), base))
    if (pageItems.length === 0) continue
    yield separator + pageItems.map((annotation) => JSON.stringify(annotation)).join(',\n')
    separator = ',\n'
  }
  yield ']}\n'
}

/** Of a citation that names its record, or of a record with its citations. */
function annotateEntry(
  entry: z.infer<typeof Citation> | (Reference & { citations: readonly AnnotatedCitation[] }),
  base: string,
) {
  return 'citations' in entry
    ? entry.citations.map((citation) => buildAnnotation(citation, entry, base))
    : [buildAnnotation(entry, entry.record, base)]
}

function buildAnnotation(
  citation: AnnotatedCitation,
  record: { id: string; href: string },
  base: string,
) {
  const { id, field, article, start, end, quote, prefix, suffix, voices, state } = citation
  return {
    id: `urn:uuid:${id}`,
    type: 'Annotation',
    motivation: 'describing',
    canonical: `${base}/v1/citations/${id}`,
    body: [
      {
        type: 'SpecificResource',
        source: `${base}${record.href}`,
        ...(field !== null && {
          selector: {
            type: 'FragmentSelector',
            conformsTo: 'http://tools.ietf.org/rfc/rfc6901',
            value: `/${field.replaceAll('.', '/')}`,
          },
        }),
      },
      ...(citation.value === null
        ? []
        : [buildTextualBody('commenting', `The passage says: ${JSON.stringify(citation.value)}`)]),
      ...(voices.length === 0
        ? []
        : [
            buildTextualBody(
              'commenting',
              `Says who: ${voices.map(({ actor, document }) => actor?.name ?? document).join(' > ')}`,
            ),
          ]),
      ...(state === 'orphaned'
        ? [buildTextualBody('questioning', 'The passage no longer holds.')]
        : []),
    ],
    target: {
      source: `${base}${article.href}/body`,
      selector: [
        { type: 'TextQuoteSelector', exact: quote, prefix, suffix },
        { type: 'TextPositionSelector', start, end },
      ],
    },
  }
}

const buildTextualBody = (purpose: string, value: string) => ({
  type: 'TextualBody',
  purpose,
  format: 'text/plain',
  language: 'en',
  value,
})
