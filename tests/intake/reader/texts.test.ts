import { describe, expect, test } from 'vitest'
import { isNameKind, score, Tally, textsOf } from './labels.ts'

/** The goals of the reader: recall and precision of what it finds. docs/reader.md has the figures. */
const goals: Record<string, { recall: number; precision: number }> = {
  'people, companies, bodies': { recall: 0.78, precision: 0.9 },
  goods: { recall: 0.65, precision: 0.65 },
  dates: { recall: 0.9, precision: 0 },
  decisions: { recall: 0.6, precision: 0.9 },
  'all events': { recall: 0.5, precision: 0.88 },
  'scored 0.8 and more': { recall: 0, precision: 0.94 },
}

describe.each(['tuned', 'held-out'] as const)('the texts %s', (half) => {
  const texts = textsOf(half)
  const sums: Record<string, Tally> = {}
  const inversions: string[] = []
  const add = (kind: string, tally: Tally) => {
    sums[kind] ??= new Tally()
    sums[kind].add(tally)
  }
  for (const text of texts) {
    const outcome = score(text)
    inversions.push(...outcome.inversions)
    add('scored 0.8 and more', outcome.sure)
    for (const [kind, tally] of Object.entries(outcome.tallies)) {
      add(kind, tally)
      if (isNameKind(kind)) add('people, companies, bodies', tally)
      if (kind === 'decisions' || kind === 'other events') add('all events', tally)
    }
  }

  test('are twenty and more', () => {
    expect(texts.length).toBeGreaterThanOrEqual(20)
  })

  test.each(Object.entries(goals))('%s: recall and precision', (kind, { recall, precision }) => {
    expect(sums[kind]?.right).toBeGreaterThan(10)
    expect(sums[kind]?.recall).toBeGreaterThanOrEqual(recall)
    expect(sums[kind]?.precision).toBeGreaterThanOrEqual(precision)
  })

  test('nothing that is denied, planned or asked for is read as done', () => {
    expect(inversions).toEqual([])
  })
})
