import type { ActorContext, StateMatcher } from '../mapping/cells/actor-reader.ts'
import { type Cells, createColumnAccess, RowError, tidyCell } from '../mapping/cells/cells.ts'
import { compileCondition } from '../mapping/cells/conditions.ts'
import { createEventMapper, type RecordMapper } from '../mapping/records/event-mapper.ts'
import { createFigureMapper } from '../mapping/records/figure-mapper.ts'
import { createPermitMapper, type PermitMapper } from '../mapping/records/permit-mapper.ts'
import {
  compilePreparation,
  listAddedColumns,
  type RowPreparer,
} from '../mapping/row-preparation.ts'
import type { SideTables } from '../mapping/side-tables.ts'
import type { RegisterMap } from './schema.ts'

/** A map, compiled for the heading of a table. */
export type RowMapper = {
  columns: readonly string[]
  permit: PermitMapper | null
  /** Events and figures. */
  records: readonly RecordMapper[]
  /** A preparer for one pass over the rows. It throws a RowError for a row that cannot be mapped. */
  createPreparer(): RowPreparer
}

/** What a map needs beside the table. */
export type MapSurroundings = { matchState: StateMatcher; sideTables: SideTables }

/**
 * Compiles a map for the heading of a table; null if the table has none.
 *
 * @param firstWidth number of fields of the first row below the heading
 * @throws {RowError} for a column that the table does not have, or has twice
 */
export function createRowMapper(
  map: RegisterMap,
  heading: readonly string[] | null,
  firstWidth: number,
  { matchState, sideTables }: MapSurroundings,
): RowMapper {
  const columns = heading?.map(tidyCell) ?? null
  if (columns !== null) checkHeading(columns)
  const width = columns?.length ?? firstWidth
  const access = createColumnAccess(columns, listAddedColumns(map), width)
  const context: ActorContext = {
    access,
    compileCondition: (condition) => compileCondition(condition, access),
    map,
    matchState,
  }
  const createPreparer = compilePreparation(map, context, sideTables)
  return {
    columns: columns ?? [],
    permit: map.permit === null ? null : createPermitMapper(map, map.permit, context),
    records: [
      ...listMaps(map.event).map((event, number) => createEventMapper(map, event, context, number)),
      ...listMaps(map.figure).map((figure, number) =>
        createFigureMapper(map, figure, context, number),
      ),
    ],
    createPreparer: () =>
      checkWidth(createPreparer(), width, columns === null ? 'first row' : 'heading'),
  }
}

const listMaps = <T>(maps: T | T[] | null): readonly T[] =>
  maps === null ? [] : Array.isArray(maps) ? maps : [maps]

/** @throws {RowError} if a heading stands twice: nobody knows which of the columns a map means */
function checkHeading(columns: readonly string[]): void {
  const seen = new Map<string, number>()
  for (const [index, name] of columns.entries()) {
    const folded = name.toUpperCase()
    const before = seen.get(folded)
    if (name !== '' && before !== undefined)
      throw new RowError(
        name,
        `the heading "${name}" stands twice, in columns ${before + 1} and ${index + 1}; name the columns by number, with file: { header: false, skip: ... }`,
      )
    seen.set(folded, index)
  }
}

function checkWidth(prepare: RowPreparer, width: number, first: string): RowPreparer {
  return (fields): Cells | null => {
    if (fields.length !== width)
      throw new RowError('', `it has ${fields.length} fields, and the ${first} ${width}`)
    return prepare(fields)
  }
}
