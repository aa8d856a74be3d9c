import { Problem } from '../../../problem.ts'
import type { DraftedRow, Release } from '../new-permits.ts'
import type { ImportedPermit } from '../queries.ts'
import { RowError, type RowMapper, tidyCell } from '../table/row-mapper.ts'
import { parseRow, type RegisterRow } from '../table/rows.ts'
import type { RegisterMap } from '../table/schema.ts'

/** The result of a row about an existing permit. */
export type RowOutcome = 'unchanged' | 'changed' | 'renewed'

export type RowComparisonContext = {
  release: Release
  map: RegisterMap
  drafter: RowMapper
  /** Number of rows of the release about the permit of this key. */
  rowsOf(key: string): number
}

/** A cited row with its day of issue according to the current map. */
type CitedRow = ImportedPermit['rows'][number] & { day: string | null }

export type RowComparison = { citedRows: CitedRow[]; lastDay: string; replaced: CitedRow | null }

export const classifyOutcome = ({ citedRows, replaced }: RowComparison): RowOutcome =>
  replaced === null && citedRows.length > 0 ? 'renewed' : 'changed'

/** Whether the row is cited for its permit already. */
export const isRepeatedRow = ({ state, rows }: ImportedPermit, text: string): boolean =>
  state === 'live' && rows.some(({ quote }) => quote === text)

/**
 * Compares a row with an existing permit: the row is unchanged, or it replaces one of the cited rows (`replaced`), or it is
 * an additional row (`replaced` is null).
 *
 * @throws {Problem} impossible-transition
 */
export function compareRow(
  context: RowComparisonContext,
  permit: ImportedPermit,
  { row, draft }: DraftedRow,
): 'unchanged' | RowComparison {
  if (isRepeatedRow(permit, row.text) || hasSameFields(context, permit, row)) return 'unchanged'
  const day = draft.issuedOn.iso
  const citedRows = permit.rows.map((cited) => ({
    ...cited,
    day: parseIssueDay(context, cited.quote),
  }))
  const lastDay = citedRows.reduce((latest, { day: of }) => (of && of > latest ? of : latest), '')
  const replaced = findReplacedRow(
    citedRows,
    day,
    context.release.articleId,
    context.rowsOf(draft.key),
  )
  if (replaced === null && day <= lastDay)
    throw new Problem(
      'impossible-transition',
      `another row has the same number and is of ${lastDay}; this one is of ${day}`,
    )
  return { citedRows, lastDay, replaced }
}

/**
 * The result of a row in a dry run. Changes `permit` as the import would.
 *
 * @throws {Problem} impossible-transition
 */
export function simulateRow(
  context: RowComparisonContext,
  permit: ImportedPermit,
  draftedRow: DraftedRow,
): RowOutcome {
  const comparison = compareRow(context, permit, draftedRow)
  if (comparison === 'unchanged') return comparison
  const { replaced } = comparison
  const rows = permit.rows.filter(({ citation }) => citation !== replaced?.citation)
  permit.rows = [...rows, toCitedRow(context.release, draftedRow.row)]
  permit.state = 'live'
  return classifyOutcome(comparison)
}

/** The permit that an import would create from a row. */
export const simulateNewPermit = (
  release: Release,
  key: string,
  row: RegisterRow,
): ImportedPermit => ({
  id: '',
  key,
  state: 'live',
  rows: [toCitedRow(release, row)],
})

const toCitedRow = (
  { articleId }: Release,
  { text, number }: RegisterRow,
): ImportedPermit['rows'][number] => ({
  article: articleId,
  citation: `row ${number}`,
  position: number,
  quote: text,
})

/** Whether the row differs from a cited row only in padding. */
function hasSameFields(
  { map }: RowComparisonContext,
  { state, rows }: ImportedPermit,
  row: RegisterRow,
): boolean {
  const { delimiter, quote } = map.file
  const normaliseFields = (fields: readonly string[]) => JSON.stringify(fields.map(tidyCell))
  const rowFields = normaliseFields(row.fields)
  return (
    state === 'live' &&
    rows.some((one) => normaliseFields(parseRow(one.quote, delimiter, quote).fields) === rowFields)
  )
}

/**
 * The row of an earlier release that a row replaces: the row of the same day; or, if the new release does not have more rows
 * of the permit, the last one, whose date was corrected. Null for an additional row.
 */
function findReplacedRow(
  old: readonly CitedRow[],
  day: string,
  articleId: string,
  rowsInRelease: number,
): CitedRow | null {
  const earlier = old.filter(({ article }) => article !== articleId)
  const sameDay = earlier.find(({ day: of }) => of === day)
  if (sameDay) return sameDay
  return old.length >= rowsInRelease ? (earlier.at(-1) ?? null) : null
}

function parseIssueDay({ drafter, map }: RowComparisonContext, text: string): string | null {
  try {
    return drafter.mapRow(parseRow(text, map.file.delimiter, map.file.quote).fields).issuedOn.iso
  } catch (error) {
    if (!(error instanceof RowError)) throw error
    return null
  }
}
