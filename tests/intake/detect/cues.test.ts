import { describe, expect, test } from 'vitest'
import { createCandidate } from '../../../src/intake/proposals/detect/actors/cues/cue.ts'
import { findCue } from '../../../src/intake/proposals/detect/actors/cues/find-cue.ts'
import { findPhrase, readSentence, words } from './read-text.ts'

function readCue(text: string, name: string) {
  const sentence = readSentence(text)
  const cue = findCue(createCandidate(sentence, findPhrase(sentence, name), null), words)
  return cue && { type: cue.type, cited: text.slice(cue.start, cue.end) }
}

describe('the type of a new name', () => {
  test.each([
    ['nothing beside it', 'It went to Idlib', 'Idlib', null, null],
    ['generic words only', 'It met Parliament', 'Parliament', null, null],
    [
      'a post before it',
      'the foreign minister Marta Morgan left',
      'Marta Morgan',
      'person',
      'foreign minister Marta Morgan',
    ],
    [
      'a post before a comma',
      'its chief executive, Ali Kaya, left',
      'Ali Kaya',
      'person',
      'chief executive, Ali Kaya',
    ],
    ['a post before one word', 'the minister Morgan left', 'Morgan', null, null],
    [
      'a public body at its end',
      'It met the Foreign Trade Committee',
      'Foreign Trade Committee',
      'public-body',
      'Foreign Trade Committee',
    ],
    [
      'a public body before "of"',
      'It met the Ministry of Trade',
      'Ministry of Trade',
      'public-body',
      'Ministry of Trade',
    ],
    [
      'an armed force of two words',
      'It met the Royal Air Force',
      'Royal Air Force',
      'armed-force',
      'Royal Air Force',
    ],
    [
      'a company before it',
      'the Turkish drone-maker Baykar left',
      'Baykar',
      'company',
      'Turkish drone-maker Baykar',
    ],
    [
      'at most six words before it',
      'one two three four five six firm Baykar',
      'Baykar',
      'company',
      'two three four five six firm Baykar',
    ],
    ['a possessive before it', "the firm's Baykar left", 'Baykar', null, null],
    [
      'a medium before it',
      'the newspaper Cumhuriyet',
      'Cumhuriyet',
      'publisher',
      'newspaper Cumhuriyet',
    ],
    [
      'an organisation before it',
      'arms control group Saferworld',
      'Saferworld',
      'organisation',
      'arms control group Saferworld',
    ],
    [
      'a medium after it',
      'It met Folha Diaria newspaper',
      'Folha Diaria',
      'publisher',
      'Folha Diaria newspaper',
    ],
    ['a dateline', 'Reuters - Canada said so', 'Reuters', 'publisher', 'Reuters -'],
    ['a dash inside a sentence', 'It met Reuters - Canada said so', 'Reuters', null, null],
    [
      'a name of a medium that reports',
      'It is so, Kyiv Post reported',
      'Kyiv Post',
      'publisher',
      'Kyiv Post reported',
    ],
    [
      'an address on the web',
      'It is on Bellingcat.com now',
      'Bellingcat.com',
      'publisher',
      'Bellingcat.com',
    ],
    [
      'a part of company names',
      'It met Nurol Makina there',
      'Nurol Makina',
      'company',
      'Nurol Makina',
    ],
    ['that part as its first word', 'It met Makina Nurol there', 'Makina Nurol', null, null],
    ['"made by" before it', 'drones made by Baykar', 'Baykar', 'company', 'made by Baykar'],
    [
      'a place of a company',
      'drones made by Burlington, Ont.-based Wescam',
      'Burlington',
      null,
      null,
    ],
    [
      'a post after it',
      'Marta Morgan, a deputy minister, left',
      'Marta Morgan',
      'person',
      'Marta Morgan, a deputy minister',
    ],
    [
      'a company after it',
      'It met Damen, a Dutch company, there',
      'Damen',
      'company',
      'Damen, a Dutch company',
    ],
    [
      'an organisation after it',
      'It met Saferworld (a charity) there',
      'Saferworld',
      'organisation',
      'Saferworld (a charity',
    ],
    [
      'a part of organisation names',
      'It met Global Watch there',
      'Global Watch',
      'organisation',
      'Global Watch',
    ],
    [
      'the name of a medium',
      'It told The Telegraph so',
      'The Telegraph',
      'publisher',
      'The Telegraph',
    ],
    ['a verb of saying after it', 'Then Ali Kaya said so', 'Ali Kaya', 'person', 'Ali Kaya'],
    ['a verb of saying before it', '“So,” said Ali Kaya', 'Ali Kaya', 'person', 'Ali Kaya'],
    ['a verb of saying after one word', 'Then Kaya said so', 'Kaya', null, null],
  ])('%s: %s', (_, text, name, type, cited) => {
    expect(readCue(text, name)).toEqual(type && { type, cited })
  })

  test('a title decides before all other cues', () => {
    const sentence = readSentence('It met Minister Nurol Makina')
    const name = findPhrase(sentence, 'Nurol Makina')
    const candidate = createCandidate(sentence, name, { start: 7, end: 15 })
    expect(findCue(candidate, words)).toEqual({
      type: 'person',
      reason: '"Minister" is before the name',
      score: 0.9,
      start: 7,
      end: sentence.end,
    })
  })
})
