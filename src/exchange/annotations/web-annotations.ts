import { z } from 'zod'
import type { Citation } from '../../records/kinds/citations/schema.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import type { RecordCitation, Reference } from '../../records/model/schema.ts'
import { formatVoiceChain } from '../voice-chain.ts'

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
 * Citations as annotations (W3C Web Annotation Data Model). The target is the passage in the text of the article, selected by
 * its words (TextQuoteSelector) and by code points (TextPositionSelector). The body is the record that it supports.
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

/** @param entry a citation with its record, or a record with its citations */
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
  const { id, field, article, start, end, quote, prefix, suffix } = citation
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
      ...buildComments(citation),
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

function buildComments({ value, voices, state }: AnnotatedCitation) {
  const comments: ReturnType<typeof buildTextualBody>[] = []
  if (value !== null)
    comments.push(buildTextualBody('commenting', `The passage says: ${JSON.stringify(value)}`))
  if (voices.length > 0)
    comments.push(buildTextualBody('commenting', `Says who: ${formatVoiceChain(voices)}`))
  if (state === 'orphaned')
    comments.push(buildTextualBody('questioning', 'The quote is no longer found in the article.'))
  return comments
}

const buildTextualBody = (purpose: string, value: string) => ({
  type: 'TextualBody',
  purpose,
  format: 'text/plain',
  language: 'en',
  value,
})
