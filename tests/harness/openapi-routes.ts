import type supertest from 'supertest'
import { readConfig } from '../../src/config.ts'
import { buildOpenApiDescription } from '../../src/serve.ts'

/** The query parameters that a path requires, for tests of all paths. */
const requiredQueries: Readonly<Record<string, string>> = {
  '/v1/search': 'q=turkey',
  '/v1/network': 'actor=turkey',
  '/v1/network/paths': 'from=azerbaijan&to=l3harris-wescam',
  '/v1/permits/totals': 'by=destination',
  '/v1/events/totals': 'by=type',
  '/v1/figures/totals': 'by=year',
  '/reconcile': 'queries=%7B%7D',
  '/reconcile/preview': 'id=actor/canada',
  '/reconcile/features': 'id=name',
  '/reconcile/suggest/entity': 'prefix=can',
  '/reconcile/suggest/type': 'prefix=c',
  '/reconcile/suggest/property': 'prefix=i',
  '/reconcile/flyout/entity': 'id=actor/canada',
  '/reconcile/flyout/type': 'id=company',
  '/reconcile/flyout/property': 'id=issuer',
}

/** Adds the required query parameters of a path, and further ones, to a URL. */
export const addRequiredQuery = (path: string, url: string, extraQuery = ''): string => {
  const query = [requiredQueries[path], extraQuery.replace('?', '')].filter(Boolean).join('&')
  return query === '' ? url : `${url}?${query}`
}

/** The record of each kind in the examples of the OpenAPI description, by the plural in its path. */
export const exampleRecords: Readonly<Record<string, string>> = {
  cases: 'canada-turkey-wescam',
  articles: 'turkey-pressed-canada',
  actors: 'l3harris-wescam',
  affiliations: 'morgan-deputy-minister-of-foreign-affairs',
  goods: 'mx-15d',
  permits: 'wescam-mx15d-baykar-2020',
  measures: 'canada-arms-embargo-turkey-2019',
  events: 'canada-issues-permits-for-baykar',
  places: 'idlib',
  // The seeded case has none: `storeExampleFigure`. Neither has it a page: `storeExamplePage`.
  figures: 'canada-licences-for-turkey-2020',
  reference: 'EU',
}

/** The example of a record in a path, and the number of its page. */
export const insertExample = (path: string, ref?: string): string => {
  const [, , plural = ''] = path.split('/')
  const slug = path.includes('{page}') ? 'scanned-letter' : exampleRecords[plural]
  return path.replace('{ref}', ref ?? slug ?? 'none').replace('{page}', '1')
}

/** Lists whose first entry has an `{id}` for the paths of this plural. Other paths take the id of a citation. */
const listsOfIds: Readonly<Record<string, string>> = {
  findings: '/v1/findings',
  records: '/v1/permits',
}

/** An existing `{id}` of a path. */
export async function readExampleId(
  api: ReturnType<typeof supertest>,
  path: string,
): Promise<string> {
  const [, , plural = ''] = path.split('/')
  const { body } = await api.get(`${listsOfIds[plural] ?? '/v1/citations'}?limit=1`).expect(200)
  return body.data[0].id
}

type OpenApiOperation = { responses: Record<string, unknown>; summary?: string }
export type DescribedRoute = { method: string; path: string; statuses: number[] }

/** Every route of the OpenAPI description. Needs no server, so `test.each` can use it. */
export async function listDescribedRoutes(): Promise<DescribedRoute[]> {
  const description = await buildOpenApiDescription(readConfig({}))
  const { paths } = description as { paths: Record<string, Record<string, OpenApiOperation>> }
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { responses }]) => ({
      method: method.toUpperCase(),
      path,
      statuses: Object.keys(responses).map(Number),
    })),
  )
}
