import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../../src/access/queries.ts'
import { readForm } from '../../src/intake/documents/form-routes.ts'
import { readDocument } from '../../src/intake/extraction/reader-pool.ts'
import { Problem } from '../../src/problem.ts'
import { useApp } from '../harness/app.ts'
import { readSlugs } from '../harness/record-reader.ts'
import {
  buildDocx,
  buildEncryptedPdf,
  buildHtmlPage,
  buildPdf,
  buildZip,
} from './document-builders.ts'

const t = useApp({ DOCUMENT_LIMIT_BYTES: 400_000, OCR: false })
const inCase = 'canada-turkey-wescam'
let bearer: string

beforeAll(async () => {
  const key = await createKey(t.database.db, { name: 'desk', scope: 'write', expiresAt: null })
  bearer = `Bearer ${key?.text}`
})

type File = { content: Buffer | string; name: string; type?: string }

const send = ({ content, name, type }: File, fields: Record<string, string | string[]> = {}) => {
  const request = t.api.post('/v1/articles').set('Authorization', bearer)
  for (const [field, value] of Object.entries({ case: inCase, ...fields }))
    request.field(field, value)
  const options = { filename: name, ...(type && { contentType: type }) }
  return request.attach('file', Buffer.from(content), options)
}

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex')
const articles = () => readSlugs(t, '/v1/articles?limit=200')

type Span = { type: string; start: number; end: number; page: number | null }
const partsOf = ({ body, spans }: { body: string; spans: Span[] }) =>
  spans.map(({ type, start, end, page }) => [
    page === null ? type : `${type} ${page}`,
    [...body].slice(start, end).join(''),
  ])

const paragraphs = [
  'The ministry halted exports of coastal radars on Thursday, after lawmakers had asked where the radars of an earlier sale had gone, and who had paid for them.',
  'It had issued licences for eleven radars in 2021, worth some forty million euros, and eight of them had been delivered by the end of the year, the ministry said in a letter to parliament.',
  'The maker, Example Marine Systems, said that it had kept to the terms of each licence, and that it would wait for what the inquiry finds before it ships the rest of them.',
]

describe('POST /v1/articles with a file', () => {
  test('HTML: stores the whole page with the type of each part, and its metadata', async () => {
    const page = buildHtmlPage(paragraphs)
    const { body, headers } = await send({ content: page, name: 'radar.html' }).expect(201)
    expect(headers.location).toBe('/v1/articles/ministry-halts-radar-exports')
    expect(partsOf(body)).toEqual([
      ['navigation', 'Home\n\nPolitics'],
      ['article', ['Ministry halts radar exports', ...paragraphs].join('\n\n')],
      ['caption', 'The radar at its launch.'],
      ['teaser', 'Related\n\nPutin and Pashinyan will not speak, an official says today'],
      ['boilerplate', 'Copyright Daily Example. All rights reserved.'],
    ])
    expect(body.boilerplate.map(({ type }: Span) => type)).toEqual([
      'navigation',
      'teaser',
      'boilerplate',
    ])
    expect(body).toMatchObject({
      title: 'Ministry halts radar exports',
      authors: ['Ana Roe', 'Ben Doe'],
      language: 'en-GB',
      url: 'https://daily.example/radar?id=1',
      publishedOn: { edtf: '2022-03-04', asStated: '2022-03-04T21:30:00+02:00' },
      sourceMediaType: 'text/html',
      sourceSha256: sha256(page),
      bodySha256: sha256(body.body),
    })
    expect(body.metadata).toEqual(
      expect.arrayContaining([
        {
          name: 'title',
          value: 'Ministry halts radar exports',
          foundIn: 'meta[property="og:title"]',
        },
        {
          name: 'byline',
          value: 'Ana Roe',
          foundIn: 'script[type="application/ld+json"] author.name',
        },
        { name: 'siteName', value: 'Daily Example', foundIn: 'meta[property="og:site_name"]' },
        {
          name: 'canonicalUrl',
          value: 'https://daily.example/radar?id=1',
          foundIn: 'link[rel="canonical"]',
        },
        { name: 'language', value: 'en-GB', foundIn: 'html[lang]' },
        { name: 'encoding', value: 'utf-8', foundIn: 'the bytes are valid UTF-8' },
      ]),
    )
    const source = await t.api.get(`${body.href}/source`).buffer(true).expect(200)
    expect(source.text ?? source.body.toString()).toBe(page)
  })

  test('422 for a citation of a teaser or the navigation', async () => {
    const { body: article } = await send({ content: buildHtmlPage(paragraphs), name: 'radar.html' })
    const { body } = await t.api
      .post('/v1/actors')
      .set('Authorization', bearer)
      .send({
        slug: 'someone',
        type: 'person',
        name: 'Someone',
        citations: [{ article: article.slug, quote: 'Putin and Pashinyan' }],
      })
      .expect(422)
    expect(body.type).toBe('/problems/quote-in-boilerplate')
  })

  test('PDF: joins paragraphs and hyphenated words, marks pages and repeated lines', async () => {
    const content = buildPdf(
      [
        [
          'Export report 2020',
          'The ministry issued permits for target-',
          'ing systems in May.',
          '1',
        ],
        ['Export report 2020', 'The targeting systems went to Ankara (Turkey).', '2'],
        ['Export report 2020', 'Nothing more is known.', '3'],
      ],
      { info: '/Title (Annual report) /Author (Jane Roe)' },
    )
    const { body } = await send({ content, name: 'report.pdf' }).expect(201)
    expect(body.body).toBe(
      [
        'Export report 2020',
        'The ministry issued permits for targeting systems in May.',
        '1',
        'Export report 2020',
        'The targeting systems went to Ankara (Turkey).',
        '2',
        'Export report 2020',
        'Nothing more is known.',
        '3',
      ].join('\n\n'),
    )
    expect(partsOf(body).filter(([, words]) => words?.includes('Turkey'))).toEqual([
      ['page 2', 'Export report 2020\n\nThe targeting systems went to Ankara (Turkey).\n\n2'],
    ])
    expect(partsOf(body).filter(([type]) => type?.startsWith('header'))).toHaveLength(3)
    expect(partsOf(body).filter(([type]) => type?.startsWith('footer'))).toEqual([
      ['footer 1', '1'],
      ['footer 2', '2'],
      ['footer 3', '3'],
    ])
    expect(body).toMatchObject({
      title: 'Annual report',
      authors: ['Jane Roe'],
      language: 'en-GB',
      sourceMediaType: 'application/pdf',
      publishedOn: null,
    })
  })

  test('DOCX: extracts paragraphs and document properties', async () => {
    const { body } = await send({ content: buildDocx(paragraphs), name: 'x.docx' }).expect(201)
    expect(body.body).toBe(paragraphs.join('\n\n'))
    expect(body).toMatchObject({
      title: 'Licences of the quarter',
      authors: ['Jane Roe'],
      language: 'en-GB',
      slug: 'licences-of-the-quarter',
    })
    expect(body.metadata[0]).toEqual({
      name: 'title',
      value: 'Licences of the quarter',
      foundIn: 'docProps/core.xml dc:title',
    })
  })

  test('plain text: drops a repeated title and marks the teasers', async () => {
    const content = readFileSync('seeds/canada-turkey-wescam/source.txt')
    const { body: stored } = await t.api.get('/v1/articles/turkey-pressed-canada').expect(200)
    await t.api
      .post('/v1/cases')
      .set('Authorization', bearer)
      .send({ slug: 'fresh', title: 'A fresh case' })
      .expect(201)
    const { body } = await send({ content, name: 'source.txt' }, { case: 'fresh' }).expect(201)
    expect(body.body).toBe(stored.body)
    expect(body.title).toBe(stored.title)
    const [teaser] = body.boilerplate
    expect(teaser).toMatchObject({ type: 'teaser', note: 'below "Top stories"' })
    expect([...body.body].slice(teaser.start).join('').trimStart()).toMatch(/^Top stories\n/)
  })

  test('values of the sender override those of the document', async () => {
    const fields = {
      slug: 'mine',
      title: 'My title',
      language: 'fr',
      url: 'https://x.example/',
      publishedOn: '2021-04',
      publisher: 'the-globe-and-mail',
      authors: ['A', 'B'],
    }
    const { body } = await send(
      { content: `${buildHtmlPage(paragraphs)} `, name: 'a.html' },
      fields,
    ).expect(201)
    expect(body).toMatchObject({
      slug: 'mine',
      title: 'My title',
      language: 'fr',
      url: 'https://x.example/',
      publishedOn: { edtf: '2021-04', asStated: null },
      publisher: { slug: 'the-globe-and-mail' },
      authors: ['A', 'B'],
    })
  })

  test('200 with the same article for the same bytes, also as JSON; nothing is written', async () => {
    const file = { content: 'One and the same text, twice.', name: 'same.txt' }
    const { body: first } = await send(file).expect(201)
    const { body: again, headers } = await send(file, { title: 'Another title' }).expect(200)
    expect(again).toEqual(first)
    expect(headers['x-ignored-fields']).toBe('title')
    const { headers: same } = await send(file, { title: first.title }).expect(200)
    expect(same['x-ignored-fields']).toBeUndefined()
    const { body: asJson } = await t.api
      .post('/v1/articles')
      .set('Authorization', bearer)
      .send({ slug: 'other-slug', title: 'T', case: inCase, text: file.content })
      .expect(200)
    expect(asJson).toEqual(first)
    expect((await send(file, { case: 'fresh' }).expect(201)).body.slug).toBe(
      'one-and-the-same-text-twice-2',
    )
  })

  test('publisher, authors and date from the page or its first lines; what the sender says goes first', async () => {
    const text = `A title of the text\n\nBy Aylin Demir and Jan Smit\n\nOTTAWA, April 12, 2021 (The Globe and Mail) - ${paragraphs[0]}`
    const { body } = await send({ content: text, name: 'a.txt' }).expect(201)
    expect(body).toMatchObject({
      authors: ['Aylin Demir', 'Jan Smit'],
      publishedOn: { edtf: '2021-04-12', asStated: 'April 12, 2021' },
      publisher: { slug: 'the-globe-and-mail' },
    })
    const page = `<html><head><meta property="og:site_name" content="The Globe &amp; Mail">
      <script type="application/ld+json">{"@type":"NewsArticle","headline":"H","datePublished":"2021-04-13T10:00:00Z",
      "author":[{"name":"Rosa Lind"}],"publisher":{"name":"Globe and Mail"}}</script></head>
      <body><article><h1>H</h1><p>${paragraphs[1]}</p><p>${paragraphs[2]}</p></article></body></html>`
    const { body: web } = await send({ content: page, name: 'b.html' }).expect(201)
    expect(web).toMatchObject({
      authors: ['Rosa Lind'],
      publishedOn: { edtf: '2021-04-13' },
      publisher: { slug: 'the-globe-and-mail' },
    })
    const sent = { publishedOn: '2020', publisher: 'panarmenian-net' }
    const { body: own } = await send({ content: `${text} Again.`, name: 'c.txt' }, sent).expect(201)
    expect(own).toMatchObject({
      publishedOn: { edtf: '2020' },
      publisher: { slug: 'panarmenian-net' },
    })
    const other = text.replace('The Globe and Mail', 'The Globe of Nowhere')
    const { body: unknown } = await send({ content: other, name: 'd.txt' }).expect(201)
    expect(unknown.publisher).toBeNull()
  })

  test('an Idempotency-Key returns the first response again, and refuses another file', async () => {
    const file = { content: 'Sent once, whatever the network does.', name: 'once.txt' }
    const { body: first } = await send(file).set('Idempotency-Key', 'k1').expect(201)
    const { body: again } = await send(file).set('Idempotency-Key', 'k1').expect(201)
    expect(again).toEqual(first)
    await send({ ...file, content: 'Another.' })
      .set('Idempotency-Key', 'k1')
      .expect(409)
  })

  test('a near duplicate is stored and linked with the common share', async () => {
    const copy = `From the wire\n\n${paragraphs.join(' ')}\n\nAll rights reserved by another site.`
    const { body, headers } = await send({ content: copy, name: 'copy.txt' }).expect(201)
    expect(headers.link).toContain('</v1/articles/licences-of-the-quarter>; rel="duplicate"')
    const { body: found } = await t.api.get(`${body.href}/near-duplicates`).expect(200)
    const docx = found.data.find(
      ({ article }: { article: { slug: string } }) => article.slug === 'licences-of-the-quarter',
    )
    expect(docx).toMatchObject({ shareOfOther: 1, case: { slug: inCase } })
    expect(docx.share).toBeGreaterThan(0.8)
    expect(docx.share).toBeLessThan(1)
    const { body: none } = await t.api.get('/v1/articles/mine/near-duplicates').expect(200)
    expect(none.data.length).toBeGreaterThan(0)
    const { body: other } = await t.api
      .get('/v1/articles/annual-report/near-duplicates')
      .expect(200)
    expect(other.data).toEqual([])
  })

  test.each([
    [
      'Windows-1252',
      Buffer.from('Der Minister k\xfcndigt \x93Pr\xfcfung\x94 an.', 'latin1'),
      'windows-1252',
    ],
    ['UTF-16 with a mark', Buffer.from('\ufeffÇift kullanımlı ürünler', 'utf16le'), 'utf-16le'],
    ['UTF-16 without one', Buffer.from('Licences for dual-use goods', 'utf16le'), 'utf-16le'],
    ['UTF-8 with a mark', Buffer.from('\ufeffÉmissions de licences'), 'utf-8'],
  ])('a text in %s is decoded, with its encoding in the metadata', async (_, content, encoding) => {
    const { body } = await send({ content, name: 'text.txt' }).expect(201)
    const plain = {
      'windows-1252': 'Der Minister kündigt “Prüfung” an.',
      'utf-16le': content[0] === 0xff ? 'Çift kullanımlı ürünler' : 'Licences for dual-use goods',
      'utf-8': 'Émissions de licences',
    }[encoding]
    expect(body.body).toBe(plain)
    expect(body.metadata.at(-1)).toMatchObject({ name: 'encoding', value: encoding })
  })

  test('a wrong declared encoding is ignored', async () => {
    const html =
      '<html><head><meta charset="utf-8"><title>K\xfcche</title></head><body><p>Die K\xfcche ist gro\xdf.</p>'
    const { body } = await send({ content: Buffer.from(html, 'latin1'), name: 'x.html' }).expect(
      201,
    )
    expect(body.body).toBe('Die Küche ist groß.')
    expect(body.title).toBe('Küche')
  })

  test('only visible text is stored, also of broken markup', async () => {
    const html = `<p>One <b>two<p>three<script>alert('x')</script><style>p{}</style>
      <div hidden>secret</div><p style="display:none">ignore all of it</p><td>four<table><tr><td>five<td>six</table></i></div><![CDATA[x]]><p>&amp;lt; seven &nbsp;&#x0; eight`
    const { body } = await send({ content: html, name: 'broken.html' }).expect(201)
    expect(body.body.replaceAll(/\s+/g, ' ')).toMatch(
      /^One two three.*five six.*&lt; seven.*eight$/,
    )
    expect(body.body).not.toMatch(/alert|secret|ignore|\0/)
  })
})

describe('POST /v1/articles refuses, without storing anything', () => {
  const deep = `<html>${'<div>'.repeat(50_000)}x`
  const bomb = Buffer.alloc(180 * 1_048_576)
  const cases: [what: string, file: File, status: number, code: string, detail: RegExp][] = [
    ['an empty file', { content: '', name: 'a.txt' }, 422, 'document-without-text', /empty/],
    [
      'a file of blanks',
      { content: ' \n \n', name: 'a.txt' },
      422,
      'document-without-text',
      /no text/,
    ],
    [
      'a PDF without text',
      { content: buildPdf([[]]), name: 'a.pdf' },
      422,
      'document-without-text',
      /OCR/,
    ],
    [
      'an encrypted PDF',
      { content: buildEncryptedPdf(), name: 'a.pdf' },
      422,
      'document-encrypted',
      /password/,
    ],
    [
      'a PDF that breaks off',
      { content: '%PDF-1.7\n1 0 obj', name: 'a.pdf' },
      422,
      'document-unreadable',
      /PDF/,
    ],
    [
      'NUL bytes',
      { content: 'a\0b\0\0\0c and so on', name: 'a.txt' },
      422,
      'document-unreadable',
      /NUL/,
    ],
    [
      'a picture',
      { content: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), name: 'a.png' },
      422,
      'document-unreadable',
      /NUL|text/,
    ],
    [
      'an archive',
      { content: buildZip([{ name: 'a', content: 'b' }]), name: 'a.zip' },
      415,
      'unsupported-media-type',
      /archive/,
    ],
    [
      'a damaged DOCX',
      { content: buildDocx(['x']).subarray(0, 700), name: 'a.docx' },
      422,
      'document-unreadable',
      /damaged/,
    ],
    [
      'a DOCX whose directory is cut off',
      { content: buildDocx(['x']).subarray(0, -30), name: 'a.docx' },
      422,
      'document-unreadable',
      /damaged/,
    ],
    ['rich text', { content: '{\\rtf1 x}', name: 'a.rtf' }, 415, 'unsupported-media-type', /RTF/],
    [
      'a page that nests without end',
      { content: deep, name: 'a.html' },
      422,
      'document-over-limit',
      /nest/,
    ],
    [
      'an archive bomb',
      { content: buildDocx(['x'], [{ name: 'word/media/a.bin', content: bomb }]), name: 'a.docx' },
      422,
      'document-over-limit',
      /bomb/,
    ],
    [
      'a file over the limit',
      { content: 'x'.repeat(400_001), name: 'a.txt' },
      413,
      'body-too-large',
      /400000 bytes/,
    ],
    [
      'a file far over the limit, before it is sent',
      { content: Buffer.alloc(2_000_000), name: 'a.txt' },
      413,
      'body-too-large',
      /400000 bytes/,
    ],
  ]
  test.each(cases)('%s', async (_, file, status, code, detail) => {
    const before = await articles()
    const { body } = await send(file).expect(status)
    expect(body.type).toBe(`/problems/${code}`)
    expect(body.detail).toMatch(detail)
    expect(await articles()).toEqual(before)
  })

  test('an incomplete or malformed form', async () => {
    const post = (type: string, body: string) =>
      t.api.post('/v1/articles').set('Authorization', bearer).set('Content-Type', type).send(body)
    const begun = '--x\r\nContent-Disposition: form-data; name="case"\r\n\r\n'
    for (const [type, body] of [
      ['multipart/form-data; boundary=x', `${begun}value`],
      ['multipart/form-data; boundary=x', begun],
      ['multipart/form-data; boundary=x', '--x\r\n'],
      ['multipart/form-data', begun],
    ] as const) {
      const { status, body: problem } = await post(type, body)
      expect([status, problem.type], `${type} ${body}`).toEqual([400, '/problems/invalid-request'])
    }
  })

  test('error texts do not contain messages of packages', async () => {
    const noDocument = buildZip([{ name: 'word/document.xml', content: '<' }])
    for (const [file, detail] of [
      [{ content: '%PDF-1.7\n1 0 obj', name: 'a.pdf' }, 'The file is not a readable PDF.'],
      [{ content: buildDocx(['x']).subarray(0, 700), name: 'a.docx' }, 'The archive is damaged.'],
      [{ content: noDocument, name: 'a.docx' }, 'The file is not a readable Word document (DOCX).'],
    ] as const) {
      const { body } = await send(file).expect(422)
      expect([body.type, body.detail]).toEqual(['/problems/document-unreadable', detail])
    }
  })

  test('an archive with false sizes', async () => {
    const content = buildZip(
      [
        { name: 'word/document.xml', content: 'x' },
        { name: 'b', content: Buffer.alloc(1_000_000) },
      ],
      { claimed: 1 },
    )
    const { body } = await send({ content, name: 'a.docx' }).expect(422)
    expect(body.type).toBe('/problems/document-unreadable')
  })

  test('a form without a file, without a case, or with an unknown field', async () => {
    const request = () => t.api.post('/v1/articles').set('Authorization', bearer)
    const none = await request().field('case', inCase).expect(400)
    expect(none.body.errors).toEqual([{ pointer: '/body/file', detail: 'the form has no file' }])
    const noCase = await request().attach('file', Buffer.from('x'), 'x.txt').expect(400)
    expect(noCase.body.errors[0].pointer).toBe('/body/case')
    const unknown = await send({ content: 'x', name: 'x.txt' }, { titel: 'x' }).expect(400)
    expect(unknown.body.errors[0]).toEqual({
      pointer: '/body/titel',
      detail: 'there is no such member; did you mean "title"?',
    })
    const noSuch = await send({ content: 'x', name: 'x.txt' }, { case: 'nosuch' }).expect(400)
    expect(noSuch.body.type).toBe('/problems/unknown-reference')
  })

  test('401 without a key, before the form is read', async () => {
    await t.api.post('/v1/articles').field('case', inCase).expect(401)
  })

  test('other routes refuse a form', async () => {
    await t.api.post('/v1/actors').set('Authorization', bearer).field('slug', 'x').expect(415)
  })
})

describe('reading a form', () => {
  const reading = (error: Error) =>
    readForm(
      {
        headers: {},
        // biome-ignore lint/correctness/useYield: it fails before there is a part
        async *parts() {
          throw error
        },
      } as never,
      1_000,
    )
  const coded = (code: string, statusCode: number) =>
    Object.assign(new Error('internal text'), { code, statusCode })

  test.each([
    [coded('FST_REQ_FILE_TOO_LARGE', 413), 'body-too-large'],
    [coded('FST_FILES_LIMIT', 413), 'body-too-large'],
    [coded('FST_PROTO_VIOLATION', 400), 'invalid-request'],
    [coded('FST_MP_PREMATURE_CLOSE', 400), 'invalid-request'],
    [new Error('Multipart: Boundary not found'), 'invalid-request'],
    [new Error('Unexpected end of multipart data'), 'invalid-request'],
    [new Error('Part terminated early due to unexpected end of multipart data'), 'invalid-request'],
    [Object.assign(new Error('aborted'), { code: 'ECONNRESET' }), 'invalid-request'],
    [new Problem('busy', 'Too many.'), 'busy'],
  ])('%s is %s', async (error, code) => {
    await expect(reading(error)).rejects.toMatchObject({ name: 'Problem', code })
  })

  test.each([
    new TypeError('internal text'),
    new Error('internal text'),
    coded('FST_FILE_BUFFER_NOT_FOUND', 500),
    coded('ENOSPC', 413),
  ])('%s is an error of the server, not of the form', async (error) => {
    await expect(reading(error)).rejects.toBe(error)
  })
})

describe('the reader thread', () => {
  test('an unexpected error of the reader is an error of the server', async () => {
    const broken = { bytes: null as never, name: 'a.txt', mediaType: null }
    const failure = await readDocument(broken).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect(failure).not.toBeInstanceOf(Problem)
    expect(String(failure)).toContain('The reader failed: TypeError')
  })

  test('is terminated after the time limit', async () => {
    const bytes = Uint8Array.from(buildPdf(Array.from({ length: 400 }, () => paragraphs)))
    const document = { bytes, name: null, mediaType: null }
    await expect(
      readDocument(document, { limits: { seconds: 0.05, memoryMb: 512 } }),
    ).rejects.toMatchObject({
      code: 'document-over-limit',
      message: 'Reading the document takes more than 0.05 seconds.',
    })
  })

  test('is terminated above the memory limit', async () => {
    const bytes = Uint8Array.from(
      Buffer.from(buildHtmlPage(Array.from({ length: 60_000 }, () => 'A paragraph of text.'))),
    )
    const document = { bytes, name: null, mediaType: null }
    await expect(
      readDocument(document, { limits: { seconds: 30, memoryMb: 24 } }),
    ).rejects.toMatchObject({
      code: 'document-over-limit',
      message: expect.stringContaining('memory'),
    })
  })

  test('reads two documents at a time; busy when too many wait', async () => {
    const document = { bytes: Uint8Array.from(Buffer.from('A text.')), name: null, mediaType: null }
    const all = await Promise.allSettled(Array.from({ length: 14 }, () => readDocument(document)))
    const refused = all.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(4)
    expect(refused[0]).toMatchObject({ reason: { code: 'busy' } })
  })
})
