import { beforeAll, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { fillTables } from '../harness/fill-case.ts'

/** A case with more citations than are looked at for one page. */
const addedRecords = 10_000
const t = useApp()
const slug = 'canada-turkey-wescam'

type Entry = { slug: string }
const readSlugs = async (query: string): Promise<string[]> => {
  const slugs: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const path = `/v1/actors?case=${slug}&${query}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
    const { body }: { body: { data: Entry[]; next: string | null } } = await t.api.get(path)
    slugs.push(...body.data.map((entry) => entry.slug))
    cursor = body.next
  }
  return slugs
}

let before: { all: string[]; states: string[] }
beforeAll(async () => {
  before = { all: await readSlugs('limit=200'), states: await readSlugs('type=state&limit=1') }
  await fillTables(t, addedRecords)
})

test('all pages of a list have each record once, in the order of the list', async () => {
  const added = Array.from({ length: addedRecords }, (_, index) => `filling-${index + 1}`)
  const expected = [...before.all, ...added].sort().reverse()
  expect(await readSlugs('limit=200&sort=-slug')).toEqual(expected)
})

test('a filter that few records match finds them among the many', async () => {
  expect(await readSlugs('type=state&limit=1')).toEqual(before.states)
})

test('the dossier counts the records, and says where the findings are', async () => {
  const { body } = await t.api.get(`/v1/cases/${slug}/dossier`).expect(200)
  expect(body.findings).toEqual({ data: [], complete: false })
  expect(body.actors.total).toBe(before.all.length + addedRecords)
  expect(body.articles.total).toBe(body.articles.data.length)
  const { text } = await t.api.get(`/cases/${slug}`).set('Accept', 'text/html').expect(200)
  expect(text).toContain(`href="/findings?case=${slug}"`)
  expect(text).not.toContain('No rule finds anything')
})
