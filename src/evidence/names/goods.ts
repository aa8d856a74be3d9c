import { type Token, tokensOf } from './letters.ts'
import { alikeBySound, type Likeness, pairWords, spellingLikeness } from './likeness.ts'
import { type Reason, unlikeMax, type Verdict, verdict } from './verdict.ts'
import { conceptsAt, lengthOfLegalForm, silentWords, spaced } from './vocabulary.ts'

export type GoodName = {
  /** Letters and figures that tell one model from another, each run without what sets its parts apart: `mx15d`. */
  codes: string[]
  words: string[]
  /** What sort of thing it is. */
  sorts: string[]
  joined: string
}

const list = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/))

/** Words for sorts of goods, each with what else says the same. */
const sorts: ReadonlyMap<string, string> = new Map(
  Object.entries({
    drone: 'drone drones uav uas ucav rpas unmanned system aerial vehicle bpla',
    missile: 'missile missiles rocket rockets atgm manpads sam launcher',
    ship: 'ship class vessel corvette frigate submarine boat destroyer amphibious assault cruiser',
    gun: 'gun howitzer rifle cannon mortar pistol carbine propelled',
    aircraft: 'aircraft fighter jet helicopter plane airplane bomber trainer',
    ammunition: 'munition munitions ammunition shell bomb grenade round rounds cartridge loitering',
    vehicle: 'tank mbt apc ifv truck armoured armored carrier',
    engine: 'engine motor turbine turboprop turbofan',
    sensor: 'sensor camera turret radar sight gimbal optronic',
  }).flatMap(([sort, words]) => words.split(' ').map((word) => [word, sort] as const)),
)
/** Words that say how it is made, not which it is. */
const manner = list(
  'self main battle surface air anti ship guided smart micro mini light heavy medium range short long mod model mk mark version variant type series family portable electro optical infrared',
)

/** Whether a word says what sort of thing it is, or how it is made. */
export const isSortOfGood = (word: string): boolean => sorts.has(word) || manner.has(word)

/** A designation is set together from what stands around its figures: `MX 15 D`, `PzH 2000`, `F-16 C/D`. */
export function readGood(text: string): GoodName {
  const codes: string[] = []
  const words: string[] = []
  const found: string[] = []
  for (const piece of spaced(text).split(/[()[\],;]/)) {
    const tokens = tokensOf(piece)
    for (let at = 0; at < tokens.length; ) {
      const length = lengthOfCode(tokens, at)
      if (length > 0) {
        codes.push(
          tokens
            .slice(at, at + length)
            .map(({ text: part }) => part)
            .join(''),
        )
        at += length
        continue
      }
      const word = tokens[at]?.text ?? ''
      const sort = sorts.get(word)
      if (sort !== undefined) found.push(sort)
      else if (lengthOfLegalForm(tokens, at) === 0 && !silentWords.has(word) && !manner.has(word))
        words.push(conceptsAt(tokens, at)?.meaning[0]?.concept ?? word)
      at += 1
    }
  }
  const joined = tokensOf(text)
    .map(({ text: word }) => word)
    .join('')
  return { codes: codes.sort(), words, sorts: found, joined }
}

const hasDigit = (token: Token | undefined): boolean => token !== undefined && /\d/.test(token.text)
/** Letters that stand before or after figures and belong to them. */
const isShort = (token: Token | undefined): boolean =>
  token !== undefined && token.text.length <= 4 && !sorts.has(token.text) && !manner.has(token.text)

/** How many words from there on make one designation; 0 where none begins. */
function lengthOfCode(tokens: readonly Token[], from: number): number {
  const [first, second] = [tokens[from], tokens[from + 1]]
  if (first === undefined) return 0
  const begins =
    hasDigit(first) ||
    (isShort(first) && second !== undefined && /^\d/.test(second.text)) ||
    (first.text.length === 1 && from > 0)
  if (!begins) return 0
  let length = 1
  for (; from + length < tokens.length; length += 1) {
    const next = tokens[from + length]
    if (next === undefined) break
    const isUnit = next.text.length === 2 && /\d$/.test(tokens[from + length - 1]?.text ?? '')
    const isPart =
      /^\d/.test(next.text) ||
      next.text.length === 1 ||
      (isUnit && isShort(next)) ||
      (next.isHyphenated && isShort(next))
    if (!isPart && !(next.text.length <= 3 && hasDigit(next) && next.isHyphenated)) {
      // `S-300 PMU-2`, `TB 2`, `AIM-120 C7`.
      const isNextPart =
        next.text.length <= 3 &&
        (hasDigit(next) || /^\d/.test(tokens[from + length + 1]?.text ?? ''))
      if (!isNextPart) break
    }
  }
  return length
}

const likeness = (a: string, b: string): Likeness | null => {
  if (a === b) return { value: 1, by: 'text' }
  if (alikeBySound(a, b)) return { value: 0.95, by: 'sound' }
  const value = spellingLikeness(a, b)
  return value > 0 ? { value, by: 'spelling' } : null
}

/** What a designation weighs beside a word, and what a word left over does where there is one or is none. */
const weight = { code: 1.5, extra: 0.3, other: 1 } as const

/** How alike two designations of goods are: any other figure or letter makes another thing. */
export function compareGoods(a: GoodName, b: GoodName): Verdict {
  if (a.joined !== '' && a.joined === b.joined) return verdict(100, ['same-text'])
  const isSameCode =
    a.codes.length === b.codes.length && a.codes.every((code, i) => code === b.codes[i])
  const pairs = pairWords(a.words, b.words, likeness)
  const hasCode = isSameCode && a.codes.length > 0
  if (pairs.length === 0 && !hasCode) return verdict(0, isSameCode ? [] : ['other-number'])
  const reasons = new Set<Reason>()
  let forIt = hasCode ? weight.code : 0
  let against = 0
  for (const { like } of pairs) {
    forIt += like.value
    against += 2 * (1 - like.value)
    if (like.by !== 'text') reasons.add(like.by)
  }
  const unpaired = (words: readonly string[], side: 'i' | 'j') =>
    words.filter((_, index) => pairs.every((pair) => pair[side] !== index))
  const left = [...unpaired(a.words, 'i'), ...unpaired(b.words, 'j')]
  const [leftOfA, leftOfB] = [a.words.length - pairs.length, b.words.length - pairs.length]
  const extra = left.length
  // Three letters are mostly those of the maker: `IAI Harop`.
  for (const word of left) against += hasCode || word.length <= 3 ? weight.extra : weight.other
  if (extra > 0) reasons.add('extra-words')
  const score = (100 * forIt) / (forIt + against / 2)
  const isOtherSort =
    a.sorts.length > 0 && b.sorts.length > 0 && !a.sorts.some((sort) => b.sorts.includes(sort))
  if (!isSameCode) reasons.add('other-number')
  if (isOtherSort || (leftOfA > 0 && leftOfB > 0)) reasons.add('other-words')
  const isCapped = !isSameCode || isOtherSort || (leftOfA > 0 && leftOfB > 0 && !hasCode)
  return verdict(isCapped ? Math.min(score, unlikeMax) : score, reasons)
}
