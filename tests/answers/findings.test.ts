import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { commit } from '../../src/records/write/commit.ts'
import { correctRecord, retractRecord } from '../../src/records/write/correct.ts'
import { useApp } from '../harness/app.ts'
import {
  buildActor,
  buildArticle,
  buildCase,
  buildCitation,
  buildEvent,
  buildGood,
  buildMeasure,
  buildPermit,
  storeRecords,
} from '../harness/record-builders.ts'

type Citation = {
  field: string | null
  quote: string
  voices: { actor: { slug: string } | null }[]
}
type Found = {
  id: string
  rule: string
  certainty: string
  sentence: string
  reason: string
  neededForCertainty: string[]
  exceptionRelied: string | null
  records: {
    role: string
    kind: string
    record: { id: string; slug: string }
    on: { edtf: string } | null
    citations: Citation[]
  }[]
}
const permit = 'wescam-mx15d-baykar-2020'

describe('the seed', () => {
  const t = useApp()

  const find = async (query: string): Promise<Found[]> =>
    (await t.api.get(`/v1/findings?${query}`).expect(200)).body.data
  const only = async (query: string): Promise<Found> => {
    const found = await find(query)
    expect(found).toHaveLength(1)
    return found[0] as Found
  }
  const sides = ({ records }: Found) => records.map(({ role, record }) => `${role} ${record.slug}`)
  const quotes = ({ records }: Found, role: string) =>
    records
      .filter((one) => one.role === role)
      .flatMap(({ citations }) => citations.map(({ quote }) => quote))

  test('permit-under-measure, certain: issued in May 2020 despite the embargo since late 2019', async () => {
    const found = await only('rule=permit-under-measure')
    expect(found).toEqual({
      id: expect.stringMatching(/^[a-z-]+(\.[0-9a-f-]{36}){2}$/),
      rule: 'permit-under-measure',
      certainty: 'certain',
      sentence:
        'Canada issued export permits for seven MX-15D systems to Baykar of Turkey in May 2020, while its arms embargo on Turkey of late 2019 was in force; it relied on “exceptional circumstances”.',
      reason:
        'The measure was imposed in late 2019; no event on record ends it. The permit was issued in May 2020. A source connects this permit with this measure.',
      neededForCertainty: [],
      exceptionRelied: 'exceptional circumstances',
      records: expect.any(Array),
    })
    expect(sides(found)).toEqual([
      `permit ${permit}`,
      'issue canada-issues-permits-for-baykar',
      'measure canada-arms-embargo-turkey-2019',
      'imposition canada-bars-arms-exports-to-turkey',
      'concerns-both documents-made-public',
      'concerns-both gallagher-asks-why',
      'concerns-both globe-and-mail-reports',
    ])
    expect(quotes(found, 'permit')).toEqual([
      'Canada issued export permits last May for the delivery of seven MX-15D air-strike targeting systems made by L3Harris Wescam to Turkish drone-maker Baykar.',
      'for the delivery of seven MX-15D air-strike targeting systems made by L3Harris Wescam to Turkish drone-maker Baykar',
      'seven MX-15D air-strike targeting systems',
      'seven MX-15D air-strike targeting systems',
      'That green light for shipments to Turkey came despite an arms embargo',
      'In the memo, Morgan said this represents an “exceptional circumstances” case.',
    ])
    expect(quotes(found, 'imposition')).toContain('an arms embargo in place since late 2019')
    for (const { citations } of found.records) expect(citations).not.toEqual([])
  })

  test('permit-under-measure: no finding for the later suspension without a link to the permit', async () => {
    const found = await find(`rule=permit-under-measure&permit=${permit}`)
    expect(found.map(({ certainty }) => certainty)).toEqual(['certain'])
    expect(sides(await only('rule=reversal'))).toContain(
      'measure canada-drone-technology-suspension',
    )
  })

  test('diversion, possible: Wescam technology was used, not these seven units', async () => {
    const found = await only('rule=diversion')
    expect(found.certainty).toBe('possible')
    expect(found.sentence).toBe(
      'Canada issued export permits for seven MX-15D systems to Baykar of Turkey in May 2020; Azerbaijan, which the permits do not name, used Wescam imaging technology in Nagorno-Karabakh in 2020.',
    )
    expect(found.reason).toBe(
      'Wescam imaging technology is the family of MX-15D: no source says that it was this good. The permit was issued in May 2020; the use was in 2020: these dates do not say which came first.',
    )
    expect(sides(found)).toEqual([
      `permit ${permit}`,
      'issue canada-issues-permits-for-baykar',
      'use azerbaijan-operates-drones-with-wescam-technology',
    ])
    expect(quotes(found, 'permit')).toContain(
      'The Wescam gear had been authorized for export to Turkey only.',
    )
    expect(quotes(found, 'use')).toContain(
      'restricted Canadian imaging technology, made by Burlington, Ont.-based L3Harris Wescam, turned up in Turkish-made drones being operated by Azerbaijan in the battle over Nagorno-Karabakh',
    )
  })

  test('assurance-contradicted, possible: by Turkey, to Canada, for Syria; used over Karabakh', async () => {
    const found = await only('rule=assurance-contradicted')
    expect(found.certainty).toBe('possible')
    expect(found.sentence).toBe(
      'Turkey assured Canada by May 2020 of a use of Wescam imaging technology in Syria, “only to protect civilians under attack”; Azerbaijan used Wescam imaging technology in Nagorno-Karabakh in 2020.',
    )
    expect(found.reason).toMatch(/Nagorno-Karabakh has no country on record/)
    expect(sides(found)).toEqual([
      'assurance ankara-gives-assurances',
      'use azerbaijan-operates-drones-with-wescam-technology',
      `permit ${permit}`,
    ])
    expect(quotes(found, 'assurance')).toContain(
      'assurances from Ankara that it would only be used to protect civilians under attack in Syria',
    )
  })

  test('same-theatre, possible: Syria on both sides, and Gallagher asks what the logic is', async () => {
    const found = await only('rule=same-theatre')
    expect(found.certainty).toBe('possible')
    expect(found.reason).toBe(
      'Idlib and Northern Syria lie in Syria; whether one is part of the other is not on record.',
    )
    expect(found.sentence).toBe(
      "Canada issued export permits for seven MX-15D systems to Baykar of Turkey in May 2020 for a stated end use in Idlib, Syria, “to safeguard civilians”; it had imposed its arms embargo on Turkey of late 2019 over “Ankara's conduct in northern Syria”.",
    )
    const gallagher = found.records.find(({ record }) => record.slug === 'gallagher-asks-why')
    expect(gallagher?.role).toBe('concerns-both')
    const question = gallagher?.citations.find(({ quote }) =>
      quote.includes('What is the logic here?'),
    )
    expect(question?.voices[0]?.actor?.slug).toBe('kelsey-gallagher')
    expect(quotes(found, 'measure')).toContain(
      'barred arms exports to Turkey back in 2019 over Ankara’s conduct in northern Syria',
    )
  })

  test('reversal, possible: the measure has only words for its goods, and the order is open', async () => {
    const found = await only('rule=reversal')
    expect(found.certainty).toBe('possible')
    expect(sides(found)).toContain('measure canada-drone-technology-suspension')
    expect(found.reason).toMatch(
      /only in words, “sophisticated Canadian drone technology”.* do not say which came first/,
    )
  })

  test('exactly these five, by rule', async () => {
    expect((await find('')).map(({ rule, certainty }) => `${rule} ${certainty}`)).toEqual([
      'permit-under-measure certain',
      'diversion possible',
      'assurance-contradicted possible',
      'same-theatre possible',
      'reversal possible',
    ])
  })

  test.each([
    [`permit=${permit}`, 5],
    ['case=canada-turkey-wescam', 5],
    ['actor=canada', 5],
    ['actor=turkey', 5],
    ['actor=baykar', 4],
    ['actor=azerbaijan', 2],
    ['actor=armenia', 0],
    ['actor=kelsey-gallagher', 0],
    ['rule=diversion&rule=reversal', 2],
    ['rule=diversion&certainty=certain', 0],
    [`case=canada-turkey-wescam&permit=${permit}&actor=azerbaijan&rule=diversion`, 1],
  ])('?%s gives %i', async (query, count) => {
    expect(await find(query)).toHaveLength(count)
  })

  test('a filter by id gives the same findings as by slug, with the same ids', async () => {
    const { id } = (await t.api.get(`/v1/permits/${permit}`).expect(200)).body
    expect(await find(`permit=${id}`)).toEqual(await find(`permit=${permit}`))
    expect(await find('')).toEqual(await find('case=canada-turkey-wescam'))
  })

  test('pages give the whole list', async () => {
    const whole = await find('')
    for (const limit of [1, 2, 4]) {
      const all: Found[] = []
      for (let next: string | null = ''; next !== null; ) {
        const from: string = next && `&cursor=${next}`
        const { body, headers } = await t.api.get(`/v1/findings?limit=${limit}${from}`).expect(200)
        expect(headers.link === undefined).toBe(body.next === null)
        all.push(...body.data)
        next = body.next
      }
      expect(all).toEqual(whole)
    }
  })

  test('NDJSON and CSV return the whole list or a page', async () => {
    const whole = await find('')
    const ndjson = await t.api.get('/v1/findings?format=ndjson').expect(200)
    expect(
      ndjson.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(whole)
    const page = await t.api.get('/v1/findings?format=ndjson&limit=2').expect(200)
    expect(page.text.trimEnd().split('\n')).toHaveLength(2)
    const csv = await t.api.get('/v1/findings?format=csv').expect(200)
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
    const [heading, first, ...rest] = csv.text.split('\r\n')
    expect(heading).toMatch(
      /^id,rule,certainty,sentence,reason,neededForCertainty,exceptionRelied,records\.role,/,
    )
    expect(first).toContain('permit; issue; measure; imposition')
    expect(rest).toHaveLength(5)
    const one = await t.api.get('/v1/findings?format=csv&limit=1').expect(200)
    expect(one.text.split('\r\n')).toEqual([heading, first, ''])
  })

  test('CSV has a row for each citation of each record, where that is asked for', async () => {
    const { body } = await t.api.get('/v1/findings').expect(200)
    type Cited = {
      id: string
      records: { record: { slug: string }; citations: { quote: string }[] }[]
    }
    const expected = (body.data as Cited[]).flatMap(({ id, records }) =>
      records.flatMap(({ record, citations }) =>
        (citations.length > 0 ? citations : [null]).map((citation) => [
          id,
          record.slug,
          citation?.quote ?? '',
        ]),
      ),
    )
    const readRows = async (query: string) => {
      const { text } = await t.api.get(`/v1/findings?format=csv&rows=citations${query}`).expect(200)
      const rows: Record<string, string>[] = parse(text, { columns: true })
      return rows.map((row) => [row.id, row['record.slug'], row['citation.quote']])
    }
    expect(expected.length).toBeGreaterThan(body.data.length * 2)
    expect(await readRows('')).toEqual(expected)
    const [first] = body.data
    expect(await readRows('&limit=1')).toEqual(expected.filter(([id]) => id === first.id))
    const { body: problem } = await t.api.get('/v1/findings?rows=citations').expect(400)
    expect(problem.detail).toContain('format=csv')
  })

  test('200 with an empty list', async () => {
    const { body } = await t.api.get('/v1/findings?actor=armenia').expect(200)
    expect(body).toEqual({ data: [], next: null })
    const csv = await t.api.get('/v1/findings?actor=armenia&format=csv').expect(200)
    expect(csv.text.split('\r\n')).toHaveLength(2)
    const ndjson = await t.api.get('/v1/findings?actor=armenia&format=ndjson').expect(200)
    expect(ndjson.text).toBe('')
  })

  test.each([
    [
      'permit=wescam-mx15d-baykar-2021',
      'unknown-reference',
      /Did you mean "wescam-mx15d-baykar-2020"/,
    ],
    ['case=nowhere', 'unknown-reference', /nowhere/],
    ['actor=nobody&format=csv', 'unknown-reference', /nobody/],
    ['rule=diversions', 'invalid-request', /diversion/],
    ['certainty=sure', 'invalid-request', /certainty/],
    ['rules=diversion', 'invalid-request', /did you mean "rule"/],
    ['limit=0', 'invalid-request', /limit/],
    ['limit=201', 'invalid-request', /limit/],
    ['cursor=abc', 'invalid-cursor', /not given out/],
    ['cursor=abc&format=ndjson', 'invalid-cursor', /not given out/],
    [
      `cursor=${Buffer.from('["diversion","a","b",""]').toString('base64url')}`,
      'invalid-cursor',
      /not/,
    ],
    [`permit=${'a'.repeat(121)}`, 'invalid-request', /permit/],
    ['permit=a%27b', 'invalid-request', /permit/],
  ])('400 for ?%s', async (query, code, detail) => {
    const { body } = await t.api.get(`/v1/findings?${query}`).expect(400)
    expect(body.type).toBe(`/problems/${code}`)
    expect(body.detail).toMatch(detail)
  })

  test('400 for a cursor of other filters', async () => {
    const { body } = await t.api.get('/v1/findings?limit=1').expect(200)
    const other = await t.api
      .get(`/v1/findings?limit=1&rule=diversion&cursor=${body.next}`)
      .expect(400)
    expect(other.body.type).toBe('/problems/invalid-cursor')
  })

  test('GET /v1/findings/rules explains each rule and its limits', async () => {
    const { body } = await t.api.get('/v1/findings/rules').expect(200)
    expect(body.data.map(({ rule }: { rule: string }) => rule)).toEqual([
      'permit-under-measure',
      'diversion',
      'use-abroad',
      'assurance-contradicted',
      'same-theatre',
      'reversal',
      're-export',
      'delivery-without-permit',
      'over-delivery',
      'refused-elsewhere',
      'offshore-supply',
      'figures-disagree',
    ])
    await t.api.get('/v1/findings/rules?x=1').expect(400)
  })
})

describe('further records', () => {
  const t = useApp({ CACHE_MB: 0 })
  const find = async (query: string): Promise<Found[]> =>
    (await t.api.get(`/v1/findings?${query}`).expect(200)).body.data
  const brief = (found: Found[]) => found.map(({ rule, certainty }) => `${rule} ${certainty}`)
  const issued = (slug: string, edtf: string) =>
    buildEvent({
      slug: `${slug}-issued`,
      type: 'permit-decision',
      on: { edtf },
      effects: [{ permit: slug, becomes: 'issued' }],
    })

  beforeAll(() =>
    storeRecords(
      t.database,
      buildActor({ slug: 'poland', type: 'state', name: 'Poland', country: 'PL' }),
      buildActor({ slug: 'kenya', type: 'state', name: 'Kenya', country: 'KE' }),
      buildActor({ slug: 'mali', type: 'state', name: 'Mali', country: 'ML' }),
      buildGood({ slug: 'viewer', designation: 'Viewer V1' }),
      ...[1, 2, 3].flatMap((number) => [
        buildPermit({
          slug: `kenya-${number}`,
          issuer: 'poland',
          destination: 'kenya',
          items: [{ good: 'viewer' }],
        }),
        issued(`kenya-${number}`, `201${number}`),
      ]),
      buildPermit({
        slug: 'mali-1',
        issuer: 'poland',
        destination: 'mali',
        items: [{ good: 'viewer' }],
      }),
      issued('mali-1', '2015'),
      buildEvent({
        slug: 'mali-uses',
        type: 'use',
        on: { edtf: '2016' },
        goods: ['viewer'],
        participants: [{ actor: 'mali', role: 'user' }],
      }),
      buildMeasure({ slug: 'poland-on-kenya', imposer: 'poland', target: 'kenya' }),
      buildEvent({
        slug: 'poland-on-kenya-imposed',
        type: 'measure-decision',
        on: { edtf: '2012-06' },
        effects: [{ measure: 'poland-on-kenya', becomes: 'imposed' }],
      }),
    ),
  )

  test('a use that another permit covers is at most possible, and the finding shows that permit', async () => {
    const found = await find('rule=diversion&permit=kenya-1')
    expect(brief(found)).toEqual(['diversion possible'])
    expect(found[0]?.records.map(({ role, record }) => `${role} ${record.slug}`)).toEqual([
      'permit kenya-1',
      'issue kenya-1-issued',
      'use mali-uses',
      'other-permit mali-1',
    ])
    expect(await find('rule=diversion&permit=mali-1')).toEqual([])
  })

  test('a permit before, around and after the measure', async () => {
    const under = async (slug: string) =>
      brief(await find(`rule=permit-under-measure&permit=${slug}`))
    expect(await under('kenya-1')).toEqual([])
    expect(await under('kenya-2')).toEqual(['permit-under-measure possible'])
    expect(await under('kenya-3')).toEqual(['permit-under-measure certain'])
    const reversed = async (slug: string) => brief(await find(`rule=reversal&permit=${slug}`))
    expect(await reversed('kenya-1')).toEqual(['reversal certain'])
    expect(await reversed('kenya-2')).toEqual(['reversal possible'])
    expect(await reversed('kenya-3')).toEqual([])
  })

  test('around the measure only with a link between the two', async () => {
    const own = [buildCitation({ quote: 'What is the logic here?' })]
    const permitIn2012 = (slug: string, given: object = {}) => [
      buildPermit({ slug, issuer: 'poland', destination: 'kenya', citations: own }),
      buildEvent({
        slug: `${slug}-issued`,
        type: 'permit-decision',
        on: { edtf: '2012' },
        effects: [{ permit: slug, becomes: 'issued' }],
        citations: own,
        ...given,
      }),
    ]
    const sameWords = buildCitation()
    await storeRecords(
      t.database,
      ...permitIn2012('apart'),
      ...permitIn2012('dated-alike', {
        citations: [...own, buildCitation({ ...sameWords, field: 'on' })],
      }),
      ...permitIn2012('cited-alike', {
        citations: [...own, buildCitation({ ...sameWords, field: 'description' })],
      }),
      ...permitIn2012('despite', { about: [{ measure: 'poland-on-kenya' }] }),
    )
    const under = async (slug: string) => find(`rule=permit-under-measure&permit=${slug}`)
    expect(await under('apart')).toEqual([])
    expect(await under('dated-alike')).toEqual([])
    expect(await under('cited-alike')).toMatchObject([
      { certainty: 'possible', reason: expect.stringMatching(/One passage is cited for both\.$/) },
    ])
    expect(await under('despite')).toMatchObject([
      {
        certainty: 'possible',
        reason: expect.stringMatching(/Both are named in another record: An event\.$/),
      },
    ])
    expect(brief(await find('rule=reversal&permit=apart'))).toEqual(['reversal possible'])
  })

  test('a measure that is suspended and imposed again covers its periods only', async () => {
    await storeRecords(
      t.database,
      buildEvent({
        type: 'measure-decision',
        on: { edtf: '2012-12' },
        effects: [{ measure: 'poland-on-kenya', becomes: 'suspended' }],
      }),
      buildEvent({
        type: 'measure-decision',
        on: { edtf: '2014' },
        effects: [{ measure: 'poland-on-kenya', becomes: 'imposed' }],
      }),
      ...[4, 5].flatMap((number) => [
        buildPermit({ slug: `kenya-${number}`, issuer: 'poland', destination: 'kenya' }),
        issued(`kenya-${number}`, `201${number}`),
      ]),
    )
    const under = async (slug: string) =>
      brief(await find(`rule=permit-under-measure&permit=${slug}`))
    expect(await under('kenya-3')).toEqual([])
    expect(await under('kenya-4')).toEqual(['permit-under-measure possible'])
    expect(await under('kenya-5')).toEqual(['permit-under-measure certain'])
  })

  test('a disputed or inferred date is not certain', async () => {
    const dispute = (slug: string, given: object) =>
      storeRecords(
        t.database,
        buildPermit({ slug, issuer: 'poland', destination: 'kenya' }),
        buildEvent({
          type: 'permit-decision',
          on: { edtf: '2018' },
          effects: [{ permit: slug, becomes: 'issued' }],
          citations: [
            buildCitation({ field: 'on', ...given }),
            buildCitation({ field: 'effects' }),
          ],
        }),
      )
    await dispute('undisputed', {})
    await dispute('disputed', { value: '2009' })
    await dispute('inferred', { confidence: 0.8 })
    const of = async (slug: string) => (await find(`rule=permit-under-measure&permit=${slug}`))[0]
    expect((await of('undisputed'))?.certainty).toBe('certain')
    expect(await of('disputed')).toMatchObject({
      certainty: 'possible',
      reason: 'For the date of “An event”, passages disagree.',
    })
    expect(await of('inferred')).toMatchObject({
      certainty: 'possible',
      reason: 'For the date of “An event”, no passage says it in so many words.',
    })
  })

  test('a cancelled permit is a reversal', async () => {
    await storeRecords(
      t.database,
      buildEvent({
        type: 'permit-decision',
        on: null,
        effects: [{ permit: 'mali-1', becomes: 'cancelled' }],
      }),
    ).catch(() => undefined)
    await storeRecords(
      t.database,
      buildEvent({
        type: 'permit-decision',
        on: { edtf: '2017' },
        effects: [{ permit: 'mali-1', becomes: 'cancelled' }],
      }),
    )
    const [found] = await find('rule=reversal&permit=mali-1')
    expect(found).toMatchObject({
      certainty: 'certain',
      reason: expect.stringContaining('cancelled'),
    })
  })

  test('the derived columns of event_good stay correct after any correction', async () => {
    const kept = async () =>
      (
        await t.database.pool.query(
          `SELECT record.slug, free_use_latest::text AS until FROM event_good JOIN record ON record.id = event_id
           WHERE slug IN ('free-use', 'named-use', 'undated-use', 'free-statement') ORDER BY slug`,
        )
      ).rows
    const use = (slug: string, given: object) =>
      buildEvent({ slug, type: 'use', on: { edtf: '2016-03' }, goods: ['viewer'], ...given })
    await storeRecords(
      t.database,
      use('free-use', {}),
      use('named-use', { about: [{ permit: 'mali-1' }] }),
      use('undated-use', { on: null }),
      use('free-statement', { type: 'statement' }),
    )
    expect(await kept()).toEqual([
      { slug: 'free-statement', until: null },
      { slug: 'free-use', until: '2016-03-31' },
      { slug: 'named-use', until: null },
      { slug: 'undated-use', until: null },
    ])
    const change = (ref: string, patch: object) =>
      commit(t.database, { name: 'test', keyId: null }, 'test', async (session) => {
        await correctRecord(session, { kind: 'event', ref, patch, pointer: '' }, () => undefined)
      })
    await change('free-use', { about: [{ permit: 'mali-1' }] })
    await change('named-use', { about: [] })
    await change('undated-use', { on: { edtf: '2017/..' } })
    await change('free-statement', { type: 'transfer' })
    expect(await kept()).toEqual([
      { slug: 'free-statement', until: '2016-03-31' },
      { slug: 'free-use', until: null },
      { slug: 'named-use', until: '2016-03-31' },
      { slug: 'undated-use', until: 'infinity' },
    ])
    for (const slug of ['free-statement', 'named-use']) await change(slug, { type: 'report' })
    await change('undated-use', { on: null })
    expect((await kept()).map(({ until }) => until)).toEqual([null, null, null, null])
  })

  test('findings of other rules are not lost behind many candidates of one rule', async () => {
    await storeRecords(
      t.database,
      buildGood({ slug: 'sight', designation: 'Sight S1' }),
      buildPermit({
        slug: 'kenya-sights',
        issuer: 'poland',
        destination: 'kenya',
        items: [{ good: 'sight' }],
      }),
      issued('kenya-sights', '2011'),
      ...Array.from({ length: 60 }, () =>
        buildEvent({
          type: 'use',
          on: { edtf: '2012' },
          goods: ['sight'],
          participants: [{ actor: 'kenya', role: 'user' }],
        }),
      ),
      buildEvent({
        type: 'permit-decision',
        on: { edtf: '2017' },
        effects: [{ permit: 'kenya-sights', becomes: 'cancelled' }],
      }),
    )
    const all = await find('permit=kenya-sights')
    expect(brief(all)).toContain('reversal certain')
    expect(brief(await find('permit=kenya-sights&limit=1'))).toEqual(brief(all.slice(0, 1)))
  })

  test('a finding across two cases is listed for both', async () => {
    await storeRecords(
      t.database,
      buildCase({ slug: 'uses' }),
      buildArticle({ slug: 'of-uses', case: 'uses', body: 'Mali had it too.' }),
    )
    await storeRecords(
      t.database,
      buildEvent({
        slug: 'elsewhere',
        type: 'use',
        on: { edtf: '2019' },
        goods: ['viewer'],
        participants: [{ actor: 'turkey', role: 'user' }],
        citations: [buildCitation({ article: 'of-uses', quote: 'Mali had it' })],
      }),
    )
    const ofUses = await find('case=uses&rule=diversion')
    expect(ofUses.length).toBeGreaterThan(2)
    for (const { records } of ofUses)
      expect(records.map(({ record }) => record.slug)).toContain('elsewhere')
    const ids = (await find('case=canada-turkey-wescam&rule=diversion')).map(({ id }) => id)
    for (const { id } of ofUses) expect(ids).toContain(id)
  })

  test('retracting or retyping an event removes its findings; other ids stay', async () => {
    const before = await find('rule=diversion&permit=kenya-1')
    const author = { name: 'test', keyId: null }
    await commit(t.database, author, 'test', async (session) => {
      await retractRecord(
        session,
        { kind: 'event', ref: 'elsewhere', reason: 'wrong' },
        () => undefined,
      )
    })
    const after = await find('rule=diversion&permit=kenya-1')
    expect(after.length).toBeGreaterThan(0)
    expect(after.length).toBeLessThan(before.length)
    expect(after).toEqual(
      before.filter(({ records }) => !records.some(({ record }) => record.slug === 'elsewhere')),
    )
    await commit(t.database, author, 'test', async (session) => {
      const target = {
        kind: 'event',
        ref: 'mali-uses',
        patch: { type: 'report' },
        pointer: '',
      } as const
      await correctRecord(session, target, () => undefined)
    })
    expect(await find('rule=diversion&permit=kenya-1')).toEqual([])
  })
})
