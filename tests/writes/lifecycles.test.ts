import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

let eventCount = 0
/** An event with an effect on a permit or a measure. */
const makes = (effect: object, on: string | null, more: object = {}) => {
  eventCount += 1
  return w.post('/v1/events', {
    slug: `step-${eventCount}`,
    type: 'permit-decision',
    title: `Step ${eventCount}`,
    citations: [citationBody()],
    on: on === null ? null : { edtf: on },
    effects: [effect],
    ...more,
  })
}
const target = { permit: 'the-permit', measure: 'the-measure' }
const states = { permit: '/v1/permits/the-permit', measure: '/v1/measures/the-measure' } as const

beforeAll(async () => {
  for (const slug of ['the-permit', 'refused-permit', 'retracted-permit', 'batch-permit'])
    await w
      .post('/v1/permits', { slug, title: slug, issuer: 'canada', citations: [citationBody()] })
      .expect(201)
  await w
    .post('/v1/measures', {
      slug: 'the-measure',
      title: 'M',
      imposer: 'canada',
      target: 'turkey',
      legalForm: 'embargo',
      citations: [citationBody()],
    })
    .expect(201)
})

describe('the lifecycle of a permit', () => {
  test('follows its events: each step appears in status, history and snapshots', async () => {
    const steps = [
      ['issued', '2020-05', 'issued'],
      ['amended', '2020-06', 'issued'],
      ['suspended', '2020-07', 'suspended'],
      ['reinstated', '2020-08', 'issued'],
      ['suspended', '2020-09', 'suspended'],
      ['cancelled', '2020-10', 'cancelled'],
    ] as const
    for (const [becomes, on, status] of steps) {
      const { body } = await makes({ permit: target.permit, becomes }, on).expect(201)
      const permit = (await t.api.get(states.permit).expect(200)).body
      expect([permit.status, permit.revision]).toEqual([status, body.revision])
      const { body: feed } = await t.api.get(`/v1/changes?since=${body.revision - 1}`)
      expect(
        feed.data
          .map(({ action, record }: { action: string; record: { kind: string } }) => [
            record.kind,
            action,
          ])
          .sort(),
      ).toEqual([
        ['event', 'create'],
        ['permit', 'derive'],
      ])
    }
    const { body } = await t.api.get(states.permit)
    expect(body.history.map(({ becomes }: { becomes: string }) => becomes)).toEqual(
      steps.map(([becomes]) => becomes),
    )
    expect(body.issuedOn.edtf).toBe('2020-05')
  })

  test.each([
    ['issued', '2020-11', 'cancelled', 'nothing more'],
    ['suspended', '2020-11', 'cancelled', 'annulled, upheld'],
    [
      'reinstated',
      '2020-05-31',
      'issued',
      'amended, suspended, cancelled, expired, annulled, upheld',
    ],
  ])('422: %s in %s is impossible after %s', async (becomes, on, state, possible) => {
    const before = (await t.api.get(states.permit)).body
    const { status, body } = await makes({ permit: target.permit, becomes }, on)
    expect([status, body.type]).toEqual([422, '/problems/impossible-transition'])
    // A database constraint refuses a second issue before the order of events is checked.
    if (becomes !== 'issued') {
      expect(body.detail).toContain(`the permit the-permit ${becomes}, but by then it is ${state},`)
      expect(body.detail).toContain(`from where it can become: ${possible}.`)
    }
    expect((await t.api.get(states.permit)).body).toEqual(before)
  })

  test('422 for an event after the refusal', async () => {
    await makes({ permit: 'refused-permit', becomes: 'refused' }, '2020').expect(201)
    const { body } = await makes({ permit: 'refused-permit', becomes: 'suspended' }, '2021')
    expect(body.detail).toContain('by then it is refused, from where it can become: upheld.')
  })

  test('422 for a change before the event that issued it', async () => {
    const before = (await t.api.get(states.permit)).body
    const { status, body } = await makes({ permit: target.permit, becomes: 'amended' }, '2019')
    expect([status, body.type]).toEqual([422, '/problems/impossible-transition'])
    expect(body.detail).toMatch(/issues the permit the-permit, but the event .* changed it before/)
    expect((await t.api.get(states.permit)).body).toEqual(before)
  })

  test('422 for moving an event when later events become impossible', async () => {
    const permit = 'retracted-permit'
    const issued = (await makes({ permit, becomes: 'issued' }, '2020').expect(201)).body
    const suspended = (await makes({ permit, becomes: 'suspended' }, '2021').expect(201)).body
    const moved = await w.patch(suspended.href, { on: { edtf: '2019' } })
    expect([moved.status, moved.body.type]).toEqual([422, '/problems/impossible-transition'])
    // Without the event that issued it, the permit is first known as suspended.
    expect((await w.del(issued.href, { reason: 'x' })).status).toBe(200)
    expect((await t.api.get(`/v1/permits/${permit}`)).body).toMatchObject({
      status: 'suspended',
      issuedOn: { edtf: '../2021-12-31' },
    })
    expect((await w.del(suspended.href, { reason: 'x' })).status).toBe(200)
    expect((await t.api.get(`/v1/permits/${permit}`)).body).toMatchObject({
      status: null,
      issuedOn: null,
    })
  })
})

describe('the lifecycle of a measure', () => {
  test('422 for lifting a measure that was never imposed', async () => {
    const { status, body } = await makes({ measure: target.measure, becomes: 'lifted' }, '2019')
    expect([status, body.type]).toEqual([422, '/problems/impossible-transition'])
    expect(body.detail).toContain('by then it is nothing yet, from where it can become: imposed.')
  })

  test('a lifted measure can be imposed again, and has two periods in force', async () => {
    for (const [becomes, on] of [
      ['imposed', '2019'],
      ['suspended', '2020'],
      ['lifted', '2021'],
      ['imposed', '2022'] as const,
    ])
      await makes({ measure: target.measure, becomes }, on).expect(201)
    const { body } = await t.api.get(states.measure).expect(200)
    expect(body.status).toBe('in-force')
    expect(
      body.inForce.map(({ from, to }: { from: { edtf: string }; to: { edtf: string } | null }) => [
        from.edtf,
        to?.edtf ?? null,
      ]),
    ).toEqual([
      ['2019', '2020'],
      ['2022', null],
    ])
  })

  test('422 for imposing a measure in force', async () => {
    const { body } = await makes({ measure: target.measure, becomes: 'imposed' }, '2023')
    expect(body.detail).toContain(
      'by then it is in-force, from where it can become: amended, suspended, lifted.',
    )
  })
})

test('a batch is checked at its end, so its items can be in any order', async () => {
  const event = (slug: string, becomes: string, on: string) => ({
    op: 'create',
    kind: 'event',
    record: {
      slug,
      type: 'permit-decision',
      title: slug,
      on: { edtf: on },
      citations: [citationBody()],
      effects: [{ permit: 'batch-permit', becomes }],
    },
  })
  const items = [event('b-2', 'suspended', '2021'), event('b-1', 'issued', '2020')]
  await w.post('/v1/batch', { items }).expect(200)
  expect((await t.api.get('/v1/permits/batch-permit')).body.status).toBe('suspended')
})
