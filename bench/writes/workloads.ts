import { batchSize, buildBatch, buildEvent } from './events.ts'
import { subscriberCount } from './stream.ts'

/** A line of the table that is written to; the yardstick is the same rows by hand-written SQL in one transaction. */
export type WriteWorkload = { name: string; what: string; goal: number } & (
  | {
      path: string
      body(): object
      /** Clients at once; null is as for reads. */
      connections: number | null
    }
  | { path: null }
)

/** Of the median delivery. */
export const maxDeliveryMs = 100

export const writeWorkloads: readonly WriteWorkload[] = [
  {
    name: 'create',
    what: 'an event with two citations',
    goal: 0.5,
    path: '/v1/events',
    body: buildEvent,
    connections: null,
  },
  {
    name: 'batch',
    what: `${batchSize} such events at once`,
    goal: 0.5,
    path: '/v1/batch',
    body: buildBatch,
    connections: 2,
  },
  {
    name: 'stream',
    what: `a committed write to ${subscriberCount} subscribers`,
    goal: 1,
    path: null,
  },
]
