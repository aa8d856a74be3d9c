/** Messages between the load generator and its parent process. */
export type LoadRequest = {
  path: string
  headers?: Record<string, string>
}

export type LoadJob = {
  url: string
  /** Distributed over the connections; each connection sends its requests in turn. */
  requests: readonly LoadRequest[]
  /** Expected status of every response. */
  status: number
  connections: number
  seconds: number
  /** Ends after this many responses instead of `seconds`, unless null. */
  answerCount: number | null
  /** Each round starts at another request of the list. */
  round: number
  /** Responses in the first seconds, while connections are opened, do not count in p50 and p99. */
  rampUpSeconds?: number
  /** Whether a 503 with `Retry-After` is accepted and counted as `shed`. */
  allowsShedding?: boolean
}

export type LoadResult = {
  /** Responses per second. */
  rps: number
  p50Ms: number
  p99Ms: number
  answers: number
  bytes: number
  /** Number of 503 responses with `Retry-After`. They do not count in the other figures. */
  shed?: number
}

export type DriverReply = { load: LoadResult } | { failure: string }
