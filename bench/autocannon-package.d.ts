/** The part of the npm package `autocannon` that is used here: it ships no types of its own. */
declare module 'autocannon' {
  type Request = { method?: string; path: string; headers?: Record<string, string>; body?: string }
  type Client = {
    setRequests(requests: readonly Request[]): void
    /** `headers` are names and values by turns, as they came. */
    on(
      event: 'headers',
      hear: (answer: { statusCode: number; headers: readonly string[] }) => void,
    ): void
  }
  type Options = {
    url: string
    connections: number
    /** Seconds; with `amount` it does not count. */
    duration: number
    amount?: number
    /** Milliseconds between two looks at whether the time is over. */
    sampleInt: number
    /** Seconds until a request counts as lost. */
    timeout: number
    setupClient(client: Client): void
  }
  type Result = { errors: number; timeouts: number; resets: number }
  type Tracker = {
    /** `milliseconds` is fractional. */
    on(
      event: 'response',
      hear: (client: Client, status: number, bytes: number, milliseconds: number) => void,
    ): Tracker
  }
  export default function autocannon(
    options: Options,
    done: (error: Error | null, result: Result) => void,
  ): Tracker
}
