import type { Dictionaries } from '../../../words/dictionaries.ts'
import {
  findAppositionCue,
  findDatelineCue,
  findMakerCue,
  findNounAfterCue,
  findNounBeforeCue,
  findPostBeforeCue,
  findReportingVerbCue,
  findSpeakerCue,
  findTitleCue,
} from './context-cues.ts'
import type { Cue, NameCandidate } from './cue.ts'
import {
  findArmedForceCue,
  findCompanyPartCue,
  findMediumNameCue,
  findOrganisationPartCue,
  findPublicBodyCue,
  findWebAddressCue,
  isGenericName,
} from './name-cues.ts'

type CueRule = (candidate: NameCandidate, words: Dictionaries) => Cue | null

/** In order of precedence: the first rule that fits decides the type. */
const rules: readonly CueRule[] = [
  findTitleCue,
  findPostBeforeCue,
  findPublicBodyCue,
  findArmedForceCue,
  findNounBeforeCue,
  findNounAfterCue,
  findDatelineCue,
  findReportingVerbCue,
  findWebAddressCue,
  findCompanyPartCue,
  findMakerCue,
  findAppositionCue,
  findOrganisationPartCue,
  findMediumNameCue,
  findSpeakerCue,
]

/** Null where nothing says what the name is: it may be a place. */
export function findCue(candidate: NameCandidate, words: Dictionaries): Cue | null {
  if (isGenericName(candidate, words)) return null
  for (const rule of rules) {
    const cue = rule(candidate, words)
    if (cue) return cue
  }
  return null
}
