import { FatalError } from '../../../fatal-error.ts'
import type { OpenTable } from '../formats/open-table.ts'
import { createRowReader, type RowReading, shortenKey } from '../mapping/row-reader.ts'
import { slugOfKey } from '../mapping/slugs.ts'
import { createRowMapper, type MapSurroundings, type RowMapper } from './row-mapper.ts'
import { type RegisterRow, readRows } from './rows.ts'
import type { RegisterMap } from './schema.ts'

export type RegisterScan = {
  mapper: RowMapper
  /** Number of the last heading row; records come after it. */
  headingRow: number
  /** Number of rows about the permit of a key. */
  countRows(key: string): number
  /** Whether the table has the event or figure of this slug. */
  hasRecord(kind: 'event' | 'figure', slug: string): boolean
  /** Number of rows without a readable key. */
  unidentifiedRows: number
}

/** Reads the table once to count the rows of each key. @throws {RowError} for a column that the table does not have */
export async function scanRegister(
  file: string,
  map: RegisterMap,
  { text, inspection, options, hasMergedCells }: OpenTable,
  surroundings: MapSurroundings,
): Promise<RegisterScan> {
  const { header, skip } = map.file
  const headingRows = Number(header)
  const lastHeading = skip + headingRows
  const headings: (readonly string[])[] = []
  const counter = new KeyCounter(map.register)
  let mapper: RowMapper | undefined
  let read: ((row: RegisterRow) => RowReading) | undefined
  for await (const { rows } of readRows(text, inspection.encoding, options))
    for (const row of rows) {
      if (row.number > skip && row.number <= lastHeading) headings.push(row.fields)
      if (row.number <= lastHeading || row.text === '') continue
      if (mapper === undefined || read === undefined) {
        const heading = headingRows === 0 ? null : joinHeadings(headings, hasMergedCells)
        mapper = createRowMapper(map, heading, row.fields.length, surroundings)
        read = createRowReader(mapper)
      }
      counter.count(read(row))
    }
  if (mapper === undefined && headings.length < headingRows)
    throw new FatalError(`${file} has no heading in row ${lastHeading}.`)
  // An empty release would withdraw all permits.
  if (mapper === undefined)
    throw new FatalError(`${file} has no rows below row ${lastHeading}: nothing is imported.`)
  return {
    mapper,
    headingRow: lastHeading,
    unidentifiedRows: counter.unidentifiedRows,
    countRows: (key) => counter.countRows(key),
    hasRecord: (kind, slug) => counter.hasRecord(kind, slug),
  }
}

/**
 * A heading of several rows: a cell of an upper row stands above all columns up to the next one.
 *
 * @param isMerged whether it is known which columns it stands above: it is repeated in them
 */
function joinHeadings(rows: readonly (readonly string[])[], isMerged: boolean): readonly string[] {
  const [first = []] = rows
  if (rows.length < 2) return first
  const width = Math.max(...rows.map((row) => row.length))
  const upper = rows.slice(0, -1).map((row) => {
    let current = ''
    return Array.from({ length: width }, (_, index) => {
      current = row[index]?.trim() || (isMerged ? '' : current)
      return current
    })
  })
  const last = rows.at(-1) ?? []
  return Array.from({ length: width }, (_, index) => {
    const own = last[index]?.trim() ?? ''
    const above = rows.slice(0, -1).map((row) => row[index]?.trim() ?? '')
    // A column without a heading of its own has those that stand right above it.
    const parts = own === '' ? above : upper.map((row) => row[index] ?? '')
    return [...parts, own].filter((part) => part !== '').join(' ')
  })
}

/** Keys by a part of their hash. */
class KeyCounter {
  readonly #register: string
  readonly #permits = new Map<number, number>()
  readonly #records = new Set<number>()
  unidentifiedRows = 0

  constructor(register: string) {
    this.#register = register
  }

  count(reading: RowReading): void {
    if (reading.type === 'rejected') this.unidentifiedRows += 1
    if (reading.type !== 'read') return
    const { permit, records } = reading
    if (permit !== null) {
      const short = shortenKey(permit.key)
      this.#permits.set(short, (this.#permits.get(short) ?? 0) + 1)
    }
    for (const { mapper, key } of records)
      this.#records.add(shortenKey(`${mapper.kind} ${slugOfKey(this.#register, key)}`))
  }

  countRows(key: string): number {
    return this.#permits.get(shortenKey(key)) ?? 0
  }

  hasRecord(kind: string, slug: string): boolean {
    return this.#records.has(shortenKey(`${kind} ${slug}`))
  }
}
