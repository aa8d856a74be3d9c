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
  const codes = new Map<string, string>()
  const spellings = new Map<string, Set<string>>()
  const noNames = new Set(
    [...listed(reference.ambiguous), ...listed(reference.former)].map(wordKeyOf),
  )
  const add = (to: Phrases<string>[], text: string, code: string, replace: boolean) => {
    const words = wordsOf(text)
    if (words.map((word) => word.text).join('').length < 2 || noNames.has(wordKeyOf(text))) return
    for (const one of to) one.add(words, code, replace)
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
  const titles = new Set(listed(reference.titles).flatMap((title) => plainWords(title)))
  known = { phrases, names, codes, titles, spellings, noNames }
  return known
}

const wordKeyOf = (text: string): string =>
  wordsOf(text)
    .map((word) => word.text)
    .join(' ')

/** What tells the two Congos, Koreas and Chinas apart is not left out of their names. */
const withoutTitles = (words: readonly Token[]): Token[] =>
  words.filter((word) => !load().titles.has(word.text))

/**
 * The state (ISO 3166-1 alpha-2) that a name is the name of: `Türkiye`, `TUR`, `Syrian Arab Republic`, `Турция`; null for
 * any other name. Codes count in capitals only.
 */
export function stateOf(name: string): string | null {
  const text = name.trim()
  const { codes, names, phrases, noNames } = load()
  if (/^[A-Z]{2,3}$/.test(text)) {
    const code = codes.get(text)
    if (code) return code
  }
  if (noNames.has(wordKeyOf(text))) return null
  const plain = wordsOf(text)
  const whole = names.whole(plain) ?? names.whole(plain.filter((word) => word.text !== 'the'))
  if (whole) return whole
  // `Korea, Republic of` and `Iran (Islamic Republic of)`.
  const [, head = '', tail = ''] = /^([^,(]+)[,(]\s*(.+?)\)?$/.exec(text) ?? []
  if (head && tail) {
    const turned = names.whole(wordsOf(`${tail} ${head}`))
    if (turned) return turned
  }
  const bare = withoutTitles(plain)
  if (bare.length === 0 || bare.length === plain.length) return null
  return names.whole(bare) ?? phrases.whole(bare) ?? null
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
