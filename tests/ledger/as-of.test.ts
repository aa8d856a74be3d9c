import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { kindPaths } from '../harness/record-reader.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const read = async (path: string) => (await t.api.get(path).expect(200)).body
const path = '/v1/actors/the-subject'
/** The record as it stood after each step. */
const states: { revision: number; committedAt: string; body: Record<string, unknown> }[] = []
const note = async () => {
  const { revision, committedAt } = await read('/v1/ledger/head')
  states.push({ revision, committedAt, body: await read(path) })
}

beforeAll(async () => {
  await w.createActor('the-subject', { aliases: [{ name: 'A', language: null }] })
  await note()
  await w.patch(path, { name: 'Second name', aliases: [{ name: 'B', language: 'en' }] })
  await note()
  await w.post(`${path}/citations`, citationBody({ field: 'name', value: 'Other' }))
  await note()
})

describe('?revision= and ?asOf=', () => {
  test('return the record as it was at every revision', async () => {
    for (const { revision, committedAt, body } of states) {
      expect(await read(`${path}?revision=${revision}`)).toEqual(body)
      expect(await read(`${path}?asOf=${committedAt}`)).toEqual(body)
    }
  })

  // Figures are in no case of the seed; places come in revision 2.
  test.each(kindPaths.filter((kind) => kind !== 'figures'))(
    'every record of %s in the seed is the same now and as of revision 1',
    async (kind) => {
      const { data } = await read(`/v1/${kind}?limit=200`)
      const ofSeed = data.filter((one: { slug: string }) => one.slug !== 'the-subject')
      expect(ofSeed.length).toBeGreaterThan(0)
      for (const { slug } of ofSeed) {
        expect(await read(`/v1/${kind}/${slug}?revision=1`)).toEqual(
          await read(`/v1/${kind}/${slug}`),
        )
      }
    },
  )

  test('references have the names of that revision', async () => {
    const permit = '/v1/permits/wescam-mx15d-baykar-2020'
    const before = await read(permit)
    const { body } = await w.patch('/v1/actors/canada', { name: 'Canada, renamed' })
    expect((await read(permit)).issuer.name).toBe('Canada, renamed')
    expect(await read(`${permit}?revision=${body.revision - 1}`)).toEqual(before)
    await w.patch('/v1/actors/canada', { name: 'Canada' })
  })

  test('404 before its creation, 410 after its retraction, 200 in between', async () => {
    const first = states[0]?.revision ?? 0
    await t.api.get(`${path}?revision=${first - 1}`).expect(404)
    await t.api.get(`${path}?asOf=2020-01-01T00:00:00Z`).expect(404)
    await w.createActor('short-lived')
    const { revision } = await read('/v1/ledger/head')
    await w.del('/v1/actors/short-lived', { reason: 'x' })
    expect((await read(`/v1/actors/short-lived?revision=${revision}`)).slug).toBe('short-lived')
    await t.api.get(`/v1/actors/short-lived?revision=${revision + 1}`).expect(410)
  })

  test.each([
    'revision=0',
    'revision=-1',
    'revision=x',
    'asOf=yesterday',
    'asOf=2020-01-01',
    'revision=1&asOf=2020-01-01T00:00:00Z',
  ])('400 for %s', async (query) => {
    await t.api.get(`${path}?${query}`).expect(400)
    await t.api.get(`/v1/cases/canada-turkey-wescam/file?${query}`).expect(400)
  })

  test('return the whole case as it was', async () => {
    const file = '/v1/cases/canada-turkey-wescam/file'
    const slugsOf = ({ actors }: { actors: { slug: string }[] }) => actors.map(({ slug }) => slug)
    expect(slugsOf(await read(`${file}?revision=1`))).not.toContain('the-subject')
    for (const { revision, body } of states) {
      const then = await read(`${file}?revision=${revision}`)
      expect(then.revision).toBe(revision)
      expect(then.actors.find(({ slug }: { slug: string }) => slug === 'the-subject')).toEqual(body)
    }
    expect(slugsOf(await read(file))).toContain('the-subject')
  })
})

describe('GET /v1/<kinds>/:ref/history', () => {
  test('lists every change, oldest first, with author, time and JSON Patch', async () => {
    const { applyPatch } = await import('rfc6902')
    const { data } = await read(`${path}/history`)
    expect(
      data.map(({ action, author }: { action: string; author: string }) => [action, author]),
    ).toEqual([
      ['create', 'test write'],
      ['update', 'test write'],
      ['update', 'test write'],
    ])
    let document: unknown = {}
    for (const [index, { patch, revision, committedAt }] of data.entries()) {
      const state = states[index]
      expect([revision, committedAt]).toEqual([state?.revision, state?.committedAt])
      if (index === 0) document = patch[0].value
      else expect(applyPatch(document, patch)).toEqual(patch.map(() => null))
      const { name, aliases, citations } = document as Record<string, unknown[]>
      expect([name, aliases, citations?.length]).toEqual([
        state?.body.name,
        state?.body.aliases,
        (state?.body.citations as unknown[] | undefined)?.length,
      ])
    }
    expect(data[1].patch).toContainEqual({ op: 'replace', path: '/name', value: 'Second name' })
  })

  test('has pages', async () => {
    const whole = await read(`${path}/history`)
    const paged: unknown[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await read(`${path}/history?limit=1${cursor && `&cursor=${cursor}`}`)
      paged.push(...page.data)
      cursor = page.next
    }
    expect(paged).toEqual(whole.data)
  })
})

describe('GET /v1/changes', () => {
  const changes = async (query: string) => (await read(`/v1/changes?${query}`)).data
  test('filters by revision, kind and case, in pages without gaps and duplicates', async () => {
    const since = states[0]?.revision ?? 0
    const after = await changes(`since=${since}`)
    expect(after.every(({ revision }: { revision: number }) => revision > since)).toBe(true)
    const all = await changes('since=0&limit=1000')
    const paged: unknown[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await read(`/v1/changes?limit=7${cursor && `&cursor=${cursor}`}`)
      paged.push(...page.data)
      cursor = page.next
    }
    expect(paged).toEqual(all)
    const permits = await changes('kinds=permit&kinds=measure&limit=1000')
    expect(new Set(permits.map(({ record }: { record: { kind: string } }) => record.kind))).toEqual(
      new Set(['permit', 'measure']),
    )
    const ofCase = await changes('case=canada-turkey-wescam&limit=1000')
    expect(ofCase.length).toBeGreaterThan(30)
  })

  test('a retraction and a merge appear as tombstones', async () => {
    for (const slug of ['to-go', 'to-join']) await w.createActor(slug)
    const { revision } = await read('/v1/ledger/head')
    await w.del('/v1/actors/to-go', { reason: 'Gone.' })
    await w.post('/v1/actors/to-join/merge', { into: 'baykar' }, { 'if-match': '*' }).expect(200)
    const [retracted, ...merged] = await changes(`since=${revision}`)
    expect(retracted).toMatchObject({ action: 'retract', record: { slug: 'to-go', gone: true } })
    expect(merged).toContainEqual(
      expect.objectContaining({
        action: 'merge',
        record: expect.objectContaining({ slug: 'to-join', gone: true }),
      }),
    )
    expect(
      merged.find(({ record }: { record: { slug: string } }) => record.slug === 'baykar').action,
    ).toBe('update')
  })

  test('400 for a malformed cursor', async () => {
    for (const cursor of ['x', 'WyJhIl0', Buffer.from('1.x').toString('base64url')]) {
      const { body } = await t.api.get(`/v1/changes?cursor=${cursor}`).expect(400)
      expect(body.type).toBe('/problems/invalid-cursor')
    }
  })
})
