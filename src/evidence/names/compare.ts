import { LRUCache } from 'lru-cache'
import { compareGoods, type GoodName, readGood } from './goods.ts'
import {
  compareOrganisations,
  type OrganisationName,
  likestMisspelt as organisationMisspelt,
  readOrganisation,
} from './organisations.ts'
import { comparePersons, type PersonName, readPerson } from './persons.ts'
import { stateOf } from './states.ts'
import { type NameKind, type Verdict, verdict } from './verdict.ts'

/** What is asked is compared with many names, and a spreadsheet has the same candidates again and again. About 2 MB. */
const kept = <T extends object>(read: (text: string) => T): ((text: string) => T) => {
  const names = new LRUCache<string, T>({ max: 2_000 })
  return (text) => {
    const known = names.get(text)
    if (known) return known
    const name = read(text)
    names.set(text, name)
    return name
  }
}

const organisationOf = kept<OrganisationName>(readOrganisation)
const personOf = kept<PersonName>(readPerson)
const goodOf = kept<GoodName>(readGood)
const stateNamed = kept((text) => ({ code: stateOf(text) }))

/**
 * How alike two names are, 0 to 100, and why; from `matchThreshold` on they are taken for the same. `kind` is what the recorded name is
 * the name of, `organisation` if that is not known. The order of the two does not matter.
 */
export function compareNames(
  asked: string,
  recorded: string,
  kind: NameKind = 'organisation',
): Verdict {
  if (kind === 'person') return comparePersons(personOf(asked), personOf(recorded))
  if (kind === 'good') return compareGoods(goodOf(asked), goodOf(recorded))
  const one = stateNamed(asked).code
  const other = one === null ? null : stateNamed(recorded).code
  if (one !== null && other !== null)
    return one === other ? verdict(100, ['same-state']) : verdict(0, ['other-state'])
  return compareOrganisations(organisationOf(asked), organisationOf(recorded))
}

/** What a name can score at most against one in which a word is spelt otherwise: the fewer words, the less. */
export const likestMisspelt = (name: string): number => organisationMisspelt(organisationOf(name))
