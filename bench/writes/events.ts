/** What the workloads of writes send: events, each with a participant and two citations of one article. */

export const articleSlug = 'bench-article'
export const writerSlug = 'bench-writer'
export const batchSize = 100

const sentences = Array.from(
  { length: 500 },
  (_, index) => `Sentence ${index} says that shipment ${index * 7} left.`,
)
export const articleText = sentences.join('\n')
export const firstSentence = sentences[0] ?? ''

let eventCount = 0

/** No two are the same. */
export function buildEvent() {
  eventCount += 1
  return {
    slug: `bench-${process.pid}-${eventCount}`,
    type: 'statement',
    title: `Event ${eventCount}`,
    on: { edtf: '2020-02' },
    participants: [{ actor: writerSlug, role: 'speaker' }],
    citations: [
      { article: articleSlug, quote: sentences[eventCount % 500], field: 'title' },
      {
        article: articleSlug,
        quote: sentences[(eventCount * 3 + 1) % 500],
        field: 'participants.0',
      },
    ],
  }
}

export const buildBatch = () => ({
  items: Array.from({ length: batchSize }, () => ({
    op: 'create',
    kind: 'event',
    record: buildEvent(),
  })),
})
