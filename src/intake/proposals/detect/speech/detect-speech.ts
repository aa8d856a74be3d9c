import type { Dictionaries } from '../../words/dictionaries.ts'
import type { Entity } from '../../words/lexicon.ts'
import type { Token } from '../../words/sentences.ts'
import type { Mention } from '../actors/mentions.ts'
import type { SentenceText } from '../sentence-text.ts'
import { findDocumentBefore } from './documents.ts'
import { findSpeaker, findSpeakerAfter, type SpeechContext } from './speakers.ts'

/** Who says something: an actor, or a document by the words that the text has for it. */
type Voice = { entity: Entity; document: null } | { entity: null; document: string }

/** A sentence that says what somebody says. */
export type ReportedSpeech = {
  /** Number of the sentence. */
  sentence: number
  /** Offsets of the sentence. */
  start: number
  end: number
  voice: Voice
  verb: string
  verbStart: number
  /** The mention of the speaker. Null for a document. */
  mention: Mention | null
  /** A medium passes on what others say. */
  isReporting: boolean
}

type SpeechVoice = Pick<ReportedSpeech, 'voice' | 'mention' | 'isReporting'>

/** Finds reported speech in text order. A voice is listed once for each sentence. */
export function detectSpeech(
  sentences: readonly SentenceText[],
  mentions: readonly Mention[],
  words: Dictionaries,
): ReportedSpeech[] {
  const bySentence = Map.groupBy(mentions, ({ sentence }) => sentence)
  const found: ReportedSpeech[] = []
  let lastPerson: Mention | null = null
  for (const sentence of sentences) {
    const inSentence = bySentence.get(sentence.number) ?? []
    const speakers = inSentence.filter(canSpeak)
    const asides = inSentence.filter(({ isAside }) => isAside)
    const speech = findSpeech({ sentence, speakers, asides, lastPerson }, words)
    found.push(...speech)
    lastPerson = findLastPerson(speech, speakers) ?? lastPerson
  }
  return found
}

const canSpeak = ({ isAside, how, entity }: Mention): boolean =>
  !isAside && how !== 'adjective' && entity.kind === 'actor'

/** Whom "he" or "she" in the next sentence means: the last person who spoke, else the last one named. */
function findLastPerson(
  speech: readonly ReportedSpeech[],
  speakers: readonly Mention[],
): Mention | undefined {
  const persons = speech.filter(({ mention }) => mention?.entity.type === 'person')
  return persons.at(-1)?.mention ?? speakers.findLast(({ entity }) => entity.type === 'person')
}

function findSpeech(context: SpeechContext, words: Dictionaries): ReportedSpeech[] {
  const { number, start, end, tokens } = context.sentence
  const found: ReportedSpeech[] = []
  for (const [index, token] of tokens.entries())
    for (const voice of findVoices(context, index, token, words)) {
      if (found.some((other) => isSameVoice(other.voice, voice.voice))) continue
      found.push({
        sentence: number,
        start,
        end,
        ...voice,
        verb: token.text,
        verbStart: token.start,
      })
    }
  return found
}

/** The voices of a verb of saying, or of "according to". */
function findVoices(
  context: SpeechContext,
  index: number,
  token: Token,
  { speech }: Dictionaries,
): SpeechVoice[] {
  const { sentence, speakers } = context
  if (!token.isWord) return []
  const isVerb = speech.verbs.has(token.key)
  const followsSpeaker = isVerb && speakers.some(({ to }) => to === index)
  const document = findDocumentBefore(sentence, index, speech.documents)
  if (document !== null && speech.documentVerbs.has(token.key) && !followsSpeaker)
    return [documentVoice(document)]
  if (speech.accordingTo.has(`${token.key} ${sentence.tokens[index + 1]?.key ?? ''}`)) {
    const source = findSpeakerAfter(context, index)
    return source ? [actorVoice(source, false)] : []
  }
  const isReportingVerb = speech.reporting.has(token.key)
  const speaker = isVerb || isReportingVerb ? findSpeaker(context, index) : null
  const isPublisher = speaker?.entity.type === 'publisher'
  if (!speaker || !(isVerb || isPublisher)) return []
  const voice = actorVoice(speaker, isReportingVerb && isPublisher)
  // "In the memo, Morgan said": the memo is a voice too.
  return followsSpeaker && document !== null ? [voice, documentVoice(document)] : [voice]
}

const actorVoice = (mention: Mention, isReporting: boolean): SpeechVoice => ({
  voice: { entity: mention.entity, document: null },
  mention,
  isReporting,
})

const documentVoice = (document: string): SpeechVoice => ({
  voice: { entity: null, document },
  mention: null,
  isReporting: false,
})

const isSameVoice = (a: Voice, b: Voice): boolean =>
  a.entity === b.entity && a.document === b.document
