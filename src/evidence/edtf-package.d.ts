/** Types for the used part of the npm package `edtf`, which has none. */
declare module 'edtf' {
  /** Months count from 0. `unspecified` is a bit mask over the digits YYYYMMDD. */
  export type ParsedDate = {
    type: 'Date'
    values: number[]
    unspecified?: number
    /** Minutes, of a time of day. */
    offset?: number
  }
  export type ParsedSeason = { type: 'Season'; values: [year: number, season: number] }

  /** @throws {Error} for what does not parse. */
  export function parse(input: string, constraints: { level: 2; types: ['Season'] }): ParsedSeason
  export function parse(
    input: string,
    constraints: { level: 1; types: ['Date', 'Season'] },
  ): ParsedDate | ParsedSeason

  class ExtendedDate {
    constructor(parsed: ParsedDate)
    /** First and last millisecond, since 1970 UTC. */
    readonly min: number
    readonly max: number
    /** As parsed, except that a day that does not exist (29 February 2021) is shifted. */
    readonly values: number[]
  }

  export { ExtendedDate as Date }
}
