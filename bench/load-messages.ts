/** What the process that sends requests is told, and what it tells. */
export type LoadRequest = {
  path: string
  headers?: Record<string, string>
}

export type LoadJob = {
  url: string
  /** Taken in turn, each by one of the connections only. */
  requests: readonly LoadRequest[]
  /** Status that every answer must have. */
  status: number
  connections: number
  seconds: number
  /** This many answers instead of so many seconds. */
  answerCount: number | null
  /** Starts further on in the list, so that rounds do not repeat one another. */
  round: number
  /** How long answers have no part in p50 and p99, while all connections are opened. */
  rampUpSeconds?: number
  /** Whether a 503 with `Retry-After` is an answer as well; it is counted apart. */
  allowsShedding?: boolean
}

export type LoadResult = {
  /** Answers a second. */
  rps: number
  p50Ms: number
  p99Ms: number
  answers: number
  bytes: number
  /** Of the answers that were 503 with `Retry-After`; they count nowhere else. */
  shed?: number
}

export type DriverReply = { load: LoadResult } | { failure: string }
