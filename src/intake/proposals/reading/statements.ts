import type { Speech } from '../../reader/types.ts'
import type { DetectedEvent, ReportedSpeech, TextRange, Voice } from './detection.ts'

const speakerTypes = new Set(['person', 'organisation', 'public-body', 'state', 'company'])
/** The reader's scores of speech are not measured on labelled texts. */
const scoreMax = 0.75

/** "In the memo, Morgan said": the memo says it too. */
const listDocuments = (allSpeech: readonly ReportedSpeech[], sentence: number): Voice[] =>
  allSpeech
    .filter((one) => one.sentence === sentence && one.voice.document !== null)
    .map(({ voice }) => voice)

/** What is said, without the words that say who says it, where these stand at its beginning or end. */
function cutAccordingTo({ start, end }: TextRange, speaker: TextRange, body: string): TextRange {
  const before = body.slice(start, speaker.start).trim()
  return before === ''
    ? { start: Math.min(end, speaker.end), end }
    : { start, end: Math.max(start, speaker.start) }
}

/** The statement of an actor, or the report of a medium. Null for documents and for speakers without a name. */
export function createStatement(
  { score, verb, speakerWords }: Speech,
  speaker: TextRange,
  allSpeech: readonly ReportedSpeech[],
  index: number,
  body: string,
): DetectedEvent | null {
  const speech = allSpeech[index]
  const entity = speech?.voice.entity
  if (!speech || !entity) return null
  const isReport = entity.type === 'publisher'
  if (!isReport && !speakerTypes.has(entity.type ?? 'person')) return null
  const isAccording = /^(according|in)$/i.test(verb)
  const said = isAccording
    ? cutAccordingTo(speech, speaker, body)
    : (speech.said ?? { start: speaker.end, end: speech.end })
  const reasons = [`"${verb}" is next to ${entity.name}`]
  if (/^(he|she|it)$/i.test(speakerWords ?? ''))
    reasons.push(`"${speakerWords}" is read as ${entity.name}`)
  return {
    start: speech.start,
    end: speech.end,
    type: isReport ? 'report' : 'statement',
    becomes: null,
    form: null,
    trigger: isAccording ? 'says' : verb,
    triggerStart: Math.max(speaker.start, body.lastIndexOf(verb, speaker.end)),
    sentence: speech.sentence,
    participants: [{ ...speaker, entity, role: isReport ? 'reporter' : 'speaker' }],
    destination: null,
    exporter: null,
    place: null,
    goods: [],
    object: null,
    objectStart: null,
    quantity: null,
    value: null,
    permitNumber: null,
    permitCount: null,
    date: null,
    said: body.slice(said.start, said.end),
    voices: isReport ? [] : [speech.voice, ...listDocuments(allSpeech, speech.sentence)],
    score: Math.min(score, scoreMax),
    reasons,
  }
}
