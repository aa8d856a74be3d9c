/** Sums of a register by state and year: computed straight from its file, and from the records of the database. */
import type { Database } from '../src/database/database.ts'
import { openTable } from '../src/intake/registers/formats/open-table.ts'
import { listRules } from '../src/intake/registers/mapping/cells/schema.ts'
import { createRowReader, type RowReading } from '../src/intake/registers/mapping/row-reader.ts'
import { readSideTables } from '../src/intake/registers/mapping/side-tables.ts'
import { createStateMatcher } from '../src/intake/registers/mapping/state-matcher.ts'
import { readRows } from '../src/intake/registers/table/rows.ts'
import { scanRegister } from '../src/intake/registers/table/scan.ts'
import { RegisterMap } from '../src/intake/registers/table/schema.ts'
import { readYaml } from '../src/intake/yaml-file.ts'

/** Value and number of permits or figures, by `state year`. */
export type Sums = Map<string, { value: number; count: number }>

function add(sums: Sums, key: string, value: number, count: number): void {
  const known = sums.get(key) ?? { value: 0, count: 0 }
  sums.set(key, { value: known.value + value, count: known.count + count })
}

/**
 * The number of a cell, read without the map: signs between groups of three are removed, the last other one is the
 * decimal sign.
 */
function readNumber(cell: string): number {
  const digits = cell.replaceAll(/[^\d.,']/g, '').replaceAll("'", '')
  const plain = /^\d{1,3}([.,]\d{3})+$/.test(digits)
    ? digits.replaceAll(/[.,]/g, '')
    : digits
        .replace(/^[.,]+/, '')
        .replaceAll(/[.,](?=.*[.,])/g, '')
        .replace(',', '.')
  return Number(plain) || 0
}

/** The last number of four digits in a cell. */
const readYear = (cell: string): string =>
  /(\d{4})(?!.*\d{4})/.exec(cell.replaceAll(/\d{5,}/g, ''))?.[1] ?? '?'

/**
 * Reads values and years from the cells, and only states and the choice of rows with the map. `leftOut`: number of rows with a
 * number that the map does not read as a value.
 */
export async function sumFile(
  file: string,
  mapFile: string,
  rejected: ReadonlySet<number>,
): Promise<{ sums: Sums; leftOut: number }> {
  const { content: map } = readYaml(mapFile, RegisterMap)
  const table = await openTable(file, map.file)
  const sideTables = await readSideTables(map.rows.join, file)
  const surroundings = { matchState: createStateMatcher(map.language), sideTables }
  const scan = await scanRegister(file, { ...map, file: table.options }, table, surroundings)
  const { mapper } = scan
  const read = createRowReader(mapper)
  const figures = map.figure === null ? [] : [map.figure].flat()
  const indexOf = (column: string | number): number =>
    typeof column === 'number'
      ? column - 1
      : mapper.columns.findIndex((name) => name.toUpperCase() === column.toUpperCase())
  const columnOf = (source: unknown): number => {
    const [rule] = listRules(source as { column: string | number } | null)
    return rule === undefined || !('column' in rule) ? -1 : indexOf(rule.column)
  }
  const sums: Sums = new Map()
  /** By key: the year of the first row, and what the rows say together. */
  const permits = new Map<string, { year: string; value: number; states: Set<string> }>()
  let leftOut = 0
  const takePermit = (
    { permit }: Extract<RowReading, { type: 'read' }>,
    fields: readonly string[],
  ) => {
    if (permit === null || mapper.permit === null || map.permit === null) return
    const { actors, destinations, value: read } = mapper.permit.map([permit.cells], permit.key)
    const slugs = [actors.destination, ...destinations].flatMap((actor) => actor?.slug ?? [])
    const cell = readNumber(fields[columnOf(map.permit.value)] ?? '')
    if (read === null && cell > 0) leftOut += 1
    const value = read === null ? 0 : cell
    const year = readYear(fields[columnOf(map.permit.issuedOn)] ?? '')
    const known = permits.get(permit.key)
    if (known === undefined || !mapper.permit.hasLines)
      permits.set(permit.key, { year: known?.year ?? year, value, states: new Set(slugs) })
    else {
      known.value += value
      for (const slug of slugs) known.states.add(slug)
    }
  }
  for await (const { rows } of readRows(table.text, table.inspection.encoding, table.options))
    for (const row of rows) {
      if (row.number <= scan.headingRow || row.text === '' || rejected.has(row.number)) continue
      const reading = read(row)
      if (reading.type !== 'read') continue
      takePermit(reading, row.fields)
      for (const { mapper: record, cells, key } of reading.records) {
        const draft = record.map(cells, key)
        if (draft.kind !== 'figure') continue
        const rule = figures[mapper.records.filter(({ kind }) => kind === 'figure').indexOf(record)]
        const unpivoted = rule?.unpivot === undefined ? -1 : cells.length - 1
        const at = unpivoted === -1 ? columnOf(rule?.value ?? rule?.quantity) : unpivoted
        const year = readYear(cells[columnOf(rule?.period)] ?? draft.period?.edtf ?? '')
        add(sums, `${draft.to?.slug ?? 'open'} ${year}`, readNumber(cells[at] ?? ''), 1)
      }
    }
  table.close()
  for (const { year, value, states } of permits.values()) {
    const [state = 'open'] = states
    add(sums, `${states.size > 1 ? 'several' : state} ${year}`, value, 1)
  }
  return { sums, leftOut }
}

/** The same of the records. */
export async function sumRecords({ pool }: Database, register: string): Promise<Sums> {
  const { rows } = await pool.query<{ state: string; year: string; value: string; count: string }>(
    `WITH permits AS (
       SELECT permit.id,
         CASE WHEN EXISTS (SELECT 1 FROM permit_destination AS d WHERE d.permit_id = permit.id) THEN 'several'
           ELSE COALESCE((SELECT slug FROM record WHERE record.id = permit.destination_id), 'open') END AS state,
         COALESCE((SELECT to_char(min(event.on_earliest), 'YYYY') FROM event_effect AS effect
           JOIN event ON event.id = effect.event_id WHERE effect.permit_id = permit.id), '?') AS year,
         COALESCE(permit.value_amount, permit.value_low, 0) AS value,
         1 AS count
       FROM permit JOIN record ON record.id = permit.id AND record.state = 'live'
       WHERE permit.register = $1
     ), figures AS (
       SELECT COALESCE((SELECT slug FROM record AS r WHERE r.id = figure.to_id), 'open') AS state,
         to_char(figure.period_earliest, 'YYYY') AS year,
         COALESCE(figure.value_amount, figure.quantity, figure.quantity_low, 0) AS value, 1 AS count
       FROM figure JOIN record ON record.id = figure.id AND record.state = 'live'
     )
     SELECT state, year, sum(value) AS value, sum(count) AS count
     FROM (SELECT state, year, value, count FROM permits UNION ALL SELECT * FROM figures) AS every
     GROUP BY state, year`,
    [register],
  )
  return new Map(
    rows.map(({ state, year, value, count }) => [
      `${state} ${year}`,
      { value: Number(value), count: Number(count) },
    ]),
  )
}

/** What differs, and the sums of all. */
export function compareSums(ofFile: Sums, ofRecords: Sums) {
  const differences: string[] = []
  const total = { value: 0, count: 0 }
  for (const key of new Set([...ofFile.keys(), ...ofRecords.keys()])) {
    const stated = ofFile.get(key) ?? { value: 0, count: 0 }
    const stored = ofRecords.get(key) ?? { value: 0, count: 0 }
    total.value += stored.value
    total.count += stored.count
    if (Math.abs(stated.value - stored.value) > 0.005 || stated.count !== stored.count)
      differences.push(
        `${key}: ${stated.value} in ${stated.count} of the file, ${stored.value} in ${stored.count} of the records`,
      )
  }
  return { differences, total }
}
