import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { listCaseFolders } from '../../../src/intake/seed/missing-cases.ts'
import { seedMissingCases } from '../../../src/intake/seed/seed-case.ts'
import { useApp } from '../../harness/app.ts'
import { useWriteClient } from '../../harness/write-client.ts'

const casesFolder = join(import.meta.dirname, '../../cases')
const slug = 'invented-sights-for-oman'
const file = parse(readFileSync(join(casesFolder, slug, 'case.yaml'), 'utf8'))

/** Every finding of the case: rule, certainty, sentence. */
const issue =
  'The Danish Export Desk of Denmark issued an export permit for 400 VM-40 sights to Tarim Trading of Oman on 14 March 2019'
const issued =
  'an export permit for 400 VM-40 sights to Tarim Trading of Oman, which the Danish Export Desk of Denmark issued on 14 March 2019'
const expected = [
  [
    'diversion',
    'possible',
    `${issue}; the Ridge Column, which the permit does not name, used VM-40 sight in Aden in August 2019.`,
  ],
  [
    'assurance-contradicted',
    'certain',
    'Tarim Trading assured the Danish Export Desk in February 2019 of a use of VM-40 sight by Tarim Trading in Oman, “only by its own guards”; the Ridge Column used VM-40 sight in Aden in August 2019.',
  ],
  ['reversal', 'certain', `${issue}; it was annulled on 11 February 2020.`],
  [
    'delivery-without-permit',
    'certain',
    `A delivery of 30 VM-40 sights in May 2020 was made under ${issued}; it was annulled on 11 February 2020.`,
  ],
  [
    // The news says 420: sources disagree about the quantity of the permit.
    'over-delivery',
    'possible',
    `Deliveries of 250 in June 2019, 200 in October 2019 and 30 in May 2020 under ${issued}, come to 480 VM-40 sights.`,
  ],
  [
    'refused-elsewhere',
    'certain',
    `Sweden refused an export permit for VM-40 sight to Oman on 8 November 2018; ${issue.replace(/^The/, 'the')}.`,
  ],
  [
    'offshore-supply',
    'possible',
    `${issue}; the exporter, Veltmark Optik, belongs to Harrow & Lindt of Norway (62 per cent), and Norway’s arms embargo on Oman of January 2018 was in force.`,
  ],
  [
    'figures-disagree',
    'possible',
    'One source states three export permits issued by Denmark for Oman in 2019; on record are two.',
  ],
  [
    'figures-disagree',
    'certain',
    'One source states licences worth 5,200,000 DKK by Denmark for Oman in 2019, another licences worth 4,100,000 DKK.',
  ],
]

type Cited = { slug: string; citations: { article?: string; fields: string[] }[] }

const listKinds = ['actor', 'affiliation', 'good', 'permit', 'measure', 'event', 'figure'] as const

/** One batch for each document: the article, and the records whose last passage stands in it. */
function buildBatches() {
  const order: string[] = file.articles.map((article: Cited) => article.slug)
  const lastArticle = ({ citations }: Cited) =>
    Math.max(...citations.map(({ article }) => order.indexOf(article ?? '')))
  return file.articles.map(
    ({ source, citations, ...article }: Cited & { source: string }, index: number) => {
      const toItem = (kind: string, record: object) => ({ op: 'create', kind, record })
      const text = readFileSync(join(casesFolder, slug, source), 'utf8')
      return [
        ...(index === 0 ? [toItem('case', file.case)] : []),
        toItem('article', {
          ...article,
          case: slug,
          text,
          citations: citations.map((citation) => ({ ...citation, article: article.slug })),
        }),
        ...listKinds.flatMap((kind) =>
          (file[`${kind}s`] as Cited[])
            .filter((record) => lastArticle(record) === index)
            .map((record) => toItem(kind, record)),
        ),
      ]
    },
  )
}

type Found = { rule: string; certainty: string; sentence: string }

describe('entered over HTTP, one request for each document', () => {
  const t = useApp({ CACHE_MB: 0 }, 'empty')
  const w = useWriteClient(t)
  beforeAll(async () => {
    for (const place of file.places) await w.post('/v1/places', place).expect(201)
    for (const items of buildBatches()) {
      const { status, body } = await w.post('/v1/batch', { items })
      expect(status, JSON.stringify(body)).toBe(200)
    }
  })

  test('every finding', async () => {
    const { body } = await t.api.get('/v1/findings?limit=200').expect(200)
    expect(
      body.data.map(({ rule, certainty, sentence }: Found) => [rule, certainty, sentence]),
    ).toEqual(expected)
  })

  test('the case says that it is invented, and is not among the seeds', async () => {
    expect(file.case.title).toMatch(/^Invented/)
    expect(listCaseFolders().map((folder) => basename(folder))).not.toContain(slug)
  })
})

describe('loaded by `casefile seed tests/cases/invented-sights-for-oman`', () => {
  const t = useApp({ CACHE_MB: 0 }, 'empty')

  test('has the same findings', async () => {
    const caseFolder = join(casesFolder, slug)
    expect(await seedMissingCases(t.database, () => undefined, { folder: caseFolder })).toBe(1)
    expect(await seedMissingCases(t.database, () => undefined, { folder: casesFolder })).toBe(0)
    const { body } = await t.api.get('/v1/findings?limit=200').expect(200)
    expect(
      body.data.map(({ rule, certainty, sentence }: Found) => [rule, certainty, sentence]),
    ).toEqual(expected)
  })
})
