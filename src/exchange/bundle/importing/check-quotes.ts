import { LRUCache } from 'lru-cache'
import type { Tx } from '../../../database/transaction.ts'
import { check, type Span } from '../../../evidence/anchor.ts'
import { type IndexedText, indexText } from '../../../evidence/text.ts'
import { UncitableType } from '../../../records/kinds/articles/schema.ts'
import { stretchAround } from '../../../records/model/texts.ts'
import { bad } from '../reading/bad-bundle.ts'
import type { Bundle } from '../reading/read-bundle.ts'
import type { BundledCitation, BundledRecord } from '../schema.ts'

/** A text, or a stretch of a long one: where it starts, in code points, and what of it nothing may cite. */
type Stretch = { text: IndexedText; start: number; uncitable: Span[] }

/** More than a citation keeps of what stands beside its quote. */
const surroundings = 64
const stretchesMax = 16

/**
 * Holds quotes against the texts that came with them. `meet` an article before its citations. Whole texts are kept up to a
 * bound; of long ones, whose parts are here by now, the last stretches: records cite them mostly in their order.
 */
export function quoteCheck(tx: Tx, bundle: Bundle) {
  const uncitable = new Map<string, Span[]>()
  const whole = new LRUCache<string, Stretch>({
    maxSize: 32 * 1_048_576,
    sizeCalculation: ({ text }) => text.text.length * 2 + 1_000,
  })
  let stretches: { article: string; end: number; stretch: Stretch }[] = []

  const wholeText = async (article: string): Promise<Stretch> => {
    const known = whole.get(article)
    if (known) return known
    const { body } = await bundle.article(article)
    const stretch = { text: indexText(body), start: 0, uncitable: uncitable.get(article) ?? [] }
    whole.set(article, stretch)
    return stretch
  }
  const stretchOf = async ({ article, start, end }: BundledCitation): Promise<Stretch> => {
    const known = stretches.find(
      (one) =>
        one.article === article &&
        one.stretch.start <= Math.max(0, start - surroundings) &&
        one.end >= end + surroundings,
    )
    if (known) return known.stretch
    const read = await stretchAround(tx.$kysely, article, start, end)
    const text = indexText(read.text)
    const last = read.start + text.length
    const within = (uncitable.get(article) ?? [])
      .filter((span) => span.start < last && span.end > read.start)
      .map((span) => ({
        start: Math.max(0, span.start - read.start),
        end: Math.min(text.length, span.end - read.start),
      }))
    const stretch = { text, start: read.start, uncitable: within }
    stretches = [{ article, end: last, stretch }, ...stretches].slice(0, stretchesMax)
    return stretch
  }

  return {
    meet(article: string, spans: unknown) {
      uncitable.set(
        article,
        (spans as { type: string; start: number; end: number }[]).filter(
          ({ type }) => UncitableType.safeParse(type).success,
        ),
      )
    },
    /** @throws {BadBundle} naming the citation */
    async check({ kind, record }: BundledRecord, citation: BundledCitation): Promise<void> {
      const { id, article, start, end, state } = citation
      if (state !== 'anchored') return
      const at = `records.ndjson: citation ${id} of the ${kind} ${record.slug}`
      if (!uncitable.has(article)) bad(`${at}: the text of its article is missing.`)
      const stretch = bundle.isLong(article) ? await stretchOf(citation) : await wholeText(article)
      const placed = { ...citation, start: start - stretch.start, end: end - stretch.start }
      const held = check(stretch.text, placed, stretch.uncitable)
      if (!held.holds) bad(`${at}: ${held.reason}`)
    },
  }
}
