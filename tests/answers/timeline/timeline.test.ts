import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { certaintyBefore as precedes } from '../../../src/evidence/edtf.ts'
import { commit } from '../../../src/records/write/commit.ts'
import { correctRecord, retractRecord } from '../../../src/records/write/correct.ts'
import { useApp } from '../../harness/app.ts'
import {
  buildArticle,
  buildCase,
  buildCitation,
  buildEvent,
  buildGood,
  buildPermit,
  storeRecords,
} from '../../harness/record-builders.ts'
import { extractFacts, readEntries, readSlugs } from '../../harness/record-reader.ts'

const seeded = useApp()
const t = useApp()

type Entry = {
  slug: string
  on: { edtf: string; earliest: string | null; latest: string | null } | null
  after: 'certain' | 'possible' | null
}

/** Days, months, years, stretches, open ends, seasons, marks; one in six has no date. */
const dates = fc.sample(
  fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 400 }).map((days) => {
      const day = new Date(Date.UTC(2020, 0, 1 + days)).toISOString().slice(0, 10)
      return { edtf: day }
    }),
    fc.constantFrom('2020-05', '2020-06', '2020', '2021', '202X', '2020-05?', '2020-21'),
    fc.constantFrom('2020-02/2020-08', '../2020-05', '2020-05/..', '../2021-01', '2020-03/2020-05'),
  ),
  { numRuns: 90, seed: 7 },
)

beforeAll(async () => {
  await storeRecords(
    t.database,
    ...dates.map((date, index) =>
      buildEvent({
        on: typeof date === 'string' ? { edtf: date } : date,
        citations: [disputed],
        // Every third event is Baykar's, every sixth in two roles.
        participants: [
          ...(index % 3 === 0 ? [{ actor: 'baykar', role: 'speaker' }] : []),
          ...(index % 6 === 0 ? [{ actor: 'baykar', role: 'subject' }] : []),
        ],
      }),
    ),
  )
})
/** Says something else than the record. */
const disputed = buildCitation({ field: 'title', value: 'Another title', voices: ['turkey'] })

const bounds = (on: Entry['on']) => ({
  earliest: on?.earliest ?? null,
  latest: on?.latest ?? null,
})

describe('order', () => {
  test('certainly earlier events come first, undated ones last', async () => {
    const all = (await readEntries(t, '/v1/timeline')) as unknown as Entry[]
    expect(all).toHaveLength(dates.length + 12)
    for (const [index, above] of all.entries())
      for (const below of all.slice(index + 1)) {
        expect(
          precedes(bounds(below.on), bounds(above.on)),
          `${below.slug} ${above.slug}`,
        ).not.toBe('certain')
        if (above.on === null) expect(below.on).toBeNull()
      }
  })

  test('of two dates the one with the earlier bounds comes first', async () => {
    const all = (await readEntries(t, '/v1/timeline')) as unknown as Entry[]
    const dated = all.filter(({ on }) => on !== null)
    expect(dated.length).toBeGreaterThan(10)
    const ends = ({ on }: Entry) => [on?.earliest ?? '', on?.latest ?? '~'] as const
    for (const [index, above] of dated.entries())
      for (const below of dated.slice(index + 1)) {
        const [[a, b], [c, d]] = [ends(above), ends(below)]
        expect(c <= a && d <= b && (c < a || d < b), `${below.slug} ${above.slug}`).toBe(false)
      }
  })

  test('`after` is certain exactly when an entry is after all earlier entries, over all pages', async () => {
    const all = (await readEntries(t, '/v1/timeline')) as unknown as Entry[]
    const paged: Entry[] = []
    for (let url: string | null = '/v1/timeline?limit=7'; url !== null; ) {
      const { body }: { body: { data: Entry[]; next: string | null } } = await t.api
        .get(url)
        .expect(200)
      paged.push(...body.data)
      url = body.next && `/v1/timeline?limit=7&cursor=${body.next}`
    }
    expect(paged).toEqual(all)
    for (const [index, { after, on, slug }] of all.entries()) {
      const above = all.slice(0, index)
      const isAfterAll = above.every((one) => precedes(bounds(one.on), bounds(on)) === 'certain')
      expect(after, slug).toBe(index === 0 ? null : isAfterAll ? 'certain' : 'possible')
    }
    expect(new Set(all.map(({ after }) => after))).toEqual(new Set([null, 'certain', 'possible']))
  })

  test('the seed has this order', async () => {
    const { body } = await seeded.api.get('/v1/timeline').expect(200)
    expect(body.next).toBeNull()
    expect(body.data.map(({ slug, after }: Entry) => [slug, after])).toEqual([
      ['canada-bars-arms-exports-to-turkey', null],
      ['morgan-memo-recommends-export', 'certain'],
      ['turkey-presses-canada', 'possible'],
      ['ankara-gives-assurances', 'possible'],
      ['canada-issues-permits-for-baykar', 'possible'],
      ['azerbaijan-operates-drones-with-wescam-technology', 'possible'],
      ['reports-of-drone-use-in-nagorno-karabakh', 'possible'],
      ['canada-suspends-drone-technology-exports', 'possible'],
      ['committee-inquiry', 'possible'],
      ['documents-made-public', 'possible'],
      ['gallagher-asks-why', 'possible'],
      ['globe-and-mail-reports', 'possible'],
    ])
  })
})

describe('entries', () => {
  test("are whole events with the source's words for the date and every citation", async () => {
    const { body } = await seeded.api.get('/v1/timeline').expect(200)
    for (const { after, ...entry } of body.data)
      expect(entry).toEqual((await seeded.api.get(entry.href).expect(200)).body)
    expect(extractFacts(body.data[4])).toMatchObject({ slug: 'canada-issues-permits-for-baykar' })
    expect(body.data[4].on).toMatchObject({ edtf: '2020-05', asStated: 'last May' })
  })

  test('show conflicting passages', async () => {
    const { body } = await t.api.get('/v1/timeline?from=2020-05-05&to=2020-08').expect(200)
    expect(body.data.length).toBeGreaterThan(0)
    const { conflicts, citations, title } = body.data.find(({ slug }: Entry) =>
      slug.startsWith('event-'),
    )
    expect(conflicts).toEqual([
      {
        field: 'title',
        chosen: title,
        claims: [{ value: 'Another title', citation: citations[0].id }],
      },
    ])
  })
})

describe('filters', () => {
  test.each([
    [
      'actor=turkey&role=target',
      ['canada-bars-arms-exports-to-turkey', 'canada-suspends-drone-technology-exports'],
    ],
    [
      'actor=turkey&role=requester&role=assurer',
      ['turkey-presses-canada', 'ankara-gives-assurances'],
    ],
    ['role=speaker', ['gallagher-asks-why']],
    ['good=mx-15d', ['canada-issues-permits-for-baykar']],
    ['permit=wescam-mx15d-baykar-2020&type=statement', ['gallagher-asks-why']],
    ['measure=canada-drone-technology-suspension', ['canada-suspends-drone-technology-exports']],
    ['place=nagorno-karabakh', ['azerbaijan-operates-drones-with-wescam-technology']],
    ['type=inquiry&type=disclosure', ['committee-inquiry', 'documents-made-public']],
    [
      'to=2019',
      ['canada-bars-arms-exports-to-turkey', 'turkey-presses-canada', 'ankara-gives-assurances'],
    ],
    ['to=2019&certainty=certain', ['canada-bars-arms-exports-to-turkey']],
    [
      'from=2020-05&to=2020-05&certainty=certain',
      ['morgan-memo-recommends-export', 'canada-issues-permits-for-baykar'],
    ],
    ['title=gallager', ['gallagher-asks-why']],
    ['case=canada-turkey-wescam&type=use', ['azerbaijan-operates-drones-with-wescam-technology']],
  ])('%s', async (query, expected) => {
    expect(await readSlugs(seeded, `/v1/timeline?${query}`)).toEqual(expected)
  })

  test('the timeline of an actor equals its part of the whole timeline, also after a correction', async () => {
    type Party = { participants: { actor: { slug: string }; role: string }[] }
    const check = async () => {
      const all = (await readEntries(t, '/v1/timeline')) as unknown as (Entry & Party)[]
      for (const roles of [[], ['speaker'], ['subject'], ['speaker', 'subject']]) {
        const query = `actor=baykar${roles.map((role) => `&role=${role}`).join('')}`
        const expected = all.filter(({ participants }) =>
          participants.some(
            ({ actor, role }) =>
              actor.slug === 'baykar' && (roles.length === 0 || roles.includes(role)),
          ),
        )
        expect(expected.length).toBeGreaterThan(10)
        expect(await entriesOf(query), query).toEqual(expected.map(({ slug }) => slug))
        const years = expected.filter(
          ({ on }) =>
            on !== null &&
            (on.earliest ?? '0') <= '2020-05-31' &&
            (on.latest ?? '~') >= '2020-05-01',
        )
        expect(years.length).toBeGreaterThan(0)
        expect(await entriesOf(`${query}&from=2020-05&to=2020-05`)).toEqual(
          years.map(({ slug }) => slug),
        )
      }
    }
    await check()
    const [first] = await entriesOf('actor=baykar')
    const author = { name: 'test', keyId: null }
    const { revision } = await commit(t.database, author, 'update', (session) =>
      correctRecord(
        session,
        { kind: 'event', ref: first ?? '', patch: { on: { edtf: '2025' } }, pointer: '' },
        () => true,
      ),
    )
    t.head.noteRevision(revision)
    expect((await entriesOf('actor=baykar&from=2025&certainty=certain'))[0]).toBe(first)
    await check()
  })

  test('a case has only its own events', async () => {
    await storeRecords(seeded.database, buildCase({ slug: 'other-case' }))
    await storeRecords(
      seeded.database,
      buildArticle({ slug: 'other-article', case: 'other-case', body: 'Other words.' }),
    )
    const citation = buildCitation({ article: 'other-article', quote: 'Other words' })
    await storeRecords(seeded.database, buildEvent({ slug: 'elsewhere', citations: [citation] }))
    expect(await readSlugs(seeded, '/v1/timeline?case=other-case')).toEqual(['elsewhere'])
    expect(await readSlugs(seeded, '/v1/timeline?case=canada-turkey-wescam')).not.toContain(
      'elsewhere',
    )
  })

  test('periods match exactly their definition, at every bound', async () => {
    const all = (await readEntries(t, '/v1/timeline')) as unknown as Entry[]
    const found = { possible: 0, certain: 0 }
    for (const [from, to] of [
      ['2020-05-01', '2020-05-31'],
      ['2020-05-31', '2020-06-01'],
      ['2019-01-01', '2019-12-31'],
      ['2020-02-01', '2020-08-31'],
      ['2021-01-31', '2023-01-01'],
      ['2020-01-01', '2020-01-01'],
    ] as const)
      for (const certainty of ['possible', 'certain'] as const) {
        const fits = ({ on }: Entry) => {
          const [first, last] = [on?.earliest ?? '0', on?.latest ?? '~']
          if (on === null) return false
          return certainty === 'certain' ? first >= from && last <= to : last >= from && first <= to
        }
        const query = `from=${from}&to=${to}&certainty=${certainty}`
        const fitting = all.filter(fits).map(({ slug }) => slug)
        found[certainty] += fitting.length
        expect(await entriesOf(query), query).toEqual(fitting)
        const onlyFrom = `from=${from}&certainty=${certainty}`
        expect(await entriesOf(onlyFrom), onlyFrom).toEqual(
          all
            .filter(({ on }) =>
              on === null
                ? false
                : (certainty === 'certain' ? (on.earliest ?? '0') : (on.latest ?? '~')) >= from,
            )
            .map(({ slug }) => slug),
        )
      }
    expect(found.certain).toBeGreaterThan(0)
    expect(found.possible).toBeGreaterThan(found.certain)
  })

  test('returns the total with count=true', async () => {
    const { body } = await seeded.api
      .get('/v1/timeline?count=true&limit=1&actor=turkey')
      .expect(200)
    expect([body.total, body.data.length]).toEqual([4, 1])
  })

  test('excludes retracted events', async () => {
    const before = await readSlugs(seeded, '/v1/timeline?type=delivery')
    expect(before).toEqual([])
    await storeRecords(
      seeded.database,
      buildGood({ slug: 'gun' }),
      buildPermit({ slug: 'gun-permit' }),
    )
    await storeRecords(
      seeded.database,
      buildEvent({
        slug: 'gone',
        type: 'delivery',
        goods: ['gun'],
        about: [{ permit: 'gun-permit' }],
      }),
    )
    expect(await readSlugs(seeded, '/v1/timeline?permit=gun-permit')).toEqual(['gone'])
    await commit(seeded.database, { name: 'test', keyId: null }, 'retract', (session) =>
      retractRecord(session, { kind: 'event', ref: 'gone', reason: 'a mistake' }, () => true),
    )
    expect(await readSlugs(seeded, '/v1/timeline?permit=gun-permit&limit=3')).toEqual([])
  })
})

const entriesOf = async (query: string) =>
  (await readEntries(t, `/v1/timeline?${query}`)).map(({ slug }) => slug)

describe('refusals', () => {
  test.each([
    ['from=2021&to=2020', 400, 'invalid-request'],
    ['from=yesterday', 400, 'invalid-request'],
    ['certainty=maybe', 400, 'invalid-request'],
    ['actor=turky', 400, 'unknown-reference'],
    ['place=atlantis', 400, 'unknown-reference'],
    ['sort=on', 400, 'invalid-request'],
    ['limit=201', 400, 'invalid-request'],
    ['cursor=x', 400, 'invalid-cursor'],
    [
      `cursor=${Buffer.from('["{x,y}","01936f5e-0000-7000-8000-000000000001","x"]').toString('base64url')}`,
      400,
      'invalid-cursor',
    ],
    ['format=xml', 400, 'invalid-request'],
    ['format=ics&actor=turky', 400, 'unknown-reference'],
    [`type=use&actor=${'a'.repeat(10_000)}`, 414, 'uri-too-long'],
  ])('%s', async (query, status, code) => {
    const { body } = await seeded.api.get(`/v1/timeline?${query}`).expect(status)
    expect(body.type).toBe(`/problems/${code}`)
  })

  test('a cursor is valid for its filters only', async () => {
    const { body } = await seeded.api.get('/v1/timeline?actor=turkey&limit=1').expect(200)
    for (const format of ['json', 'ndjson', 'ics'])
      await seeded.api
        .get(`/v1/timeline?actor=canada&format=${format}&cursor=${body.next}`)
        .expect(400)
    await seeded.api.get(`/v1/timeline?actor=turkey&cursor=${body.next}`).expect(200)
  })
})
