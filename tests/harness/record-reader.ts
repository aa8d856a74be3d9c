import type { TestApp } from './app.ts'

type ListEntry = { id: string; slug: string } & Record<string, unknown>

/** The slugs of a list, in its order. */
export async function readSlugs(t: TestApp, url: string): Promise<string[]> {
  const { body } = await t.api.get(url).expect(200)
  return body.data.map((entry: ListEntry) => entry.slug)
}

/** Every entry of a list, over all its pages. */
export async function readEntries(t: TestApp, url: string): Promise<ListEntry[]> {
  const all: ListEntry[] = []
  const separator = url.includes('?') ? '&' : '?'
  for (let cursor: string | null = null; ; ) {
    const from: string = cursor === null ? '' : `&cursor=${cursor}`
    const { body } = await t.api.get(`${url}${separator}limit=200${from}`).expect(200)
    all.push(...body.data)
    cursor = body.next
    if (cursor === null) return all
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
] as const

/** Every record of the server as its own route shows it, with its citations. */
export async function readAllRecords(t: TestApp): Promise<FullRecord[]> {
  const all: FullRecord[] = []
  for (const kind of kindPaths)
    for (const { slug } of await readEntries(t, `/v1/${kind}`))
      all.push((await t.api.get(`/v1/${kind}/${slug}`).expect(200)).body)
  return all
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
 * What a record says, without what every record has (ids, revision, citations): references and places are their slugs,
 * dates their EDTF.
 */
export function extractFacts(record: object): Record<string, unknown> {
  const { id, kind, revision, href, citations, conflicts, ...own } = record as Record<
    string,
    unknown
  >
  return Object.fromEntries(
    Object.entries(own).map(([name, value]) => [name, simplifyValue(value)]),
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

/** The chain of reported speech: slugs of actors, and documents in quotation marks. */
export const formatVoices = ({ voices }: FullCitation): string[] =>
  voices.map(({ actor, document }) => actor?.slug ?? `"${document}"`)
