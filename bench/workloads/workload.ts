import type pg from 'pg'
import type { BenchResponse } from '../http.ts'
import type { LoadRequest } from '../load-messages.ts'

/** What the hand-written server gives a way of answering. */
export type YardstickContext = {
  /** Runs a named, prepared statement. */
  query<R extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<R[]>
  pool: pg.Pool
}

/** The text of the answer, or what streams it. */
export type YardstickHandler = (
  ask: YardstickContext,
  given: { params: Readonly<Record<string, string>>; query: Readonly<Record<string, string>> },
) => Promise<string | NodeJS.ReadableStream>

/** Where a workload finds its requests: in the data set, and by asking the server itself. */
export type SampleSource = {
  sql<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>
  get(path: string): Promise<BenchResponse>
}

/** One line of the table. */
export type Workload = {
  name: string
  /** What is asked for, in a few words. */
  what: string
  /** Many different ones, unless the point is to ask for the same again. */
  requests(samples: SampleSource): Promise<LoadRequest[]>
  /** Standard: 200. */
  status?: number
  /** The least share of the yardstick's requests a second that is good enough. */
  goal: number
  /**
   * What it is measured by: a constant string, or hand-written ways to the same answer, of which the fastest counts.
   * `route` is Fastify's pattern for the path of the requests.
   */
  yardstick: 'constant' | { route: string; ways: Readonly<Record<string, YardstickHandler>> }
  /**
   * Whole lists, line by line: one request at a time, so many of them. Where there are goals for the first byte and for the
   * memory over that of the idle server, the yardstick gives the same data in another form.
   */
  stream?: { amount: number; firstByteMsMost?: number; overIdleMbMost?: number }
  /** A single record: its p99 has a goal of its own. */
  isSingleRecord?: true
  /** A question across records: its p99 has a goal with as many connections as for requests a second. */
  isCrossRecord?: true
}
