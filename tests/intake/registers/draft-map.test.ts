import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeXlsx } from 'hucre'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { draftMap } from '../../../src/intake/registers/draft-map/draft-map.ts'
import { importRegister } from '../../../src/intake/registers/import-register.ts'
import { useApp } from '../../harness/app.ts'

const t = useApp()
const folder = mkdtempSync(join(tmpdir(), 'casefile-drafts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Drafts a map for a table and imports it, after these edits. */
async function drafted(name: string, content: string | Uint8Array, edits: [string, string][] = []) {
  const [file, mapFile] = [join(folder, name), join(folder, `${name}.yaml`)]
  writeFileSync(file, content)
  const yaml = await draftMap({ file, issuer: 'SE', sheet: null, table: null, path: null })
  const edited = edits.reduce((text, [from, to]) => {
    expect(text).toContain(from)
    return text.replaceAll(from, to)
  }, yaml)
  writeFileSync(mapFile, edited)
  const rejects: string[] = []
  const run = (isDryRun: boolean) =>
    importRegister(t.database, {
      file,
      map: mapFile,
      isDryRun,
      withdrawAtMost: 50,
      onReject: ({ row, column, reason }) =>
        isDryRun && rejects.push(`${row.number} ${column}: ${reason}`),
      onProgress: () => undefined,
    })
  const predicted = await run(true)
  const { records, totals } = await run(false)
  expect(predicted.records).toEqual(records)
  const added = (kind: 'permit' | 'event' | 'figure') => records[kind].added
  return {
    yaml,
    map: parse(yaml),
    rejects,
    totals,
    added: [added('permit'), added('event'), added('figure')],
  }
}

const get = async (path: string) => (await t.api.get(path).expect(200)).body

describe('a draft of a map', () => {
  test('permits: delimiter, dates, decimal sign, currency, states, outcome words, lines of a key', async () => {
    const table = `Utförseltillstånd 2021
Dnr;Beslutsdatum;Giltig till;Land;Beslut;Kategori;Värde
S-1;2021-01-04;2022-12-31;Storbritannien;beviljad;ML10;kr 1 234,50
S-1;2021-01-04;2022-12-31;Storbritannien;beviljad;ML4;kr 12,5
S-2;2021-02-05;2022-12-31;Tyskland, Polen;beviljad;ML5;kr 2 000 000,00
S-3;2021-03-06;;Hongkong;avslagen;ML6;-
S-4;2021-03-07;;Kina;återkallad;ML1;kr 5,25
`
    const { map, yaml, rejects, added } = await drafted('tillstand.csv', table, [
      ['currency: TODO', 'currency: SEK'],
    ])
    expect(map.file).toEqual({ delimiter: ';', skip: 1 })
    expect(map.permit).toMatchObject({
      key: ['Dnr'],
      sameKey: 'lines',
      issuer: { actor: 'sweden' },
      issuedOn: { column: 'Beslutsdatum', formats: ['yyyy-MM-dd'] },
      validUntil: { column: 'Giltig till' },
      outcome: { values: { beviljad: 'issued', avslagen: 'refused', återkallad: 'cancelled' } },
      destination: { column: 'Land', split: ',', match: 'state', table: 'names' },
      controlEntries: [{ column: 'Kategori' }],
      value: { column: 'Värde', decimal: ',' },
    })
    expect(map.tables.names.Hongkong).toMatchObject({ country: 'HK' })
    expect(yaml).toContain('# - Land: state (Storbritannien | Tyskland, Polen | Hongkong)')
    expect([rejects, added]).toEqual([[], [4, 0, 0]])
    expect((await get('/v1/permits/tillstand-s-1')).value).toMatchObject({ amount: '1247' })
    expect((await get('/v1/permits/tillstand-s-3')).status).toBe('refused')
  })

  test('a workbook: repeated headings are named by number, dates are those that it stores', async () => {
    const day = (iso: string) => new Date(`${iso}T00:00:00Z`)
    const rows = [
      ['Licence number', 'Date', 'Date', 'Country', 'Value (EUR)'],
      ['W-1', day('2020-01-02'), day('2021-01-02'), 'Oman', 1234.5],
      ['W-2', day('2020-02-03'), day('2021-02-03'), 'Chad', 165.605],
    ]
    const { map, rejects, added } = await drafted(
      'w.xlsx',
      await writeXlsx({ sheets: [{ name: 'A', rows }] }),
    )
    expect(map.file).toEqual({ skip: 1, header: false })
    expect(map.permit).toMatchObject({
      key: [1],
      issuedOn: { column: 2 },
      value: { column: 5, currency: 'EUR' },
    })
    expect([rejects, added]).toEqual([[], [2, 0, 0]])
  })

  test('totals: years over columns, a stated total, a year that is no date', async () => {
    const wide =
      'State,ISO,2019,2020\nTotal,,"1,500,000","2,750,000"\nOman,OMN,"1,000,000","2,000,000"\nChad,TCD,"500,000","750,000"\n'
    const { map, totals, rejects, added } = await drafted('wide.csv', wide, [
      ['currency: TODO', 'currency: EUR'],
    ])
    expect(map.figure).toMatchObject({
      unpivot: { columns: ['2019', '2020'], name: 'year' },
      period: { column: 'year', formats: ['yyyy'] },
    })
    expect(totals.map(({ isEqual }) => isEqual)).toEqual([true, true])
    expect([rejects, added]).toEqual([[], [0, 0, 4]])
    const rows = JSON.stringify([
      { year: 2019, to: { code: 'OM', name: 'Oman' }, licences: 3, value_eur: 5000.5 },
      { year: 2020, to: { code: 'TD', name: 'Chad' }, licences: 1, value_eur: 1250 },
    ])
    const json = await drafted('totals.json', rows)
    expect(json.map.figure).toMatchObject([
      {
        measure: { constant: 'licences' },
        quantity: { column: 'licences' },
        to: { column: 'to.code' },
      },
      { measure: { constant: 'licensed-value' }, value: { column: 'value_eur', currency: 'EUR' } },
    ])
    expect([json.rejects, json.added]).toEqual([[], [0, 0, 4]])
  })

  test('deliveries and their orders, with uncertain dates', async () => {
    const table = `ID\tSupplier\tRecipient\tWeapon designation\tYear of order\tUncertain\tNumber delivered\tYear of delivery
D-1\tTurkey\tUkraine\tTB2\t2019\t?\t6\t2021
D-1\tTurkey\tUkraine\tTB2\t2019\t?\t12\t2022
D-2\tSweden\tunknown recipient(s)\tAT4\t2020\t\t40\t2020
`
    const { map, added, rejects } = await drafted('transfers.tsv', table)
    expect(map.event[1].on).toEqual({
      column: 'Year of order',
      formats: ['yyyy'],
      uncertain: { column: 'Uncertain' },
    })
    expect([rejects, added]).toEqual([[], [0, 6, 0]])
  })

  test('says what it cannot know', async () => {
    const file = join(folder, 'unsure.csv')
    writeFileSync(
      file,
      'ref,issued,country,outcome,amount\n1,03/04/2019,Oman,issued,"165,605"\n2,05/06/2019,Chad,pending,"20,500"\n3,01/02/2019,Mali,issued,7\n',
    )
    const yaml = await draftMap({ file, issuer: null, sheet: null, table: null, path: null })
    for (const comment of [
      'No day is above 12: day and month may be the other way round.',
      'Say what these mean, or their rows are rejected: pending',
      'No cell shows the decimal sign',
      'The table does not say the currency',
      'Slug of the state that issued them.',
    ])
      expect(yaml).toContain(comment)
    expect(yaml.match(/(?<!# A map.*)TODO(?! stands)/g)).toHaveLength(2)
  })

  test('reads units and currencies from headings, and takes words for unknown values', async () => {
    const file = join(folder, 'unites.csv')
    writeFileSync(
      file,
      'Année;Pays;Nombre de licences;Montant (k€)\n2019;Égypte;45;1 017 200\n2019;Oman;2;287 450,5\n2020;Tchad;1;n.c.\n',
    )
    const yaml = await draftMap({ file, issuer: 'FR', sheet: null, table: null, path: null })
    expect(parse(yaml).figure).toMatchObject([
      { measure: { constant: 'licences' }, quantity: { column: 'Nombre de licences' } },
      { value: { currency: 'EUR', decimal: ',', unit: 1_000, unknown: ['n.c.'] } },
    ])
    writeFileSync(file, Buffer.from('0102030405060708'.repeat(20), 'hex'))
    const refused = draftMap({ file, issuer: null, sheet: null, table: null, path: null })
    await expect(refused).rejects.toThrow('unites.csv is no text and no format that is read.')
  })
})
