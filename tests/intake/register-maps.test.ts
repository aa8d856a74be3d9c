import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { importRegister } from '../../src/intake/registers/import-register.ts'
import { useApp } from '../harness/app.ts'
import { readEntries } from '../harness/record-reader.ts'

/** Tables in the shapes in which governments publish them, and the records that a map makes of their rows. */

const t = useApp()
const folder = mkdtempSync(join(tmpdir(), 'casefile-maps-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

type Given = {
  table: string
  map: string
  release?: number
  side?: string
  withdrawAtMost?: number
}

/** Imports a table after a dry run, which has to predict it. */
async function imported(register: string, { release = 1, ...given }: Given) {
  const table = file(`${register}.csv`, given.table)
  const map = file(
    `${register}.yaml`,
    `register: ${register}
case: { slug: ${register}, title: Exports of Ruritania }
article: { slug: ${register}-r${release}, title: Table ${release} of ${register} }
actors: [{ slug: ruritania, type: state, name: Ruritania, country: null }]
${given.map}`,
  )
  const run = async (isDryRun: boolean) => {
    const rejects: string[] = []
    const result = await importRegister(t.database, {
      file: table,
      map,
      isDryRun,
      withdrawAtMost: given.withdrawAtMost ?? 50,
      onReject: ({ row, column, reason }) => rejects.push(`${row.number} ${column}: ${reason}`),
      onProgress: () => undefined,
    })
    const { records, leftOpen, totals, skipped, rejected, withdrawn, warnings, isNewRelease } =
      result
    return {
      records,
      leftOpen,
      totals,
      skipped,
      rejected,
      withdrawn,
      warnings,
      isNewRelease,
      rejects,
    }
  }
  const predicted = await run(true)
  const result = await run(false)
  expect(predicted).toEqual(result)
  return result
}

const counts = (added: number, changed = 0, unchanged = 0) => ({
  added,
  changed,
  renewed: 0,
  unchanged,
})
/** The record of a list with a title. */
async function find(path: string, title: string) {
  const found = (await readEntries(t, path)).find((one) => one.title === title)
  return await get(`${path.split('?')[0]}/${found?.slug}`)
}
const get = async (path: string) => (await t.api.get(path).expect(200)).body

describe('rows that are lines of a licence, with outcomes', () => {
  const head = 'licence,date,rating,value,country,outcome'
  const lines = [
    '501,2019-03,ML10,94050,Indonesia,issued',
    '501,2019-03,ML4,390,Indonesia,issued',
    '502,2019-04-02,ML5,1200000,Türkiye,issued',
    '503,2019-04-09,6A003,48500,China,refused',
    '504,2019-05,ML1,,Saudi Arabia,revoked',
    '505,2019-05,ML6,250000,"Israel; United States of America",issued',
    '505,2019-05,ML21,250000,"Israel; United States of America",issued',
    '505,2019-05,ML21,250000,"Israel; United States of America",issued',
    '506,2019-06,ML6,7,"Israel; Atlantis",issued',
    '507,2019-06,ML6,7,Israel,pending',
    '508,2019-06,ML6,7,Israel,lost',
    '509,2019-06,ML6,7,Israel,issued',
    '509,2019-06,ML6,many,Israel,issued',
  ]
  const map = `
language: en
permit:
  key: [licence]
  sameKey: lines
  title: Licence {licence}
  number: { column: licence }
  issuer: { actor: ruritania }
  outcome: { column: outcome, values: { issued: issued, refused: refused, revoked: cancelled, pending: null } }
  issuedOn: { column: date, formats: [yyyy-MM-dd, yyyy-MM] }
  type: { constant: export }
  destination: { column: country, split: ';', match: state }
  controlEntries: [{ column: rating, list: UK }]
  itemValue: { column: value, currency: GBP }
  value: { column: value, currency: GBP }
`
  const table = (...rows: string[]) => `${[head, ...rows].join('\n')}\n`

  test('are one permit each; what cannot be read rejects all lines of its permit', async () => {
    const result = await imported('lines', { table: table(...lines), map })
    expect(result.records.permit).toEqual(counts(7))
    expect(result.rejects).toEqual([
      '12 outcome: "lost" is not one of: ISSUED, REFUSED, REVOKED, PENDING',
      '13 value: "many" is not an amount',
      '14 value: "many" is not an amount',
    ])
    expect(result.leftOpen).toMatchObject([{ cell: 'country: Israel; Atlantis', rows: 1 }])
    await verifyAll(t.database)
  })

  test('values are added and kept by item; a month stays a month', async () => {
    const permit = await get('/v1/permits/lines-501')
    expect(permit).toMatchObject({
      type: 'export',
      status: 'issued',
      issuedOn: {
        edtf: '2019-03',
        asStated: '2019-03',
        earliest: '2019-03-01',
        latest: '2019-03-31',
      },
      value: { amount: '94440', currency: 'GBP' },
      items: [
        {
          good: { name: 'Goods of UK ML10' },
          controlEntries: [{ code: 'ML10' }],
          value: { amount: '94050' },
        },
        { controlEntries: [{ code: 'ML4' }], value: { amount: '390' } },
      ],
    })
    expect(permit.citations.map(({ quote }: { quote: string }) => quote)).toEqual(lines.slice(0, 2))
  })

  test('a refused or revoked licence is not issued', async () => {
    expect(await get('/v1/permits/lines-503')).toMatchObject({
      status: 'refused',
      issuedOn: null,
      history: [{ becomes: 'refused', on: { edtf: '2019-04-09' } }],
    })
    const revoked = await get('/v1/permits/lines-504')
    expect(revoked).toMatchObject({ status: 'cancelled', value: null })
    expect(revoked.history).toMatchObject([{ becomes: 'cancelled', on: { edtf: '2019-05' } }])
    expect(revoked.issuedOn.earliest).toBe(null)
    expect(await get('/v1/permits/lines-507')).toMatchObject({ status: null, history: [] })
    expect((await readEntries(t, '/v1/permits?case=lines&status=issued')).length).toBe(4)
  })

  test('equal lines are lots; several destinations stand in one cell', async () => {
    const permit = await get('/v1/permits/lines-505')
    expect(permit.items).toHaveLength(3)
    expect(permit).toMatchObject({ value: { amount: '750000' }, destination: null })
    expect(permit.destinations.map(({ name }: { name: string }) => name).sort()).toEqual([
      'Israel',
      'United States',
    ])
    expect(permit.citations.map(({ fragment }: { fragment: string }) => fragment)).toEqual([
      'row=7',
      'row=8',
      'row=9',
    ])
    // Of a list of which one is unknown, none is all of them.
    expect(await get('/v1/permits/lines-506')).toMatchObject({ destinations: [] })
  })

  test('a state is one actor whatever its spelling', async () => {
    expect((await get('/v1/permits/lines-502')).destination.slug).toBe('turkey')
  })

  test('a newer release changes permits whose lines differ, also in their outcome', async () => {
    const [one = '', , two = '', ...others] = lines.slice(0, 10)
    const rows = [one, two.replace(',issued', ',revoked'), ...others]
    const result = await imported('lines', { table: table(...rows), map, release: 2 })
    expect(result.records.permit).toEqual(counts(0, 2, 5))
    expect(await get('/v1/permits/lines-501')).toMatchObject({
      value: { amount: '94050' },
      items: [{}],
      citations: [{ quote: one }],
    })
    expect(await get('/v1/permits/lines-502')).toMatchObject({
      status: 'cancelled',
      history: [{ becomes: 'cancelled' }],
    })
    await verifyAll(t.database)
    const again = await imported('lines', { table: table(...rows), map, release: 2 })
    expect(again).toMatchObject({ isNewRelease: false })
    expect(again.records.permit).toEqual(counts(0, 0, 7))
  })
})

test('lots stand as rows, or as lines of a cell', async () => {
  const result = await imported('lots', {
    table: `case;date;country;type;entry;value
601;14.02.2014;Singapur;"Dual Use
Dual Use";"2B001.b1
2B201.a1";209609
602;17.02.2014;Türkei;Besonders;ML15;128000
602;17.02.2014;Türkei;Besonders;ML15;128000
603;18.02.2014;China, Volksrepublik;Dual Use;2B120;94988.4
604;18.02.2014;China;"Dual Use
Dual Use";"2B120
2B121
2B122";5
`,
    map: `
file: { delimiter: ';' }
language: de
permit:
  key: [case]
  sameKey: lines
  split: { columns: [type, entry], by: lines }
  title: Case {case}
  issuer: { actor: ruritania }
  issuedOn: { column: date, formats: [dd.MM.yyyy] }
  destination: { column: country, match: state }
  goods: { template: 'Goods of entry {entry}' }
  controlEntries: [{ column: entry, list: CH }]
  itemValue: { column: value, currency: CHF, decimal: . }
  value: { column: value, currency: CHF, decimal: . }
`,
  })
  expect(result.records.permit).toEqual(counts(3))
  expect(result.rejects).toEqual(['6 type: has 2 values, and another column has 3'])
  const two = await get('/v1/permits/lots-601')
  expect(two).toMatchObject({ value: { amount: '209609' }, destination: { name: 'Singapore' } })
  expect(two.items).toMatchObject([
    { controlEntries: [{ code: '2B001.b1' }], value: null },
    { controlEntries: [{ code: '2B201.a1' }], value: null },
  ])
  const lots = await get('/v1/permits/lots-602')
  expect(lots).toMatchObject({ value: { amount: '256000' }, destination: { slug: 'turkey' } })
  expect(lots.items).toMatchObject([
    { value: { amount: '128000' } },
    { value: { amount: '128000' } },
  ])
  expect(lots.citations).toHaveLength(2)
  const mainland = await get('/v1/permits/lots-603')
  expect(mainland.destination.name).toMatch(/China/)
})

describe('figures', () => {
  test('a wide table is unpivoted; its stated totals are compared and not imported', async () => {
    const wide = (total: string) => `Exports by category (2014);;;;
Continent;State;Total;KM 1;KM 2
;;${total};24'711;538'789
Europa;Belgien;5'679;2'434;3'245
;Dänemark;7'053;3'927;3'126
Asien;Saudi-Arabien;550'768;18'350;532'418
;Japan;0;0;
;Atlantis;1;1;
`
    const map = `
file: { delimiter: ';', skip: 1 }
language: de
rows: { fillDown: [Continent] }
figure:
  unpivot: { columns: [KM 1, KM 2], name: category, value: amount }
  key: [State, category]
  title: Exports of {category} to {State} in 2014
  measure: { constant: exported-value }
  value: { column: amount, currency: CHF, thousands: "'" }
  from: { actor: ruritania }
  to: { column: State, match: state }
  category: { column: category }
  scope: { template: 'Continent: {Continent}' }
  period: { constant: '2014' }
  total: { State: { empty: true } }
`
    const result = await imported('wide', { table: wide("563'500"), map })
    expect(result.records.figure).toEqual(counts(7))
    expect(result.records.permit).toEqual(counts(0))
    expect(result.rejects).toEqual([expect.stringMatching(/^8 State: "Atlantis"/)])
    expect(result.totals).toMatchObject([
      { row: 3, stated: '24711', sum: '24711', isEqual: true },
      { row: 3, stated: '538789', sum: '538789', isEqual: true },
    ])
    expect(
      await find('/v1/figures?case=wide', 'Exports of KM 2 to Dänemark in 2014'),
    ).toMatchObject({
      measure: 'exported-value',
      value: { amount: '3126', currency: 'CHF' },
      from: { slug: 'ruritania' },
      to: { name: 'Denmark' },
      category: 'KM 2',
      scope: 'Continent: Europa',
      period: { edtf: '2014', earliest: '2014-01-01' },
      citations: [{ fragment: 'row=5', quote: ";Dänemark;7'053;3'927;3'126" }],
    })
    // Zero is a figure, an empty cell is none.
    const ofJapan = await readEntries(t, '/v1/figures?case=wide&toActor=japan')
    expect(ofJapan).toMatchObject([{ category: 'KM 1', value: { amount: '0' } }])
    await verifyAll(t.database)

    const later = wide("563'500")
      .replace("2'434", "2'435")
      .replace(/;Dänemark.*\n/, '')
    const next = await imported('wide', { table: later.replace(/;Atl.*\n/, ''), map, release: 2 })
    expect(next.records.figure).toEqual(counts(0, 2, 3))
    expect(next.withdrawn).toBe(2)
    expect(next.totals[0]).toMatchObject({ stated: '24711', sum: '20785', isEqual: false })
    const changed = await find('/v1/figures?case=wide', 'Exports of KM 1 to Belgien in 2014')
    expect(changed.value.amount).toBe('2435')
    expect(await readEntries(t, '/v1/figures?case=wide&toActor=denmark')).toEqual([])
    await verifyAll(t.database)
  })

  test('a row can be several; states by ISO code; zero is a figure', async () => {
    const result = await imported('sums', {
      table: `year;total_eur;war_eur;state;iso3
2019;137896;0;Albania;ALB
2019;0;;Angola;AGO
2019-01-01;1246479;200000;Korea, South;KOR
`,
      map: `
file: { delimiter: ';' }
language: en
figure:
  - key: [year, iso3]
    title: Licensed exports to {state} in {year}
    measure: { constant: licensed-value }
    value: { column: total_eur, currency: EUR }
    from: { actor: ruritania }
    to: { column: iso3, match: state }
    period: { column: year, extract: '^\\d{4}', formats: [yyyy] }
  - key: [year, iso3]
    title: Licensed exports of war weapons to {state} in {year}
    measure: { constant: licensed-value }
    value: { column: war_eur, currency: EUR }
    from: { actor: ruritania }
    to: { column: iso3, match: state }
    category: { constant: war weapons }
    period: { column: year, extract: '^\\d{4}', formats: [yyyy] }
`,
    })
    expect(result.records.figure).toEqual(counts(5))
    expect(
      await find('/v1/figures?case=sums', 'Licensed exports of war weapons to Albania in 2019'),
    ).toMatchObject({
      value: { amount: '0' },
      category: 'war weapons',
      to: { name: 'Albania' },
    })
    expect((await readEntries(t, '/v1/figures?case=sums')).length).toBe(5)
  })

  test('counts without a heading, with several categories in a cell; refusals are refusals', async () => {
    const result = await imported('aggregate', {
      table: `2019,AT,Austria,issued,CA,Canada,1,30000.0,ML4,50
2019,AT,Austria,issued,CA,Canada,1,1200000.0,ML4,1004
2019,CZ,Czech Republic,issued,SK,Slovakia,19,2305663.0,ML3; ML6; ML7,
2019,DE,Germany,refused,IN,India,2,,ML6,
2019,DE,Germany,refused,IN
`,
      map: `
file: { header: false }
language: en
figure:
  - key: [1, 2, 4, 5, 9]
    title: Brokering licences {4} by {3} for {6}
    measure: { column: 4, values: { issued: licences, refused: refusals } }
    quantity: { column: 7 }
    from: { column: 2, match: state }
    to: { column: 5, match: state }
    controlEntries: [{ column: 9, list: EU ML, split: ; }]
    period: { column: 1, formats: [yyyy] }
  - key: [1, 2, 4, 5, 9]
    title: Value of brokering licences {4} by {3} for {6}
    measure: { column: 4, values: { issued: licensed-value, refused: refused-value } }
    value: { column: 8, currency: EUR, decimal: . }
    from: { column: 2, match: state }
    to: { column: 5, match: state }
    controlEntries: [{ column: 9, list: EU ML, split: ; }]
    period: { column: 1, formats: [yyyy] }
`,
    })
    expect(result.records.figure).toEqual(counts(7))
    expect(result.rejects).toEqual(['5 : it has 5 fields, and the first row 10'])
    const found = await readEntries(t, '/v1/figures?case=aggregate&measure=refusals')
    expect(found).toMatchObject([{ quantity: 2, to: { name: 'India' } }])
    const several = await readEntries(t, '/v1/figures?case=aggregate&toActor=slovakia')
    expect(several).toHaveLength(2)
    expect(several[0]?.controlEntries).toMatchObject([
      { code: 'ML3' },
      { code: 'ML6' },
      { code: 'ML7' },
    ])
  })
})

test('deliveries are events; what is no state stays open until the map names it', async () => {
  const table = `Transfers of arms. A '?' marks uncertain data.
Order id,Supplier,Recipient,Designation,Order date,Estimate,Delivered,Year,Status
7101,Türkiye,Azerbaijan,TB-2,2020,?,5,2020,New
7101,Türkiye,Azerbaijan,TB-2,2020,?,7,2021,New
7102,Canada,Türkiye,MX-15D,2017,,40,2018,New
7103,unknown supplier(s),Libya GNC,TB-2,2019,?,12,2019,Second hand
`
  const map = (states: string) => `
file: { skip: 1 }
language: en
event:
  - key: [Order id, Year]
    type: { constant: delivery }
    title: '{Designation} for {Recipient}'
    on: { column: Year, formats: [yyyy] }
    description: { template: 'Ordered in {Order date}; {Status}' }
    participants:
      - { role: supplier, of: { column: Supplier, match: state, table: words } }
      - { role: consignee, of: { column: Recipient, match: state, table: words } }
    goods: { column: Designation }
    quantity: { column: Delivered, unit: { constant: system } }
  - key: [Order id, Order date]
    where: { Order date: { empty: false } }
    type: { constant: contract }
    title: 'Order of {Designation} for {Recipient}'
    on: { column: Order date, formats: [yyyy], uncertain: { column: Estimate, values: ['?'] } }
    participants:
      - { role: buyer, of: { column: Recipient, match: state, table: words } }
    goods: { column: Designation }
tables:
  words: { 'unknown supplier(s)': null${states} }
`
  const first = await imported('deliveries', { table, map: map('') })
  expect(first.records.event).toEqual(counts(8))
  expect(first.leftOpen.map(({ cell, rows }) => [cell, rows])).toEqual([
    ['Recipient: Libya GNC', 2],
    ['Supplier: unknown supplier(s)', 1],
  ])
  const delivered = await readEntries(t, '/v1/events?case=deliveries&type=delivery&sort=on')
  expect(delivered).toMatchObject([
    { on: { edtf: '2018' }, items: [{ quantity: 40, good: { name: 'MX-15D' } }] },
    {
      on: { edtf: '2019' },
      participants: [],
    },
    { on: { edtf: '2020' }, items: [{ quantity: 5 }] },
    {
      on: { edtf: '2021' },
      items: [{ quantity: 7, unit: 'system', good: { name: 'TB-2' } }],
      participants: [
        { actor: { slug: 'turkey' }, role: 'supplier' },
        { actor: { name: 'Azerbaijan' }, role: 'consignee' },
      ],
    },
  ])
  const orders = await readEntries(t, '/v1/events?case=deliveries&type=contract&sort=on')
  expect(orders.map(({ on }) => (on as { edtf: string }).edtf).sort()).toEqual([
    '2017',
    '2019?',
    '2020?',
    '2020?',
  ])
  await verifyAll(t.database)

  const named =
    ', Libya GNC: { slug: libya-gnc, type: organisation, name: Libya GNC, country: null }'
  const second = await imported('deliveries', { table, map: map(named) })
  // The rows are the same, so nothing changes until a release has another row.
  expect(second.records.event).toEqual(counts(0, 0, 8))
  const later = await imported('deliveries', {
    table: table.replace('12,2019', '13,2019'),
    map: map(named),
    release: 2,
  })
  expect(later.records.event).toEqual(counts(0, 2, 6))
  const changed = await readEntries(t, '/v1/events?case=deliveries&actor=libya-gnc')
  expect(changed).toHaveLength(2)
  await verifyAll(t.database)
}, 60_000)

describe('rows that are not as they should be', () => {
  const permit = `
permit:
  key: [a, b]
  title: Permit {a}
  issuer: { actor: ruritania }
  issuedOn: { column: date, formats: [dd.MM.yyyy] }
`
  test('a key with an empty part is rejected', async () => {
    const result = await imported('parts', {
      table: 'a,b,date\n,ML1,04.01.2012\n7,ML2,04.01.2012\n8,,04.01.2012\n',
      map: permit,
    })
    expect(result.rejects).toEqual(['2 a: is empty', '4 b: is empty'])
    expect(result.records.permit).toEqual(counts(1))
  })

  test('what no record can have rejects its row', async () => {
    const result = await imported('impossible', {
      table: `a,b,date,until,count\n1,x,04.01.2012,03.01.2011,5\n2,${'y'.repeat(600)},04.01.2012,,6\n3,x,04.01.2012,05.01.2012,7\n`,
      map: `
permit:
  key: [a, b]
  title: Permit {a}
  issuer: { actor: ruritania }
  outcome: { column: a, values: { '1': cancelled, '2': issued, '3': cancelled } }
  issuedOn: { column: date, formats: [dd.MM.yyyy] }
  outcomeOn: { column: until, formats: [dd.MM.yyyy] }
figure:
  - { title: 'Figure {a}', measure: { constant: licences }, value: { column: count, currency: EUR }, period: { constant: '2012' }, where: { a: 3 } }
  - { title: 'Count {a}', measure: { constant: licences }, quantity: { column: count }, period: { constant: '2012' }, where: { a: 3 } }
`,
    })
    expect(result.rejects).toEqual([
      '2 cancelled: 2011-01-03 is before the date of issue, 2012-01-04',
      '3 a: the key has over 500 characters',
      '4 value: a figure of licences has a quantity and no value',
    ])
    expect(result.records).toMatchObject({ permit: counts(1), figure: counts(1) })
  })

  test.each([
    [
      'a heading that stands twice',
      'a,b,date,date\n1,2,3,4\n',
      permit,
      /the heading "date" stands twice, in columns 3 and 4/,
    ],
    ['no record at all', 'a,b,date\n1,2,3\n', '', /says nothing about what a row is/],
    [
      'a currency that the database refuses',
      'a,b,date\n1,2,04.01.2012\n',
      `${permit}  number: { column: a }\n  destination: { actor: gone }\n`,
      null,
    ],
  ])('%s leaves nothing behind', async (_name, table, map, message) => {
    const before = (await t.head.queryHead()).revision
    if (message === null) {
      const result = await imported('refused', { table, map })
      expect(result.rejects).toEqual(['2 destination: there is no actor gone, here or in the map'])
    } else await expect(imported('refused', { table, map })).rejects.toThrow(message)
    expect((await t.head.queryHead()).revision).toBe(before)
    await t.api.get('/v1/articles/refused-r1').expect(404)
  })
})

test('rows are prepared: heading of two rows, fill down, side table, new columns, rules by period', async () => {
  file('ends.csv', 'group,state\nA,Chile\nA,Norway\nA,Norway\nB,Peru\n')
  const result = await imported('prepared', {
    table: `Licences
;Licence;;Sum;Note
Group;no;issued;EUR;Remark
A;1;05-11-2014;"12,500";to Chile via Peru
;2;06-11-2014;n/a;
B;3;Nov 2014;<1000;approx
;4;01-02-2015;"12.500";
;;;"37.500";total
;x5;01-02-2015;"1";not a licence
`,
    map: `
file: { delimiter: ';', skip: 1, header: 2 }
language: en
rows:
  fillDown: [Group]
  join: [{ file: ends.csv, key: { here: Group, there: group }, columns: { state: states } }]
  columns:
    way: { column: Note Remark, extract: 'via (\\w+)' }
    number: { column: Licence no, replace: { '^x': 'X-' } }
  where: { Licence no: { empty: false } }
permit:
  where: { number: { not: [X-5] } }
  key: [number]
  title: Licence {number}
  issuer: { actor: ruritania }
  issuedOn: { column: Licence issued, formats: [dd-MM-yyyy, MMMM yyyy], approximate: { column: Note Remark, values: [approx] } }
  destinations: [{ column: states, split: lines, match: state }]
  parties: [{ role: transit-state, of: { column: way, match: state } }]
  permitCount: { constant: 2, when: { Group: B } }
  value:
    - { column: Sum EUR, currency: EUR, thousands: ',', when: { Licence issued: { matches: '2014$' } } }
    - { column: Sum EUR, currency: EUR, thousands: '.', decimal: ',' }
  statedEndUse: { column: Note Remark }
`,
  })
  expect(result.records.permit).toEqual(counts(4))
  expect(result).toMatchObject({ skipped: 2, rejects: [] })
  expect(await get('/v1/permits/prepared-1')).toMatchObject({
    value: { amount: '12500', currency: 'EUR' },
    destinations: [{ name: 'Chile' }, { name: 'Norway' }],
    parties: [{ actor: { name: 'Peru' }, role: 'transit-state' }],
    statedEndUse: { text: 'to Chile via Peru' },
    permitCount: null,
  })
  expect(await get('/v1/permits/prepared-2')).toMatchObject({ value: null, statedEndUse: null })
  expect(await get('/v1/permits/prepared-3')).toMatchObject({
    issuedOn: { edtf: '2014-11~' },
    value: { amount: null, low: null, high: '1000', excludes: 'high', asStated: '<1000' },
    destination: { name: 'Peru' },
    permitCount: 2,
  })
  expect((await get('/v1/permits/prepared-4')).value.amount).toBe('12500')
  await verifyAll(t.database)
})

test('later rows of a key are decisions: renewed, then suspended; both dates can stand in one row', async () => {
  const map = `
language: en
permit:
  key: [number]
  title: Licence {number}
  issuer: { actor: ruritania }
  outcome: { column: status, values: { granted: issued, suspended: suspended, expired: expired } }
  issuedOn: { column: granted, formats: [yyyy-MM-dd], unknown: [''] }
  outcomeOn: { column: changed, formats: [yyyy-MM-dd] }
  value: { column: value, currency: EUR }
`
  const table = `number,granted,status,changed,value
1,2020-01-05,granted,,100
1,2021-01-05,granted,,200
1,,suspended,2021-06-01,
2,2020-02-01,expired,2022-02-01,300
3,,granted,,5
`
  const result = await imported('decided', { table, map })
  expect(result.rejects).toEqual([])
  expect(result.records.permit).toEqual({ added: 3, changed: 0, renewed: 2, unchanged: 0 })
  const first = await get('/v1/permits/decided-1')
  expect(first).toMatchObject({ status: 'suspended', value: { amount: '200' } })
  expect(first.history.map(({ becomes }: { becomes: string }) => becomes)).toEqual([
    'issued',
    'amended',
    'suspended',
  ])
  expect(await get('/v1/permits/decided-2')).toMatchObject({
    status: 'expired',
    issuedOn: { edtf: '2020-02-01' },
    history: [{ becomes: 'issued' }, { becomes: 'expired', on: { edtf: '2022-02-01' } }],
  })
  expect(await get('/v1/permits/decided-3')).toMatchObject({ status: 'issued', issuedOn: null })
  await verifyAll(t.database)
})

test('a key that means other permits in the next release is warned of', async () => {
  const map = `
permit:
  key: [row]
  title: Permit {row}
  issuer: { actor: ruritania }
  issuedOn: { column: date, formats: [yyyy-MM-dd] }
  goods: { column: goods }
  value: { column: value, currency: EUR }
`
  const rows = (first: number) =>
    `row,date,goods,value\n${Array.from({ length: 9 }, (_, at) => `${at + 1},2020-01-0${first + at},good ${first + at},5`).join('\n')}\n`
  expect((await imported('renumbered', { table: rows(1), map })).warnings).toEqual([])
  const corrected = rows(1).replaceAll(',5', ',6')
  const values = await imported('renumbered', { table: corrected, map, release: 2 })
  expect(values).toMatchObject({ warnings: [], records: { permit: { changed: 9 } } })
  const moved = rows(2).replace('2020-01-010', '2020-01-10')
  const { warnings } = await imported('renumbered', { table: moved, map, release: 3 })
  expect(warnings).toEqual([expect.stringMatching(/^9 of 9 existing permits have other goods/)])
})

describe('maps that are included', () => {
  const excerpts: Record<string, [table: string, counts: object]> = {
    'nl/military-transit': [
      `Datum aanvraag,Consent nummer,Aantal,Goederen omschrijving,land van herkomst,land van bestemming (**),Ad-hoc J/N (***),VP/AN (****),Vervoermiddel,Plaats van uitgang
01/05/2005,90000001,"1,130",Ontstekers,VS,Israël v.v.,N,,Vliegtuig,Schiphol
01/12/2005,Melding ,56 kg,Poeder,"VS, Luxemburg",Senegal,N,,Schip,Amsterdam
03/06/2015,NL0000CDIU0000001,80,MUNITIE,.375,VERENIGDE STATEN,NAMIBIE,,Vliegtuig,Schiphol vv
04/01/2008,e-mail,2,Delen,Oekraïne,India,,,Vliegtuig,Schiphol
`,
      { permit: counts(2), event: counts(1) },
    ],
    'nl/dual-use': [
      `Datum afgifte,nummer,SG-Post,Omschrijving goederen,Opgegeven eindgebruik,D/T,Land van eindbestemming,Land van herkomst,Waarde(€),Datum verval
05-01-2004,70000001,6A002a2a,Beeldversterkers,Nachtzicht,D,Chili via België,Nederland,"25,740",31-01-2005
01/30/2015,NL9,"5A002a1,
5D002c1",Apparatuur,Onderzoek,T,TURKIJE,Onbekend,165.605,02/29/2016
01/31/2015,NL10,5A002a1,Apparatuur,Onderzoek,D,VK en Frankrijk,EU,112.95,02/29/2016
`,
      { permit: counts(3) },
    ],
    'uk/licences': [
      'licence_group,date,rating,count,value,country,refused\n1,2008-01,ML10,1,3540,Italy,0\n1,2008-01,5A002,1,10,Italy,0\n2,2008-02,ML1,1,,Iran,1\n',
      { permit: counts(2) },
    ],
    'ch/dual-use-and-special-military': [
      `Geschäftsnummer;Bewilligungsdatum;Endverbraucherland;AG (GKV);MTCR (GKV);NSGI (GKV);NSGII (GKV);WA (GKV);ML (GKV);Anhang 5.1;Anhang 5.2;ChKV; Wert
90001;04.01.2012;China;;;;2B201b;2B001c;;;;; Fr. 492'552.00
90002;04.01.2012;Thailand;;;;;;;5.1;;; Fr. 7'616.00
90002;04.01.2012;Thailand;;;;;;;5.1;;; Fr. 7'616.00
90003;04.01.2012;Türkei;;;;;;18a;;;; Fr. 150'900.00
`,
      { permit: counts(3) },
    ],
    'ch/elic': [
      `Geschäftsnummer,Ausstellungsdatum,Bestimmungs-/Lieferland,Position / Güterart,Position / EKN,Position / Wert [CHF]
8000001,41677.4,"China, Volksrepublik",Dual Use Güter,2B001.a,1950000
`,
      { permit: counts(1) },
    ],
    'de/totals': [
      'year;gesamt;war_weapons;country_e;iso3_code\n2000-01-01;0;0;Afghanistan;AFG\n2000-01-01;137896;5;Albania;ALB\n2011-01-01;7;;Kosovo;123\n',
      { figure: counts(5) },
    ],
    'transfers/orders-and-deliveries': [
      `Transfers of major arms. A '?' marks uncertain data.
Order id,Supplier,Recipient,Designation,Description,Order date,Order date is estimate,Number delivered,Delivery year,Status
7201,Türkiye,Azerbaijan,TB-2,UAV,2020,?,5,2020,New
7201,Türkiye,Azerbaijan,TB-2,UAV,2020,?,7,2021,New
7203,unknown supplier(s),Libya GNC,TB-2,UAV,2019,?,,,Second hand
`,
      { event: counts(5) },
    ],
    'eu/brokering': [
      `2008,AT,Austria,issued,CA,Canada,1,30000.0,ML4,50,,BG,Bulgaria
2008,AT,Austria,issued,CA,Canada,1,,,21,,RU,Russia
2009,GB,United Kingdom,refused,IL; IN,Israel; India,1,1484.0,ML6; ML1,8,,,
"[u'AUSTRIA'", 'issued', [u'Canada'], 2
`,
      { figure: counts(5) },
    ],
  }
  file('destinations.csv', 'licence_group,destination\n1,Chile\n')
  file(
    'ratings.csv',
    'rating,short_description\nML10,Aircraft\nML1,Small arms\n5A002,Cryptography\n',
  )
  file('refusal-criteria.csv', 'licence_group,criteria\n2,1\n2,3\n')

  test.each(Object.entries(excerpts))('%s', async (name, [table, expected]) => {
    const path = join(import.meta.dirname, `../../registers/${name}.yaml`)
    const given = readFileSync(path, 'utf8').replaceAll('netherlands', 'included-nl')
    const rejects: string[] = []
    const run = (isDryRun: boolean) =>
      importRegister(t.database, {
        file: file(`${name.replace('/', '-')}.csv`, table),
        map: file(`${name.replace('/', '-')}.yaml`, given),
        isDryRun,
        withdrawAtMost: 20,
        onReject: ({ column, reason }) => rejects.push(`${column}: ${reason}`),
        onProgress: () => undefined,
      })
    const { records } = await run(true)
    expect({ ...records, rejects }).toMatchObject(expected)
    expect((await run(false)).records).toMatchObject(expected)
    expect(rejects).toEqual(name === 'eu/brokering' ? Array(2).fill(expect.any(String)) : [])
  })

  test('have the values of their rows', async () => {
    expect(
      await find('/v1/permits?case=nl-military-transit', 'Dutch transit consent NL0000CDIU0000001'),
    ).toMatchObject({
      type: 'transit',
      destination: { name: 'Namibia' },
      parties: [{ role: 'origin', actor: { name: 'United States' } }, { role: 'transit-state' }],
      items: [{ quantity: 80 }],
    })
    expect((await get('/v1/permits/nl-military-transit-90000001')).items).toMatchObject([
      { quantity: 1130 },
    ])
    const [notified] = await readEntries(t, '/v1/events?case=nl-military-transit&type=transfer')
    expect(notified).toMatchObject({ items: [{ quantity: 56, unit: 'kg' }] })
    expect(await get('/v1/permits/nl-dual-use-70000001')).toMatchObject({
      destination: { name: 'Belgium' },
      endDestination: { name: 'Chile' },
      value: { amount: '25740' },
      statedEndUse: { text: 'Nachtzicht' },
    })
    expect(await get('/v1/permits/nl-dual-use-nl9')).toMatchObject({
      type: 'temporary',
      value: { amount: '165605' },
      items: [{ controlEntries: [{ code: '5A002a1' }, { code: '5D002c1' }] }],
    })
    expect(await get('/v1/permits/nl-dual-use-nl10')).toMatchObject({ value: null })
    const refused = await get('/v1/permits/uk-licences-2')
    expect(refused).toMatchObject({
      status: 'refused',
      restrictions: 'Refused under the criteria 1, 3',
    })
    const issued = await get('/v1/permits/uk-licences-1')
    expect(issued).toMatchObject({ value: { amount: '3550' }, items: [{}, {}] })
    expect(issued.destinations).toHaveLength(2)
    expect((await get('/v1/permits/ch-dual-use-90002')).value.amount).toBe('15232')
    expect((await get('/v1/permits/ch-dual-use-90003')).items[0].controlEntries).toEqual([
      { list: 'Wassenaar ML', code: 'ML18a' },
    ])
    expect((await get('/v1/permits/ch-elic-8000001')).issuedOn.edtf).toBe('2014-02-07')
    await verifyAll(t.database)
  })
})
