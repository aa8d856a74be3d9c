import { describe, expect, test } from 'vitest'
import { draftRecords } from '../../../src/intake/proposals/drafts/draft-records.ts'
import { formatTitle } from '../../../src/intake/proposals/drafts/events/titles.ts'
import type { NamedRecord } from '../../../src/intake/proposals/queries.ts'
import { createKnown, readArticle } from './read-article.ts'

const read = (body: string, known: readonly NamedRecord[] = []) =>
  draftRecords(readArticle(body, { known, day: '2021-04-13' }), { slug: 'news', body })

const readKind = (kind: string, body: string, known: readonly NamedRecord[] = []) =>
  read(body, known).filter((draft) => draft.kind === kind)

const readQuotes = (record: { citations: { quote: string; field?: string | null }[] }) =>
  record.citations.map(({ quote, field }) => [field, quote])

test('no detections give no drafts', () => {
  expect(read('')).toEqual([])
  expect(read('It went on.')).toEqual([])
})

describe('an actor', () => {
  test('is cited with the words that identify it, and has the country of its adjective', () => {
    const [, actor] = readKind('actor', 'So the Turkish drone-maker Baykar left. Baykar came.')
    expect(actor).toMatchObject({
      identities: ['actor|actor:baykar'],
      known: null,
      record: { slug: 'baykar', type: 'company', name: 'Baykar', country: 'TR', aliases: [] },
      score: 1,
      needs: [],
    })
    expect(actor && readQuotes(actor.record)).toEqual([
      ['type', 'Turkish drone-maker Baykar'],
      ['name', 'Turkish drone-maker Baykar'],
      ['country', 'Turkish drone-maker Baykar'],
    ])
    expect(actor?.reasons).toContain('2 mentions')
  })

  test('that is a state has its capitals as aliases without duplicates', () => {
    const [state] = readKind('actor', 'Canada left. Ottawa came. Later Ottawa left.')
    expect(state?.record).toMatchObject({
      name: 'Canada',
      aliases: [{ name: 'Ottawa', language: null }],
    })
  })

  const canada = createKnown({ name: 'Canada', type: 'state', country: 'CA', slug: 'ca' })

  test('with a record gets at most three citations', () => {
    const [draft] = readKind('actor', 'Canada left. Canada came. Canada sat. Canada ran.', [canada])
    expect(draft).toMatchObject({ known: { slug: 'ca' }, identities: ['cite|state:CA'] })
    expect(draft?.record).toEqual({ citations: expect.any(Array) })
    expect(draft && readQuotes(draft.record)).toEqual([
      [null, 'Canada left'],
      [null, 'Canada came'],
      [null, 'Canada sat'],
    ])
  })

  test('with a record gets no citation of an adjective', () => {
    expect(readKind('actor', 'It met Canadian firms.', [canada])).toEqual([])
  })
})

describe('a good', () => {
  test('is cited up to its maker, and needs the maker', () => {
    const [good] = readKind('good', 'It sold MX-15D systems made by Nurol Makina here.')
    expect(good).toMatchObject({
      record: { designation: 'MX-15D', description: 'system', manufacturer: 'nurol-makina' },
      needs: ['actor|actor:nurol makina'],
    })
    expect(good && readQuotes(good.record)).toEqual(
      ['designation', 'description', 'manufacturer'].map((field) => [
        field,
        'MX-15D systems made by Nurol Makina',
      ]),
    )
  })

  test('needs no maker with a record', () => {
    const known = [createKnown({ name: 'Nurol Makina', slug: 'nurol' })]
    const [good] = readKind('good', 'It sold MX-15D systems made by Nurol Makina.', known)
    expect(good).toMatchObject({ record: { manufacturer: 'nurol' }, needs: [] })
  })

  test('with a record gets citations only', () => {
    const known = [createKnown({ name: 'MX-15D', kind: 'good', type: null })]
    const [good] = readKind('good', 'It sold MX-15D systems.', known)
    expect(good?.record).toEqual({
      citations: [expect.objectContaining({ quote: 'MX-15D systems' })],
    })
  })
})

test.each([
  ['Per Aas, an analyst with Nordic Arms Watch, left.', ['analyst']],
  ['Per Aas, an analyst, left.', []],
])('an affiliation needs an organisation: %s', (text, roles) => {
  expect(readKind('affiliation', text).map(({ record }) => record.role)).toEqual(roles)
})

describe('a permit', () => {
  const issued =
    'Canada issued permits to Nurol Makina for seven MX-15D systems for Syria in May 2020.'

  test('is drafted before the event that issues it', () => {
    const drafts = read(issued).filter(({ kind }) => kind === 'permit' || kind === 'event')
    const [permit, event] = drafts
    expect(drafts.map(({ kind }) => kind)).toEqual(['permit', 'event'])
    expect(permit?.record).toMatchObject({
      issuer: 'canada',
      // A licence is given to the exporter; the goods go to the destination.
      exporter: 'nurol-makina',
      consignee: null,
      destination: 'syria',
      items: [{ good: 'mx-15d', quantity: 7, unit: 'system' }],
    })
    expect(event?.record).toMatchObject({
      on: { edtf: '2020-05', asStated: 'May 2020' },
      effects: [{ permit: permit?.record.slug, becomes: 'issued' }],
      goods: ['mx-15d'],
    })
    expect(event?.needs).toContain(permit?.identities[0])
    expect(permit?.needs).toEqual([
      'actor|state:CA',
      'actor|actor:nurol makina',
      'good|good:mx-15d',
      'actor|state:SY',
    ])
  })

  test.each([
    ['no issuer', 'Permits were issued to Nurol Makina.'],
    ['nothing that tells which', 'Canada cancelled permits.'],
  ])('is not drafted: %s', (_, text) => {
    expect(readKind('permit', text)).toEqual([])
    const [event] = readKind('event', text)
    expect(event?.record.effects).toEqual([])
    expect(event?.reasons.at(-1)).toMatch(/name the permit or measure in `effects`$/)
  })

  test('has no destination from a state before it, after another preposition or as an adjective', () => {
    const destination = (text: string) => readKind('permit', text)[0]?.record.destination
    expect(destination('Canada issued permits for the Syria desk.')).toBeNull()
    expect(destination('Canada issued permits for Syria.')).toBe('syria')
    expect(destination('Canada issued permits in Syria.')).toBeNull()
    expect(destination('Canada issued permits to the Syrian firm.')).toBeNull()
    expect(destination('Canada issued permits to Canada.')).toBeNull()
  })
})

describe('a measure', () => {
  test('is drafted before the event that imposes it', () => {
    const [measure, event] = read('Canada imposed an embargo on Turkey in May 2020.').slice(2)
    expect(measure).toMatchObject({
      kind: 'measure',
      record: {
        slug: 'canada-embargo-turkey-2020-05',
        imposer: 'canada',
        target: 'turkey',
        legalForm: 'embargo',
      },
    })
    expect(event?.record.effects).toEqual([
      { measure: 'canada-embargo-turkey-2020-05', becomes: 'imposed' },
    ])
  })

  test.each([
    ['no target', 'Canada imposed an embargo.'],
    ['no imposer', 'An embargo was imposed on Turkey.'],
    ['lifted', 'Canada lifted the embargo on Turkey.'],
  ])('is not drafted: %s', (_, text) => {
    expect(readKind('measure', text)).toEqual([])
  })
})

describe('an event', () => {
  test('has a citation for each further passage, and the participants of the passage with most of them', () => {
    const [event, ...others] = readKind(
      'event',
      'Canada lifted the embargo. Then Canada lifted the embargo on Turkey.',
    )
    expect(others).toEqual([])
    expect(event?.record.participants).toEqual([
      { actor: 'canada', role: 'imposer' },
      { actor: 'turkey', role: 'target' },
    ])
    expect(event?.identities).toHaveLength(2)
    expect(event && readQuotes(event.record)).toEqual([
      ...['type', 'title', 'participants'].map((field) => [
        field,
        'Canada lifted the embargo on Turkey',
      ]),
      ['type', 'Canada lifted the embargo'],
    ])
  })

  test('has the voices of its sentence, nearest to the fact first', () => {
    const text = 'The documents show Canada issued permits, Ann Lee said, Kyiv Post reported.'
    const event = readKind('event', text).find(({ type }) => type === 'permit-decision')
    expect(event?.record.citations[0]?.voices).toEqual([
      'ann-lee',
      { document: 'documents' },
      'kyiv-post',
    ])
    expect(event?.needs).toEqual(expect.arrayContaining(['actor|actor:ann lee']))
  })
})

describe('the title of an event', () => {
  test.each([
    ['', ''],
    ['  barred \n exports ', 'Barred exports'],
    ['x'.repeat(200), `X${'x'.repeat(199)}`],
  ])('%j', (words, title) => {
    expect(formatTitle(words)).toBe(title)
  })

  test('is cut between words after 200 characters', () => {
    const title = formatTitle('word '.repeat(50))
    expect(title).toMatch(/^Word( word)* …$/)
    expect(title.length).toBeLessThanOrEqual(200)
    expect(title.length).toBeGreaterThan(190)
  })
})
