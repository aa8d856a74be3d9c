import { joinLetters, type Token, tokensOf } from './letters.ts'
import {
  alikeBySound,
  consonantLikeness,
  type Likeness,
  misspelt,
  pairWords,
  spellingLikeness,
} from './likeness.ts'
import { stateAt, stateTitles } from './states.ts'
import { type Reason, unlikeMax, type Verdict, verdict } from './verdict.ts'
import {
  bracketedForms,
  conceptsAt,
  lengthOfLegalForm,
  type Role,
  silentWords,
  spaced,
} from './vocabulary.ts'

/** Groups whose name stands before the names of their units, old and new: `L3Harris Wescam` was `L-3 Wescam`. */
const owners = new Set(
  'l3 l3harris bae airbus leonardo thales rheinmetall hensoldt safran'.split(' '),
)

type WordRole = Role | 'owner' | 'state' | 'acronym' | 'aside'

const weights: Readonly<Record<WordRole, number>> = {
  ordinary: 1,
  state: 0.6,
  kind: 0.3,
  field: 0.3,
  place: 0.3,
  owner: 0.3,
  acronym: 0.3,
  aside: 0.05,
  little: 0.15,
}
/** However many words that many have are left over. */
const commonAgainstMax = 0.3
/** A state on one side only tells a branch from the whole. */
const stateAlone = 1.5

/** Hardly more than a legal form: one left over tells nothing. */
export const emptyConcepts: ReadonlySet<string> = new Set(
  'company group corporation general national state united permanent international'.split(' '),
)

export type OrganisationWord = {
  text: string
  role: WordRole
  isAbjad: boolean
  /** First letters of what stands in the name. */
  initials: string
}

export type OrganisationName = {
  words: OrganisationWord[]
  /** All words but silent ones and legal forms, as they stand in the name; all where none is left. */
  spoken: string[]
  /** As `spoken`, without spaces. */
  joined: string
  hasLegalForm: boolean
  /** First letters of its words. */
  initials: string[]
  /** A single word in capitals. */
  isAcronym: boolean
  /** Short names that it gives itself in brackets: `(TAI)`. */
  acronyms: string[]
  /** Itself with such a short name in the place of the words that it stands for. */
  shortened: OrganisationName[]
}

/** What stands in brackets is a short name, a place, or a state. */
const bracketed = /\(([^()]*)\)/g

export function readOrganisation(written: string): OrganisationName {
  if (!written.includes('(')) return readWords(joinLetters(tokensOf(spaced(written))))
  const text = written.replaceAll(bracketed, (whole, inside: string) =>
    bracketedForms().has(inside.toLowerCase()) ? ` ${inside} ` : whole,
  )
  const asides = [...text.matchAll(bracketed)].map(([, inside = '']) => inside)
  const name = readWords(joinLetters(tokensOf(spaced(text.replaceAll(bracketed, ' ; ')))))
  const acronyms: string[] = []
  const shortened: OrganisationName[] = []
  for (const aside of asides) {
    const tokens = joinLetters(tokensOf(aside))
    const short = tokens.length === 1 ? (tokens[0]?.text ?? '') : ''
    if (short !== '' && name.initials.some((initials) => isAcronymOf(short, initials))) {
      acronyms.push(short)
      const other = shortenedBy(name, short)
      if (other) shortened.push(other)
      continue
    }
    const inside = readWords(tokens)
    name.hasLegalForm ||= inside.hasLegalForm
    name.joined += inside.joined
    for (const word of inside.words)
      name.words.push(
        word.role === 'state' || word.role === 'acronym' ? word : { ...word, role: 'aside' },
      )
  }
  if (name.words.every(({ role }) => role === 'aside'))
    return readWords(joinLetters(tokensOf(text)))
  return { ...name, acronyms, shortened }
}

/** `IMI Systems` of `Israel Military Industries (IMI) Systems`; null if the short name stands for all words. */
function shortenedBy(name: OrganisationName, short: string): OrganisationName | null {
  let covered = 0
  let initials = ''
  while (initials.length < short.length && covered < name.words.length) {
    initials += name.words[covered]?.initials ?? ''
    covered += 1
  }
  if (initials !== short || covered === name.words.length) return null
  const word: OrganisationWord = { text: short, role: 'ordinary', isAbjad: false, initials: short }
  return { ...name, words: [word, ...name.words.slice(covered)] }
}

/** A number stands in an acronym with all its digits: `K8` is not short for `K-800`. */
const initialOf = (word: string): string => (/\d/.test(word) ? word : (word[0] ?? ''))

function readWords(tokens: readonly Token[]): OrganisationName {
  const words: OrganisationWord[] = []
  const joined: string[] = []
  let hasLegalForm = false
  const all: string[] = []
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at]
    if (token === undefined) break
    const legal = lengthOfLegalForm(tokens, at)
    const concept = conceptsAt(tokens, at)
    const state = stateAt(tokens, at)
    const longest = Math.max(legal, concept?.length ?? 0, state?.length ?? 0, 1)
    const texts = tokens.slice(at, at + longest).map(({ text }) => text)
    const initials = texts.map(initialOf).join('')
    all.push(...texts)
    if (state?.length === longest && (concept?.length ?? 0) < longest) {
      words.push({ text: `state ${state.meaning}`, role: 'state', isAbjad: false, initials })
      joined.push(...texts)
    } else if (legal === longest) hasLegalForm = true
    else if (concept?.length === longest) {
      for (const { concept: text, role } of concept.meaning)
        words.push({ text, role, isAbjad: false, initials })
      joined.push(...texts)
    } else if (!silentWords.has(token.text)) {
      words.push({ text: token.text, role: roleOfToken(token), isAbjad: token.isAbjad, initials })
      joined.push(token.text)
    }
    at += longest
  }
  const bare = words.some(({ role }) => role === 'state')
    ? words.filter(({ text }) => !stateTitles.has(text))
    : words
  const initialsOf = (all: readonly string[]) => all.map(initialOf).join('')
  // A name of nothing but legal forms and silent words is compared by them.
  const kept: OrganisationWord[] =
    bare.length > 0
      ? bare
      : tokens.map(({ text }) => ({
          text,
          role: 'ordinary',
          isAbjad: false,
          initials: initialOf(text),
        }))
  return {
    words: kept,
    spoken: joined.length > 0 ? joined : tokens.map(({ text }) => text),
    joined: joined.join(''),
    hasLegalForm,
    initials: [
      initialsOf(all),
      initialsOf(all.filter((word) => !silentWords.has(word))),
      initialsOf(joined),
    ],
    isAcronym: tokens.length === 1 && (tokens[0]?.text.length ?? 0) >= 3,
    acronyms: [],
    shortened: [],
  }
}

function roleOfToken({ text, isAcronym }: Token): WordRole {
  if (owners.has(text)) return 'owner'
  return isAcronym && !/\d/.test(text) && text.length >= 3 ? 'acronym' : 'ordinary'
}

const isAcronymOf = (word: string, initials: string): boolean =>
  word.length >= 3 && word.length <= 8 && initials.startsWith(word)

const hasDigit = (text: string): boolean => /\d/.test(text)
/** Figures and single letters tell one plant or department from another. */
const isDesignation = (text: string): boolean => hasDigit(text) || text.length === 1

const ownRoles: ReadonlySet<WordRole> = new Set(['ordinary', 'acronym', 'aside', 'owner'])
const commonRoles: ReadonlySet<WordRole> = new Set(['little', 'kind', 'field', 'place'])

function likeness(one: OrganisationWord, other: OrganisationWord): Likeness | null {
  const [a, b] = [one.text, other.text]
  if (a === b) return { value: 1, by: 'text' }
  if (!ownRoles.has(one.role) || !ownRoles.has(other.role)) return null
  // Words with a digit are designations: the same or not.
  if (hasDigit(a) || hasDigit(b))
    return a.startsWith('l3') && b.startsWith('l3') ? { value: 0.8, by: 'spelling' } : null
  if (alikeBySound(a, b)) return { value: 0.95, by: 'sound' }
  if (one.isAbjad !== other.isAbjad) {
    const value = consonantLikeness(a, b)
    return value > 0 ? { value, by: 'script' } : null
  }
  const value = spellingLikeness(a, b)
  return value > 0 ? { value, by: 'spelling' } : null
}

/**
 * How alike the names of two organisations are. Words are paired, in whatever order; what is paired counts for, what is
 * left over on either side counts against, each by how much it tells. At most `unlikeMax` has what shares no word of its own,
 * unless all words are shared; what has another number, another state or another common word instead of the one asked for;
 * and of two names with legal forms, which are whole, those of which one has a common word more.
 */
export function compareOrganisations(a: OrganisationName, b: OrganisationName): Verdict {
  if (a.joined !== '' && a.joined === b.joined) return verdict(100, ['same-text'])
  const all = [compareWords(a, b)]
  if (a.isAcronym || b.isAcronym) all.push(acronymVerdict(a, b))
  for (const short of a.shortened) all.push(compareWords(short, b))
  for (const short of b.shortened) all.push(compareWords(a, short))
  return all.reduce((best, one) => (one.score > best.score ? one : best))
}

function acronymVerdict(a: OrganisationName, b: OrganisationName): Verdict {
  const fits = (one: OrganisationName, other: OrganisationName): boolean =>
    one.isAcronym &&
    one.joined !== '' &&
    (other.acronyms.includes(one.joined) ||
      (other.words.length >= 3 && other.initials.includes(one.joined)))
  if (!fits(a, b) && !fits(b, a)) return verdict(0)
  const length = Math.min(a.joined.length, b.joined.length)
  const isGiven = [...a.acronyms, ...b.acronyms].some((one) => one === a.joined || one === b.joined)
  // Many names have the same three first letters.
  return verdict(isGiven ? 95 : length >= 4 ? 90 : unlikeMax, ['acronym'])
}

function compareWords(a: OrganisationName, b: OrganisationName): Verdict {
  const pairs = pairWords(a.words, b.words, likeness)
  if (pairs.length === 0) return verdict(0)
  const reasons = new Set<Reason>()
  let forIt = 0
  let against = 0
  let isDistinctive = false
  for (const { i, j, like } of pairs) {
    const [one, other] = [a.words[i], b.words[j]]
    if (!one || !other) continue
    const weight = Math.max(weights[one.role], weights[other.role])
    forIt += weight * like.value
    against += 2 * weight * (1 - like.value)
    if (weight >= weights.ordinary) isDistinctive = true
    if (like.by !== 'text') reasons.add(like.by)
  }
  const [pairedOfA, pairedOfB] = [
    new Set(pairs.map(({ i }) => i)),
    new Set(pairs.map(({ j }) => j)),
  ]
  const leftOfA = a.words.filter((_, index) => !pairedOfA.has(index))
  const leftOfB = b.words.filter((_, index) => !pairedOfB.has(index))
  for (const [short, long] of [
    [leftOfA, leftOfB],
    [leftOfB, leftOfA],
  ] as const)
    if (short.length > 0 && long.length > 1 && joinInitials(short, long)) {
      forIt += 0.9
      against += 0.2
      isDistinctive = true
      reasons.add('acronym')
    }
  const left = [...leftOfA, ...leftOfB]
  const sum = (of: readonly OrganisationWord[]) =>
    of.reduce((all, { role }) => all + weights[role], 0)
  const isCommon = ({ role }: OrganisationWord) => commonRoles.has(role)
  against += stateAlone * left.filter(({ role }) => role === 'state').length
  against += sum(left.filter((word) => word.role !== 'state' && !isCommon(word)))
  against += Math.min(commonAgainstMax, sum(left.filter(isCommon)))
  const score = (100 * forIt) / (forIt + against / 2)
  const telling = ({ role, text }: OrganisationWord) =>
    role !== 'aside' && role !== 'acronym' && !emptyConcepts.has(text)
  const isCapped = [
    leftOfA.some(telling) && leftOfB.some(telling) && reasons.add('other-words'),
    left.some(({ text, role }) => isDesignation(text) && role !== 'owner') &&
      reasons.add('other-number'),
    a.hasLegalForm && b.hasLegalForm && left.some(telling) && reasons.add('extra-words'),
    !isDistinctive && left.some(telling),
  ].some(Boolean)
  if (left.length > 0) reasons.add('extra-words')
  return verdict(isCapped ? Math.min(score, unlikeMax) : score, reasons)
}

/** Takes out of both a short name of one and the words of the other that it stands for: `FN` and `Fabrique Nationale`. */
function joinInitials(short: OrganisationWord[], long: OrganisationWord[]): boolean {
  for (const [at, { text, role }] of short.entries()) {
    if (text.length < 2 || text.length > 6 || (role !== 'ordinary' && role !== 'acronym')) continue
    for (let from = 0; from < long.length; from += 1)
      for (let end = from + 2; end <= long.length; end += 1) {
        const initials = long.slice(from, end).map((word) => word.initials)
        if (initials.join('') !== text) continue
        short.splice(at, 1)
        long.splice(from, end - from)
        return true
      }
  }
  return false
}

/** What a name can score at most against one in which a word is spelt otherwise: the fewer words, the less. */
export const likestMisspelt = (name: OrganisationName): number =>
  100 * (1 - (1 - misspelt) / Math.max(1, name.words.length))
