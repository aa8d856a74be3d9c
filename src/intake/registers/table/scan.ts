import { createHash } from 'node:crypto'
import { FatalError } from '../../../fatal-error.ts'
import { createRowMapper, type RowMapper } from './row-mapper.ts'
import { type FileInspection, readRows } from './rows.ts'
import type { RegisterMap } from './schema.ts'

export type RegisterScan = {
  drafter: RowMapper
  /** Number of the heading row; permits come after it. */
  headingRow: number
  /** Number of rows about the permit of a key. */
  countRows(key: string): number
  /** Number of rows without a readable key. */
  unidentifiedRows: number
}

/** Reads the table once to count the rows of each key. @throws {RowError} for a column that the table does not have */
export async function scanRegister(
  file: string,
  map: RegisterMap,
  { encoding }: FileInspection,
): Promise<RegisterScan> {
  const { header, skip } = map.file
  const heading = skip + (header ? 1 : 0)
  let drafter = header ? undefined : createRowMapper(map, null)
  let unknown = 0
  // By 48 bits of the hash of the key: a million keys are some tens of megabytes.
  const counts = new Map<number, number>()
  for await (const { rows } of readRows(file, encoding, map.file))
    for (const row of rows) {
      if (header && row.number === heading) drafter = createRowMapper(map, row.fields)
      if (row.number <= heading || row.text === '') continue
      const key = row.fault === null ? drafter?.readKey(row.fields) : undefined
      if (key == null) unknown += 1
      else counts.set(shortenKey(key), (counts.get(shortenKey(key)) ?? 0) + 1)
    }
  if (drafter === undefined) throw new FatalError(`${file} has no heading in row ${heading}.`)
  // An empty release would withdraw all permits.
  if (unknown + counts.size === 0)
    throw new FatalError(`${file} has no rows below row ${heading}: nothing is imported.`)
  return {
    drafter,
    headingRow: heading,
    unidentifiedRows: unknown,
    countRows: (key) => counts.get(shortenKey(key)) ?? 0,
  }
}

const shortenKey = (key: string): number => createHash('sha1').update(key).digest().readUIntBE(0, 6)
