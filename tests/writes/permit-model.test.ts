import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const createPermit = async (slug: string, fields: object = {}) => {
  const body = { slug, title: `Permit ${slug}`, issuer: 'canada', ...fields }
  return w.post('/v1/permits', { ...body, citations: [citationBody()] })
}
const createEvent = (permit: string, becomes: string, edtf: string | null, more: object = {}) =>
  w.post('/v1/events', {
    slug: `${permit}-${becomes}`,
    type: 'permit-decision',
    title: `${becomes} ${permit}`,
    on: edtf && { edtf },
    effects: [{ permit, becomes }],
    citations: [citationBody()],
    ...more,
  })
const slugsOf = async (query: string) => {
  const { body } = await t.api.get(`/v1/permits?${query}`).expect(200)
  return body.data.map(({ slug }: { slug: string }) => slug).sort()
}
const tagged = async (path: string) => ({ 'if-match': await w.readEtag(path) })

describe('type, destinations and parties', () => {
  test('are read as they were given, and found by filters', async () => {
    const { status, body } = await createPermit('brokered', {
      type: 'brokering',
      destinations: ['syria', 'azerbaijan'],
      parties: [
        { actor: 'baykar', role: 'broker' },
        { actor: 'turkey', role: 'carrier' },
      ],
    })
    expect(status, JSON.stringify(body)).toBe(201)
    expect(body).toMatchObject({
      type: 'brokering',
      destination: null,
      destinations: [{ slug: 'syria' }, { slug: 'azerbaijan' }],
      parties: [
        { actor: { slug: 'baykar' }, role: 'broker' },
        { actor: { slug: 'turkey' }, role: 'carrier' },
      ],
    })
    await createPermit('single', { type: 'transit', destinations: ['syria'] })
    const single = await t.api.get('/v1/permits/single').expect(200)
    expect(single.body).toMatchObject({
      destination: { slug: 'syria' },
      destinations: [{ slug: 'syria' }],
    })
    expect(await slugsOf('destination=syria')).toEqual(['brokered', 'single'])
    expect(await slugsOf('destination=azerbaijan')).toEqual(['brokered'])
    expect(await slugsOf('type=transit&type=brokering')).toEqual(['brokered', 'single'])
    expect(await slugsOf('party=baykar')).toEqual(['brokered'])
    expect(await slugsOf('party=baykar&partyRole=carrier')).toEqual([])
    expect(await slugsOf('partyRole=carrier')).toEqual(['brokered'])
  })

  test('change from one destination to several and back', async () => {
    await createPermit('changed', { destination: 'syria' })
    const path = '/v1/permits/changed'
    const several = await w.patch(path, { destinations: ['syria', 'turkey'] }, await tagged(path))
    expect(several.body).toMatchObject({
      destination: null,
      destinations: [{ slug: 'syria' }, { slug: 'turkey' }],
    })
    const before = await t.api.get(`${path}?revision=${several.body.revision - 1}`).expect(200)
    expect(before.body.destinations).toMatchObject([{ slug: 'syria' }])
    const other = await w.patch(
      path,
      { destination: 'azerbaijan', destinations: [] },
      await tagged(path),
    )
    expect(other.body).toMatchObject({
      destination: { slug: 'azerbaijan' },
      destinations: [{ slug: 'azerbaijan' }],
    })
  })

  test('a destination that is not one of several is refused', async () => {
    const { status, body } = await createPermit('both', {
      destination: 'turkey',
      destinations: ['syria', 'azerbaijan'],
    })
    expect([status, body.errors[0].pointer]).toEqual([400, '/body/destinations'])
  })

  test('are connections of the network and links of FollowTheMoney', async () => {
    await createPermit('linked', {
      type: 're-export',
      destinations: ['syria', 'azerbaijan'],
      parties: [{ actor: 'baykar', role: 'broker' }],
      value: { amount: '95000', currency: 'EUR' },
    })
    const network = await t.api.get('/v1/network?permit=linked&depth=1').expect(200)
    const edges = network.body.edges.map(
      ({ type, source, target }: { type: string; source: string; target: string }) => {
        const slugOf = (id: string) =>
          network.body.nodes.find((node: { id: string }) => node.id === id)?.slug
        return `${slugOf(source)} ${type} ${slugOf(target)}`
      },
    )
    expect(edges.filter((edge: string) => edge.includes('linked')).sort()).toEqual([
      'baykar named-on linked',
      'canada issued linked',
      'linked destined-for azerbaijan',
      'linked destined-for syria',
    ])
    const { text } = await t.api.get('/v1/permits?type=re-export&format=ftm').expect(200)
    const entities = text
      .trim()
      .split('\n')
      .map((line: string) => JSON.parse(line))
    const roles = entities
      .filter(({ schema }: { schema: string }) => schema === 'UnknownLink')
      .map(({ properties }: { properties: { role: string[] } }) => properties.role[0])
    expect(roles.sort()).toEqual(['broker', 'destination', 'destination'])
    expect(entities[0].properties).toMatchObject({
      type: ['re-export permit'],
      amount: ['95000'],
      currency: ['EUR'],
    })
  })
})

test('a record may stand for several permits, in words', async () => {
  const { body } = await createPermit('many', { permitCount: { asStated: 'at least 27 permits' } })
  expect(body).toMatchObject({
    permitCount: null,
    permitCountRange: { low: 27, high: null, excludes: null, asStated: 'at least 27 permits' },
  })
  expect((await createPermit('some', { permitCount: 29 })).body.permitCount).toBe(29)
})

describe('a permit first known in a later state', () => {
  test('is suspended without an invented issue; its issue has a last possible day', async () => {
    await createPermit('known-late')
    const event = await createEvent('known-late', 'suspended', '2019-07')
    expect(event.status, JSON.stringify(event.body)).toBe(201)
    const { body } = await t.api.get('/v1/permits/known-late').expect(200)
    expect(body).toMatchObject({
      status: 'suspended',
      issuedOn: { edtf: '../2019-07-31', asStated: null, earliest: null, latest: '2019-07-31' },
      history: [{ becomes: 'suspended' }],
    })
    const listed = await t.api.get('/v1/permits?status=suspended&to=2019-07').expect(200)
    expect(listed.body.data.map(({ slug }: { slug: string }) => slug)).toContain('known-late')
    expect(await slugsOf('from=2019-08&status=suspended')).not.toContain('known-late')
    const seen = await t.api.get(`/v1/permits/known-late?revision=${body.revision}`).expect(200)
    expect(seen.body.issuedOn).toEqual(body.issuedOn)

    await createEvent('known-late', 'issued', '2018')
    const known = await t.api.get('/v1/permits/known-late').expect(200)
    expect(known.body).toMatchObject({ status: 'suspended', issuedOn: { edtf: '2018' } })
  })

  test.each([
    ['cancelled', 'cancelled'],
    ['expired', 'expired'],
    ['amended', 'issued'],
    ['upheld', 'issued'],
    ['annulled', 'annulled'],
  ])('%s: its status is %s', async (becomes, expected) => {
    const slug = `first-${becomes}`
    await createPermit(slug)
    await createEvent(slug, becomes, '2020-02-03').expect(201)
    const { body } = await t.api.get(`/v1/permits/${slug}`).expect(200)
    expect([body.status, body.issuedOn.latest]).toEqual([expected, '2020-02-03'])
  })

  test('of an undated event nothing is known of its issue', async () => {
    await createPermit('undated-change')
    await createEvent('undated-change', 'suspended', null).expect(201)
    const { body } = await t.api.get('/v1/permits/undated-change').expect(200)
    expect([body.status, body.issuedOn]).toEqual(['suspended', null])
  })

  test('a refused permit was never issued', async () => {
    await createPermit('refused-one')
    await createEvent('refused-one', 'refused', '2020').expect(201)
    const { body } = await t.api.get('/v1/permits/refused-one').expect(200)
    expect([body.status, body.issuedOn]).toEqual(['refused', null])
    const issued = await createEvent('refused-one', 'issued', '2021')
    expect([issued.status, issued.body.type]).toEqual([422, '/problems/impossible-transition'])
  })
})

test('a judgment annuls a permit or upholds it', async () => {
  await createPermit('judged')
  await createEvent('judged', 'issued', '2019').expect(201)
  await createEvent('judged', 'upheld', '2020').expect(201)
  expect((await t.api.get('/v1/permits/judged')).body.status).toBe('issued')
  await createEvent('judged', 'annulled', '2021').expect(201)
  expect((await t.api.get('/v1/permits/judged')).body.status).toBe('annulled')
  expect(await slugsOf('status=annulled')).toContain('judged')
  const after = await createEvent('judged', 'suspended', '2022')
  expect(after.status).toBe(422)
})
