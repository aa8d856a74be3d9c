import legalForms from '../../../reference/legal-forms.json' with { type: 'json' }
import organisationWords from '../../../reference/organisation-words.json' with { type: 'json' }
import personWords from '../../../reference/person-words.json' with { type: 'json' }
import { plainWords, type Token, tokensOf, wordsOf } from './letters.ts'

/** How much a word of an organisation's name tells: from hardly anything to what kind of body it is. */
export type Role = 'little' | 'kind' | 'field' | 'place' | 'ordinary'

type PhraseWord = Pick<Token, 'text' | 'key'>

/** What phrases mean, by the sound of their words or by their letters. The longest that begins at a word is found by that word. */
export class Phrases<T> {
  readonly #by: 'key' | 'text'
  readonly #meanings = new Map<string, T>()
  readonly #longest = new Map<string, number>()

  constructor(by: 'key' | 'text' = 'key') {
    this.#by = by
  }

  #keyOf(words: readonly PhraseWord[]): string {
    return words.map((word) => word[this.#by]).join(' ')
  }

  add(words: readonly PhraseWord[], meaning: T, replace = true): void {
    const [first] = words
    const key = this.#keyOf(words)
    if (first === undefined || (!replace && this.#meanings.has(key))) return
    this.#meanings.set(key, meaning)
    const firstKey = first[this.#by]
    this.#longest.set(firstKey, Math.max(this.#longest.get(firstKey) ?? 0, words.length))
  }

  /** The longest phrase that begins there. */
  at(
    words: readonly PhraseWord[],
    from: number,
    fits: (meaning: T, length: number) => boolean = () => true,
  ): { meaning: T; length: number } | null {
    let key = words[from]?.[this.#by]
    if (key === undefined) return null
    const longest = Math.min(this.#longest.get(key) ?? 0, words.length - from)
    let found: { meaning: T; length: number } | null = null
    for (let length = 1; length <= longest; length += 1) {
      if (length > 1) key += ` ${words[from + length - 1]?.[this.#by]}`
      const meaning = this.#meanings.get(key)
      if (meaning !== undefined && fits(meaning, length)) found = { meaning, length }
    }
    return found
  }

  whole(words: readonly PhraseWord[]): T | undefined {
    return this.#meanings.get(this.#keyOf(words))
  }
}

export const listed = (text: string): string[] => text.split(' | ').map((one) => one.trim())

/** Made at first use: a start need not wait for it. */
const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const roles = ['little', 'kind', 'field', 'place'] as const

/** Words that organisations have in common, by each of their spellings. */
const concepts = once(() => {
  const found = new Phrases<{ concept: string; role: Role }[]>()
  for (const role of roles)
    for (const [concept, spellings] of Object.entries(organisationWords[role])) {
      found.add(wordsOf(concept), [{ concept, role }])
      for (const spelling of listed(spellings))
        found.add(wordsOf(spelling), [{ concept, role }], false)
    }
  for (const [phrase, spellings] of Object.entries(organisationWords.phrases)) {
    const words = conceptsIn(found, wordsOf(phrase))
    for (const spelling of listed(spellings)) found.add(wordsOf(spelling), words)
  }
  return found
})

/** The concepts that a phrase is made of; what is none is a word of its own. */
function conceptsIn(
  known: Phrases<{ concept: string; role: Role }[]>,
  tokens: readonly Token[],
): { concept: string; role: Role }[] {
  const found: { concept: string; role: Role }[] = []
  for (let at = 0; at < tokens.length; ) {
    const phrase = known.at(tokens, at)
    found.push(
      ...(phrase?.meaning ?? [{ concept: tokens[at]?.text ?? '', role: 'ordinary' as const }]),
    )
    at += phrase?.length ?? 1
  }
  return found
}

const forms = once(() => {
  const found = new Phrases<true>()
  for (const ofCountry of Object.values(legalForms.forms))
    for (const [form, abbreviations] of Object.entries(ofCountry))
      for (const spelling of [form, ...listed(abbreviations)]) found.add(wordsOf(spelling), true)
  return found
})

/** Legal forms of two or three letters that stand before a name. */
const leading = new Set(
  'ao pt cv sa ab as oy ooo zao oao pao tov too fgup gup rup jsc ojsc cjsc pjsc sarl sas srl at dp pat pp sc jp llc pte'.split(
    ' ',
  ),
)

/** Parts of legal forms that stand in brackets: `(Pty) Ltd`. */
export const bracketedForms = once(() => {
  const all = Object.values(legalForms.forms).flatMap((ofCountry) =>
    Object.entries(ofCountry).flatMap(([form, more]) => [form, ...listed(more)]),
  )
  return new Set(
    all.flatMap((form) =>
      [...form.matchAll(/\(([^()]+)\)/g)].map(([, inside = '']) => inside.toLowerCase()),
    ),
  )
})

/**
 * The legal form that stands there, in words: 0 when none does. A short one counts only where such forms stand: before the
 * name, or in a row at its end.
 */
export function lengthOfLegalForm(tokens: readonly Token[], from: number): number {
  const isAtEnd = (end: number) => end === tokens.length || lengthOfLegalForm(tokens, end) > 0
  const found = forms().at(tokens, from, (_, length) => {
    const [first] = tokens.slice(from, from + length)
    const isShort = length === 1 && (first?.text.length ?? 0) <= 3
    if (!isShort || tokens.length === length) return !isShort
    return isAtEnd(from + length) || (from === 0 && leading.has(first?.text ?? ''))
  })
  return found?.length ?? 0
}

/** What the words there say of an organisation, whatever their spelling and language. */
export const conceptsAt = (
  tokens: readonly PhraseWord[],
  from: number,
): { meaning: { concept: string; role: Role }[]; length: number } | null =>
  concepts().at(tokens, from)

const spellingsByConcept = once(() => {
  const found = new Map<string, Set<string>>()
  for (const role of roles)
    for (const [concept, spellings] of Object.entries(organisationWords[role]))
      found.set(
        concept,
        new Set([concept, ...listed(spellings)].map((one) => plainWords(one).join(' '))),
      )
  return found
})

/** The spellings of a concept in Latin letters, a phrase with spaces. */
export const spellingsOf = (concept: string): string[] => [
  ...(spellingsByConcept().get(concept) ?? [concept]),
]

const scripts = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/** Words of scripts that set no spaces between words, the longest first. */
const unspaced = once(() => {
  const texts = [
    ...Object.values(legalForms.forms).flatMap((forms) =>
      Object.entries(forms).flatMap(([form, more]) => [form, ...listed(more)]),
    ),
    ...roles.flatMap((role) => Object.values(organisationWords[role]).flatMap(listed)),
    ...Object.values(organisationWords.phrases).flatMap(listed),
  ].filter((text) => scripts.test(text))
  for (const locale of ['zh', 'zh-Hant', 'ja', 'ko'])
    for (const code of ['CN', 'JP', 'KR', 'KP', 'RU', 'US', 'TW', 'IR', 'TR'])
      texts.push(new Intl.DisplayNames([locale], { type: 'region' }).of(code) ?? '')
  return [...new Set(texts)].filter((text) => text !== '').sort((a, b) => b.length - a.length)
})

/** Sets spaces around known words where a script has none. */
export function spaced(text: string): string {
  if (!scripts.test(text)) return text
  let rest = text.normalize('NFKC')
  let done = ''
  while (rest !== '') {
    const word = unspaced().find((known) => rest.startsWith(known))
    const [letter = ''] = rest
    done += word === undefined ? letter : ` ${word} `
    rest = rest.slice((word ?? letter).length)
  }
  return done
}

/** Words that join others in names of many languages: they tell nothing. */
export const silentWords: ReadonlySet<string> = new Set(
  `the of and for de la le les du des da do dos das di del della delle der die das den dem und et y e i el al il lo los las ve van
  het een in on at to a an au aux sur en im fur fuer zu zur zum von vom med og och i ja ta och w z na do o s u dlya po`.split(
    /\s+/,
  ),
)

const titles = once(() => {
  const found = new Phrases<true>()
  for (const title of listed(personWords.titles)) {
    found.add(wordsOf(title), true)
    found.add(tokensOf(title), true)
  }
  return found
})
const words = (text: string): ReadonlySet<string> =>
  new Set(listed(text).flatMap((one) => plainWords(one)))
const particles = once(() => words(personWords.particles))
const parents = once(() => words(personWords.parents))
const suffixes = once(() => words(personWords.suffixes))

const variants = once(() => {
  const found = new Map<string, Set<number>>()
  for (const [group, names] of personWords.names.entries())
    for (const name of listed(names)) {
      const key = plainWords(name).join('')
      found.set(key, (found.get(key) ?? new Set()).add(group))
    }
  return found
})

export const lengthOfTitle = (tokens: readonly Token[], from: number): number =>
  titles().at(tokens, from)?.length ?? 0
export const isTitle = (word: string): boolean => titles().whole(wordsOf(word)) !== undefined
export const isParticle = (word: string): boolean => particles().has(word)
/** `bin`, `ibn`, `oglu`: what follows or stands before is the name of the father. */
export const isParentWord = (word: string): boolean => parents().has(word)
export const isNameSuffix = (word: string): boolean => suffixes().has(word)

/** Whether two given names are one in different spellings or languages: `Sergei` and `Serhiy`. */
export function isSameGivenName(one: string, other: string): boolean {
  const groups = variants().get(one)
  const others = variants().get(other)
  return groups !== undefined && others !== undefined && !groups.isDisjointFrom(others)
}

/** The other spellings of a given name. */
export const variantsOf = (name: string): string[] =>
  [...(variants().get(name) ?? [])].flatMap((group) =>
    listed(personWords.names[group] ?? '').map((one) => plainWords(one).join('')),
  )
