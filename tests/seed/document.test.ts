import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import {
  type FullRecord,
  formatVoices,
  kindPaths,
  readAllRecords,
  readEntries,
} from '../harness/record-reader.ts'

/** What the seed keeps of its document, and how every fact hangs on it. */

const t = useApp()

const received = readFileSync('seeds/canada-turkey-wescam/source.txt')
const title = 'Turkey pressed Canada to sell air-strike gear later used in Karabakh'
const path = '/v1/articles/turkey-pressed-canada'
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')

let article: Awaited<ReturnType<typeof wholeArticle>>
let records: FullRecord[]
const wholeArticle = async () => (await t.api.get(path).expect(200)).body

const bytesOf = async (url: string): Promise<Buffer> => {
  const { body } = await t.api
    .get(url)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done(null, Buffer.concat(chunks)))
    })
    .expect(200)
  return body
}

beforeAll(async () => {
  article = await wholeArticle()
  records = await readAllRecords(t)
})

describe('the bytes as received', () => {
  test('equal the document byte for byte', async () => {
    expect((await bytesOf(`${path}/source`)).equals(received)).toBe(true)
  })

  test('have the SHA-256 of the article, computed from /source', async () => {
    expect(sha256(await bytesOf(`${path}/source`))).toBe(article.sourceSha256)
    expect(article.sourceMediaType).toBe('text/plain; charset=utf-8')
  })
})

describe('the body', () => {
  test('has the SHA-256 of the article, computed from /body', async () => {
    const body = await bytesOf(`${path}/body`)
    expect(sha256(body)).toBe(article.bodySha256)
    expect(body.toString('utf8')).toBe(article.body)
    expect([...article.body]).toHaveLength(article.bodyLength)
  })

  test('has the title once, although the document has it twice', () => {
    expect(received.toString('utf8').split(title)).toHaveLength(3)
    expect(article.body.split(title)).toHaveLength(2)
    expect(article.body.startsWith(`${title}\n\nPanARMENIAN.Net - `)).toBe(true)
  })

  test('equals the document without the second title', () => {
    const document = received.toString('utf8')
    expect(document.startsWith(`${title}\n\n${title}\n\n`)).toBe(true)
    expect(article.body).toBe(document.slice(`${title}\n\n`.length))
  })

  test('is NFC with \\n line ends', () => {
    expect(article.body.normalize('NFC')).toBe(article.body)
    expect(article.body).not.toContain('\r')
  })
})

describe('the boilerplate', () => {
  const names = ['Stano', 'Hajiyev', 'Putin', 'Pashinyan', 'Peskov', 'USAID']

  test('is one marked span from "Top stories" to the end', () => {
    const start = [...article.body.slice(0, article.body.indexOf('\u00a0Top stories'))].length
    expect(article.boilerplate).toEqual([
      {
        type: 'boilerplate',
        start,
        end: article.bodyLength,
        note: 'Teasers of other articles that stand below this one on the page.',
        page: null,
        confidence: null,
      },
    ])
  })

  test('is kept, with all text about other matters', () => {
    const [span] = article.boilerplate
    const text = [...article.body]
    const [before, within] = [text.slice(0, span.start).join(''), text.slice(span.start).join('')]
    for (const name of names) {
      expect(within).toContain(name)
      expect(before).not.toContain(name)
    }
    expect(within.endsWith('Partner news\n---')).toBe(true)
  })

  test('is cited by nothing', async () => {
    const [span] = article.boilerplate
    const citations = await readEntries(t, '/v1/citations')
    expect(citations.length).toBeGreaterThan(100)
    expect(citations.filter(({ end }) => Number(end) > span.start)).toEqual([])
    const { body } = await t.api.get(`${path}/body?citations=true`).expect(200)
    const types = body.spans.map(({ type }: { type: string }) => type)
    expect(types.indexOf('boilerplate')).toBe(types.length - 1)
  })

  test.each(names)('%s is in no record', (name) => {
    const withoutBody = records.map(({ body: _, ...record }) => record)
    expect(JSON.stringify(withoutBody)).not.toContain(name)
  })
})

describe('the article', () => {
  test('is of PanARMENIAN.Net, in English, without author or address', () => {
    expect(article).toMatchObject({
      title,
      case: { slug: 'canada-turkey-wescam' },
      publisher: { slug: 'panarmenian-net' },
      authors: [],
      url: null,
      language: 'en',
    })
  })

  test('publishedOn is inferred from the text, with words and reasoning', () => {
    expect(article.publishedOn).toEqual({
      edtf: '2021-01/2021-05',
      asStated: 'last May; on Friday; last year',
      reasoning: expect.stringMatching(
        /bears no date.*"last year".*May 6, 2020.*"last May".*Friday/s,
      ),
      earliest: '2021-01-01',
      latest: '2021-05-31',
    })
    for (const words of ['last May', 'on Friday', 'last year', 'May 6, 2020'])
      expect(article.body).toContain(words)
  })

  test('cites each passage that dates it', () => {
    const quotes = (article.citations as FullRecord['citations'])
      .filter(({ field }) => field === 'publishedOn')
      .map(({ quote }) => quote)
    for (const words of ['last May', 'on Friday', 'last year', 'May 6, 2020'])
      expect(quotes.filter((quote) => quote.includes(words))).toHaveLength(1)
  })

  test('is the one article of the one case', async () => {
    const { body } = await t.api.get('/v1/cases/canada-turkey-wescam').expect(200)
    expect(body.articles).toEqual([expect.objectContaining({ slug: 'turkey-pressed-canada' })])
    expect(await readEntries(t, '/v1/cases')).toHaveLength(1)
    expect(await readEntries(t, '/v1/articles')).toHaveLength(1)
  })
})

describe('every quote', () => {
  test('equals the slice of the body between its offsets in code points', () => {
    const text = [...article.body]
    const citations = records.flatMap((record) => record.citations)
    expect(citations.length).toBeGreaterThan(100)
    for (const { start, end, quote, prefix, suffix } of citations) {
      expect(text.slice(start, end).join('')).toBe(quote)
      expect(text.slice(Math.max(0, start - 32), start).join('')).toBe(prefix)
      expect(text.slice(end, end + 32).join('')).toBe(suffix)
    }
  })

  test('passes verification', async () => {
    for (const { id, start, end, quote } of records.flatMap((record) => record.citations)) {
      const { body } = await t.api.get(`/v1/citations/${id}/verify`).expect(200)
      expect(body).toEqual({
        citation: id,
        holds: true,
        reason: null,
        start,
        end,
        quote,
        found: quote,
        article: expect.objectContaining({ slug: 'turkey-pressed-canada' }),
        bodySha256: article.bodySha256,
        bodyStretch: { start: 0, end: article.bodyLength },
        bodyIntact: true,
      })
    }
  })

  test('occurs once in the citable text', () => {
    const citable = [...article.body].slice(0, article.boilerplate[0].start).join('')
    for (const { quote } of records.flatMap((record) => record.citations))
      expect(citable.split(quote), quote).toHaveLength(2)
  })

  test('has voices, the last of which is PanARMENIAN.Net', () => {
    for (const citation of records.flatMap((record) => record.citations))
      expect(formatVoices(citation).at(-1)).toBe('panarmenian-net')
  })
})

describe('GET /v1/cases/canada-turkey-wescam/coverage', () => {
  test('counts a citation for every fact of every record', async () => {
    const { body } = await t.api.get('/v1/cases/canada-turkey-wescam/coverage').expect(200)
    expect(body).toMatchObject({ case: { slug: 'canada-turkey-wescam' }, share: 1 })
    expect(body.cited).toBe(body.facts)
    expect(body.records.filter(({ missing }: { missing: [] }) => missing.length > 0)).toEqual([])
    // Places are reference data: they need no citation.
    const cited = body.records.filter(
      ({ record }: { record: { href: string } }) => !record.href.startsWith('/v1/places/'),
    )
    expect(cited).toHaveLength(records.length)
  })

  test('every member with a value has a citation on it or in it', () => {
    const ofTheText = ['case', 'language', 'body', 'bodyLength', 'bodySha256', 'sourceSha256']
    const notStated = [
      'id',
      'kind',
      'slug',
      'revision',
      'href',
      'citations',
      'conflicts',
      'sourceMediaType',
      'status',
      'issuedOn',
      'history',
      'inForce',
      'members',
      // The single destination again.
      'destinations',
      'targets',
      'articles',
      'boilerplate',
      'spans',
    ]
    for (const record of records)
      for (const [name, value] of Object.entries(record)) {
        if (value === null || (Array.isArray(value) && value.length === 0)) continue
        if (notStated.includes(name) || ofTheText.includes(name)) continue
        // The role says of what type an affiliation is.
        if (record.kind === 'affiliation' && name === 'type') continue
        const on = record.citations.map(({ field }) => field?.split('.')[0])
        expect(on, `${record.href} ${name}`).toContain(name)
      }
  })

  test('every record has a citation', () => {
    expect(records.filter(({ citations }) => citations.length === 0)).toEqual([])
    // The article states no totals.
    const kinds = kindPaths.filter((path) => path !== 'figures')
    expect(new Set(records.map(({ kind }) => `${kind}s`))).toEqual(new Set(kinds))
  })
})
