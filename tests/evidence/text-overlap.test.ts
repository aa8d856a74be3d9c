import { expect, test } from 'vitest'
import {
  comparedLengthMax,
  computeCommonShare,
  computeFingerprints,
  shingleText,
} from '../../src/evidence/text-overlap.ts'

const text = Array.from({ length: 300_000 }, (_, at) => `word${at}`).join(' ')

test('only the start of a very long text is compared', () => {
  expect(text.length).toBeGreaterThan(comparedLengthMax)
  const looked = text.slice(0, comparedLengthMax)
  expect(computeFingerprints(text)).toEqual(computeFingerprints(looked))
  expect(shingleText(text).wordCount).toBe(shingleText(looked).wordCount)
})

test('the share is relative to the words of each text', () => {
  const half = shingleText('a b c d e f g h i j')
  const whole = shingleText('a b c d e f g h i j k l m n o p q r s t')
  expect([computeCommonShare(half, whole), computeCommonShare(whole, half)]).toEqual([1, 0.5])
})
