import { describe, expect, test } from 'vitest'
import { findDocumentBefore } from '../../../src/intake/proposals/detect/speech/documents.ts'
import { findPhrase, readArticle, readSentence, words } from './read-text.ts'

const readVoices = (text: string) =>
  readArticle(text).speech.map(
    ({ voice, verb }) => `${voice.entity?.name ?? voice.document} ${verb}`,
  )

describe('who says something', () => {
  test.each([
    ['nobody', 'Canada issued permits.', []],
    ['an actor before the verb', 'Canada said so.', ['Canada said']],
    ['an actor directly after the verb', '“So,” said Canada.', ['Canada said']],
    ['no actor two words after the verb', 'It said that Canada left.', []],
    ['an actor before an aside', 'Canada, in the end, said so.', ['Canada said']],
    ['an actor before an open aside', 'Canada, after long talks said so.', ['Canada said']],
    ['an actor two words before', 'Canada has now said so.', ['Canada said']],
    ['no actor before a preposition', 'Help for Canada to said end.', []],
    ['no adjective', 'Turkish said so.', []],
    [
      'the last person who spoke',
      'Ann Lee said so. She told it.',
      ['Ann Lee said', 'Ann Lee told'],
    ],
    ['nobody before "he"', 'He said so.', []],
    ['a source after "according to"', 'It is so, according to Canada.', ['Canada according']],
    ['no source far after "according to"', `According to ${'very '.repeat(14)}Canada.`, []],
    ['a document', 'The documents show it.', ['documents show']],
    [
      'a document with its attributes',
      'The Canadian government documents show it.',
      ['Canadian government documents show'],
    ],
    ['a document of an actor', 'The documents of Canada show it.', ['documents show']],
    ['a person and the document', 'In the memo, Ann Lee said so.', ['Ann Lee said', 'memo said']],
    ['a voice once for each sentence', 'Canada said so and Canada said more.', ['Canada said']],
  ])('%s', (_, text, expected) => {
    expect(readVoices(text)).toEqual(expected)
  })

  test.each([
    ['Kyiv Post reported it.', [true]],
    ['Ann Lee, an expert, reported it.', []],
    ['Ann Lee wrote it.', [false]],
  ])('a medium passes on what others say: %s', (text, expected) => {
    expect(readArticle(text).speech.map(({ isReporting }) => isReporting)).toEqual(expected)
  })
})

describe('the document before a verb', () => {
  test.each([
    ['none', 'Canada shows it', null],
    [
      'directly before it',
      'a long and very old and so on and an internal memo shows it',
      'internal memo',
    ],
    ['near the beginning', 'The memo of the old ministry shows it', 'memo'],
    ['far from the beginning', 'so it was in the end of a memo that it shows', null],
    ['possessive', "The memo's author shows it", null],
    ['before a quotation mark', 'The memo: it shows it', null],
  ])('%s', (_, text, expected) => {
    const sentence = readSentence(text)
    const { from } = findPhrase(sentence, 'shows')
    expect(findDocumentBefore(sentence, from, words.speech.documents)).toBe(expected)
  })
})
