import type { z } from 'zod'
import type { Citation } from '../../records/kinds/citations/schema.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import type { RecordCitation, Reference } from '../../records/model/schema.ts'

/**
 * Citations as annotations of the W3C Web Annotation Data Model: the target is the passage in the text of the article, found by
 * its words (TextQuoteSelector) or by code points (TextPositionSelector); the body is the record that it supports.
 */
export const annotations: EntryFormat = { needs: 'whole', write: collection }

type Cited = Omit<z.infer<typeof RecordCitation>, 'article'> & { article: Reference }

async function* collection(batches: AsyncIterable<readonly string[]>, base: string) {
  const head = {
    '@context': 'http://www.w3.org/ns/anno.jsonld',
    ...{ type: 'AnnotationPage', id: 'urn:casefile:annotations' },
  }
  yield `${JSON.stringify(head).slice(0, -1)},"items":[`
  let separator = ''
  for await (const documents of batches) {
    const made = documents.flatMap((document) => annotationsOf(JSON.parse(document), base))
    if (made.length === 0) continue
    yield separator + made.map((annotation) => JSON.stringify(annotation)).join(',\n')
    separator = ',\n'
  }
  yield ']}\n'
}

/** Of a citation that names its record, or of a record with its citations. */
function annotationsOf(
  entry: z.infer<typeof Citation> | (Reference & { citations: readonly Cited[] }),
  base: string,
) {
  return 'citations' in entry
    ? entry.citations.map((citation) => annotation(citation, entry, base))
    : [annotation(entry, entry.record, base)]
}

function annotation(citation: Cited, record: { id: string; href: string }, base: string) {
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
        : [textual('commenting', `The passage says: ${JSON.stringify(citation.value)}`)]),
      ...(voices.length === 0
        ? []
        : [
            textual(
              'commenting',
              `Says who: ${voices.map(({ actor, document }) => actor?.name ?? document).join(' > ')}`,
            ),
          ]),
      ...(state === 'orphaned' ? [textual('questioning', 'The passage no longer holds.')] : []),
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

const textual = (purpose: string, value: string) => ({
  ...{ type: 'TextualBody', purpose, format: 'text/plain', language: 'en', value },
})
