import { type EventPageQuery, queryEventsAsJson, queryEventsAsRows } from '../yardsticks/events.ts'
import { parseCursor } from '../yardsticks/responses.ts'
import type { SampleSource, Workload } from './workload.ts'

const limit = 20
const path = `/v1/events?sort=on&limit=${limit}`
/** How far down the deep page is, unless the list is shorter. */
const deepRow = 100_000
const maxStep = 200
const maxPages = 50

function buildPageQuery(cursor: string | undefined): EventPageQuery {
  const after = cursor === undefined ? null : parseCursor(cursor)
  return {
    name: after ? 'keyset-after' : 'keyset-first',
    limit,
    values: after ?? [],
    select: `
      SELECT e.id, COALESCE(e.on_earliest, '-infinity'::date) AS position
      FROM event e JOIN record r ON r.id = e.id AND r.state = 'live'
      ${after ? `WHERE (COALESCE(e.on_earliest, '-infinity'::date), e.id) > ($1::date, $2::uuid)` : ''}
      ORDER BY COALESCE(e.on_earliest, '-infinity'::date), e.id LIMIT ${limit + 1}`,
  }
}

const commonWorkload: Pick<Workload, 'goal' | 'yardstick'> = {
  goal: 0.75,
  yardstick: {
    route: '/v1/events',
    ways: {
      json: (ask, { query }) => queryEventsAsJson(ask, buildPageQuery(query.cursor)),
      rows: (ask, { query }) => queryEventsAsRows(ask, buildPageQuery(query.cursor)),
    },
  },
}

export const keysetFirst: Workload = {
  name: 'keyset-first',
  what: `the first ${limit} of all events by date`,
  requests: async () => [{ path }],
  ...commonWorkload,
}

export const keysetDeep: Workload = {
  name: 'keyset-deep',
  what: `${limit} events by date after row ${deepRow.toLocaleString('en')}, or half-way in a shorter list`,
  async requests(samples) {
    const [row] = await samples.sql<{ events: string }>('SELECT count(*) AS events FROM event')
    const start = Math.min(deepRow, Math.floor(Number(row?.events) / 2))
    let cursor: string | null = null
    for (let at = 0; at < start; at += maxStep)
      cursor = await findNextCursor(samples, cursor, Math.min(maxStep, start - at))
    const requests = []
    while (cursor !== null && requests.length < maxPages) {
      requests.push({ path: `${path}&cursor=${cursor}` })
      cursor = await findNextCursor(samples, cursor, limit)
    }
    return requests
  },
  ...commonWorkload,
}

/** The cursor behind the next so many rows; null at the end. */
async function findNextCursor(
  { get }: SampleSource,
  cursor: string | null,
  rows: number,
): Promise<string | null> {
  const from = cursor === null ? '' : `&cursor=${cursor}`
  const { text } = await get(`/v1/events?sort=on&limit=${rows}${from}`)
  return (JSON.parse(text) as { next: string | null }).next
}
