import type { TestApp } from './app.ts'

type ListEntry = { id: string; slug: string } & Record<string, unknown>

/** The slugs of one page of a list, in its order. */
export async function readSlugs(t: TestApp, url: string): Promise<string[]> {
  const { body } = await t.api.get(url).expect(200)
  return body.data.map((entry: ListEntry) => entry.slug)
}

/** The entries of all pages of a list. */
export async function readEntries(t: TestApp, url: string): Promise<ListEntry[]> {
  const entries: ListEntry[] = []
  const separator = url.includes('?') ? '&' : '?'
  for (let cursor: string | null = null; ; ) {
    const cursorQuery: string = cursor === null ? '' : `&cursor=${cursor}`
    const { body } = await t.api.get(`${url}${separator}limit=200${cursorQuery}`).expect(200)
    entries.push(...body.data)
    cursor = body.next
    if (cursor === null) return entries
  }
}

export const kindPaths = [
  'cases',
  'articles',
  'actors',
  'affiliations',
  'goods',
  'permits',
  'measures',
  'events',
  'figures',
] as const

/** Every record of the server with its citations, as its single route returns it. */
export async function readAllRecords(t: TestApp): Promise<FullRecord[]> {
  const records: FullRecord[] = []
  for (const kind of kindPaths)
    for (const { slug } of await readEntries(t, `/v1/${kind}`))
      records.push((await t.api.get(`/v1/${kind}/${slug}`).expect(200)).body)
  return records
}

export type FullRecord = ListEntry & { kind: string; href: string; citations: FullCitation[] }

export type FullCitation = {
  id: string
  field: string | null
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  confidence: number | null
  voices: { actor: { slug: string } | null; document: string | null }[]
}

/**
 * The members of a record that are specific to its kind. References and places become slugs, dates EDTF strings.
 */
export function extractFacts(record: object): Record<string, unknown> {
  const { id, kind, revision, href, citations, conflicts, ...facts } = record as Record<
    string,
    unknown
  >
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, simplifyValue(value)]),
  )
}

function simplifyValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(simplifyValue)
  if (typeof value !== 'object' || value === null) return value
  if ('href' in value || 'latitude' in value) return (value as { slug?: string }).slug
  if ('edtf' in value) return value.edtf
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, simplifyValue(member)]),
  )
}

/** The chain of reported speech: slugs of actors, documents in quotation marks. */
export const formatVoices = ({ voices }: FullCitation): string[] =>
  voices.map(({ actor, document }) => actor?.slug ?? `"${document}"`)
