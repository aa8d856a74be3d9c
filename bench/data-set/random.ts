/** Numbers from 0 to 1, 1 excluded, that only look random: the same seed gives the same ones on every machine. */
export type RandomSource = () => number

/** Mulberry32 over an FNV-1a hash of the seed. */
export function createRandom(...seed: readonly (string | number)[]): RandomSource {
  let state = 0x811c9dc5
  for (const part of seed.join('/')) state = Math.imul(state ^ part.charCodeAt(0), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const randomInteger = (random: RandomSource, count: number): number =>
  Math.floor(random() * count)

/** An index below `count`; index k about as often as 1 / (k + 1) (Zipf's law): a few are everywhere, most hardly. */
export const randomZipfIndex = (random: RandomSource, count: number): number =>
  Math.floor((count + 1) ** random()) - 1

export function pickOne<T>(random: RandomSource, choices: readonly [T, ...T[]]): T {
  return choices[randomInteger(random, choices.length)] ?? choices[0]
}
