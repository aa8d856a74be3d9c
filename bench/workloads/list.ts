import { formatPage, type ListEntryRow } from '../yardsticks/responses.ts'
import { objectSql, permitColumnsSql } from '../yardsticks/sql-fragments.ts'
import type { Workload, YardstickHandler } from './workload.ts'

const limit = 20

/** The page is found first, by as few tables as will do; documents are made of what stands on it. */
const buildStatement = (column: string): string => `
  SELECT r.id, q.position::text, ${objectSql(permitColumnsSql)}::text AS document FROM (
    SELECT p.id, w.event_id, COALESCE(i.on_earliest, '-infinity') AS position
    FROM permit p JOIN record r ON r.id = p.id AND r.state = 'live'
    LEFT JOIN event_effect w ON w.permit_id = p.id AND w.becomes = 'issued' LEFT JOIN event i ON i.id = w.event_id
    WHERE p.${column} = (SELECT id FROM record WHERE kind = 'actor' AND slug = $1)
    ORDER BY position DESC, p.id DESC LIMIT ${limit + 1}) q
  JOIN record r ON r.id = q.id JOIN permit p ON p.id = q.id LEFT JOIN event i ON i.id = q.event_id
  ORDER BY q.position DESC, r.id DESC`

const createHandler =
  (parameter: string): YardstickHandler =>
  async (ask, { query }) => {
    const text = buildStatement(`${parameter}_id`)
    return formatPage(
      await ask.query<ListEntryRow>(`list-${parameter}`, text, [query[parameter]]),
      limit,
    )
  }

/** @param parameter a filter of permits that names an actor, and the column of that name */
const buildListWorkload = (
  parameter: string,
): Pick<Workload, 'requests' | 'goal' | 'yardstick'> => ({
  goal: 0.75,
  async requests({ sql }) {
    const rows = await sql<{ slug: string }>(`
      SELECT slug FROM record JOIN permit ON permit.${parameter}_id = record.id
      GROUP BY slug HAVING count(*) > ${limit} ORDER BY md5(slug)`)
    return rows.map(({ slug }) => ({
      path: `/v1/permits?${parameter}=${slug}&sort=-issuedOn&limit=${limit}`,
    }))
  },
  yardstick: { route: '/v1/permits', ways: { json: createHandler(parameter) } },
})

export const list: Workload = {
  name: 'list',
  what: `${limit} permits of an exporter, the latest first`,
  ...buildListWorkload('exporter'),
}

export const listOfMany: Workload = {
  name: 'list-of-many',
  what: `${limit} permits for a destination, the latest first`,
  ...buildListWorkload('destination'),
}
