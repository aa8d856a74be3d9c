import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { createKey } from '../../src/access/queries.ts'
import { findCitedPassages } from '../../src/intake/proposals/queries.ts'
import type { Proposal, ProposalKind, Proposals } from '../../src/intake/proposals/schema.ts'
import { type TestApp, useApp } from '../harness/app.ts'

const fresh = useApp({}, 'empty')
const seeded = useApp()
const source = readFileSync('seeds/canada-turkey-wescam/source.txt')

async function bearerOf(t: TestApp): Promise<string> {
  const key = await createKey(t.database.db, { name: 'desk', scope: 'write', expiresAt: null })
  return `Bearer ${key?.text}`
}

type Draft = Record<string, unknown> & {
  participants?: { actor: string; role: string }[]
  citations: { quote: string; field: string | null }[]
}
const draftOf = ({ draft }: Proposal) => draft as unknown as Draft
type Answer = z.infer<typeof Proposals>

let bearer: string
let slug: string
let all: Answer

const post = (t: TestApp, path: string, body: object, key = bearer) =>
  t.api.post(path).set('Authorization', key).send(body)

const proposals = async (t: TestApp, ref: string, query = '?state=all'): Promise<Answer> =>
  (await t.api.get(`/v1/articles/${ref}/proposals${query}`).expect(200)).body

const ofKind = (answer: Answer, kind: string) => answer.data.filter((one) => one.kind === kind)

/** As `type: role=actor ...`. */
const told = (proposal: Proposal) => {
  const { type, participants = [] } = draftOf(proposal)
  return `${type}: ${participants.map(({ actor, role }) => `${role}=${actor}`).join(' ')}`.trim()
}

beforeAll(async () => {
  bearer = await bearerOf(fresh)
  await post(fresh, '/v1/cases', { slug: 'fresh', title: 'A fresh case' }).expect(201)
  const { body } = await fresh.api
    .post('/v1/articles')
    .set('Authorization', bearer)
    .field('case', 'fresh')
    .field('publishedOn', '2021-01/2021-05')
    .attach('file', source, 'source.txt')
    .expect(201)
  slug = body.slug
  all = await proposals(fresh, slug)
})

describe('the seed document in a case without any record', () => {
  test('proposes exactly its 15 actors, with their types', () => {
    const actors = ofKind(all, 'actor').map((one) => [draftOf(one).name, draftOf(one).type])
    expect(Object.fromEntries(actors)).toEqual({
      Canada: 'state',
      Turkey: 'state',
      Azerbaijan: 'state',
      Armenia: 'state',
      Syria: 'state',
      Baykar: 'company',
      'L3Harris Wescam': 'company',
      'Project Ploughshares': 'organisation',
      'House of Commons foreign affairs committee': 'public-body',
      'Justin Trudeau': 'person',
      'Marta Morgan': 'person',
      'François-Philippe Champagne': 'person',
      'Kelsey Gallagher': 'person',
      'The Globe and Mail': 'publisher',
      'PanARMENIAN.Net': 'publisher',
    })
  })

  test('proposes the good with its maker and quantity', () => {
    const good = ofKind(all, 'good').find((one) => draftOf(one).designation === 'MX-15D')
    expect(good?.draft).toMatchObject({
      description: 'air-strike targeting system',
      manufacturer: 'l3harris-wescam',
    })
    expect(all.quantities).toEqual([
      expect.objectContaining({
        quote: 'seven MX-15D air-strike targeting systems',
        value: 7,
        unit: 'system',
        good: { name: 'MX-15D', record: null },
      }),
    ])
  })

  test('keeps the words of every date, and resolves relative dates by the date of the article', () => {
    expect(all.dates.map(({ quote, date }) => [quote, date?.edtf])).toEqual([
      ['2020', '2020'],
      ['last year', '2020'],
      ['last May', '2020-05'],
      ['late 2019', '2019-10/2019-12'],
      ['on Friday', '2021-01-01/2021-05-28'],
      ['May 6, 2020', '2020-05-06'],
      ['2019', '2019'],
    ])
  })

  test.each([
    ['the embargo', 'measure-decision: imposer=canada target=turkey', /barred arms exports/],
    ["Turkey's pressing", 'request: requester=turkey addressee=canada', /pressed Ottawa/],
    ["Ankara's assurance", 'assurance: assurer=turkey', /assurances from Ankara/],
    [
      'the memo',
      'recommendation: author=marta-morgan addressee=francois-philippe-champagne',
      /recommends/,
    ],
    ['the permits', 'permit-decision: issuer=canada consignee=baykar', /issued export permits/],
    ['the use', 'use: user=azerbaijan', /operated by Azerbaijan/],
    ['the reports', 'report:', /reports surfaced/],
    ['the suspension', 'measure-decision: imposer=canada target=turkey', /suspended the export/],
    ['the inquiry', 'inquiry: investigator=house-of-commons-foreign-affairs-committee', /inquiry/],
    ['the release of the documents', 'disclosure:', /documents released/i],
    ['the criticism', 'statement: speaker=kelsey-gallagher', /absurd/],
  ])('proposes the event: %s', (_, expected, words) => {
    const found = ofKind(all, 'event').filter(
      (one) => told(one) === expected && one.passages.some(({ quote }) => words.test(quote)),
    )
    expect(found).toHaveLength(1)
  })

  test('proposes the permit that is issued, and the measures that are imposed', () => {
    const [permit] = ofKind(all, 'permit')
    expect(permit?.draft).toMatchObject({
      issuer: 'canada',
      consignee: 'baykar',
      exporter: null,
      number: null,
      items: [{ good: 'mx-15d', quantity: 7, unit: 'system' }],
    })
    const measures = ofKind(all, 'measure').map((one) => draftOf(one).legalForm)
    expect(measures.sort()).toEqual(['embargo', 'suspension'])
    const decision = ofKind(all, 'event').find((one) => draftOf(one).type === 'permit-decision')
    expect(decision?.draft).toMatchObject({
      on: { edtf: '2020-05', asStated: 'last May' },
      effects: [{ permit: draftOf(permit as Proposal).slug, becomes: 'issued' }],
    })
    expect(decision?.needs).toContain(permit?.id)
  })

  test('proposes each post with its person and organisation', () => {
    expect(ofKind(all, 'affiliation').map((one) => one.draft)).toEqual([
      expect.objectContaining({
        actor: 'kelsey-gallagher',
        organisation: 'project-ploughshares',
        role: 'researcher',
      }),
    ])
  })

  test('returns reported speech', () => {
    expect(all.speech.map(({ actor, document }) => actor?.name ?? document)).toEqual([
      'Documents',
      'The Globe and Mail',
      'Canadian government documents',
      'memo',
      'Marta Morgan',
      'Kelsey Gallagher',
      'Kelsey Gallagher',
    ])
  })

  test('proposes nothing from boilerplate, also from unmarked boilerplate', async () => {
    const names = /Stano|Hajiyev|Putin|Pashinyan|Peskov|USAID|European/
    expect(JSON.stringify(all)).not.toMatch(names)
    const { body } = await post(fresh, '/v1/articles', {
      slug: 'unmarked',
      title: 'Unmarked',
      case: 'fresh',
      text: `${source} `,
    }).expect(201)
    expect(body.boilerplate).toEqual([])
    expect(JSON.stringify(await proposals(fresh, 'unmarked'))).not.toMatch(names)
  })

  test('every proposal has exact passages, a score and reasons', async () => {
    const { text } = await fresh.api.get(`/v1/articles/${slug}/body`)
    const body = [...text]
    const passages = [
      ...all.data.flatMap((one) => one.passages),
      ...all.mentions,
      ...all.dates,
      ...all.speech,
    ]
    for (const { start, end, quote } of passages)
      expect(body.slice(start, end).join('')).toBe(quote)
    for (const { score, reasons, passages: own } of all.data) {
      expect(score).toBeGreaterThanOrEqual(0.4)
      expect(score).toBeLessThanOrEqual(1)
      expect(reasons.join()).toMatch(/\w/)
      expect(own.length).toBeGreaterThan(0)
    }
  })

  test('without a date of the article, relative dates stay unresolved', async () => {
    const undated = await proposals(fresh, 'unmarked')
    const found = Object.fromEntries(
      undated.dates.map(({ quote, date }) => [quote, date?.edtf ?? null]),
    )
    expect(found).toMatchObject({
      'last May': null,
      'on Friday': null,
      'last year': null,
      'May 6, 2020': '2020-05-06',
      'late 2019': '2019-10/2019-12',
    })
  })

  test('ids are stable', async () => {
    expect((await proposals(fresh, slug)).data.map(({ id }) => id)).toEqual(
      all.data.map(({ id }) => id),
    )
  })
})

describe('the seed document beside its records', () => {
  test('recognises the 15 actors, the 2 goods and all 12 events', async () => {
    const answer = await proposals(seeded, 'turkey-pressed-canada')
    const open = answer.data.filter(({ state }) => state === 'open')
    expect(open.length).toBeGreaterThan(0)
    expect(open.filter(({ kind }) => kind === 'actor').map((one) => one.draft)).toEqual([])
    const named = new Set(answer.mentions.map(({ record }) => record))
    for (const actor of [
      'canada',
      'turkey',
      'azerbaijan',
      'armenia',
      'syria',
      'baykar',
      'l3harris-wescam',
      'project-ploughshares',
      'house-of-commons-foreign-affairs-committee',
      'justin-trudeau',
      'marta-morgan',
      'francois-philippe-champagne',
      'kelsey-gallagher',
      'the-globe-and-mail',
      'panarmenian-net',
      'mx-15d',
    ])
      expect(named, actor).toContain(actor)
    const known = new Set(
      answer.data.flatMap(({ kind, state, record }) =>
        kind === 'event' && state === 'known' ? [record?.slug] : [],
      ),
    )
    expect(known.size).toBe(12)
  })

  test('finds inflected, misspelt, foreign and transliterated names', async () => {
    const key = await bearerOf(seeded)
    await seeded.api
      .post('/v1/actors')
      .set('Authorization', key)
      .send({
        slug: 'nikol-pashinyan',
        type: 'person',
        name: 'Pashinyan',
        citations: [{ article: 'turkey-pressed-canada', quote: 'Turkey had pressed Ottawa' }],
      })
      .expect(201)
    const text = [
      "Baykar'ın sözcüsü konuştu. Türkiye'nin kararı.",
      'La Turquie et l’Arménie ont signé. Pashinian spoke to Baykr in Ankara.',
      "Baykar's drones and Turkey’s drones flew.",
    ].join('\n')
    await seeded.api
      .post('/v1/articles')
      .set('Authorization', key)
      .send({ slug: 'names', title: 'Names', case: 'canada-turkey-wescam', text })
      .expect(201)
    const { mentions } = await proposals(seeded, 'names')
    const found = Object.fromEntries(
      mentions.map(({ quote, record, how }) => [quote, `${record} (${how})`]),
    )
    expect(found).toMatchObject({
      Baykar: 'baykar (name)',
      Türkiye: 'turkey (name)',
      Turquie: 'turkey (foreign)',
      Arménie: 'armenia (foreign)',
      Pashinian: 'nikol-pashinyan (misspelt)',
      Baykr: 'baykar (misspelt)',
      Ankara: 'turkey (alias)',
      Turkey: 'turkey (name)',
    })
  })
})

describe('articles of other countries, firms and words', () => {
  const propose = async (file: string, publishedOn: string): Promise<Answer> => {
    const { body } = await fresh.api
      .post('/v1/articles')
      .set('Authorization', bearer)
      .field('case', 'fresh')
      .field('publishedOn', publishedOn)
      .attach('file', `tests/intake/articles/${file}`)
      .expect(201)
    return proposals(fresh, body.slug)
  }
  const typed = (answer: Answer) =>
    Object.fromEntries(ofKind(answer, 'actor').map((one) => [draftOf(one).name, draftOf(one).type]))
  const events = (answer: Answer) => ofKind(answer, 'event').map(told)

  test('radars from Norway', async () => {
    const answer = await propose('radars.txt', '2022-06-15')
    expect(typed(answer)).toMatchObject({
      Norway: 'state',
      Egypt: 'state',
      Sudan: 'state',
      'Nordvik Maritime Systems': 'company',
      'Ministry of Foreign Affairs': 'public-body',
      'Nordic Arms Watch': 'organisation',
      'Ingrid Solberg': 'person',
      'Anders Lunde': 'person',
      'Per Aas': 'person',
    })
    expect(answer.quantities).toEqual([
      expect.objectContaining({ value: 11, unit: 'radar', good: { name: 'SR-40', record: null } }),
      // Which radars "eight of the radars" are is left open.
      expect.objectContaining({ quote: 'eight of the radars', value: 8, good: null }),
    ])
    expect(events(answer)).toEqual(
      expect.arrayContaining([
        'permit-decision: issuer=norway',
        expect.stringMatching(/^permit-decision: issuer=ministry-of-foreign-affairs/),
        expect.stringMatching(/^assurance: assurer=egypt/),
        'statement: speaker=ingrid-solberg',
        'statement: speaker=per-aas',
        expect.stringMatching(/^disclosure:/),
        expect.stringMatching(/^delivery: .*consignee=sudan/),
      ]),
    )
    expect(answer.dates.map(({ quote, date }) => [quote, date?.edtf])).toEqual([
      ['on Tuesday', '2022-06-14'],
      ['March 2021', '2021-03'],
      ['on Monday', '2022-06-13'],
      ['late 2021', '2021-10/2021-12'],
      // "since 1994" begins in that year and has no end.
      ['1994', '1994/..'],
    ])
    expect(ofKind(answer, 'affiliation').map((one) => one.draft)).toEqual([
      expect.objectContaining({
        actor: 'per-aas',
        organisation: 'nordic-arms-watch',
        role: 'analyst',
      }),
    ])
  })

  test('engines from Brazil', async () => {
    const answer = await propose('engines.txt', '2021-08-20')
    expect(typed(answer)).toMatchObject({
      Brazil: 'state',
      Mali: 'state',
      Germany: 'state',
      'Aeromotor Sul': 'company',
      'Rafael Duarte': 'person',
      'Folha Diaria': 'publisher',
      'Ministry of Defence': 'public-body',
      // Under its best-known name; the one in the text is an alias.
      'UN Security Council': 'public-body',
    })
    expect(
      ofKind(answer, 'actor').find((one) => draftOf(one).name === 'Aeromotor Sul')?.draft,
    ).toMatchObject({
      country: 'BR',
    })
    expect(answer.quantities).toEqual([
      expect.objectContaining({ value: 24, unit: 'engine', good: { name: 'TX-90', record: null } }),
    ])
    expect(events(answer)).toEqual(
      expect.arrayContaining([
        'measure-decision: imposer=brazil target=mali',
        'delivery: supplier=aeromotor-sul consignee=mali',
        // Brazil's ministry gives a Brazilian maker a permit: that is the exporter.
        'permit-decision: issuer=ministry-of-defence exporter=aeromotor-sul',
        'request: requester=mali addressee=brazil',
        'recommendation: author=germany addressee=brazil',
        'report: reporter=folha-diaria',
        'assurance: assurer=mali',
        'statement: speaker=rafael-duarte',
      ]),
    )
    const permit = ofKind(answer, 'event').find((one) => told(one).startsWith('permit-decision'))
    expect(permit?.draft).toMatchObject({
      on: { edtf: '2020-02-03', asStated: '3 February 2020' },
    })
  })
})

describe('a long article', () => {
  test('does not block other requests', async () => {
    const text = readFileSync('tests/intake/articles/engines.txt', 'utf8')
    const { body } = await post(fresh, '/v1/articles', {
      slug: 'long',
      title: 'Long',
      case: 'fresh',
      text: `${text}\n`.repeat(60),
    }).expect(201)
    let isRead = false
    const reading = proposals(fresh, body.slug).finally(() => {
      isRead = true
    })
    let answered = 0
    while (!isRead) {
      await fresh.api.get('/healthz').expect(200)
      answered += 1
    }
    expect((await reading).mentions.length).toBeGreaterThan(500)
    expect(answered).toBeGreaterThan(20)
  })
})

test('a long text is read to 400,000 units, and its last two thirds are those of all of it', async () => {
  const filler = 'Nothing of note was said on that day in the small town by the sea. '.repeat(45)
  const lines = Array.from({ length: 300 }, (_, number) => `${number} ${filler}`)
  // Two fifths of what is read, and a fifth of the text.
  lines.splice(60, 0, 'Related stories')
  const named = 'Norway suspended exports of drones to Chile on 3 May 2021. \u{1f600}'
  lines.splice(70, 0, named)
  const text = lines.join('\n')
  const article = { slug: 'longer', title: 'A long text', case: 'fresh', text }
  await post(fresh, '/v1/articles', article).expect(201)
  const answer = await proposals(fresh, 'longer')
  expect(answer.readTo).toBe(400_000 - 1)
  const start = text.indexOf('Norway')
  expect(answer.mentions).toContainEqual(
    expect.objectContaining({ start, end: start + 'Norway'.length, quote: 'Norway' }),
  )
})

test('only citations that a draft can be compared with are loaded', async () => {
  const { body: article } = await seeded.api.get('/v1/articles/turkey-pressed-canada').expect(200)
  const { db } = seeded.database
  const load = (kinds: ProposalKind[], end: number) => findCitedPassages(db, article.id, kinds, end)
  const events = await load(['event'], 400_000)
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['event']))
  const last = events.at(-1)?.start ?? 0
  const before = await load(['event'], last)
  expect(before).toEqual(events.filter(({ start }) => start < last))
  expect(before.length).toBeGreaterThan(0)
  expect(await load([], 400_000)).toEqual([])
})
