import anyAscii from 'any-ascii'

/** A word of a name in Latin letters without accents, lower case. */
export type Token = {
  text: string
  /** What phrases are looked up by: of a long word its sound, of an Arabic or Hebrew one, a few consonants, no Latin word. */
  key: string
  /** Written in capitals where other words of the name are not, or with dots between its letters. */
  isAcronym: boolean
  /** From a script that leaves out most vowels (Arabic, Hebrew). */
  isAbjad: boolean
  /** A hyphen joins it to the token before. */
  isHyphenated: boolean
}

const abjad = /[\p{Script=Arabic}\p{Script=Hebrew}]/u
const wordPattern = /[\p{L}\p{N}\p{M}'’ʼ`"״׳]+/gu

/** Articles before a vowel: `l'armement`, `d'Armi`, `dell'Interno`. */
const elided = /(?<!\p{L})(?:[dl]|dell|nell|all|sull)['’](?=\p{L})/giu

/** Arabic article, also after "and": not part of the word. */
const withoutArticle = (word: string): string => word.replace(/^و?ال(?=..)/u, '')

const latinOf = (word: string): string => {
  const bare = abjad.test(word) ? withoutArticle(word.replaceAll(/\p{M}/gu, '')) : word
  return anyAscii(bare)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: whether it is ASCII.
const ascii = /^[\x00-\x7f]*$/
const asciiWordPattern = /[A-Za-z0-9'`"]+/g

/** The words of a text. Letters that stand alone are words of their own. */
export const tokensOf = (text: string): Token[] =>
  ascii.test(text) ? asciiTokensOf(text) : unicodeTokensOf(text)

/** As `unicodeTokensOf`, in a fraction of its time: most names are ASCII. */
function asciiTokensOf(text: string): Token[] {
  const normal = text.includes("'") ? text.replaceAll(elided, ' ') : text
  const hasLower = /[a-z]/.test(normal)
  const tokens: Token[] = []
  let end = 0
  for (const match of normal.matchAll(asciiWordPattern)) {
    const [word] = match
    const latin = word.toLowerCase().replaceAll(/['`"]/g, '')
    const isHyphenated = tokens.length > 0 && match.index === end + 1 && normal[end] === '-'
    end = match.index + word.length
    if (latin === '') continue
    tokens.push({
      text: latin,
      key: keyOf(latin),
      isAcronym: hasLower && /^[A-Z]{2,6}$/.test(word),
      isAbjad: false,
      isHyphenated,
    })
  }
  return tokens
}

function unicodeTokensOf(text: string): Token[] {
  const normal = text.normalize('NFKC').replaceAll(elided, ' ')
  const hasLower = /\p{Ll}/u.test(normal)
  const tokens: Token[] = []
  let end = 0
  for (const match of normal.matchAll(wordPattern)) {
    const [word] = match
    const latin = latinOf(word)
    const between = normal.slice(end, match.index)
    end = match.index + word.length
    if (latin === '') continue
    const isAbjad = abjad.test(word)
    tokens.push({
      text: latin,
      key: isAbjad ? `~${latin}` : keyOf(latin),
      isAcronym: hasLower && /^\p{Lu}{2,6}$/u.test(word),
      isAbjad,
      isHyphenated: tokens.length > 0 && /^[-‐‑–]$/u.test(between),
    })
  }
  return tokens
}

/** Joins letters that stand alone: `A.Ş.` and `L-3` become one word. */
export function joinLetters(tokens: readonly Token[]): Token[] {
  const joined: Token[] = []
  let letters: Token | null = null
  for (const token of tokens) {
    if (token.text.length > 1) {
      letters = null
      joined.push(token)
    } else if (letters) {
      letters.text += token.text
      letters.key = keyOf(letters.text)
      letters.isAcronym = true
    } else {
      letters = { ...token }
      joined.push(letters)
    }
  }
  return joined
}

/** The words of a text, letters joined. */
export const wordsOf = (text: string): Token[] => joinLetters(tokensOf(text))

/** As `wordsOf`, the texts alone. */
export const plainWords = (text: string): string[] => wordsOf(text).map((token) => token.text)

/** Ways of writing one sound in Latin letters, in the order in which they are replaced. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/shch|sch|sz/g, 'sh'],
  [/tsch|tch|tsh|cz|(?<=i)c$/g, 'ch'],
  [/dzh|dj|zh/g, 'j'],
  [/kh/g, 'h'],
  [/ph/g, 'f'],
  [/th/g, 't'],
  [/gh/g, 'g'],
  [/ch(?=[lmnr])/g, 'h'],
  [/ck|q/g, 'k'],
  [/c(?=[eiy])/g, 's'],
  [/c(?!h)/g, 'k'],
  [/x/g, 'ks'],
  [/tz/g, 'ts'],
  [/w/g, 'v'],
  [/off$/g, 'ov'],
  [/ou|oo/g, 'u'],
  [/ee(?!v)/g, 'i'],
  [/y/g, 'i'],
  [/ine$/g, 'in'],
  [/(.)\1+/g, '$1'],
  [/i(?=[aeou])/g, ''],
  [/ue/g, 'u'],
  [/oe/g, 'o'],
  [/ae/g, 'a'],
  [/(.)\1+/g, '$1'],
  [/(?<=[aeiou])h$/g, ''],
]

const sounds = new Map<string, string>()
const soundsMax = 10_000

/** `ogranichennoy` and `ogranichennoi` are one word; in short words each letter counts. */
const keyOf = (word: string): string => (word.length >= 5 ? soundOf(word) : word)

/** What a word sounds like, whoever wrote it in Latin letters: equal for `Timofeyevich` and `Timofeevich`. */
export function soundOf(word: string): string {
  const known = sounds.get(word)
  if (known !== undefined) return known
  let sound = word
  for (const [pattern, replacement] of spellings) sound = sound.replaceAll(pattern, replacement)
  if (sounds.size >= soundsMax) sounds.clear()
  sounds.set(word, sound)
  return sound
}

/** As `soundOf` where `j` is written for the sound of `y`: `Jugoimport`. */
export const slavicSoundOf = (word: string): string => soundOf(word.replaceAll('j', 'y'))

/** The consonants of what a word sounds like: all that an Arabic or Hebrew spelling is sure to have. */
export const consonantsOf = (word: string): string =>
  soundOf(word)
    .replaceAll(/[aeiou]/g, '')
    .replaceAll('b', 'v')
    .replace(/(?<=..)[hv]+$/, '')
