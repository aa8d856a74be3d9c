import type { Dictionaries } from '../../words/dictionaries.ts'

/** The words by which goods are found. */
export type GoodsVocabulary = {
  goods: Dictionaries['goods']
  actors: Dictionaries['actors']
  /** Values of number words. A map, so that no word is a member of Object: "constructor". */
  numbers: ReadonlyMap<string, number>
  /** Singular of each noun, by its singular and its plural. */
  singulars: ReadonlyMap<string, string>
  /** Adjectives of all states, in lower case. */
  stateAdjectives: ReadonlySet<string>
}

export function createVocabulary({ goods, actors, countries }: Dictionaries): GoodsVocabulary {
  const nouns = Object.entries(goods.nouns)
  return {
    goods,
    actors,
    numbers: new Map(Object.entries(goods.numbers)),
    singulars: new Map(
      nouns.flatMap(([singular, plural]) => [
        [singular, singular],
        [plural, singular],
      ]),
    ),
    stateAdjectives: new Set(
      countries.flatMap(({ adjectives }) => adjectives.map((word) => word.toLowerCase())),
    ),
  }
}
