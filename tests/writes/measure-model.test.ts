import { expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const create = (slug: string, fields: object) =>
  w.post('/v1/measures', {
    slug,
    title: `Measure ${slug}`,
    imposer: 'canada',
    target: 'turkey',
    legalForm: 'suspension',
    ...fields,
    citations: [citationBody()],
  })

test('a measure has several targets, an instrument, a stated end and a scope', async () => {
  const { status, body } = await create('scoped', {
    targets: ['syria', 'turkey'],
    legalInstrument: 'Notice to exporters 992',
    statedEnd: { edtf: '2021-01', asStated: 'for 18 months' },
    scope: 'aircraft bombs, not machine guns',
    scopeItems: [{ good: 'mx-15d' }, { effect: 'excludes', list: 'EU ML', code: 'ML1' }],
  })
  expect(status, JSON.stringify(body)).toBe(201)
  expect(body).toMatchObject({
    target: { slug: 'turkey' },
    targets: [{ slug: 'turkey' }, { slug: 'syria' }],
    legalInstrument: 'Notice to exporters 992',
    statedEnd: { edtf: '2021-01', latest: '2021-01-31' },
    scopeItems: [
      { effect: 'covers', good: { slug: 'mx-15d' }, list: null, code: null },
      { effect: 'excludes', good: null, list: 'EU ML', code: 'ML1' },
    ],
  })
  const list = await t.api.get('/v1/measures?target=syria').expect(200)
  expect(list.body.data.map(({ slug }: { slug: string }) => slug)).toEqual(['scoped'])
  const seen = await t.api.get(`/v1/measures/scoped?revision=${body.revision}`).expect(200)
  expect(seen.body).toEqual(body)
  const network = await t.api.get('/v1/network?measure=scoped&depth=1').expect(200)
  expect(network.body.nodes.map(({ slug }: { slug: string }) => slug)).toContain('syria')
})

test('a single target stands in both members, and is corrected', async () => {
  const { body } = await create('single', {})
  expect(body.targets).toMatchObject([{ slug: 'turkey' }])
  const path = '/v1/measures/single'
  const patched = await w.patch(
    path,
    { target: 'syria', targets: [] },
    { 'if-match': await w.readEtag(path) },
  )
  expect(patched.body.targets).toMatchObject([{ slug: 'syria' }])
})

test.each([
  ['neither', {}],
  ['both', { good: 'mx-15d', code: 'ML4' }],
  ['a list alone', { list: 'EU ML' }],
])('an item of the scope with %s is refused', async (_what, item) => {
  const { status, body } = await create('refused', { scopeItems: [{ effect: 'covers', ...item }] })
  expect([status, body.errors[0].pointer]).toEqual([400, '/body/scopeItems/0'])
})
