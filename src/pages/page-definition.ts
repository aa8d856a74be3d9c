import type { Page, SiteSettings } from './layout/page.ts'

/** Reads a path of the API: JSON, or the text of another format. The pages know nothing else of the data. */
export type Ask = <T>(path: string, query?: Query) => Promise<T>

/** Parameters without a value are left out. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>

export type PageRequest = {
  ask: Ask
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, string | undefined>>
  settings: SiteSettings
}

export type PageDefinition = {
  /** Pattern of the path. */
  path: string
  /** The path of the API with the same content, or null. Programs that ask for JSON are sent there. */
  apiPath(params: PageRequest['params']): string | null
  render(request: PageRequest): Promise<Page>
}

/** A problem of the API (RFC 9457). */
export type ProblemBody = { type: string; title: string; status: number; detail: string }

/** The API refused what a page asked. */
export class ApiProblem extends Error {
  readonly body: ProblemBody

  constructor(body: ProblemBody) {
    super(body.detail)
    this.body = body
  }
}

/** The record of the page was merged into another one, or has another slug. */
export class ApiRedirect extends Error {
  /** Path of the API. */
  readonly location: string

  constructor(location: string) {
    super(`Moved to ${location}`)
    this.location = location
  }
}

/** A part of a path. */
export const encode = (part: string | undefined): string => encodeURIComponent(part ?? '')

/** The query of an address, with `?`, or nothing. */
export function formatQuery(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => (one === undefined || one === '' ? [] : [[name, String(one)]])),
  )
  const text = new URLSearchParams(given).toString()
  return text === '' ? '' : `?${text}`
}
