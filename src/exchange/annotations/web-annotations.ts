import type { z } from 'zod'
import type { Citation } from '../../records/kinds/citations/schema.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import type { RecordCitation, Reference } from '../../records/model/schema.ts'

/**
 * Citations as annotations of the W3C Web Annotation Data Model: the target is the passage in the text of the article, found by
 * its words (TextQuoteSelector) or by code points (TextPositionSelector); the body is the record that it supports.
 */
export const webAnnotations: EntryFormat = { recordForm: 'whole', write: writeAnnotationPage }

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
