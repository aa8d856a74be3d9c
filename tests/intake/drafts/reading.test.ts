import { describe, expect, test } from 'vitest'
import { draftRecords } from '../../../src/intake/proposals/drafts/draft-records.ts'
import type { NamedRecord } from '../../../src/intake/proposals/queries.ts'
import { RecordNames } from '../../../src/intake/proposals/reading/record-names.ts'
import { createKnown, readArticle } from './read-article.ts'

const draft = (body: string, known: readonly NamedRecord[] = []) =>
  draftRecords(readArticle(body, { known, day: '2023-03-15' }), { slug: 'news', body })
const titles = (body: string) =>
  draft(body)
    .filter(({ kind }) => kind === 'event')
    .map(({ record }) => record.title)

describe('a name is held against the records', () => {
  const baykar = createKnown({ name: 'Velkar', slug: 'velkar' })

  test.each([
    ['The drone maker Velkar Makina sold drones.'],
    ['The drone maker Velkar sold drones.'],
    ['Velkar Ltd sold drones.'],
  ])('%s proposes no second actor', (body) => {
    const actors = draft(body, [baykar]).filter(({ kind }) => kind === 'actor')
    expect(actors.map(({ known }) => known?.slug)).toEqual(['velkar'])
  })

  test.each([
    ['another name', 'The drone maker Talon Sky sold drones.', baykar],
    ['a person', 'The drone maker Velkar Makina left.', { ...baykar, type: 'person' as const }],
    [
      'a firm of another state',
      'The Serbian drone maker Velkar Makina left.',
      { ...baykar, country: 'TR' },
    ],
  ])('%s is not the record', (_, body, record) => {
    const actors = draft(body, [record]).filter(({ type }) => type === 'company')
    expect(actors.map(({ known }) => known)).toEqual([null])
  })

  test('of two records that come as near, none is taken', () => {
    const names = new RecordNames()
    names.update([
      createKnown({ name: 'Velkar Makina', slug: 'a' }),
      createKnown({ name: 'Velkar Savunma', slug: 'b' }),
    ])
    const asked = createKnown({ name: 'Velkar' })
    expect(names.match(asked)).toBeNull()
    expect(names.match({ ...asked, name: 'Velkar Makina A.S.' })?.record.slug).toBe('a')
  })

  test('a record that is gone is no record', () => {
    const names = new RecordNames()
    names.update([baykar])
    names.update([{ ...baykar, isLive: false }])
    expect(names.list()).toEqual([])
    expect(names.findBySlug('actor', 'velkar')).toBeUndefined()
  })
})

describe('what is not done gives no event', () => {
  test.each([
    ['denied', 'Denmark denied that it had issued export permits to Turkey.'],
    ['doubted', 'Denmark has allegedly cancelled export permits for Turkey.'],
    ['conditional', 'If Denmark cancels export permits for Turkey, the firm will close.'],
    ['planned', 'Denmark plans to cancel export permits for Turkey.'],
    ['possible', 'Denmark may cancel export permits for Turkey.'],
    ['negated', 'Denmark has not cancelled export permits for Turkey.'],
    ['asked for', 'Campaigners want Denmark to cancel export permits for Turkey.'],
    ['a question', 'Has Denmark cancelled export permits for Turkey?'],
    ['said to be untrue', 'It is false that Denmark barred arms exports to Turkey.'],
  ])('%s: %s', (_, body) => {
    const done = draft(body).filter(
      ({ kind, type }) =>
        kind === 'permit' || kind === 'measure' || (kind === 'event' && type !== 'statement'),
    )
    expect(done.map(({ record }) => record.title)).toEqual([])
  })
})

test.each([
  ['Canada cancelled export permits for Turkey.', 'Canada cancels export permits for Turkey'],
  ['Canada revoked 29 export permits for Turkey.', 'Canada cancels 29 export permits for Turkey'],
  ['Canada suspended arms exports to Turkey.', 'Canada suspends arms exports to Turkey'],
  ['Canada imposed an arms embargo on Turkey.', 'Canada imposes an arms embargo on Turkey'],
  ['Canada lifted the arms embargo on Turkey.', 'Canada lifts an embargo or ban on Turkey'],
  [
    'Norway and Sweden cancelled export permits for Turkey.',
    'Norway and Sweden cancel export permits for Turkey',
  ],
  ['Norway delivered 12 GX-40 radars to Egypt.', 'Norway delivers 12 GX-40 radars to Egypt'],
])('the title of "%s"', (body, title) => {
  expect(titles(body)).toEqual([title])
})

test('a permit has number, issuer, destination, goods, quantity and value', () => {
  const body =
    'On 3 March 2022 Norway issued export licence NO-2022/0417 for the export of 12 GX-40 radars worth 4 million euros to Egypt.'
  const permit = draft(body).find(({ kind }) => kind === 'permit')
  expect(permit?.record).toMatchObject({
    number: 'NO-2022/0417',
    issuer: 'norway',
    destination: 'egypt',
    items: [{ good: 'gx-40', quantity: 12, unit: 'radar' }],
    value: { amount: '4000000', currency: 'EUR' },
  })
})

test('offsets are those of the body, also behind characters of two units', () => {
  const body = '🛩️🛩️ Canada cancelled export permits for Turkey on 3 March 2023.'
  const event = draft(body).find(({ kind }) => kind === 'event')
  const [passage] = event?.passages ?? []
  expect(body.slice(passage?.start, passage?.end)).toMatch(/^Canada cancelled .* Turkey/)
  expect(event?.record.on).toMatchObject({ edtf: '2023-03-03', asStated: '3 March 2023' })
})

test('two events of an article have different slugs', () => {
  const body =
    'Canada cancelled export permits for Turkey on 3 March 2023. Canada cancelled export permits for Turkey on 9 May 2022.'
  const slugs = draft(body)
    .filter(({ kind }) => kind === 'event')
    .map(({ record }) => record.slug)
  expect(new Set(slugs).size).toBe(2)
})
