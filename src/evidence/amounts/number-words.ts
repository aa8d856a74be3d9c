import { addDecimals, type Decimal, shiftDecimal } from './decimals.ts'

const small: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
}
const tens: Readonly<Record<string, number>> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
}
const scaleWords: Readonly<Record<string, number>> = { thousand: 3, million: 6, billion: 9 }

/** `scale` is the power of ten of its largest word: 6 for "two million". */
type WordNumber = { amount: Decimal; scale: number; rest: string }

/** The number that an English text begins with, in words, and the text after it. */
export function parseNumberWords(text: string): WordNumber | null {
  const dozen = /^(?:a|one) dozen\b ?(.*)$/.exec(text)
  if (dozen) return { amount: '12', scale: 0, rest: dozen[1] ?? '' }
  const half = /^half an? (?:(million|billion)|dozen)\b ?(.*)$/.exec(text)
  if (half) {
    const scale = scaleWords[half[1] ?? ''] ?? 0
    return { amount: scale === 0 ? '6' : shiftDecimal('5', scale - 1), scale, rest: half[2] ?? '' }
  }
  return parseCardinal(text)
}

function parseCardinal(text: string): WordNumber | null {
  const words = text.split(/[ -]/)
  let total: Decimal = '0'
  let group = -1
  let scale = 0
  let used = 0
  for (const [index, word] of words.entries()) {
    const joins = word === 'and' && group >= 100 && isNumberWord(words[index + 1])
    if (joins) continue
    const next = addWord(group, index === 0 && /^an?$/.test(word) ? 'one' : word)
    const power = scaleWords[word]
    if (next !== null) group = next
    else if (power !== undefined && group > 0 && (scale === 0 || power < scale)) {
      total = addDecimals(total, shiftDecimal(String(group), power))
      scale = Math.max(scale, power)
      group = 0
    } else break
    used = index + 1
  }
  // "a" alone is an article.
  if (group < 0 || (used === 1 && /^an?$/.test(words[0] ?? ''))) return null
  const rest = text.slice(words.slice(0, used).join(' ').length).replace(/^[ -]/, '')
  return { amount: addDecimals(total, String(group)), scale, rest }
}

/** Whether it is the word of a number below 100. */
export const isNumberWord = (word = ''): boolean =>
  Object.hasOwn(small, word) || Object.hasOwn(tens, word)

/** The number below 1,000 after one more word; null if the word does not continue it. -1 is before the first word. */
function addWord(group: number, word: string): number | null {
  const units = Object.hasOwn(small, word) ? small[word] : undefined
  const ten = Object.hasOwn(tens, word) ? tens[word] : undefined
  const below = group < 0 ? 0 : group % 100
  if (word === 'hundred') return group >= 1 && group < 100 ? group * 100 : null
  if (ten !== undefined) return below === 0 ? Math.max(group, 0) + ten : null
  if (units === undefined) return null
  if (below === 0) return Math.max(group, 0) + units
  return below >= 20 && below % 10 === 0 && units > 0 && units < 10 ? group + units : null
}
