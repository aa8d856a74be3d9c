import { distance } from 'fastest-levenshtein'
import { consonantsOf, slavicSoundOf, soundOf } from './letters.ts'

/** How two words were found to be one. */
export type Likeness = {
  /** 0 to 1. */
  value: number
  by: 'text' | 'translation' | 'sound' | 'given-name' | 'script' | 'spelling' | 'initial'
}

export const misspelt = 0.88

/** Of short words each letter counts: `Marta` and `Maria` are two names. */
const soundMin = 4

export function alikeBySound(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < soundMin) return false
  // No spelling of a sound has more than three letters more than another.
  if (Math.abs(one.length - other.length) > 4) return false
  const [a, b] = [soundOf(one), soundOf(other)]
  if (a.length < 3) return false
  if (a === b) return true
  if (one.includes('j') !== other.includes('j') && slavicSoundOf(one) === slavicSoundOf(other))
    return true
  // `Əliyev` is written with an e or an a.
  return /^[ae]/.test(one) && /^[ae]/.test(other) && a.slice(1) === b.slice(1)
}

/** Whether an Arabic or Hebrew spelling, which has few vowels, may be that of the other word: 0 to 1. */
export function consonantLikeness(one: string, other: string): number {
  const [a, b] = [consonantsOf(one), consonantsOf(other)]
  if (a.length >= 2 && a === b) return 0.93
  return Math.min(a.length, b.length) >= 4 && distance(a, b) === 1 ? 0.8 : 0
}

/** How alike two words are of which one may be misspelt, 0 to 1: short ones never. */
export function spellingLikeness(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  if (shorter < 5 || Math.abs(a.length - b.length) > 2) return 0
  const isSwap = isSwapped(a, b)
  const edits = isSwap ? 1 : distance(a, b)
  if (edits === 1 && a.length !== b.length) return shorter >= 6 ? misspelt : 0.75
  if (edits === 1 && isVoiced(a, b)) return misspelt
  if (edits === 1) return shorter >= 7 ? (isSwap ? misspelt : 0.75) : 0
  if (edits > 2 || shorter < 6 || a[0] !== b[0]) return 0
  if (consonantsOf(a) === consonantsOf(b)) return 0.85
  return shorter >= 10 ? 0.75 : 0
}

/** Whether one has a voiced consonant where the other has its voiceless one: `Bayrakdar` and `Bayraktar`. */
function isVoiced(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, index) => letter !== b[index])
  return /^(dt|td|bp|pb|gk|kg)$/.test(`${a[at]}${b[at]}`) && a.length >= 6
}

function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  const at = [...a].findIndex((letter, index) => letter !== b[index])
  return (
    at >= 0 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
  )
}

/** Pairs each word with the likest of the other name, the likest pairs first. */
export function pairWords<W>(
  left: readonly W[],
  right: readonly W[],
  likeness: (one: W, other: W) => Likeness | null,
): { i: number; j: number; like: Likeness }[] {
  const all: { i: number; j: number; like: Likeness }[] = []
  for (const [i, one] of left.entries())
    for (const [j, other] of right.entries()) {
      const like = likeness(one, other)
      if (like) all.push({ i, j, like })
    }
  // Of equals those that stand at the same place.
  all.sort((x, y) => y.like.value - x.like.value || Math.abs(x.i - x.j) - Math.abs(y.i - y.j))
  const [lefts, rights] = [new Set<number>(), new Set<number>()]
  return all.filter(({ i, j }) => {
    if (lefts.has(i) || rights.has(j)) return false
    lefts.add(i)
    rights.add(j)
    return true
  })
}
