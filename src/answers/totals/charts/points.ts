/** A number of a chart, with the keys of its row as text. */
export type Point = {
  labels: string[]
  /** ISO 3166-1 alpha-2 of the first key, if it is an actor with one. */
  country: string | null
  low: number
  high: number | null
}
