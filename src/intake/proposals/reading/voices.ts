import type { ReportedSpeech, Voice } from './detection.ts'

/** Who says what stands at an offset of a sentence, the nearest to the fact first. Whoever denies it does not say it. */
export function findVoices(
  speech: readonly ReportedSpeech[],
  sentence: number,
  offset: number,
): Voice[] {
  const voices: Voice[] = []
  for (const { said, isDenial, voice } of speech
    .filter((one) => one.sentence === sentence)
    .toSorted((a, b) => distanceToFact(a.voice) - distanceToFact(b.voice))) {
    const isSaid = said !== null && said.start <= offset && offset < said.end
    const isNamed = voice.entity !== null || voice.document !== null
    if (isSaid && isNamed && !isDenial && !voices.some((one) => isSameVoice(one, voice)))
      voices.push(voice)
  }
  return voices
}

const isSameVoice = (a: Voice, b: Voice): boolean =>
  a.entity === b.entity && a.document === b.document

/** An actor speaks for itself, a document is by somebody, a medium passes on what others say. */
function distanceToFact({ entity }: Voice): number {
  if (entity?.type === 'publisher') return 2
  return entity ? 0 : 1
}
