import { beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Proposal, Proposals } from '../../src/intake/proposals/schema.ts'
import { useApp } from '../harness/app.ts'
import { useWriteClient } from '../harness/write-client.ts'

const t = useApp({}, 'empty')
const writing = useWriteClient(t)
type Answer = z.infer<typeof Proposals>

const text = `Canada halts sales
Canada suspended the export of SR-40 radars to Sudan on 4 May 2021. Canada issued an export permit on 3 March 2020 for the delivery of six SR-40 radars to the Sudanese company Nile Optics.
Ann Roe, a researcher with arms control group Arms Count, says Canada was warned. Nile Optics declined to comment.`

const list = async (query = ''): Promise<Answer['data']> =>
  (await t.api.get(`/v1/articles/halts/proposals${query}`).expect(200)).body.data
const find = async (
  kind: string,
  fits: (draft: Record<string, unknown>) => boolean,
): Promise<Proposal> => {
  const found = (await list('?state=all')).find((one) => one.kind === kind && fits(one.draft))
  if (!found) throw new Error(`No ${kind} is proposed.`)
  return found
}
const actor = (name: string) => find('actor', (draft) => draft.name === name)
const decide = (
  id: string,
  what: string,
  body: object = {},
  headers: Record<string, string> = {},
) => writing.post(`/v1/proposals/${id}/${what}`, body, headers)

beforeAll(async () => {
  await writing.post('/v1/cases', { slug: 'radars', title: 'Radars' }).expect(201)
  await writing
    .post('/v1/articles', {
      slug: 'halts',
      title: 'Canada halts sales',
      case: 'radars',
      text,
      publishedOn: { edtf: '2021-05-06' },
    })
    .expect(201)
})

describe('GET /v1/articles/:ref/proposals', () => {
  test('filters by kind and state; the default state is open', async () => {
    const open = await list()
    expect(open.length).toBeGreaterThan(5)
    expect(new Set(open.map(({ state }) => state))).toEqual(new Set(['open']))
    const goods = await list('?kind=good')
    expect(goods.map(({ draft }) => draft.designation)).toEqual(['SR-40'])
    expect(await list('?state=rejected')).toEqual([])
    await t.api.get('/v1/articles/halts/proposals?state=done').expect(400)
    await t.api.get('/v1/articles/nothing/proposals').expect(404)
  })
})

describe('POST /v1/proposals/:id/accept', () => {
  test('creates the record with edits like a POST, and no longer proposes it', async () => {
    const canada = await actor('Canada')
    const { body } = await decide(canada.id, 'accept', {
      edits: { slug: 'ca', country: 'CA' },
    }).expect(200)
    expect(body).toEqual({
      id: canada.id,
      state: 'accepted',
      reason: null,
      alsoMade: [],
      record: expect.objectContaining({ slug: 'ca', name: 'Canada', href: '/v1/actors/ca' }),
      revision: expect.any(Number),
    })
    const { body: record } = await t.api.get('/v1/actors/ca').expect(200)
    expect(record).toMatchObject({ type: 'state', country: 'CA', revision: body.revision })
    for (const { state, quote, start, end } of record.citations) {
      expect(state).toBe('anchored')
      expect([...text].slice(start, end).join('')).toBe(quote)
    }
    const { body: history } = await t.api.get('/v1/actors/ca/history').expect(200)
    expect(JSON.stringify(history)).toContain('test write')
    expect((await list()).map(({ id }) => id)).not.toContain(canada.id)
    // It is known by its name now, and drafts refer to it by its slug.
    const event = await find('event', (draft) => draft.type === 'permit-decision')
    expect(event.draft.participants).toContainEqual({ actor: 'ca', role: 'issuer' })
  })

  test('409 with the record when it was already accepted', async () => {
    const good = await find('good', () => true)
    await decide(good.id, 'accept').expect(200)
    const { body } = await decide(good.id, 'accept').expect(409)
    expect(body).toMatchObject({
      type: '/problems/proposal-decided',
      references: [{ slug: 'sr-40' }],
    })
    await decide(good.id, 'reject').expect(409)
    expect((await t.api.get('/v1/goods?count=true')).body.total).toBe(1)
  })

  test('400 without a needed record when asked so; else creates all in one write', async () => {
    const permit = await find('permit', () => true)
    const alone = { withNeeded: false }
    const { body: refused } = await decide(permit.id, 'accept', alone).expect(400)
    expect(refused).toMatchObject({
      type: '/problems/unknown-reference',
      errors: [{ pointer: '/body/edits/consignee' }],
    })
    expect((await t.api.get('/v1/permits')).body.data).toEqual([])
    const decision = await find('event', (draft) => draft.type === 'permit-decision')
    expect(decision.needs).toContain(permit.id)
    const { body } = await t.api
      .post(`/v1/proposals/${decision.id}/accept`)
      .set('Authorization', `Bearer ${writing.keys.write}`)
      .expect(200)
    expect(body.alsoMade.map(({ href }: { href: string }) => href)).toEqual([
      '/v1/actors/nile-optics',
      expect.stringMatching(/^\/v1\/permits\//),
    ])
    const { body: list } = await t.api.get('/v1/permits').expect(200)
    expect(list.data).toEqual([
      expect.objectContaining({
        status: 'issued',
        issuer: expect.objectContaining({ slug: 'ca' }),
        consignee: expect.objectContaining({ slug: 'nile-optics' }),
        items: [expect.objectContaining({ quantity: 6, unit: 'radar' })],
        issuedOn: expect.objectContaining({ edtf: '2020-03-03', asStated: '3 March 2020' }),
      }),
    ])
    const { body: revision } = await t.api.get(`/v1/changes?since=${body.revision - 1}`).expect(200)
    expect(revision.data.length).toBe(3)
    const after = await find('event', (draft) => draft.type === 'permit-decision')
    expect(after).toMatchObject({ state: 'accepted', record: { slug: body.record.slug } })
  })

  test('400 with a pointer for invalid edits; 422 for a quote that does not occur', async () => {
    const statement = await find('event', (draft) => draft.type === 'statement')
    const { body } = await decide(statement.id, 'accept', { edits: { type: 'party' } }).expect(400)
    expect(body.errors[0].pointer).toBe('/body/edits/type')
    const citations = [{ article: 'halts', quote: 'Canada was never warned' }]
    const edits = { participants: null, citations }
    const { body: quoted } = await decide(statement.id, 'accept', { edits }).expect(422)
    expect(quoted.type).toBe('/problems/quote-not-found')
    expect((await find('event', (draft) => draft.type === 'statement')).state).toBe('open')
  })

  test('the same Idempotency-Key returns the same response', async () => {
    const sudan = await actor('Sudan')
    const headers = { 'idempotency-key': 'accept-sudan' }
    const { body: first } = await decide(sudan.id, 'accept', {}, headers).expect(200)
    const { body: again } = await decide(sudan.id, 'accept', {}, headers)
    expect([again.type ?? again.revision, first.record.slug]).toEqual([expect.anything(), 'sudan'])
    expect((await t.api.get('/v1/actors?name=sudan&count=true')).body.total).toBe(1)
  })

  test('401 without a key, 403 with a read key, 404 for an unknown proposal', async () => {
    const { id } = await actor('Ann Roe')
    await t.api.post(`/v1/proposals/${id}/accept`).send({}).expect(401)
    const reader = { authorization: `Bearer ${writing.keys.read}` }
    await decide(id, 'accept', {}, reader).expect(403)
    await decide(`${id.slice(0, 36)}-0123456789abcdef`, 'accept').expect(404)
    await decide('019b0000-0000-7000-8000-000000000000-0123456789abcdef', 'accept').expect(404)
    await decide('x', 'accept').expect(400)
  })
})

describe('POST /v1/proposals/:id/reject', () => {
  test('stays rejected, also with other names; can be accepted later', async () => {
    const { id } = await actor('Arms Count')
    const { body } = await decide(id, 'reject', { reason: 'A blog.' }).expect(200)
    expect(body).toEqual({
      id,
      state: 'rejected',
      reason: 'A blog.',
      record: null,
      alsoMade: [],
      revision: null,
    })
    await decide((await actor('Ann Roe')).id, 'accept').expect(200)
    expect((await list()).map((one) => one.id)).not.toContain(id)
    expect((await list('?state=rejected')).map((one) => one.id)).toEqual([id])
    const { body: accepted } = await decide(id, 'accept').expect(200)
    expect(accepted.record.slug).toBe('arms-count')
  })
})

describe('POST /v1/proposals/:id/merge', () => {
  test('adds its passages once to an existing record, and changes nothing else', async () => {
    const { body: before } = await writing
      .post('/v1/measures', {
        slug: 'ban',
        title: 'A ban',
        imposer: 'ca',
        target: 'sudan',
        legalForm: 'other',
        citations: [{ article: 'halts', quote: 'Canada halts sales', field: 'title' }],
      })
      .expect(201)
    const measure = await find('measure', () => true)
    const { body } = await decide(measure.id, 'merge', { into: 'ban' }).expect(200)
    expect(body).toMatchObject({ state: 'merged', record: { slug: 'ban' }, alsoMade: [] })
    const { body: after } = await t.api.get('/v1/measures/ban').expect(200)
    const { citations, revision, ...own } = after
    const { citations: old, revision: _, ...same } = before
    expect(own).toEqual(same)
    expect(revision).toBe(body.revision)
    expect(citations.length).toBeGreaterThan(old.length)
    expect(citations.slice(0, old.length)).toEqual(old)
    expect(
      new Set(citations.map((one: { field: string; quote: string }) => `${one.field} ${one.quote}`))
        .size,
    ).toBe(citations.length)
    await decide(measure.id, 'merge', { into: 'ban' }).expect(409)
  })

  test('400 for an unknown record', async () => {
    const event = await find('event', (draft) => draft.type === 'measure-decision')
    const { body } = await decide(event.id, 'merge', { into: 'no-such-event' }).expect(400)
    expect(body.errors[0].pointer).toBe('/body/into')
  })

  test('the passage of a list entry supports the whole record', async () => {
    type Field = { field: string | null; quote: string }
    const proposed = (await list()).filter(
      ({ kind, record }) => record === null && !['good', 'affiliation'].includes(kind),
    )
    const fieldsOf = ({ draft }: Proposal) => draft.citations as Field[]
    const isOfList = ({ field }: Field) => /\.|^(participants|effects|goods)$/.test(field ?? '')
    const [proposal] = proposed.filter((one) => fieldsOf(one).some(isOfList))
    if (proposal === undefined) throw new Error('No draft has a numbered field.')
    expect(proposal.kind).toBe('event')
    await writing
      .post('/v1/events', {
        slug: 'other-event',
        type: 'report',
        title: 'Another event',
        participants: [{ actor: 'ca', role: 'reporter' }],
        citations: [{ article: 'halts', quote: 'Canada halts sales', field: 'title' }],
      })
      .expect(201)
    await decide(proposal.id, 'merge', { into: 'other-event' }).expect(200)
    const { body } = await t.api.get('/v1/events/other-event').expect(200)
    const added = (body.citations as Field[]).slice(1)
    const said = ({ field, quote }: Field) => `${field} ${quote}`
    const expected = fieldsOf(proposal).map((one) =>
      said(isOfList(one) ? { ...one, field: null } : one),
    )
    expect(new Set(added.map(said))).toEqual(new Set(expected))
    expect(added.some(({ field }) => field === null)).toBe(true)
  })
})

/** Ten facts: four decisions, two deliveries, a use, a request, a post and a measure. */
const tenFacts = `Norway revokes licences
Norway revoked export licence 2020/118-B of Halden Mekanik AS for Egypt on 3 March 2021. On 5 March 2021 Denmark suspended 12 export permits for Egypt.
In 2019 Sweden issued Orvik Systems AB a licence for the export of 40 GX-40 radars to Oman. Finland refused Kivimaa Oy a licence for Chad in May 2018.
Orvik Systems AB delivered 12 GX-40 radars to Oman in June 2020. Serbia delivered 400 mortars to Myanmar in 2018.
Oman used the GX-40 radars in Yemen in July 2020. Amnesty International urged Norway to publish its licences.
Foreign Minister Sofie Ravnholt of Denmark said the decision was final. Austria imposed an arms embargo on Myanmar in 2017.`

describe('an article of ten facts', () => {
  test('is reviewed in at most 15 requests: each fact with all that it needs', async () => {
    let requests = 0
    const count = <Request>(request: Request): Request => {
      requests += 1
      return request
    }
    await count(writing.post('/v1/cases', { slug: 'ten', title: 'Ten facts' })).expect(201)
    const article = {
      slug: 'ten-facts',
      title: 'Norway revokes licences',
      case: 'ten',
      text: tenFacts,
      publishedOn: { edtf: '2021-04-13' },
    }
    await count(writing.post('/v1/articles', article)).expect(201)
    const { body } = await count(t.api.get('/v1/articles/ten-facts/proposals')).expect(200)
    const { data } = body as Answer
    const facts = data.filter(
      ({ kind, draft }) =>
        kind === 'affiliation' || (kind === 'event' && draft.type !== 'statement'),
    )
    expect(facts.map(({ draft }) => draft.title ?? draft.role)).toEqual([
      'Foreign Minister',
      'Norway cancels export permit 2020/118-B of Halden Mekanik AS for Egypt',
      'Denmark suspends 12 export permits for Egypt',
      'Sweden issues an export permit to Orvik Systems AB for 40 GX-40 radars to Oman',
      'Finland refuses an export permit of Kivimaa Oy for Chad',
      'Orvik Systems AB delivers 12 GX-40 radars to Oman',
      'Serbia delivers 400 mortars to Myanmar',
      'Oman uses GX-40',
      'Amnesty International makes a request to Norway',
      'Austria imposes an arms embargo on Myanmar',
    ])
    for (const { id } of facts) await count(decide(id, 'accept')).expect(200)
    expect(requests).toBeLessThanOrEqual(15)
    const { body: permits } = await t.api.get('/v1/permits?case=ten&count=true').expect(200)
    expect(permits.total).toBe(4)
    const { body: left } = await t.api.get('/v1/articles/ten-facts/proposals').expect(200)
    // What is left: what somebody says, and the state in which the radars were used.
    const others = (left as Answer).data.filter(({ draft }) => draft.type !== 'statement')
    expect(others.map(({ draft }) => draft.name)).toEqual(['Yemen'])
  })
})

describe('slugs that are taken', () => {
  test('the event refers to the permit that is made with it, not to the one that has its slug', async () => {
    const text = 'Spain issued export permits for Peru on 3 March 2020.'
    const article = { slug: 'peru', title: 'Peru', case: 'radars', text }
    await writing.post('/v1/articles', article).expect(201)
    const { body } = await t.api.get('/v1/articles/peru/proposals').expect(200)
    const { data } = body as Answer
    const permit = data.find(({ kind }) => kind === 'permit')
    const event = data.find(({ kind }) => kind === 'event')
    const slug = String(permit?.draft.slug)
    await writing
      .post('/v1/permits', {
        slug,
        title: 'Another permit',
        issuer: 'ca',
        citations: [{ article: 'halts', quote: 'Canada issued an export permit', field: 'title' }],
      })
      .expect(201)
    const { body: accepted } = await decide(String(event?.id), 'accept').expect(200)
    const { body: made } = await t.api.get(accepted.record.href).expect(200)
    expect(made.effects).toEqual([
      expect.objectContaining({ permit: expect.objectContaining({ slug: `${slug}-2` }) }),
    ])
    expect((await t.api.get(`/v1/permits/${slug}`)).body.history).toEqual([])
  })
})
