import type { Dictionaries } from '../../../words/dictionaries.ts'
import type { Token } from '../../../words/sentences.ts'
import { lastCompoundPart } from '../../sentence-text.ts'

type ActorWords = Dictionaries['actors']

/** `minister`, and `vice-president` by its last part. */
export function isPost(token: Token | undefined, words: ActorWords): boolean {
  return token !== undefined && words.posts.has(lastCompoundPart(token.key))
}

/** Whether one of the words is a part of names of public bodies or organisations. */
export function hasInstitutionWord(tokens: readonly Token[], words: ActorWords): boolean {
  return tokens.some(({ key }) => words.publicBodies.has(key) || words.organisationParts.has(key))
}

/** Whether one of the words is a part of names of anything but persons and states. */
export function hasOrganisationWord(tokens: readonly Token[], words: ActorWords): boolean {
  return (
    hasInstitutionWord(tokens, words) ||
    tokens.some(
      ({ key }) =>
        words.companyParts.has(key) || words.armedForces.has(key) || words.publisherParts.has(key),
    )
  )
}
