import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { faultsOfSentence, type LabelledSentence } from './labelled-sentences.ts'

const groups = parse(readFileSync(join(import.meta.dirname, 'sentences.yaml'), 'utf8')) as Record<
  string,
  LabelledSentence[]
>

describe.each(Object.entries(groups))('%s', (_, sentences) => {
  test.each(sentences)('$text', (sentence) => {
    expect(faultsOfSentence(sentence)).toEqual([])
  })
})
