import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { seedMissingCases } from '../../../src/intake/seed/seed-case.ts'
import { useApp } from '../../harness/app.ts'
import { useWriteClient } from '../../harness/write-client.ts'

const casesFolder = join(import.meta.dirname, '../../cases')
const slug = 'invented-sights-for-oman'
const file = parse(readFileSync(join(casesFolder, slug, 'case.yaml'), 'utf8'))

/** Every finding of the case: rule, certainty, sentence. */
const expected = [
  [
    'diversion',
    'possible',
    'The Danish Export Desk issued an export permit for 400 VM-40 sight to Tarim Trading of Oman on 14 March 2019',
  ],
]

type Cited = { slug: string; citations: { article?: string; fields: string[] }[] }

const listKinds = ['actor', 'affiliation', 'good', 'permit', 'measure', 'event', 'figure'] as const

/** One batch for each document: the article, and the records whose last passage stands in it. */
function buildBatches() {
  const order: string[] = file.articles.map((article: Cited) => article.slug)
  const lastArticle = ({ citations }: Cited) =>
    Math.max(...citations.map(({ article }) => order.indexOf(article ?? '')))
  return file.articles.map(({ source, citations, ...article }: Cited & { source: string }, index: number) => {
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
  })
}

type Found = { rule: string; certainty: string; sentence: string; reason: string }

describe('entered over HTTP, one request for each document', () => {
  const t = useApp({ CACHE_MB: 0 }, 'empty')
  const w = useWriteClient(t)
  const list = async (query = ''): Promise<Found[]> =>
    (await t.api.get(`/v1/findings?limit=200${query}`).expect(200)).body.data

  beforeAll(async () => {
    for (const place of file.places) await enterPlace(place)
    for (const items of buildBatches()) {
      const { status, body } = await w.post('/v1/batch', { items })
      expect(status, JSON.stringify(body)).toBe(200)
    }
  })

  const enterPlace = (place: Record<string, unknown>) =>
    t.database.pool.query(
      `INSERT INTO place (id, slug, name, country, latitude, longitude, source)
       VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6)`,
      ['slug', 'name', 'country', 'latitude', 'longitude', 'source'].map((column) => place[column]),
    )

  test('every finding', async () => {
    const found = await list()
    console.log(found.map(({ rule, certainty, sentence, reason }) => `${rule}|${certainty}|${sentence}|${reason}`).join('\n'))
    expect(found.map(({ rule, certainty, sentence }) => [rule, certainty, sentence])).toEqual(expected)
  })

  test('the same when the folder is seeded', async () => {
    expect(file.case.title).toMatch(/^Invented/)
  })
})

describe('loaded by `casefile seed tests/cases`', () => {
  const t = useApp({ CACHE_MB: 0 }, 'empty')

  test('has the same findings', async () => {
    expect(await seedMissingCases(t.database, () => undefined, { folder: casesFolder })).toBe(1)
    const { body } = await t.api.get('/v1/findings?limit=200').expect(200)
    expect(
      body.data.map(({ rule, certainty, sentence }: Found) => [rule, certainty, sentence]),
    ).toEqual(expected)
  })
})
