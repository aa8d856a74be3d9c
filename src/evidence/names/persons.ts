import { type Token, tokensOf } from './letters.ts'
import {
  alikeBySound,
  consonantLikeness,
  type Likeness,
  pairWords,
  spellingLikeness,
} from './likeness.ts'
import { type Reason, unlikeMax, type Verdict, verdict } from './verdict.ts'
import {
  isNameSuffix,
  isParentWord,
  isParticle,
  isSameGivenName,
  lengthOfTitle,
  spaced,
} from './vocabulary.ts'

type Part = {
  text: string
  isInitial: boolean
  isAbjad: boolean
  /** The second half of a hyphenated name, or of a name that goes with its first half. */
  isHalf: boolean
  isPatronymic: boolean
}

export type PersonName = {
  /** Given names first, where the text shows which these are. */
  parts: Part[]
  /** With particles, without spaces. */
  joined: string
  /** Texts of two neighbours written as one: `ledrian`. */
  pairs: string[]
  /** How many of the parts stand before the name of the father: `Salman` of `Salman bin Muhammad`; null without one. */
  beforeParent: number | null
}

const patronymic =
  /(ovich|evich|ovych|evych|yovych|ovna|evna|ivna|yivna|ovitch|evitch|avich|ewicz)$/
/** `Abd al-Fattah`, `Abdel Fattah` and `Abdulfattah`: "servant of", and no name without what follows. */
const servant = /^(?:abd(?:[aueo]l)?|bd)$/
const servantOf = /^abd(?:ull?|ell?|all?|oll?)(?=.{3})/

export function readPerson(text: string): PersonName {
  const bare = text.replaceAll(/\([^()]*\)/g, ' ').replaceAll(/["“”«»„][^"“”«»„]*["“”«»„]/g, ' ')
  const pieces = bare
    .split(/[,;،]/)
    .map((piece) => withoutTitles(tokensOf(spaced(piece))))
    .filter((tokens) => tokens.some(({ text: word }) => !isNameSuffix(word)))
  const [family = [], given = [], ...more] = pieces
  const tokens = given.length > 0 ? [...given, ...more.flat(), ...family] : family
  return readParts(tokens.length > 0 ? tokens : tokensOf(text))
}

/** Titles stand before or after a name. What is nothing but titles is a name all the same. */
function withoutTitles(tokens: Token[]): Token[] {
  let from = 0
  for (let length = lengthOfTitle(tokens, from); length > 0; length = lengthOfTitle(tokens, from))
    from += length
  let end = tokens.length
  const titleBefore = () => {
    for (let length = 3; length > 0; length -= 1)
      if (end - length > from && lengthOfTitle(tokens.slice(0, end), end - length) === length)
        return length
    return 0
  }
  for (let length = titleBefore(); length > 0; length = titleBefore()) end -= length
  return tokens.slice(from, end)
}

function readParts(all: readonly Token[]): PersonName {
  const tokens = all.filter(({ text }, index) => index === 0 || !isNameSuffix(text))
  const parts: Part[] = []
  const joined: string[] = []
  let beforeParent: number | null = null
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]?.text ?? ''
    if (index > 0 && servant.test(token.text) && index < tokens.length - 1) continue
    if (index === 0 && servant.test(token.text) && tokens.length > 1) continue
    if (index > 0 && isParentWord(token.text)) {
      if (/^(o[gğ]l|k[iy]z|qiz|giz)/.test(token.text)) {
        const father = parts.at(-1)
        if (father) father.isPatronymic = true
      } else beforeParent ??= parts.length
      joined.push(token.text)
      continue
    }
    const isLast = index === tokens.length - 1
    if (
      (index > 0 || /^(al|el|abu|von|van|de|le|la)$/.test(token.text)) &&
      isParticle(token.text) &&
      !isLast
    ) {
      if (servantAt(tokens, index) === 0) joined.push(token.text)
      continue
    }
    const isServed = servantAt(tokens, index) > 0
    const text = isServed ? `abd${token.text}` : token.text.replace(servantOf, 'abd')
    joined.push(text)
    parts.push({
      text,
      isInitial: token.text.length === 1,
      isAbjad: token.isAbjad,
      isHalf: token.isHyphenated && !isParticle(before),
      isPatronymic: parts.length > 0 && patronymic.test(token.text),
    })
  }
  const pairs = joined.slice(1).map((word, index) => `${joined[index]}${word}`)
  return { parts, joined: joined.join(''), pairs, beforeParent }
}

/** How many words before this one say "servant of": with the article it is two. */
function servantAt(tokens: readonly Token[], index: number): number {
  const [before = '', beforeThat = ''] = [tokens[index - 1]?.text, tokens[index - 2]?.text]
  if (servant.test(before)) return 1
  return /^(al|el|ul|ar|as|at|ad|an|ash|az)$/.test(before) && servant.test(beforeThat) ? 2 : 0
}

function likeness(one: Part, other: Part): Likeness | null {
  const [a, b] = [one.text, other.text]
  if (a === b) return { value: 1, by: 'text' }
  if (one.isInitial || other.isInitial)
    return one.isInitial !== other.isInitial && a[0] === b[0]
      ? { value: 0.85, by: 'initial' }
      : null
  if (one.isPatronymic !== other.isPatronymic) return null
  // `Smirnov` and `Smirnova`, `Aleksandr` and `Aleksandra` are two persons.
  if (`${a}a` === b || `${b}a` === a) return null
  if (alikeBySound(a, b)) return { value: 0.95, by: 'sound' }
  if (isSameGivenName(a, b)) return { value: 0.95, by: 'given-name' }
  if (one.isAbjad !== other.isAbjad) {
    const value = consonantLikeness(a, b)
    return value > 0 ? { value, by: 'script' } : null
  }
  const value = spellingLikeness(a, b)
  return value > 0 ? { value, by: 'spelling' } : null
}

/** What of one name stands as one word in the other: `Le Drian` and `Ledrian`. */
function withPairsJoined(name: PersonName, other: PersonName): PersonName {
  const wanted = new Set(other.parts.map(({ text }) => text))
  const parts: Part[] = []
  for (const part of name.parts) {
    const before = parts.at(-1)
    const isPair = before && !wanted.has(part.text) && wanted.has(before.text + part.text)
    if (isPair)
      parts[parts.length - 1] = { ...before, text: before.text + part.text, isHalf: false }
    else {
      const withParticle = name.pairs.find((pair) => pair.endsWith(part.text) && wanted.has(pair))
      parts.push(withParticle && !wanted.has(part.text) ? { ...part, text: withParticle } : part)
    }
  }
  return { ...name, parts }
}

/** How much a part that the other name lacks counts against. */
const missing = { patronymic: 0.1, middle: 0.2, last: 0.3, half: 0.85, given: 1.2 } as const

/**
 * How alike the names of two persons are, in whatever order. A patronymic, a middle name or a last one may be missing, the
 * first may not; a half of a hyphenated name hardly. Where each has a name that the other lacks, they are two persons.
 */
export function comparePersons(one: PersonName, other: PersonName): Verdict {
  if (one.joined !== '' && one.joined === other.joined) return verdict(100, ['same-text'])
  const [a, b] = [withPairsJoined(one, other), withPairsJoined(other, one)]
  const pairs = pairWords(a.parts, b.parts, likeness)
  if (pairs.length === 0) return verdict(0)
  const reasons = new Set<Reason>()
  if (isOtherParent(a, b, pairs)) return verdict(40, ['other-parent'])
  let forIt = 0
  let against = 0
  for (const { like } of pairs) {
    forIt += like.value
    against += 2 * (1 - like.value)
    if (like.by !== 'text') reasons.add(like.by)
  }
  const isPaired = (side: 'i' | 'j', index: number) => pairs.some((pair) => pair[side] === index)
  const leftOfA = a.parts.filter((_, index) => !isPaired('i', index))
  const leftOfB = b.parts.filter((_, index) => !isPaired('j', index))
  const cost = (name: PersonName, side: 'i' | 'j') =>
    name.parts.reduce(
      (sum, part, index) => sum + (isPaired(side, index) ? 0 : missingCost(name, part, index)),
      0,
    )
  against += cost(a, 'i') + cost(b, 'j')
  if (leftOfA.length + leftOfB.length > 0) reasons.add('extra-words')
  if (pairs.some(({ i }, index) => i < (pairs[index - 1]?.i ?? -1))) reasons.add('word-order')
  const score = (100 * forIt) / (forIt + against / 2)
  return verdict(
    isDoubtful(a, b, pairs, leftOfA, leftOfB, reasons) ? Math.min(score, unlikeMax) : score,
    reasons,
  )
}

function missingCost(name: PersonName, part: Part, index: number): number {
  if (part.isPatronymic) return missing.patronymic
  if (part.isHalf || name.parts[index + 1]?.isHalf) return missing.half
  if (index === 0) return missing.given
  return index === name.parts.length - 1 ? missing.last : missing.middle
}

type Pairs = readonly { i: number; j: number; like: Likeness }[]

/** Whether one is the father where the other is the son. */
function isOtherParent(a: PersonName, b: PersonName, pairs: Pairs): boolean {
  const [one, other] = [a.beforeParent, b.beforeParent]
  if (one === null || other === null) return false
  return pairs.some(({ i, j }) => i < one !== j < other)
}

function isDoubtful(
  a: PersonName,
  b: PersonName,
  pairs: Pairs,
  leftOfA: readonly Part[],
  leftOfB: readonly Part[],
  reasons: Set<Reason>,
): boolean {
  const initials = pairs.filter(({ like }) => like.by === 'initial').length
  const whole = pairs.length - initials
  const isMisspelt = pairs.some(({ like }) => like.by === 'spelling')
  const isEither = leftOfA.length > 0 && leftOfB.length > 0
  if (isEither) reasons.add('other-words')
  const hasInitial = (name: PersonName) => name.parts.some(({ isInitial }) => isInitial)
  const isInitialLeft =
    (leftOfA.some(({ isInitial }) => isInitial) && hasInitial(b)) ||
    (leftOfB.some(({ isInitial }) => isInitial) && hasInitial(a))
  return (
    isEither ||
    isInitialLeft ||
    // One word in common is a family, or half of the men of a country.
    whole === 0 ||
    (whole === 1 && initials < 2 && pairs.length < Math.max(a.parts.length, b.parts.length)) ||
    (whole === 1 && initials === 1) ||
    (isMisspelt && leftOfA.length + leftOfB.length > 0) ||
    pairs.some(({ like }) => like.value < 0.8)
  )
}
