import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { type ImportResult, importRegister } from '../../src/intake/registers/import-register.ts'
import { useApp } from '../harness/app.ts'
import { buildEvent, buildPermit, storeRecords } from '../harness/record-builders.ts'
import { readEntries, readSlugs } from '../harness/record-reader.ts'

const t = useApp()
const folder = mkdtempSync(join(tmpdir(), 'casefile-register-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** A register of the shape of the Dutch one: dates in two forms, names in another language, several states in a cell. */
const mapOf = (register: string, given: { file?: string; permit?: string; more?: string } = {}) =>
  file(
    `${register}-${Math.random()}.yaml`,
    `register: ${register}
case: { slug: ${register}, title: Permits of Ruritania }
article: { slug: ${register}-r1, title: Exporte ${register}, publisher: ${register}-land, language: de }
file: { ${given.file ?? "delimiter: ','"} }
language: de
permit:
  key: [Nummer]
  title: Permit {Nummer} of Ruritania
  number: { column: Nummer }
  issuer: { actor: ${register}-land }
  issuedOn: { column: Datum, formats: [MM/dd/yyyy] }
  validUntil: { column: Bis, formats: [MM/dd/yyyy, ddMMyyyy, spreadsheet-day] }
  destination: { column: Ziel, table: states }
  endDestination: { column: Endziel, table: states }
  goods: { column: Ware }
  controlEntries: [{ column: Liste, list: EU ML, values: { 'ML2,6': [ML2, ML6], DIV: [] } }]
  value: { column: Wert, currency: EUR }
${given.permit ?? ''}
actors: [{ slug: ${register}-land, type: state, name: Ruritania, country: null }]
tables:
  states:
    TÜRKEI: turkey
    GRAUSTARK: { slug: graustark, type: state, name: Graustark, country: null }
    SYRIEN: syria
    'NATO, GRAUSTARK': null
${given.more ?? ''}`,
  )

const head = 'Datum,Nummer,Liste,Ware,Ziel,Endziel,Wert,Bis\n'
const rows = [
  '01/05/2004,100,ML15d,Wärmebildgeräte,Türkei,GRAUSTARK,95000,31012005',
  '01/05/2004,101,"ML2,6","Rohre, 120 mm",GRAUSTARK,GRAUSTARK,12.50,7012005',
  '01/06/2004,102,DIV,wärmebildgeräte  ,TÜRKEI ,TÜRKEI,,38383',
  '01/06/2004,103,ML1a,"Gewehr ""Adler""","NATO, GRAUSTARK",GRAUSTARK,700,01/31/2005',
]
const table = (...lines: string[]) => `${head}${lines.join('\n')}\n`

type Given = { map: string; file: string; isDryRun?: boolean; withdrawAtMost?: number }

/** Whatever is imported here is foretold by a dry run, which writes nothing. */
async function imported(given: Given): Promise<ImportResult & { rejects: string[] }> {
  if (given.isDryRun) return run(given)
  const before = (await t.head.queryHead()).revision
  const foretold = await run({ ...given, isDryRun: true })
  expect((await t.head.queryHead()).revision).toBe(before)
  const result = await run(given)
  const said = (one: Awaited<ReturnType<typeof run>>) => ({
    ...counts(one),
    kept: one.kept,
    notWithdrawn: one.notWithdrawn,
    rejects: one.rejects.toSorted(),
  })
  expect(said(foretold)).toEqual(said(result))
  return result
}

async function run(given: Given): Promise<ImportResult & { rejects: string[] }> {
  const rejects: string[] = []
  const result = await importRegister(t.database, {
    isDryRun: false,
    withdrawAtMost: 50,
    ...given,
    onReject: ({ row, column, reason }) => rejects.push(`${row.line} ${column}: ${reason}`),
    onProgress: () => undefined,
  })
  return { ...result, rejects }
}

const counts = (result: ImportResult) => {
  const { added, changed, renewed, unchanged, withdrawn, rejected } = result
  return { added, changed, renewed, unchanged, withdrawn, rejected }
}
const nothing = { added: 0, changed: 0, renewed: 0, unchanged: 0, withdrawn: 0, rejected: 0 }
const holds = () => verifyAll(t.database)

describe('the first release of a register', () => {
  const path = file('first.csv', table(...rows))
  const map = mapOf('first')

  test('a dry run reports the changes and writes nothing', async () => {
    const before = (await t.head.queryHead()).revision
    const result = await imported({ map, file: path, isDryRun: true })
    expect(counts(result)).toEqual({ ...nothing, added: 4 })
    expect((await t.head.queryHead()).revision).toBe(before)
  })

  test('creates a permit for each row, and verification passes', async () => {
    const result = await imported({ map, file: path })
    expect(counts(result)).toEqual({ ...nothing, added: 4 })
    expect(result).toMatchObject({ article: 'first-r1', encoding: 'utf-8', rows: 4 })
    expect(result.leftOpen).toEqual([{ cell: 'Ziel: NATO, GRAUSTARK', rows: 1, suggestions: [] }])
    expect(await readSlugs(t, '/v1/permits?case=first&sort=slug')).toEqual(
      ['100', '101', '102', '103'].map((number) => `first-${number}`),
    )
    await holds()
  })

  test('a permit has the values of its row, and cites it', async () => {
    const { body } = await t.api.get('/v1/permits/first-100').expect(200)
    expect(body).toMatchObject({
      title: 'Permit 100 of Ruritania',
      number: '100',
      status: 'issued',
      issuer: { slug: 'first-land' },
      destination: { slug: 'turkey' },
      endDestination: { slug: 'graustark' },
      value: { amount: '95000', currency: 'EUR' },
      issuedOn: { edtf: '2004-01-05', asStated: '01/05/2004' },
      validUntil: { edtf: '2005-01-31', asStated: '31012005' },
      items: [
        {
          good: { name: 'Wärmebildgeräte' },
          controlEntries: [{ list: 'EU ML', code: 'ML15d' }],
        },
      ],
      history: [{ becomes: 'issued' }],
    })
    expect(body.citations).toMatchObject([
      { article: { slug: 'first-r1' }, quote: rows[0], fragment: 'row=2', field: null },
    ])
    const [{ id }] = body.citations
    const verified = await t.api.get(`/v1/citations/${id}/verify`).expect(200)
    expect(verified.body).toMatchObject({ holds: true, found: rows[0], bodyIntact: true })
  })

  test('reads quoted cells, lists, lost zeros, spreadsheet dates and empty cells', async () => {
    const [second, third, fourth] = await Promise.all(
      ['101', '102', '103'].map(
        async (number) => (await t.api.get(`/v1/permits/first-${number}`).expect(200)).body,
      ),
    )
    expect(second).toMatchObject({
      items: [
        { good: { name: 'Rohre, 120 mm' }, controlEntries: [{ code: 'ML2' }, { code: 'ML6' }] },
      ],
      value: { amount: '12.5' },
      validUntil: { edtf: '2005-01-07', reasoning: expect.stringContaining('zero') },
    })
    expect(third).toMatchObject({
      value: null,
      validUntil: { edtf: '2005-01-31', reasoning: expect.stringContaining('1899-12-30') },
    })
    expect(third.items[0].controlEntries).toEqual([])
    expect(fourth).toMatchObject({ destination: null, endDestination: { slug: 'graustark' } })
    expect(fourth.items[0].good.name).toBe('Gewehr "Adler"')
  })

  test('filters by a different end destination; undefined values do not match', async () => {
    expect(await readSlugs(t, '/v1/permits?case=first&reExport=true')).toEqual(['first-100'])
    expect(await readSlugs(t, '/v1/permits?endDestination=graustark&sort=slug')).toEqual([
      'first-100',
      'first-101',
      'first-103',
    ])
  })

  test('re-export is found, certain, with the row on each side', async () => {
    const { body } = await t.api.get('/v1/findings?rule=re-export').expect(200)
    expect(body.data).toMatchObject([
      {
        certainty: 'certain',
        records: [
          { role: 'permit', record: { slug: 'first-100' }, citations: [{ quote: rows[0] }] },
          { role: 'issue', citations: [{ fragment: 'row=2-3' }] },
        ],
      },
    ])
    for (const narrowed of ['case=first', 'permit=first-100', 'actor=graustark'])
      expect(
        (await t.api.get(`/v1/findings?rule=re-export&${narrowed}`).expect(200)).body.data,
      ).toHaveLength(1)
  })

  test('actors and goods are matched or created once, with a citation of their row', async () => {
    expect((await readEntries(t, '/v1/actors?name=graustark')).map(({ slug }) => slug)).toEqual([
      'graustark',
    ])
    const goods = await readEntries(t, '/v1/goods?case=first')
    expect(goods.map(({ designation }) => designation).sort()).toEqual(
      ['Gewehr "Adler"', 'Rohre, 120 mm', 'Wärmebildgeräte'].sort(),
    )
    const { body } = await t.api.get('/v1/actors/graustark').expect(200)
    expect(body.citations).toMatchObject([{ quote: rows[0], fragment: 'row=2' }])
    expect((await t.api.get('/v1/actors/turkey').expect(200)).body.name).toBe('Turkey')
  })

  test('permits of one day have one event, which cites their rows', async () => {
    const events = await readEntries(t, '/v1/events?case=first&sort=on')
    expect(events.map(({ on }) => (on as { edtf: string }).edtf)).toEqual([
      '2004-01-05',
      '2004-01-06',
    ])
    const { body } = await t.api.get(`/v1/events/${events[0]?.slug}`).expect(200)
    expect(body.effects.map(({ permit }: { permit: { slug: string } }) => permit.slug)).toEqual([
      'first-100',
      'first-101',
    ])
    expect(body.citations).toMatchObject([
      { quote: `${rows[0]}\n${rows[1]}`, fragment: 'row=2-3', field: null },
    ])
  })

  test('the article has the received text and bytes', async () => {
    const { body } = await t.api.get('/v1/articles/first-r1').expect(200)
    expect(body).toMatchObject({ type: 'data-set', body: null, publisher: { slug: 'first-land' } })
    const text = (await t.api.get('/v1/articles/first-r1/body').expect(200)).text
    expect(text).toBe(table(...rows))
    const source = await t.api.get('/v1/articles/first-r1/source').responseType('blob').expect(200)
    expect(createHash('sha256').update(source.body).digest('hex')).toBe(body.sourceSha256)
  })

  test('every fact from the rows counts as cited', async () => {
    const { body } = await t.api.get('/v1/cases/first/coverage').expect(200)
    const read = body.records.filter(
      ({ kind }: { kind: string }) => kind !== 'case' && kind !== 'article',
    )
    expect(read.length).toBeGreaterThan(rows.length)
    expect(read.filter(({ missing }: { missing: string[] }) => missing.length > 0)).toEqual([])
  })

  test('search finds permits by number and by words of the row', async () => {
    const { body } = await t.api.get('/v1/search?q=Wärmebildgeräte&kind=permit').expect(200)
    const found = JSON.stringify(body)
    expect(found).toContain('first-100')
    const { rows: left } = await t.database.pool.query('SELECT revision FROM search_backlog')
    expect(left).toEqual([])
  })

  test('a second run changes nothing', async () => {
    const before = (await t.head.queryHead()).revision
    const result = await imported({ map, file: path })
    expect(counts(result)).toEqual({ ...nothing, unchanged: 4 })
    expect(result.isNewRelease).toBe(false)
    expect((await t.head.queryHead()).revision).toBe(before)
  })
})

describe('a newer release', () => {
  const map = (release: number) =>
    file(
      `next-${release}.yaml`,
      readFileSync(mapOf('next'), 'utf8').replace('next-r1', `next-r${release}`),
    )
  const [a = '', b = '', c = '', d = ''] = rows
  const first = file('next-1.csv', table(a, b, c, d))
  const renewal = '01/05/2005,101,ML2,"Rohre, 120 mm",GRAUSTARK,GRAUSTARK,12.50,01/31/2006'
  const second = file(
    'next-2.csv',
    table(
      a.replace('95000', '96000'),
      b,
      renewal,
      c.replace('01/06/2004', '01/07/2004'),
      '02/01/2004,104,ML1a,Pistole,SYRIEN,SYRIEN,100,01/31/2005',
    ),
  )

  test('adds, changes, renews and withdraws, and reports the counts', async () => {
    await imported({ map: map(1), file: first })
    const result = await imported({ map: map(2), file: second })
    expect(counts(result)).toEqual({
      added: 1,
      changed: 2,
      renewed: 1,
      unchanged: 1,
      withdrawn: 1,
      rejected: 0,
    })
    await holds()
  })

  test('a changed permit has the new terms and cites the new row; its history has the old ones', async () => {
    const { body } = await t.api.get('/v1/permits/next-100').expect(200)
    expect(body.value.amount).toBe('96000')
    expect(body.citations).toMatchObject([
      { article: { slug: 'next-r2' }, quote: a.replace('95000', '96000'), fragment: 'row=2' },
    ])
    const history = await t.api.get('/v1/permits/next-100/history').expect(200)
    expect(history.body.data).toHaveLength(2)
  })

  test('a corrected date moves the permit to another event, and an empty event is withdrawn', async () => {
    const { body } = await t.api.get('/v1/permits/next-102').expect(200)
    expect(body.issuedOn.edtf).toBe('2004-01-07')
    expect(body.history).toHaveLength(1)
    const days = (await readEntries(t, '/v1/events?case=next&sort=on')).map(
      ({ on }) => (on as { edtf: string }).edtf,
    )
    expect(days).not.toContain('2004-01-06')
  })

  test('a renewed permit has the terms of the newest row, and both rows', async () => {
    const { body } = await t.api.get('/v1/permits/next-101').expect(200)
    expect(body).toMatchObject({
      issuedOn: { edtf: '2004-01-05' },
      validUntil: { edtf: '2006-01-31' },
      history: [{ becomes: 'issued' }, { becomes: 'amended', on: { edtf: '2005-01-05' } }],
    })
    expect(body.citations).toMatchObject([
      { quote: b, field: 'history' },
      { quote: renewal, field: null },
    ])
  })

  test('a removed permit is 410 with the reason', async () => {
    const { body } = await t.api.get('/v1/permits/next-103').expect(410)
    expect(body.detail).toContain('No longer in Exporte next')
    const { rows: left } = await t.database.pool.query(
      "SELECT slug FROM search_document JOIN record ON record.id = record_id WHERE state <> 'live'",
    )
    expect(left).toEqual([])
  })

  test('an older release is refused', async () => {
    await expect(imported({ map: map(1), file: first })).rejects.toThrow(
      /imported before, as next-r1/,
    )
  })

  test.each([false, true])(
    'another file as an article that is there is refused where the map says so (dry run: %s)',
    async (isDryRun) => {
      const other = file('next-2b.csv', table(a, b))
      await expect(imported({ map: map(2), file: other, isDryRun })).rejects.toThrow(
        /:\d+: the article "next-r2" is of another file\. .* give it another slug and title\.$/,
      )
    },
  )

  test('a permit that returns is live again', async () => {
    const third = file('next-3.csv', table(a.replace('95000', '96000'), b, renewal, d))
    const result = await imported({ map: map(3), file: third })
    expect(counts(result)).toMatchObject({ changed: 1, withdrawn: 2 })
    expect((await t.api.get('/v1/permits/next-103').expect(200)).body.status).toBe('issued')
    await holds()
  })

  test('a permit that other records refer to is kept', async () => {
    await storeRecords(t.database, buildEvent({ slug: 'talk', about: [{ permit: 'next-103' }] }))
    const fourth = file('next-4.csv', table(a.replace('95000', '96000'), b, renewal))
    const result = await imported({ map: map(4), file: fourth })
    expect(result).toMatchObject({ withdrawn: 0, kept: ['next-103'] })
  })

  test('nothing is withdrawn above the limit', async () => {
    const fifth = file('next-5.csv', table(b, renewal))
    const result = await imported({ map: map(5), file: fifth, withdrawAtMost: 20 })
    expect(result.withdrawn).toBe(0)
    expect(result.notWithdrawn).toMatch(/2 of 3 records are not in this release/)
  })

  test('nothing is withdrawn when a row is rejected', async () => {
    const sixth = file('next-6.csv', table(b, renewal, '"never closed'))
    const result = await imported({ map: map(6), file: sixth, withdrawAtMost: 100 })
    expect(result).toMatchObject({ withdrawn: 0, rejected: 1 })
    expect(result.notWithdrawn).toMatch(/1 of its rows cannot be read/)
  })
})

describe('invalid rows', () => {
  test('are reported with line, column and reason; other rows are imported', async () => {
    const path = file(
      'bad.csv',
      Buffer.concat([
        Buffer.from(head),
        Buffer.from('01/05/2004,1,ML1a,Gewehr,ATLANTIS,SYRIEN,1,01/31/2005\n'),
        Buffer.from('13/05/2004,2,ML1a,Gewehr,SYRIEN,SYRIEN,1,01/31/2005\n'),
        Buffer.from('01/05/2004,3,ML1a,Gewehr,SYRIEN,SYRIEN,viel,01/31/2005\n'),
        Buffer.from('01/05/2004,4,ML1a,Gewehr,SYRIEN,SYRIEN,1\n'),
        Buffer.from('01/05/2004,5,ML1a,"Gewehr"x,SYRIEN,SYRIEN,1,01/31/2005\n'),
        Buffer.from('01/05/2004,6,ML1a,Ge\0wehr,SYRIEN,SYRIEN,1,01/31/2005\n'),
        Buffer.from('01/05/2004,7,ML1a,M\xfcnze,SYRIEN,SYRIEN,1,01/31/2005\n', 'latin1'),
        Buffer.from('01/05/2004,,ML1a,Gewehr,SYRIEN,SYRIEN,1,01/31/2005\n'),
        Buffer.from('01/05/2004,9,ML1a,"Gewehr,SYRIEN,SYRIEN,1,01/31/2005\n'),
        Buffer.from('\n'),
        Buffer.from('01/05/2004,10,ML1a,Gewehr,SYRIEN,SYRIEN,1,06/31/2005\n'),
        Buffer.from('01/05/2004,11,ML1a,Gewehr,SYRIEN,SYRIEN,1,01/31/2005\n'),
      ]),
    )
    const result = await imported({ map: mapOf('bad', { file: 'encoding: utf-8' }), file: path })
    expect(result.rejects).toEqual([
      '2 Ziel: "ATLANTIS" is not in the value table',
      '3 Datum: "13/05/2004" is no date in the form MM/dd/yyyy',
      '4 Wert: "viel" is not an amount',
      '5 : it has 7 fields, and the heading 8',
      '6 Ware: something stands between the closing quotation mark and the delimiter',
      '7 Ware: has bytes that are no text in this encoding, or a NUL',
      '8 Ware: has bytes that are no text in this encoding, or a NUL',
      '9 Nummer: is empty',
      '10 Ware: a quotation mark is opened and not closed within 100 lines',
      '12 Bis: "06/31/2005" is no date in the form MM/dd/yyyy or ddMMyyyy or spreadsheet-day',
    ])
    expect(counts(result)).toEqual({ ...nothing, added: 1, rejected: 10 })
    await holds()
  })

  test('the number of a permit outside the register is rejected', async () => {
    const body = {
      slug: 'by-hand',
      title: 'By hand',
      issuer: 'hand-land',
      number: '77',
    }
    await imported({ map: mapOf('hand'), file: file('hand-1.csv', table(rows[0] ?? '')) })
    await storeRecords(t.database, buildPermit(body))
    const path = file('hand-2.csv', table((rows[0] ?? '').replace('100', '77')))
    const map = readFileSync(mapOf('hand'), 'utf8').replace('hand-r1', 'hand-r2')
    const result = await imported({ map: file('hand-2.yaml', map), file: path })
    expect(result.rejects).toEqual([
      '2 number: the permit by-hand has this number or slug and is not of the register',
    ])
  })

  test('of two contradicting rows with the same number and day, the first is imported', async () => {
    const [row = ''] = rows
    const path = file('twice.csv', table(row, row, row.replace('95000', '5')))
    const result = await imported({ map: mapOf('twice'), file: path })
    expect(counts(result)).toEqual({ ...nothing, added: 1, unchanged: 1, rejected: 1 })
    expect(result.rejects[0]).toMatch(/^4 : .*another row has the same number/)
  })
})

describe('other file formats', () => {
  const [row = ''] = rows
  const text = `${head}${row}`

  test.each([
    [
      'UTF-8 with a byte order mark and CRLF',
      Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`),
      'utf-8',
    ],
    ['Windows-1252', Buffer.from(text, 'latin1'), 'windows-1252'],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 without', Buffer.from(text, 'utf16le'), 'utf-16le'],
    ['UTF-16, big end first', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'utf-16be'],
    ['letters and their marks apart (NFD)', Buffer.from(text.normalize('NFD')), 'utf-8'],
  ])('%s', async (name, bytes, encoding) => {
    const register = `cl-${name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replace(/-$/, '')}`
    const result = await imported({ map: mapOf(register), file: file(`${register}.csv`, bytes) })
    expect(result).toMatchObject({ added: 1, rejected: 0, encoding })
    const { body } = await t.api.get(`/v1/permits/${register}-100`).expect(200)
    expect(body.citations[0].quote).toBe(row)
    const source = await t.api.get(`/v1/articles/${register}-r1/source`).responseType('blob')
    expect(Buffer.compare(source.body, bytes)).toBe(0)
    await holds()
  })

  test('columns by number, tabs, and lines before the table', async () => {
    const path = file('bare.tsv', `a title\n7\t2004-03-01\tSYRIEN\n`)
    const map = file(
      'bare.yaml',
      `register: bare
case: canada-turkey-wescam
article: { slug: bare-r1, title: Bare }
file: { delimiter: "\\t", header: false, quote: null, skip: 1 }
permit:
  key: [1]
  title: Permit {1}
  issuer: { actor: canada }
  issuedOn: { column: 2, formats: [yyyy-MM-dd] }
  destination: { column: 3, type: state }
`,
    )
    const result = await imported({ map, file: path })
    expect(result).toMatchObject({ added: 1, rejected: 0 })
    const { body } = await t.api.get('/v1/permits/bare-7').expect(200)
    // The state that is there, whatever the register calls it.
    expect(body).toMatchObject({ destination: { slug: 'syria' }, number: null })
    expect(body.citations[0].fragment).toBe('row=2')
  })
})

describe('unusable input is refused before anything is written', () => {
  const good = file('good.csv', table(...rows))

  test.each([
    ['an empty file', () => ({ file: file('empty.csv', ''), map: mapOf('none') }), /is empty/],
    [
      'a heading and nothing else: as a release it would withdraw every permit',
      () => ({ file: file('heading.csv', table()), map: mapOf('none') }),
      /heading\.csv has no rows below row \d: nothing is imported/,
    ],
    ['no file', () => ({ file: join(folder, 'gone.csv'), map: mapOf('none') }), /cannot be read/],
    [
      'a key that there is not: file, line and key',
      () => ({ file: good, map: mapOf('none', { permit: '  nmber: { column: Nummer }' }) }),
      /\.yaml:18: \/permit\/nmber: Unrecognized key/,
    ],
    [
      'a table that there is not',
      () => ({ file: good, map: mapOf('none', { permit: '  exporter: { column: A, table: x }' }) }),
      /\.yaml:18: \/permit\/exporter\/table: there is no table "x"/,
    ],
    [
      'a column that the table has not',
      () => ({ file: good, map: mapOf('none', { permit: '  legalBasis: { column: Gesetz }' }) }),
      /the table has no column "Gesetz"/,
    ],
    [
      'a line without end',
      () => ({ file: file('long.csv', 'x'.repeat(1_500_000)), map: mapOf('none') }),
      /a line is longer than/,
    ],
  ])('%s', async (_name, given, message) => {
    const before = (await t.head.queryHead()).revision
    await expect(imported(given())).rejects.toThrow(message)
    expect((await t.head.queryHead()).revision).toBe(before)
  })
})
