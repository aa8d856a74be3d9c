import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const permit = '/v1/permits/wescam-mx15d-baykar-2020'

/** A correction of a seeded record of each kind. */
const corrections: readonly (readonly [path: string, patch: object, shown: object])[] = [
  ['/v1/cases/canada-turkey-wescam', { summary: 'Short.' }, { summary: 'Short.' }],
  ['/v1/articles/turkey-pressed-canada', { language: 'en-CA' }, { language: 'en-CA' }],
  ['/v1/actors/baykar', { country: 'TR', name: 'Baykar Makina' }, { name: 'Baykar Makina' }],
  ['/v1/affiliations/trudeau-prime-minister', { role: 'PM' }, { role: 'PM' }],
  ['/v1/goods/mx-15d', { description: null }, { description: null }],
  [permit, { legalBasis: 'EIPA' }, { legalBasis: 'EIPA', status: 'issued' }],
  ['/v1/measures/canada-arms-embargo-turkey-2019', { scope: 'x' }, { scope: 'x' }],
  ['/v1/events/gallagher-asks-why', { place: 'syria' }, { place: { slug: 'syria' } }],
]

describe.each(corrections)('PATCH %s', (path, patch, shown) => {
  test('200 with the record as a GET returns it; other members stay', async () => {
    const before = (await t.api.get(path).expect(200)).body
    const answer = await w.patch(path, patch)
    expect([answer.status, answer.body]).toMatchObject([200, shown])
    const after = await t.api.get(path).set('Cache-Control', 'no-cache').expect(200)
    expect(answer.body).toEqual(after.body)
    expect(answer.headers.etag).toMatch(/^"/)
    const changed = Object.keys(after.body).filter(
      (name) => JSON.stringify(after.body[name]) !== JSON.stringify(before[name]),
    )
    expect(changed.sort()).toEqual(
      ['revision', ...Object.keys(patch)].filter((name) => name !== 'country').sort(),
    )
  })

  test('a PATCH without changes creates no revision', async () => {
    const before = (await t.api.get('/v1/ledger/head')).body.revision
    const answer = await w.patch(path, patch)
    expect(answer.status).toBe(200)
    expect((await t.api.get('/v1/ledger/head')).body.revision).toBe(before)
  })

  test('428 without If-Match, 412 with an old ETag, and nothing changes', async () => {
    const kept = (await t.api.get(path)).body
    const without = await t.api
      .patch(path)
      .set('Authorization', `Bearer ${w.keys.write}`)
      .send(patch)
    expect([without.status, without.body.type]).toEqual([428, '/problems/precondition-required'])
    for (const tag of ['"0"', '"1"', '"nonsense"', `"${kept.revision - 1}"`]) {
      const stale = await w.patch(path, { slug: 'other' }, { 'if-match': tag })
      expect([stale.status, stale.body.type], tag).toEqual([412, '/problems/precondition-failed'])
    }
    expect((await t.api.get(path)).body).toEqual(kept)
  })

  test('412 with the ETag of a future revision; the newest one matches', async () => {
    const { revision } = (await t.api.get('/v1/ledger/head')).body
    for (const ahead of [revision + 1, revision + 99, Number.MAX_SAFE_INTEGER]) {
      const { status, body } = await w.patch(path, {}, { 'if-match': `"${ahead}"` })
      expect([status, body.type], String(ahead)).toEqual([412, '/problems/precondition-failed'])
    }
    for (const tag of [`"${revision}"`, `"${revision + 99}", "${revision}"`, '*'])
      expect((await w.patch(path, {}, { 'if-match': tag })).status, tag).toBe(200)
  })

  test('an ETag from before a change of another record matches', async () => {
    const tag = await w.readEtag(path)
    await w.createActor(`beside-${path.split('/').at(-1)}`)
    const { status } = await w.patch(path, {}, { 'if-match': tag })
    expect(status).toBe(200)
  })

  test('400 for a read-only member', async () => {
    for (const name of ['id', 'kind', 'revision', 'citations', 'colour']) {
      const { status, body } = await w.patch(path, { [name]: 'x' })
      expect([status, body.errors?.[0].pointer]).toEqual([400, `/body/${name}`])
    }
  })
})

describe('PATCH', () => {
  test('is a JSON Merge Patch (RFC 7396): merges objects, replaces arrays, removes by null', async () => {
    const merged = await w.patch(permit, { statedEndUse: { place: null }, items: [], number: '7' })
    expect(merged.body).toMatchObject({ items: [], number: '7' })
    expect(merged.body.statedEndUse.place).toBeNull()
    expect(merged.body.statedEndUse.text).toMatch(/\w/)
    const removed = await w.patch(permit, { statedEndUse: null, number: null })
    expect(removed.body).toMatchObject({ statedEndUse: null, number: null })
    const media = { 'content-type': 'application/merge-patch+json' }
    expect((await w.patch(permit, { number: '8' }, media)).status).toBe(200)
  })

  test('400 when the result is invalid, and for an unknown reference', async () => {
    const { status, body } = await w.patch(permit, { issuer: null, title: '' })
    expect(status).toBe(400)
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/body/issuer',
      '/body/title',
    ])
    const unknown = await w.patch(permit, { consignee: 'nobody' })
    expect(unknown.body).toMatchObject({
      status: 400,
      type: '/problems/unknown-reference',
      errors: [{ pointer: '/body/consignee' }],
    })
  })

  test('409 for a slug, a number or an identifier of another record', async () => {
    await w.createActor('one-of-two', { identifiers: [{ scheme: 'duns', value: '1' }] })
    await w.createActor('two-of-two')
    const path = '/v1/actors/two-of-two'
    const slug = await w.patch(path, { slug: 'one-of-two' })
    expect([slug.status, slug.body.type]).toEqual([409, '/problems/slug-taken'])
    const other = await w.patch(path, { identifiers: [{ scheme: 'duns', value: '1' }] })
    expect([other.status, other.body.type]).toEqual([409, '/problems/identifier-taken'])
    const permitInput = { issuer: 'turkey', title: 'P', citations: [citationBody()] }
    await w.post('/v1/permits', { slug: 'p-1', number: '1', ...permitInput }).expect(201)
    await w.post('/v1/permits', { slug: 'p-2', number: '2', ...permitInput }).expect(201)
    const number = await w.patch('/v1/permits/p-2', { number: '1' })
    expect([number.status, number.body.type]).toEqual([409, '/problems/number-taken'])
  })

  test('of two concurrent PATCHes with the same ETag, one is 200 and the other 412', async () => {
    await w.createActor('contended')
    const tag = await w.readEtag('/v1/actors/contended')
    const answers = await Promise.all(
      ['A', 'B', 'C', 'D'].map((name) =>
        w.patch('/v1/actors/contended', { name }, { 'if-match': tag }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
  })

  test('the ETag of the response is valid for the next PATCH', async () => {
    await w.createActor('step-by-step')
    const path = '/v1/actors/step-by-step'
    const first = await w.patch(path, { name: 'First' })
    const second = await w.patch(path, { name: 'Second' }, { 'if-match': `${first.headers.etag}` })
    expect([second.status, second.body.name]).toEqual([200, 'Second'])
  })

  test('renaming an actor changes all references at once, and one snapshot', async () => {
    const before = (await t.api.get(permit)).body
    const { body } = await w.patch('/v1/actors/l3harris-wescam', { name: 'Wescam, a company' })
    const after = (await t.api.get(permit)).body
    expect(after.exporter.name).toBe('Wescam, a company')
    expect(after.revision).toBe(before.revision)
    const { body: feed } = await t.api.get(`/v1/changes?since=${body.revision - 1}`)
    expect(feed.data).toHaveLength(1)
  })
})

describe('DELETE', () => {
  test('200 with a tombstone; then 410 with the reason, not in lists, with its history', async () => {
    await w.createActor('mistaken')
    const path = '/v1/actors/mistaken'
    const answer = await w.del(path, { reason: 'It is a ship.' })
    const { id, revision } = answer.body
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        id,
        kind: 'actor',
        slug: 'mistaken',
        revision,
        state: 'retracted',
        stateReason: 'It is a ship.',
      },
    ])
    for (const ref of ['mistaken', id]) {
      const { body } = await t.api.get(`/v1/actors/${ref}`).expect(410)
      expect(body).toMatchObject({ type: '/problems/retracted' })
      expect(body.detail).toContain('It is a ship.')
    }
    const { body: list } = await t.api.get('/v1/actors?limit=200').expect(200)
    expect(list.data.map(({ slug }: { slug: string }) => slug)).not.toContain('mistaken')
    const { body: history } = await t.api.get(`${path}/history`).expect(200)
    expect(history.data.map(({ action }: { action: string }) => action)).toEqual([
      'create',
      'retract',
    ])
    for (const again of [
      await w.del(path, { reason: 'x' }, { 'if-match': '*' }),
      await w.patch(path, {}, { 'if-match': '*' }),
    ])
      expect([again.status, again.body.type]).toEqual([410, '/problems/retracted'])
  })

  test('400 without a reason, 428 without If-Match, 412 with an old ETag', async () => {
    await w.createActor('to-be-kept')
    const path = '/v1/actors/to-be-kept'
    for (const body of [{}, { reason: '' }, { reason: ' ' }, { reason: 'x', more: 1 }])
      expect((await w.del(path, body)).status).toBe(400)
    const without = await t.api
      .delete(path)
      .set('Authorization', `Bearer ${w.keys.write}`)
      .send({ reason: 'x' })
    expect(without.status).toBe(428)
    expect((await w.del(path, { reason: 'x' }, { 'if-match': '"1"' })).status).toBe(412)
    await t.api.get(path).expect(200)
  })

  test('409 still-referenced with the referring records', async () => {
    const { status, body } = await w.del('/v1/actors/marta-morgan', { reason: 'x' })
    expect([status, body.type]).toEqual([409, '/problems/still-referenced'])
    const hrefs = body.references.map(({ href }: { href: string }) => href)
    expect(hrefs).toContain('/v1/affiliations/morgan-deputy-minister-of-foreign-affairs')
    expect(hrefs).toContain('/v1/events/morgan-memo-recommends-export')
    expect(body.references[0]).toEqual({
      id: expect.any(String),
      slug: expect.any(String),
      name: expect.any(String),
      href: expect.any(String),
    })
    for (const path of [
      '/v1/goods/wescam-imaging-technology',
      '/v1/measures/canada-arms-embargo-turkey-2019',
      '/v1/articles/turkey-pressed-canada',
      '/v1/cases/canada-turkey-wescam',
      permit,
    ])
      expect((await w.del(path, { reason: 'x' })).body.type, path).toBe(
        '/problems/still-referenced',
      )
  })

  test('of an event undoes its effect on a permit', async () => {
    const { status } = await w.del('/v1/events/canada-issues-permits-for-baykar', { reason: 'x' })
    expect(status).toBe(200)
    const { body } = await t.api.get(permit).expect(200)
    expect([body.status, body.issuedOn, body.history]).toEqual([null, null, []])
  })
})
