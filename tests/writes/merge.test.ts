import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, seedQuote, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const merge = async (path: string, into: string, headers?: Record<string, string>) =>
  w.post(`${path}/merge`, { into }, headers ?? { 'if-match': await w.readEtag(path) })
const read = async (path: string) => (await t.api.get(path).expect(200)).body

describe('POST /v1/actors/:ref/merge', () => {
  test('moves references, voices, citations, names and identifiers; the old id and slug return 308', async () => {
    const double = (await w.createActor('baykar-makina', {
      name: 'Baykar Makina',
      aliases: [{ name: 'Bayraktar makers', language: 'en' }],
      identifiers: [{ scheme: 'duns', value: '1' }],
    })) as unknown as { id: string }
    await w.createActor('kale-baykar')
    const post = (path: string, body: object) =>
      w.post(path, { citations: [citationBody()], ...body }).expect(201)
    await post('/v1/permits', {
      slug: 'by-the-double',
      title: 'P',
      issuer: 'turkey',
      exporter: 'baykar-makina',
      consignee: 'baykar-makina',
      endUser: 'baykar-makina',
    })
    await post('/v1/events', {
      slug: 'with-the-double',
      type: 'assurance',
      title: 'E',
      participants: [{ actor: 'baykar-makina', role: 'assurer' }],
      assurance: { endUser: 'baykar-makina', use: 'training' },
      citations: [citationBody({ voices: ['baykar-makina'] })],
    })
    await post('/v1/goods', { slug: 'a-drone', designation: 'D', manufacturer: 'baykar-makina' })
    await post('/v1/affiliations', {
      slug: 'at-the-double',
      actor: 'marta-morgan',
      organisation: 'baykar-makina',
      role: 'r',
    })
    const before = await read('/v1/actors/baykar')

    // The target is merged again afterwards: both slugs redirect to the last one.
    expect((await merge('/v1/actors/baykar-makina', 'kale-baykar')).status).toBe(200)
    const answer = await merge('/v1/actors/kale-baykar', 'baykar')
    expect(answer.status).toBe(200)
    const after = await read('/v1/actors/baykar')
    expect(answer.body).toEqual(after)
    expect(after.id).toBe(before.id)
    expect(after.aliases.map(({ name }: { name: string }) => name)).toEqual([
      ...before.aliases.map(({ name }: { name: string }) => name),
      'Name of kale-baykar',
      'Baykar Makina',
      'Bayraktar makers',
    ])
    expect(after.identifiers).toContainEqual({ scheme: 'duns', value: '1' })
    expect(after.citations).toHaveLength(before.citations.length + 2)
    expect(after.citations.at(-1).quote).toBe(seedQuote)

    const permit = await read('/v1/permits/by-the-double')
    for (const role of ['exporter', 'consignee', 'endUser'])
      expect(permit[role].slug).toBe('baykar')
    const event = await read('/v1/events/with-the-double')
    expect(event.participants[0].actor.slug).toBe('baykar')
    expect(event.assurance.endUser.slug).toBe('baykar')
    expect(event.citations[0].voices[0].actor.slug).toBe('baykar')
    expect((await read('/v1/goods/a-drone')).manufacturer.slug).toBe('baykar')
    expect((await read('/v1/affiliations/at-the-double')).organisation.slug).toBe('baykar')

    for (const ref of ['baykar-makina', double.id, 'kale-baykar']) {
      const moved = await t.api.get(`/v1/actors/${ref}`)
      expect([moved.status, moved.headers.location]).toEqual([308, '/v1/actors/baykar'])
    }
    const { body: history } = await t.api.get('/v1/actors/baykar-makina/history').expect(200)
    expect(history.data.at(-1)).toMatchObject({ action: 'merge', record: { gone: true } })
  })

  test('as-of queries return the record as it was before the merge', async () => {
    const actor = (await w.createActor('before-the-merge')) as unknown as { revision: number }
    await merge('/v1/actors/before-the-merge', 'turkey')
    const path = `/v1/actors/before-the-merge?revision=${actor.revision}`
    expect((await read(path)).name).toBe('Name of before-the-merge')
  })

  test('a filter by the merged actor returns its new slug', async () => {
    await w.createActor('filtered-by')
    await merge('/v1/actors/filtered-by', 'turkey')
    const { body } = await t.api.get('/v1/permits?exporter=filtered-by').expect(400)
    expect(body.type).toBe('/problems/unknown-reference')
    expect(body.detail).toContain('turkey')
  })

  test('428 without If-Match, 412 with an old ETag; 404, 410 and 400', async () => {
    await w.createActor('not-merged')
    const path = '/v1/actors/not-merged'
    expect((await merge(path, 'turkey', {})).status).toBe(428)
    expect((await merge(path, 'turkey', { 'if-match': '"1"' })).status).toBe(412)
    expect((await merge('/v1/actors/nobody', 'turkey', { 'if-match': '*' })).status).toBe(404)
    const unknown = await merge(path, 'nobody')
    expect(unknown.body).toMatchObject({
      status: 400,
      type: '/problems/unknown-reference',
      errors: [{ pointer: '/body/into' }],
    })
    const itself = await merge(path, 'not-merged')
    expect(itself.body).toMatchObject({ status: 400, errors: [{ pointer: '/body/into' }] })
    await w.del(path, { reason: 'x' })
    expect((await merge(path, 'turkey', { 'if-match': '*' })).status).toBe(410)
  })

  test('409 number-taken when both issued a permit with the same number', async () => {
    await w.createActor('issuer-1', { type: 'public-body' })
    await w.createActor('issuer-2', { type: 'public-body' })
    for (const issuer of ['issuer-1', 'issuer-2'])
      await w
        .post('/v1/permits', {
          slug: `of-${issuer}`,
          title: 'P',
          issuer,
          number: '1',
          citations: [citationBody()],
        })
        .expect(201)
    const { status, body } = await merge('/v1/actors/issuer-1', 'issuer-2')
    expect([status, body.type]).toEqual([409, '/problems/number-taken'])
  })
})

describe('POST /v1/goods/:ref/merge', () => {
  test('moves items of permits, goods of events and members of a family', async () => {
    const post = (path: string, body: object) =>
      w.post(path, { citations: [citationBody()], ...body }).expect(201)
    await post('/v1/goods', { slug: 'mx-15-d', designation: 'MX-15-D' })
    await post('/v1/goods', { slug: 'variant', designation: 'Variant', family: 'mx-15-d' })
    await post('/v1/permits', {
      slug: 'for-the-double',
      title: 'P',
      issuer: 'turkey',
      items: [{ good: 'mx-15-d', quantity: 3 }],
    })
    await post('/v1/events', {
      slug: 'about-the-double',
      type: 'delivery',
      title: 'E',
      goods: ['mx-15-d'],
    })
    const { status } = await merge('/v1/goods/mx-15-d', 'mx-15d')
    expect(status).toBe(200)
    expect((await read('/v1/permits/for-the-double')).items[0].good.slug).toBe('mx-15d')
    expect((await read('/v1/events/about-the-double')).goods[0].slug).toBe('mx-15d')
    expect((await read('/v1/goods/variant')).family.slug).toBe('mx-15d')
    const moved = await t.api.get('/v1/goods/mx-15-d')
    expect([moved.status, moved.headers.location]).toEqual([308, '/v1/goods/mx-15d'])
  })

  test('a family does not become its own member when a member is merged into it', async () => {
    const { status, body } = await merge('/v1/goods/mx-15d', 'wescam-imaging-technology')
    expect([status, body.family]).toEqual([200, null])
  })
})
