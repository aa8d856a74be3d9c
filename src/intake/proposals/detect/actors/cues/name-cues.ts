import type { Dictionaries } from '../../../words/dictionaries.ts'
import type { Cue, NameCandidate } from './cue.ts'

/** Cues in the words of the name itself. */

const webAddress = /\.(com|net|org|am|tr|info|news|ca|uk|fr|de|eu)$/i

/** Words that name a kind of body and no body of its own: `Parliament`, `Armed Forces`. */
export function isGenericName({ words }: NameCandidate, { actors }: Dictionaries): boolean {
  return words.every(({ key }) => actors.publicBodies.has(key) || actors.armedForces.has(key))
}

/** `Foreign Affairs Committee`, `Ministry of Trade`. */
export function findPublicBodyCue(
  { words, start, end }: NameCandidate,
  { actors }: Dictionaries,
): Cue | null {
  const noun = words.find(({ key }) => actors.publicBodies.has(key))
  const isLast = actors.publicBodies.has(words.at(-1)?.key ?? '')
  const hasConnector = words.some(({ key }) => /^(of|for|de|des|du)$/.test(key))
  if (!noun || !(isLast || hasConnector)) return null
  const reason = `"${noun.text}" is the name of a public body`
  return { type: 'public-body', reason, score: 0.8, start, end }
}

/** `Royal Navy`, `Turkish Air Force`. */
export function findArmedForceCue(
  { words, start, end }: NameCandidate,
  { actors }: Dictionaries,
): Cue | null {
  const last = words.at(-1)
  const lastTwo = words.slice(-2).map(({ key }) => key)
  if (!last || !(actors.armedForces.has(last.key) || actors.armedForces.has(lastTwo.join(' '))))
    return null
  const reason = `"${last.text}" is the name of an armed force`
  return { type: 'armed-force', reason, score: 0.7, start, end }
}

/** `PanARMENIAN.Net`. */
export function findWebAddressCue({ words, start, end }: NameCandidate): Cue | null {
  if (!webAddress.test(words.at(-1)?.text ?? '')) return null
  return { type: 'publisher', reason: 'the name is an address on the web', score: 0.6, start, end }
}

/** `Turkish Aerospace Industries`. The first word does not count. */
export function findCompanyPartCue(
  { words, start, end }: NameCandidate,
  { actors }: Dictionaries,
): Cue | null {
  const part = words.slice(1).find(({ key }) => actors.companyParts.has(key))
  if (!part) return null
  return { type: 'company', reason: `"${part.text}" is part of the name`, score: 0.75, start, end }
}

/** `Norwegian Refugee Council`. The first word does not count. */
export function findOrganisationPartCue(
  { words, start, end }: NameCandidate,
  { actors }: Dictionaries,
): Cue | null {
  const part = words.slice(1).find(({ key }) => actors.organisationParts.has(key))
  if (!part) return null
  const reason = `"${part.text}" is part of the name`
  return { type: 'organisation', reason, score: 0.7, start, end }
}

/** `The Globe and Mail`. */
export function findMediumNameCue(
  { words, start, end }: NameCandidate,
  { actors }: Dictionaries,
): Cue | null {
  const isMedium =
    words[0]?.key === 'the' && words.some(({ key }) => actors.publisherParts.has(key))
  if (!isMedium) return null
  return { type: 'publisher', reason: 'it is the name of a medium', score: 0.7, start, end }
}
