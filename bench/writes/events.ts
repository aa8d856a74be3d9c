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

let made = 0

/** No two are the same. */
export function newEvent() {
  made += 1
  return {
    ...{ slug: `bench-${process.pid}-${made}`, type: 'statement', title: `Event ${made}` },
    on: { edtf: '2020-02' },
    participants: [{ actor: writerSlug, role: 'speaker' }],
    citations: [
      { article: articleSlug, quote: sentences[made % 500], field: 'title' },
      { article: articleSlug, quote: sentences[(made * 3 + 1) % 500], field: 'participants.0' },
    ],
  }
}

export const newBatch = () => ({
  items: Array.from({ length: batchSize }, () => ({
    ...{ op: 'create', kind: 'event', record: newEvent() },
  })),
})
