import type { z } from 'zod'
import type { Citation } from '../../records/kinds/citations/schema.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import type { RecordCitation, Reference } from '../../records/model/schema.ts'
import { formatVoiceChain } from '../voice-chain.ts'

/**
 * Citations as annotations (W3C Web Annotation Data Model). The target is the passage in the text of the article, selected by
 * its words (TextQuoteSelector) and by code points (TextPositionSelector). The body is the record that it supports.
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
