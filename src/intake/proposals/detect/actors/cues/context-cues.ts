import type { Dictionaries } from '../../../words/dictionaries.ts'
import type { Cue, NameCandidate } from './cue.ts'
import {
  findApposition,
  findMakerPhrase,
  findNounBefore,
  findPostBefore,
  isPlaceOfCompany,
} from './surrounding-words.ts'

/** Cues in the words around a name. */

/** The first sentences, in which a dateline can be: headline, sub-headline, place, text. */
const datelineSentenceMax = 3

/** `Prime Minister Justin Trudeau`: the title was cut off the name. */
export function findTitleCue({ sentence, title, end }: NameCandidate): Cue | null {
  if (!title) return null
  const words = sentence.body.slice(title.start, title.end)
  const reason = `"${words}" is before the name`
  return { type: 'person', reason, score: 0.9, start: title.start, end }
}

/** `foreign affairs minister François-Philippe Champagne`. */
export function findPostBeforeCue(candidate: NameCandidate, words: Dictionaries): Cue | null {
  const { sentence, from, end, isLikePerson } = candidate
  const post = findPostBefore(sentence.tokens, from, words)
  const start = post === null ? undefined : sentence.tokens[post]?.start
  if (start === undefined || !isLikePerson) return null
  return { type: 'person', reason: reasonBefore(candidate, start), score: 0.9, start, end }
}

/** `the Turkish drone-maker Baykar`, `the newspaper X`, `arms control group X`. */
export function findNounBeforeCue(candidate: NameCandidate, { actors }: Dictionaries): Cue | null {
  const noun = findNounBefore(candidate.sentence.tokens, candidate.from)
  if (!noun) return null
  const { end } = candidate
  const { phraseStart: start, text } = noun
  if (actors.companies.has(noun.key))
    return { type: 'company', reason: reasonBefore(candidate, start), score: 0.9, start, end }
  if (actors.publishers.has(noun.key))
    return {
      type: 'publisher',
      reason: `"${text}" is before the name`,
      score: 0.85,
      start,
      end,
    }
  if (actors.organisations.has(noun.key))
    return { type: 'organisation', reason: reasonBefore(candidate, start), score: 0.85, start, end }
  return null
}

/** `Folha Diaria newspaper`. */
export function findNounAfterCue(
  { sentence, to, start }: NameCandidate,
  { actors }: Dictionaries,
): Cue | null {
  const noun = sentence.tokens[to]
  if (!noun || noun.isCapital || !actors.publishers.has(noun.key)) return null
  const reason = `"${noun.text}" is after the name`
  return { type: 'publisher', reason, score: 0.85, start, end: noun.end }
}

/** `PanARMENIAN.Net - Documents released ...`. */
export function findDatelineCue({ sentence, from, to, start }: NameCandidate): Cue | null {
  const dash = sentence.tokens[to]
  if (from !== 0 || sentence.number > datelineSentenceMax || !/^[-–—]+$/.test(dash?.text ?? ''))
    return null
  const reason = 'it is before the dash that opens the report'
  return { type: 'publisher', reason, score: 0.8, start, end: dash?.end ?? start }
}

/** `Globe Mail reported`. */
export function findReportingVerbCue(
  { sentence, words, to, start }: NameCandidate,
  { actors, speech }: Dictionaries,
): Cue | null {
  const verb = sentence.tokens[to]
  const isMedium = words.some(({ key }) => actors.publisherParts.has(key))
  if (!verb || !speech.reporting.has(verb.key) || !isMedium) return null
  const reason = `"${verb.text}" is after a name of a medium`
  return { type: 'publisher', reason, score: 0.9, start, end: verb.end }
}

/** `made by L3Harris Wescam`. */
export function findMakerCue(candidate: NameCandidate, words: Dictionaries): Cue | null {
  const { sentence, from, to, end } = candidate
  if (isPlaceOfCompany(sentence.tokens, to)) return null
  const start = findMakerPhrase(sentence, from, words)
  if (start === null) return null
  return { type: 'company', reason: reasonBefore(candidate, start), score: 0.85, start, end }
}

/** `Marta Morgan, deputy minister of foreign affairs,`. */
export function findAppositionCue(
  { sentence, to, start, isLikePerson }: NameCandidate,
  words: Dictionaries,
): Cue | null {
  const phrase = findApposition(sentence, to, words)
  if (!phrase) return null
  const reason = `"${phrase.text}" is after the name`
  const { end } = phrase
  if (isLikePerson && phrase.hasPost) return { type: 'person', reason, score: 0.9, start, end }
  if (phrase.hasCompany) return { type: 'company', reason, score: 0.8, start, end }
  if (phrase.hasOrganisation) return { type: 'organisation', reason, score: 0.75, start, end }
  return null
}

/** `Rafael Duarte said`, `said Ingrid Solberg`. */
export function findSpeakerCue(
  { sentence, from, to, start, end, isLikePerson }: NameCandidate,
  { speech }: Dictionaries,
): Cue | null {
  const neighbours = [sentence.tokens[to], sentence.tokens[from - 1]]
  const verb = neighbours.find((token) => token && speech.verbs.has(token.key))
  if (!verb || !isLikePerson) return null
  return { type: 'person', reason: `"${verb.text}" is next to the name`, score: 0.6, start, end }
}

function reasonBefore({ sentence, start }: NameCandidate, phraseStart: number): string {
  return `"${sentence.body.slice(phraseStart, start).trim()}" is before the name`
}
