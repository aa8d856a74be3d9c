import { Problem } from '../../../problem.ts'
import { RowError, tidyCell } from '../mapping/cells/cells.ts'
import type { DecisionDraft, PermitDraft } from '../mapping/records/drafts.ts'
import type { ImportedPermit } from '../queries.ts'
import type { DraftedRow, Release } from '../records/drafted.ts'
import { hasSameRows, isSameList } from '../records/row-texts.ts'
import type { RowMapper } from '../table/row-mapper.ts'
import { parseRow } from '../table/rows.ts'
import type { RegisterMap } from '../table/schema.ts'

/** The result of rows about an existing permit. `replaced`: they describe something else than the rows before. */
export type RowOutcome = 'unchanged' | 'changed' | 'renewed' | 'replaced'

export type RowComparisonContext = {
  release: Release
  map: RegisterMap
  mapper: RowMapper
  /** Number of rows of the release about the permit of this key. */
  rowsOf(key: string): number
}

/** A cited row with its decisions according to the current map; null if the map cannot read it. */
type CitedRow = ImportedPermit['rows'][number] & {
  draft: PermitDraft | null
  day: string | null
}

export type RowComparison = {
  citedRows: CitedRow[]
  lastDay: string
  /** The cited rows that the rows replace. Of lines, all; of a decision, at most one. */
  replaced: readonly CitedRow[]
}

export function classifyOutcome(
  { citedRows, replaced }: RowComparison,
  draft: PermitDraft,
): RowOutcome {
  const [old] = replaced
  if (old === undefined) return citedRows.length > 0 ? 'renewed' : 'changed'
  return old.draft !== null && countDifferences(old.draft, draft) > 1 ? 'replaced' : 'changed'
}

/** How many of date, destination, goods and parties are different. A correction changes one of them. */
function countDifferences(old: PermitDraft, now: PermitDraft): number {
  const describeParties = ({ actors, parties }: PermitDraft) =>
    [actors.exporter, actors.consignee, actors.endUser, ...parties.map(({ actor }) => actor)]
      .map((actor) => actor?.slug)
      .join()
  const describeGoods = ({ goods }: PermitDraft) => goods[0]?.slug
  const describeDestination = ({ actors, destinations }: PermitDraft) =>
    [actors.destination, ...destinations].map((actor) => actor?.slug).join()
  const describeDate = ({ decisions }: PermitDraft) => dayOf(decisions)
  return [describeParties, describeGoods, describeDestination, describeDate].filter(
    (describe) => describe(old) !== describe(now),
  ).length
}

/**
 * Compares rows with an existing permit: they are unchanged, or they replace cited rows (`replaced`), or they are
 * additional ones (`replaced` is empty).
 *
 * @throws {Problem} impossible-transition
 */
export function compareRows(
  context: RowComparisonContext,
  permit: ImportedPermit,
  drafted: DraftedRow,
): 'unchanged' | RowComparison {
  const { draft, rows } = drafted
  const isWhole = context.mapper.permit?.hasLines === true
  if (hasSameRows(permit, rows, isWhole) || hasSameFields(context, permit, drafted, isWhole))
    return 'unchanged'
  const citedRows = permit.rows.map((cited) => readCitedRow(context, draft.key, cited))
  const lastDay = citedRows.reduce((latest, { day: of }) => (of && of > latest ? of : latest), '')
  if (isWhole) return { citedRows, lastDay, replaced: citedRows }
  const day = dayOf(draft.decisions)
  const replaced = findReplacedRow(
    citedRows,
    day,
    context.release.articleId,
    context.rowsOf(draft.key),
  )
  if (replaced === null && !isLater(draft.decisions, day, lastDay))
    throw new Problem(
      'impossible-transition',
      `another row has the same number and is of ${lastDay}; this one is of ${day}`,
    )
  return { citedRows, lastDay, replaced: replaced === null ? [] : [replaced] }
}

/** The first possible day of the first decision. */
export const dayOf = (decisions: readonly DecisionDraft[]): string =>
  decisions[0]?.on?.earliest ?? ''

/** What ends a permit can be of the day or month on which it was issued; a renewal is later. */
function isLater(decisions: readonly DecisionDraft[], day: string, lastDay: string): boolean {
  const isEnd = decisions[0] !== undefined && decisions[0].becomes !== 'issued'
  return isEnd ? day >= lastDay : day > lastDay
}

/** Whether the rows differ from the cited ones only in padding. */
function hasSameFields(
  { map }: RowComparisonContext,
  { state, rows: cited }: ImportedPermit,
  { rows }: DraftedRow,
  isWhole: boolean,
): boolean {
  if (state !== 'live') return false
  const { delimiter, quote } = map.file
  const normalise = (fields: readonly string[]) => JSON.stringify(fields.map(tidyCell))
  const citedFields = cited.map((one) => normalise(parseRow(one.quote, delimiter, quote).fields))
  const fields = rows.map((row) => normalise(row.fields))
  return isWhole
    ? isSameList(fields, citedFields)
    : fields.every((one) => citedFields.includes(one))
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

function readCitedRow(
  { mapper, map }: RowComparisonContext,
  key: string,
  cited: ImportedPermit['rows'][number],
): CitedRow {
  const { fields } = parseRow(cited.quote, map.file.delimiter, map.file.quote)
  try {
    const cells = mapper.createPreparer()(fields)
    const draft = cells === null ? null : (mapper.permit?.map([cells], key) ?? null)
    return { ...cited, draft, day: draft === null ? null : dayOf(draft.decisions) }
  } catch (error) {
    if (!(error instanceof RowError)) throw error
    return { ...cited, draft: null, day: null }
  }
}
