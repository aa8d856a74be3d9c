import { expect, test } from 'vitest'
import { commonShare, comparable, comparedMax, fingerprints } from '../../src/evidence/likeness.ts'

const text = Array.from({ length: 300_000 }, (_, at) => `word${at}`).join(' ')

test('of a text without end so much is looked at, and no more', () => {
  expect(text.length).toBeGreaterThan(comparedMax)
  const looked = text.slice(0, comparedMax)
  expect(fingerprints(text)).toEqual(fingerprints(looked))
  expect(comparable(text).words).toBe(comparable(looked).words)
})

test('the share is of the words of each', () => {
  const half = comparable('a b c d e f g h i j')
  const whole = comparable('a b c d e f g h i j k l m n o p q r s t')
  expect([commonShare(half, whole), commonShare(whole, half)]).toEqual([1, 0.5])
})
