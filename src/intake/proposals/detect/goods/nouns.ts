import type { Token } from '../../words/sentences.ts'
import type { GoodsVocabulary } from './vocabulary.ts'

/** Most tokens after a name among which its noun must be. */
const nounWithin = 5

const phraseBorders = new Set(
  `of to for in on at by from with and or but that which who was were is are been be had has have will would could after
  before since until while its his her their the a an this these those per million billion percent euros dollars years
  months days weeks hours people persons countries`.split(/\s+/),
)

export const isPhraseBorder = (token: Token | undefined): boolean =>
  !token?.isWord || phraseBorders.has(token.key)

/** The number of the last word of the noun after a name: `systems` in `air-strike targeting systems`. */
export function findNounAfter(
  tokens: readonly Token[],
  from: number,
  { singulars }: Pick<GoodsVocabulary, 'singulars'>,
): number | null {
  for (const [offset, token] of tokens.slice(from, from + nounWithin).entries()) {
    if (isPhraseBorder(token)) return null
    if (singulars.has(token.key)) return findCompoundEnd(tokens, from + offset, singulars)
    if (token.isPossessive) return null
  }
  return null
}

/** A noun of two words ends with the second: `machine gun`, `drone engine`. */
export function findCompoundEnd(
  tokens: readonly Token[],
  noun: number,
  singulars: ReadonlyMap<string, string>,
): number {
  const next = tokens[noun + 1]
  return next?.isWord && singulars.has(next.key) ? noun + 1 : noun
}

/** `targeting systems` becomes `targeting system`. */
export function toSingular(
  phrase: string,
  { singulars }: Pick<GoodsVocabulary, 'singulars'>,
): string {
  const words = phrase.split(' ')
  const last = words.pop() ?? ''
  return [...words, singulars.get(last.toLowerCase()) ?? last].join(' ')
}
