/** From this score on, 0 to 100, two names are taken for the same. Measured: tests/evidence/names. */
export const matchThreshold = 85
/** A candidate only matches when it is so far ahead of the next one. */
export const matchLead = 5
/** What two names of different things that look alike score at most. */
export const unlikeMax = matchThreshold - 3

export type NameKind = 'person' | 'organisation' | 'state' | 'good'

/** Why two names score as they do. */
export type Reason =
  | 'same-text'
  | 'same-state'
  | 'other-state'
  | 'word-order'
  | 'translation'
  | 'sound'
  | 'given-name'
  | 'script'
  | 'spelling'
  | 'initial'
  | 'acronym'
  | 'extra-words'
  | 'other-words'
  | 'other-number'
  | 'other-parent'

export type Verdict = {
  /** 0 to 100. */
  score: number
  reasons: Reason[]
}

export const verdict = (score: number, reasons: Iterable<Reason> = []): Verdict => ({
  score: Math.round(10 * score) / 10,
  reasons: [...new Set(reasons)],
})
