import { readConfig } from '../../src/config.ts'
import { describeApi } from '../../src/serve.ts'

/** What a path must be asked with, beside what its own tests ask. */
const neededQueries: Readonly<Record<string, string>> = {
  '/v1/search': 'q=turkey',
  '/v1/network': 'actor=turkey',
  '/v1/network/paths': 'from=azerbaijan&to=l3harris-wescam',
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

/** The path with what it must be asked with, and more. */
export const asked = (path: string, url: string, more = ''): string => {
  const query = [neededQueries[path], more.replace('?', '')].filter(Boolean).join('&')
  return query === '' ? url : `${url}?${query}`
}

/** The record of each kind that examples in the OpenAPI document show, by the plural in its path. */
export const shownRecords: Readonly<Record<string, string>> = {
  cases: 'canada-turkey-wescam',
  articles: 'turkey-pressed-canada',
  actors: 'l3harris-wescam',
  affiliations: 'morgan-deputy-minister-of-foreign-affairs',
  goods: 'mx-15d',
  permits: 'wescam-mx15d-baykar-2020',
  measures: 'canada-arms-embargo-turkey-2019',
  events: 'canada-issues-permits-for-baykar',
}

type Operation = { responses: Record<string, unknown>; summary?: string }
export type Described = { method: string; path: string; statuses: number[] }

/** Every route as the OpenAPI document describes it, known before any test runs. */
export async function describedRoutes(): Promise<Described[]> {
  const document = await describeApi(readConfig({}))
  const { paths } = document as { paths: Record<string, Record<string, Operation>> }
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { responses }]) => ({
      ...{ method: method.toUpperCase(), path },
      statuses: Object.keys(responses).map(Number),
    })),
  )
}
