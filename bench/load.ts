/** What the process that sends requests is told, and what it tells. */
export type Request = {
  path: string
  headers?: Record<string, string>
}

export type Job = {
  url: string
  /** Taken in turn, each by one of the connections only. */
  requests: readonly Request[]
  /** Status that every answer must have. */
  status: number
  connections: number
  seconds: number
  /** This many answers instead of so many seconds. */
  amount: number | null
  /** Starts further on in the list, so that rounds do not repeat one another. */
  round: number
}

export type Load = {
  /** Answers a second. */
  rps: number
  p50Ms: number
  p99Ms: number
  answers: number
  bytes: number
}

export type Told = { load: Load } | { failure: string }
