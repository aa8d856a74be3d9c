import { beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../../src/access/queries.ts'
import { splitRaised } from '../../src/intake/extraction/ocr/raised-symbols.ts'
import { describeTurn, parseTurn } from '../../src/intake/extraction/ocr/recognition.ts'
import { readDocument } from '../../src/intake/extraction/reader-pool.ts'
import { useApp } from '../harness/app.ts'
import { buildScannedPdf, buildTiff, drawScan, toPng } from './scan-builders.ts'

const t = useApp()
const inCase = 'canada-turkey-wescam'
let bearer: string

beforeAll(async () => {
  const key = await createKey(t.database.db, { name: 'desk', scope: 'write', expiresAt: null })
  bearer = `Bearer ${key?.text}`
})

const send = (content: Buffer, name: string, slug: string) =>
  t.api
    .post('/v1/articles')
    .set('Authorization', bearer)
    .field('case', inCase)
    .field('slug', slug)
    .attach('file', content, { filename: name })

const firstLines = [
  'The ministry issued permits for seven systems',
  'in May, and a committee asked where they went.',
]
const secondLines = [
  'The answer was sent to parliament in June,',
  'with a list of all the recipients.',
]

type Span = { type: string; page: number | null; note: string | null; confidence: number | null }

describe('a scan', () => {
  test('as PNG: is read with its confidence; a citation says that its quote was recognised', async () => {
    const picture = toPng(await drawScan(firstLines, { height: 120 }))
    const { body } = await send(picture, 'scan.png', 'a-scan').expect(201)
    expect(body.body).toBe(firstLines.join(' '))
    expect(body.sourceMediaType).toBe('image/png')
    const recognised = body.spans.filter(({ type }: Span) => type === 'ocr')
    expect(recognised).toHaveLength(2)
    for (const { confidence, page } of recognised) {
      expect(confidence).toBeGreaterThan(0.5)
      expect(confidence).toBeLessThanOrEqual(1)
      expect(page).toBe(1)
    }
    const { body: actor } = await t.api
      .post('/v1/actors')
      .set('Authorization', bearer)
      .send({
        slug: 'the-ministry',
        type: 'public-body',
        name: 'The ministry',
        citations: [{ article: 'a-scan', quote: 'The ministry issued permits' }],
      })
      .expect(201)
    const [citation] = actor.citations
    expect(citation).toMatchObject({ source: 'ocr', sourceConfidence: recognised[0].confidence })
    for (const path of [
      '/v1/citations?record=actor/the-ministry',
      `/v1/actors/the-ministry?revision=${actor.revision}`,
      '/v1/citations?record=actor/the-ministry&format=csv',
    ]) {
      const { text } = await t.api.get(path).buffer(true).expect(200)
      expect(text).toContain('ocr')
      expect(text).toContain(String(citation.sourceConfidence))
    }
    const page = await t.api.get('/v1/articles/a-scan/pages/1').buffer(true).expect(200)
    expect(page.headers['content-type']).toBe('image/png')
    expect(page.body.equals(picture)).toBe(true)
    await t.api.get('/v1/articles/a-scan/pages/2').expect(404)
    await t.api.get('/v1/articles/turkey-pressed-canada/pages/1').expect(404)
  }, 60_000)

  test('as PDF: only pages without text are recognised, a turned one upright', async () => {
    const scan = await drawScan([...firstLines, ...secondLines, ...firstLines])
    const upsideDown = { ...scan, data: scan.data.slice().reverse() }
    const layer = [
      'This page has a text layer of its own, which is longer than a stamp,',
      'so nobody has to recognise it.',
    ]
    const content = buildScannedPdf([layer, upsideDown])
    const { body } = await send(content, 'mixed.pdf', 'mixed').expect(201)
    expect(body.body).toContain(layer.join(' '))
    expect(body.body.replaceAll(/\s+/g, ' ')).toContain(secondLines.join(' '))
    const pages = body.spans.filter(({ type }: Span) => type === 'page')
    expect(pages.map(({ page, note }: Span) => [page, note])).toEqual([
      [1, null],
      [2, describeTurn(180)],
    ])
    const recognised = body.spans.filter(({ type }: Span) => type === 'ocr')
    expect(new Set(recognised.map(({ page }: Span) => page))).toEqual(new Set([2]))
    const picture = await t.api.get('/v1/articles/mixed/pages/2').buffer(true).expect(200)
    expect(picture.headers['content-type']).toBe('image/png')
    expect(picture.body.subarray(1, 4).toString()).toBe('PNG')
    const again = await t.api
      .get('/v1/articles/mixed/pages/2')
      .set('If-None-Match', picture.headers.etag ?? '')
    expect(again.status).toBe(304)
    await t.api.get('/v1/articles/mixed/pages/3').expect(404)
  }, 60_000)

  test('as TIFF of several pages', async () => {
    const pages = [
      await drawScan(firstLines, { height: 120 }),
      await drawScan(secondLines, { height: 120 }),
    ]
    const progress: number[][] = []
    const document = await readDocument(
      { bytes: Uint8Array.from(buildTiff(pages)), name: 'x.tif', mediaType: null },
      {
        recognition: { isEnabled: true, languages: ['eng'], seconds: 60, memoryMb: 1_500 },
        onProgress: (done, total) => progress.push([done, total]),
      },
    )
    expect(document.body).toBe([firstLines.join(' '), secondLines.join(' ')].join('\n\n'))
    expect(progress).toEqual([
      [1, 2],
      [2, 2],
    ])
  }, 60_000)
})

describe('text recognition refuses', () => {
  const png = (width: number, height: number): Buffer => {
    const picture = toPng({ width: 4, height: 4, data: new Uint8Array(16) })
    picture.writeUInt32BE(width, 16)
    picture.writeUInt32BE(height, 20)
    return picture
  }
  const whole = toPng({ width: 400, height: 400, data: new Uint8Array(160_000).fill(255) })
  const frame = Buffer.from([
    0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0,
  ])
  const tiff = buildTiff([{ width: 40, height: 40, data: new Uint8Array(1_600) }])
  const endless = Buffer.from(tiff)
  const directory = endless.readUInt32LE(4)
  endless.writeUInt32LE(directory, endless.length - 4)
  test.each([
    ['a picture of too many pixels', png(60_000, 60_000), 'x.png', 'document-over-limit', /pixels/],
    ['a JPEG of too many pixels', frame, 'x.jpg', 'document-over-limit', /pixels/],
    [
      'a PNG that is cut off',
      whole.subarray(0, whole.length - 30),
      'x.png',
      'document-unreadable',
      /cut/,
    ],
    ['a PNG with damaged pixels', png(400, 400), 'x.png', 'document-unreadable', /damaged|cut/],
    ['a JPEG that is cut off', frame.subarray(0, 9), 'x.jpg', 'document-unreadable', /cut/],
    ['a TIFF that is cut off', tiff.subarray(0, 30), 'x.tif', 'document-unreadable', /cut/],
    ['a TIFF without end', endless, 'x.tif', 'document-unreadable', /cut/],
    ['a picture without words', whole, 'x.png', 'document-without-text', /no words/],
  ])(
    '%s',
    async (_, content, name, code, detail) => {
      const { body } = await send(content, name, 'never').expect(422)
      expect(body).toMatchObject({ type: `/problems/${code}` })
      expect(body.detail).toMatch(detail)
    },
    60_000,
  )

  test.each([
    [
      'a language without data',
      { languages: ['tlh'] },
      'document-without-text',
      /tesseract.js-data\/tlh/,
    ],
    ['too little time', { seconds: 0.05 }, 'document-over-limit', /0.05 seconds/],
    ['too little memory', { memoryMb: 20 }, 'document-over-limit', /memory/],
    ['what is switched off', { isEnabled: false }, 'document-without-text', /OCR=off/],
  ])(
    '%s',
    async (_, settings, code, detail) => {
      const bytes = Uint8Array.from(toPng(await drawScan(firstLines, { height: 120 })))
      const recognition = {
        isEnabled: true,
        languages: ['eng'],
        seconds: 60,
        memoryMb: 1_500,
        ...settings,
      }
      const failure = await readDocument(
        { bytes, name: 'x.png', mediaType: null },
        { recognition },
      ).catch((error: unknown) => error)
      expect(failure).toMatchObject({ code })
      expect(String(failure)).toMatch(detail)
    },
    60_000,
  )

  test('but reads the other pages of a PDF when it is switched off, and says which are missing', async () => {
    const layer = [
      'This page has a text layer of its own, which is longer than a stamp, so it is text.',
    ]
    const scan = await drawScan(firstLines)
    const document = await readDocument({
      bytes: Uint8Array.from(buildScannedPdf([layer, scan])),
      name: 'x.pdf',
      mediaType: null,
    })
    expect(document.body).toBe(layer[0])
    expect(document.metadata).toContainEqual({
      name: 'omitted',
      value: expect.stringMatching(/^text of page\(s\) 2 .*OCR=off/),
      foundIn: 'PDF pages',
    })
  })
})

describe('splitRaised', () => {
  const box = (text: string, y0: number, y1: number) => ({ text, bbox: { y0, y1 } })
  test.each([
    [
      'a footnote mark after a figure',
      [box('1', 10, 30), box('4', 10, 30), box('2', 6, 18)],
      ['14', '2', ''],
    ],
    [
      'with a comma after it',
      [box('4', 10, 30), box('2', 6, 18), box(',', 26, 33)],
      ['4', '2', ','],
    ],
    ['after a word', [box('T', 10, 30), box('o', 16, 30), box('3', 5, 17)], ['To', '3', '']],
    ['a plain figure', [box('1', 10, 30), box('4', 10, 30), box('2', 11, 30)], ['142', '', '']],
    ['small letters', [box('N', 10, 30), box('o', 16, 30)], ['No', '', '']],
    ['quotation marks', [box('1', 10, 30), box('”', 8, 16)], ['1”', '', '']],
    ['nothing', [], ['', '', '']],
  ])('%s', (_, symbols, [text, raised, after]) => {
    expect(splitRaised(symbols)).toEqual({ text, raised, after })
  })
})

test('the note of a turned page can be read again', () => {
  for (const degrees of [0, 90, 180, 270]) expect(parseTurn(describeTurn(degrees))).toBe(degrees)
})

/** `npm run test:ocr`: more pages, worse pictures. */
const campaignPages = Number(process.env.OCR_PAGES ?? 0)
describe.runIf(campaignPages > 0)('a long campaign', () => {
  const words =
    'the ministry issued permits for targeting systems to a company of another state after assurances had been given that they would be used by its armed forces only and the committee of the parliament asked in writing where each of them had gone who had paid and which official had signed the decision'.split(
      ' ',
    )
  /** A page of words in a repeatable order. */
  const pageOf = (seed: number): string[] =>
    Array.from({ length: 28 }, (_, line) =>
      Array.from(
        { length: 8 },
        (_, at) => words[(seed * 31 + line * 17 + at * 7 + at * at) % words.length],
      ).join(' '),
    )
  test.each(Array.from({ length: campaignPages }, (_, index) => index))(
    'page %i',
    async (index) => {
      const text = pageOf(index)
      const scan = await drawScan(text, { dpi: [150, 200, 300][index % 3] ?? 200 })
      // Specks: every 97th pixel or so.
      const noisy = scan.data.map((value, at) =>
        (at * 2_654_435_761) % 9_973 < 12 ? 255 - value : value,
      )
      const turned = [0, 90, 180, 270][index % 4] ?? 0
      const picture = toPng({ ...scan, data: index % 2 === 0 ? scan.data : noisy }, turned)
      const document = await readDocument(
        { bytes: Uint8Array.from(picture), name: 'x.png', mediaType: null },
        { recognition: { isEnabled: true, languages: ['eng'], seconds: 120, memoryMb: 2_000 } },
      )
      const found = new Set(document.body.split(/\s+/))
      const expected = text.join(' ').split(' ')
      const share = expected.filter((word) => found.has(word)).length / expected.length
      expect(share).toBeGreaterThan(0.97)
    },
    300_000,
  )
})
