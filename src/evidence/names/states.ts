import reference from '../../../reference/states.json' with { type: 'json' }
import { plainWords, type Token, wordsOf } from './letters.ts'
import { listed, Phrases, silentWords } from './vocabulary.ts'

type State = { code3: string; also?: string; adjectives?: string }
const states: Readonly<Record<string, State>> = reference.states

const locales = (
  'en tr fr de es it pt nl ru uk hy az ka pl sv da nb fi el he fa ar ro cs hu sr bg ' + 'zh ja ko'
).split(' ')

/** Not states, though Unicode has names for them. */
const noStates = /^(EU|EZ|QO|UN|XA|XB|ZZ)$/

type Known = {
  /** Names and adjectives. */
  phrases: Phrases<string>
  /** Names alone. */
  names: Phrases<string>
  /** Names by their letters, without spaces and the words that tell nothing; null for those of two states. */
  letters: ReadonlyMap<string, string | null>
  /** What is left of the names of two states without their titles: `Korea`. */
  sharedNames: ReadonlySet<string>
  codes: ReadonlyMap<string, string>
  titles: ReadonlySet<string>
  spellings: ReadonlyMap<string, ReadonlySet<string>>
  /** Names that mean no state of today, or more than one. */
  noNames: ReadonlySet<string>
}

let known: Known | undefined

/** Built at first use: it takes some hundredths of a second. */
function load(): Known {
  if (known) return known
  const [phrases, names] = [new Phrases<string>('text'), new Phrases<string>('text')]
  const letters = new Map<string, string | null>()
  const bareNames = new Map<string, string | null>()
  const titles = new Set(listed(reference.titles).flatMap((title) => plainWords(title)))
  const codes = new Map<string, string>()
  const spellings = new Map<string, Set<string>>()
  const noNames = new Set(
    [...listed(reference.ambiguous), ...listed(reference.former)].map(wordKeyOf),
  )
  const add = (to: Phrases<string>[], text: string, code: string, replace: boolean) => {
    const words = wordsOf(text)
    if (words.map((word) => word.text).join('').length < 2 || noNames.has(wordKeyOf(text))) return
    for (const one of to) one.add(words, code, replace)
    if (to.includes(names)) {
      setUnlessShared(letters, lettersOf(text), code)
      setUnlessShared(bareNames, keyOf(bareOf(words, titles)), code)
    }
    const own = spellings.get(code) ?? new Set()
    spellings.set(
      code,
      own.add(
        plainWords(text)
          .filter((word) => !silentWords.has(word))
          .join(' '),
      ),
    )
  }
  for (const locale of locales) {
    const display = new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' })
    for (const code of Object.keys(states)) {
      const name = noStates.test(code) ? undefined : display.of(code)
      if (name && plainWords(name).join('').length > 2) add([phrases, names], name, code, false)
    }
  }
  for (const [code, { code3, also, adjectives }] of Object.entries(states)) {
    codes.set(code, code).set(code3, code)
    for (const name of also ? listed(also) : []) add([phrases, names], name, code, true)
    for (const name of adjectives ? listed(adjectives) : []) add([phrases], name, code, false)
  }
  const sharedNames = new Set(
    [...bareNames].flatMap(([name, code]) => (code === null ? [name] : [])),
  )
  known = { phrases, names, letters, sharedNames, codes, titles, spellings, noNames }
  return known
}

function setUnlessShared(map: Map<string, string | null>, key: string, code: string): void {
  const before = map.get(key)
  if (key !== '') map.set(key, before === undefined || before === code ? code : null)
}

const keyOf = (words: readonly Token[]): string => words.map((word) => word.text).join(' ')
const wordKeyOf = (text: string): string => keyOf(wordsOf(text))

/** `Süd-Afrika`, `Suedafrika` and `SÜD AFRIKA` have the same letters. */
const lettersOf = (text: string): string => {
  const letters = plainWords(text)
    .filter((word) => !silentWords.has(word))
    .join('')
    .replaceAll(/(?<=[aou])e/g, '')
  return letters.length < 5 ? '' : letters
}

/** What tells the two Congos, Koreas and Chinas apart is not left out of their names. */
const bareOf = (words: readonly Token[], titles: ReadonlySet<string>): Token[] =>
  words.filter((word) => !titles.has(word.text))

const abbreviations: readonly (readonly [RegExp, string])[] = [
  [/\bDom\.?(?= Rep)/gi, 'Dominican'],
  [/\bRep(?:ubl)?\b\.?/gi, 'Republic'],
  [/\bDem\b\.?/gi, 'Democratic'],
  [/\bIsl\b\.?/gi, 'Islamic'],
  [/\bFed\b\.?/gi, 'Federated'],
]
/** `Congo (formerly Zaire)`. */
const formerName = / *\((?:ex|former|formerly|vormals|früher|voorheen|ancien)[- ].*\)$/iu

const expandAbbreviations = (text: string): string =>
  abbreviations.reduce((words, [short, long]) => words.replace(short, long), text)

/**
 * The state (ISO 3166-1 alpha-2) that a name is the name of: `Türkiye`, `TUR`, `Syrian Arab Republic`, `Турция`; null for
 * any other name. Codes count in capitals only.
 */
export function stateOf(name: string): string | null {
  const text = name.trim().replaceAll(/[`´]/g, "'")
  const { codes } = load()
  if (/^[A-Z]{2,3}$/.test(text)) {
    const code = codes.get(text)
    if (code) return code
  }
  const found = findByName(text)
  if (found !== null) return found
  const expanded = expandAbbreviations(text.replace(formerName, ''))
  return expanded === text ? null : findByName(expanded)
}

function findByName(text: string): string | null {
  const { names, phrases, letters, noNames, sharedNames, titles } = load()
  if (noNames.has(wordKeyOf(text))) return null
  const plain = wordsOf(text)
  const whole = names.whole(plain) ?? names.whole(plain.filter((word) => word.text !== 'the'))
  if (whole) return whole
  const byLetters = letters.get(lettersOf(text))
  if (byLetters) return byLetters
  const byParts = findByParts(text)
  if (byParts) return byParts
  const bare = bareOf(plain, titles)
  if (bare.length === 0 || bare.length === plain.length || sharedNames.has(keyOf(bare))) return null
  return names.whole(bare) ?? phrases.whole(bare) ?? null
}

/** `Korea, Republic of` and `Iran (Islamic Republic of)`, and two names of one state: `Wit-Rusland (Belarus)`. */
function findByParts(text: string): string | null {
  const { names, letters, noNames } = load()
  const [, head = '', tail = ''] = /^([^,(]+)[,(]\s*(.+?)\)?$/.exec(text) ?? []
  if (head === '' || tail === '') return null
  const turned = `${tail} ${head}`
  if (noNames.has(wordKeyOf(turned))) return null
  const found = names.whole(wordsOf(turned)) ?? letters.get(lettersOf(turned))
  if (found) return found
  const [one, other] = [names.whole(wordsOf(head)), names.whole(wordsOf(tail))]
  return one !== undefined && one === other ? one : null
}

let formerNames: ReadonlySet<string> | undefined
function isFormer(key: string): boolean {
  formerNames ??= new Set(listed(reference.former).map(wordKeyOf))
  return formerNames.has(key)
}

/** Why a name is not that of one state of today: it is that of a `former` one, or of two. Null for other names. */
export function whyNoState(name: string): 'former' | 'ambiguous' | null {
  const key = wordKeyOf(name)
  if (!load().noNames.has(key)) return null
  return isFormer(key) ? 'former' : 'ambiguous'
}

/** The state that the words there name or are an adjective of, and how many words. */
export const stateAt = (
  tokens: readonly Token[],
  from: number,
): { meaning: string; length: number } | null =>
  load().phrases.at(tokens, from, (_, length) => {
    const [token] = tokens.slice(from, from + length)
    // `us` and `uk` in small letters are words like others.
    return length > 1 || (token?.text.length ?? 0) > 2 || token?.isAcronym === true || from === 0
  })

/** Names and adjectives of a state in Latin letters. */
export const spellingsOfState = (code: string): string[] => [...(load().spellings.get(code) ?? [])]

/** Parts of long names of states that tell nothing beside the name: `Republic of`. */
export const stateTitles: ReadonlySet<string> = new Set(
  `republic republik respublika respublikasi respublikasinin respubliki republika republike republica republique repubblica
  cumhuriyeti hanrapetutyun hanrapetutyan hanrapetowtyan kingdom federation federatsii federatsiya federatsiia sultanate
  principality tc`.split(/\s+/),
)
