import { mark, removeMarks } from './marked-text.ts'

/**
 * Raised and lowered text, as print tells it apart from the figures beside it. "14" with the footnote mark 2 becomes
 * "14[2]", and ten to the power of six "10⁶": neither can be read as another number.
 */

const superscriptDigits: Readonly<Record<string, string>> = {
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
  '+': '⁺',
  '-': '⁻',
  '−': '⁻',
  '–': '⁻',
  n: 'ⁿ',
}
const subscriptDigits: Readonly<Record<string, string>> = {
  '0': '₀',
  '1': '₁',
  '2': '₂',
  '3': '₃',
  '4': '₄',
  '5': '₅',
  '6': '₆',
  '7': '₇',
  '8': '₈',
  '9': '₉',
  '+': '₊',
  '-': '₋',
  '−': '₋',
  '–': '₋',
}
const replaceDigits = (text: string, digits: Readonly<Record<string, string>>): string =>
  [...text].map((character) => digits[character] ?? character).join('')

const ordinalEnding = /^(st|nd|rd|th|er|re|ère|e|ème|eme|de|te|os|as|º|ª)$/i
const numeralBefore = /(?:\d|\b[IVXLC]+)$/
const powerBase = /(?:^|[^\d.,])10$|[×x*·]\s?\d+$/
const unitBefore = /(?:^|[\s\d(/·])(?:[kcmdnµμ]?m|ft|yd|mi|in|inch|s|sec|h|kg|ha|cm|sq)$/i
/** Longer text is not a mark: it is only printed small. */
const markLengthMax = 12

/**
 * @param before the text before it, of which the last word decides
 * @param isLink whether it links to a note
 */
export function renderRaised(before: string, raised: string, isLink = false): string {
  const content = removeMarks(raised).trim()
  const previous = removeMarks(before).slice(-40)
  if (content === '' || previous.trim() === '') return raised
  if (content.length > markLengthMax) return ` ${raised}`
  if (/^(tm|sm)$/i.test(content)) return content.toLowerCase() === 'tm' ? '™' : '℠'
  if (/^[®™℠]$/.test(content)) return content
  if (!isLink) {
    if (ordinalEnding.test(content) && numeralBefore.test(previous)) return content
    if (isExponent(previous, content))
      return mark('exponent', replaceDigits(content, superscriptDigits))
    // Raised letters after letters belong to the word: "Mme", "nº".
    if (
      /^\p{L}{1,4}$/u.test(content) &&
      /\p{L}$/u.test(previous) &&
      /\p{L}{2}|[oa]/iu.test(content)
    )
      return content
  }
  if (/^[[(].*[\])]$/.test(content) || /^[^\p{L}\p{N}]+$/u.test(content))
    return mark('footnote', content)
  return mark('footnote', `[${content}]`)
}

const isExponent = (previous: string, content: string): boolean =>
  (/^[−–+-]?\d{1,3}$|^n$/.test(content) && powerBase.test(previous)) ||
  (/^[−–-]?[1-3]$/.test(content) && unitBefore.test(previous)) ||
  // A variable of a formula: x².
  (/^[2-3n]$/.test(content) && /(?:^|[\s(+=−*/-])[a-zA-Z]$/.test(previous))

/** In a formula, where raised text is always an exponent. */
export const renderExponent = (exponent: string): string =>
  mark('exponent', replaceDigits(exponent, superscriptDigits))

/** Digits after a letter are part of the name, as in CO₂; after a digit they are marked. */
export function renderLowered(before: string, lowered: string, isLink = false): string {
  const content = removeMarks(lowered).trim()
  const previous = removeMarks(before).slice(-1)
  if (content === '' || content.length > markLengthMax) return lowered
  if (isLink) return renderRaised(before, lowered, true)
  if (!/^[\d+−–-]+$/.test(content))
    return /\d$/.test(previous) ? mark('subscript', `[${content}]`) : lowered
  const digits = replaceDigits(content, subscriptDigits)
  return /\d/.test(previous) ? mark('subscript', digits) : digits
}

/** Marks raised digits that the document already has as characters: "14²". */
export const markRaisedCharacters = (text: string): string =>
  text.replace(/(?<=[\p{L}\p{N}\p{P}])[⁺⁻]?[²³¹⁰⁴-⁹]+/gu, (raised, offset: number) => {
    const plain = [...raised].map((one) => plainDigits.get(one) ?? one).join('')
    const kind = isExponent(text.slice(Math.max(0, offset - 40), offset), plain)
    return mark(kind ? 'exponent' : 'footnote', raised)
  })

const plainDigits = new Map(
  Object.entries(superscriptDigits).map(([plain, raised]) => [raised, plain]),
)
