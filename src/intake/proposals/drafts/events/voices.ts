import type { CitationInput } from '../../../../records/model/schema.ts'
import type { DetectedEvent } from '../../detect/events/event.ts'
import type { ReportedSpeech } from '../../detect/speech/detect-speech.ts'
import type { Entity } from '../../words/lexicon.ts'
import { type DraftContext, referTo } from '../draft-context.ts'

/** Who says what a passage says, the nearest to the fact first. */
export type Voices = {
  references: NonNullable<CitationInput['voices']>
  actors: Entity[]
}

export function findVoices(
  { sentence }: Pick<DetectedEvent, 'sentence'>,
  { detection }: Pick<DraftContext, 'detection'>,
): Voices {
  const voices = detection.speech
    .filter((speech) => speech.sentence === sentence)
    .toSorted((a, b) => distanceToFact(a) - distanceToFact(b))
    .map(({ voice }) => voice)
  return {
    references: voices.map(({ entity, document }) =>
      entity ? referTo(entity) : { document: document ?? '' },
    ),
    actors: voices.flatMap(({ entity }) => entity ?? []),
  }
}

/** An actor speaks for itself, a document is by somebody, a medium passes on what others say. */
function distanceToFact({ isReporting, voice }: ReportedSpeech): number {
  if (isReporting) return 2
  return voice.entity ? 0 : 1
}
