/** Types for the used part of the npm package `autocannon`, which has none. */
declare module 'autocannon' {
  type Request = { method?: string; path: string; headers?: Record<string, string>; body?: string }
  type Client = {
    setRequests(requests: readonly Request[]): void
    /** `headers` alternates names and values. */
    on(
      event: 'headers',
      listener: (response: { statusCode: number; headers: readonly string[] }) => void,
    ): void
  }
  type Options = {
    url: string
    connections: number
    /** Seconds. Ignored with `amount`. */
    duration: number
    amount?: number
    /** Milliseconds between two checks whether the time is over. */
    sampleInt: number
    /** Seconds until a request counts as timed out. */
    timeout: number
    setupClient(client: Client): void
  }
  export type Result = { errors: number; timeouts: number; resets: number }
  type Tracker = {
    /** `milliseconds` is fractional. */
    on(
      event: 'response',
      listener: (client: Client, status: number, bytes: number, milliseconds: number) => void,
    ): Tracker
  }
  export default function autocannon(
    options: Options,
    done: (error: Error | null, result: Result) => void,
  ): Tracker
}
