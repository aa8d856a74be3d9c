import { Problem } from '../../../problem.ts'
import type { DraftedRow, Release } from '../new-permits.ts'
import type { KnownPermit } from '../queries.ts'
import { type Drafter, tidy } from '../table/draft.ts'
import { parse, type Row } from '../table/rows.ts'
import type { RegisterMap } from '../table/schema.ts'

/** What became of a row whose permit is there already. */
export type Outcome = 'unchanged' | 'changed' | 'renewed'

export type Judging = {
  release: Release
  map: RegisterMap
  drafter: Drafter
  /** How many rows of the release are about the permit of this key. */
  rowsOf(key: string): number
}

/** A cited row with the day of issue that it gives, by the map of today. */
type Cited = KnownPermit['rows'][number] & { day: string | null }

export type Judged = { old: Cited[]; last: string; replaced: Cited | null }

export const outcomeOf = ({ old, replaced }: Judged): Outcome =>
  replaced === null && old.length > 0 ? 'renewed' : 'changed'

/** Whether a row says again what is cited for its permit already. */
export const isRepeated = ({ state, rows }: KnownPermit, text: string): boolean =>
  state === 'live' && rows.some(({ quote }) => quote === text)

/**
 * What a row is to a permit that is there: it says nothing new; or it stands for one of the rows cited (`replaced`), or
 * besides them.
 *
 * @throws {Problem} impossible-transition
 */
export function judge(
  judging: Judging,
  permit: KnownPermit,
  { row, draft }: DraftedRow,
): 'unchanged' | Judged {
  if (isRepeated(permit, row.text) || saysTheSame(judging, permit, row)) return 'unchanged'
  const day = draft.issuedOn.iso
  const old = permit.rows.map((cited) => ({ ...cited, day: dayOf(judging, cited.quote) }))
  const last = old.reduce((latest, { day: of }) => (of && of > latest ? of : latest), '')
  const replaced = replacedBy(old, day, judging.release.articleId, judging.rowsOf(draft.key))
  if (replaced === null && day <= last)
    throw new Problem(
      'impossible-transition',
      `another row has the same number and is of ${last}; this one is of ${day}`,
    )
  return { old, last, replaced }
}

/**
 * What would become of a row, for a dry run; `permit` is then as it would be.
 *
 * @throws {Problem} impossible-transition
 */
export function foresee(judging: Judging, permit: KnownPermit, one: DraftedRow): Outcome {
  const judged = judge(judging, permit, one)
  if (judged === 'unchanged') return judged
  const { replaced } = judged
  const rows = permit.rows.filter(({ citation }) => citation !== replaced?.citation)
  permit.rows = [...rows, asCited(judging.release, one.row)]
  permit.state = 'live'
  return outcomeOf(judged)
}

/** A permit that a dry run would have made of a row. */
export const foreseen = (release: Release, key: string, row: Row): KnownPermit => ({
  ...{ id: '', key, state: 'live', rows: [asCited(release, row)] },
})

const asCited = ({ articleId }: Release, { text, number }: Row): KnownPermit['rows'][number] => ({
  ...{ article: articleId, citation: `row ${number}`, position: number, quote: text },
})

/** As a cited row but for the spaces with which cells are padded. */
function saysTheSame({ map }: Judging, { state, rows }: KnownPermit, row: Row): boolean {
  const { delimiter, quote } = map.file
  const tidied = (fields: readonly string[]) => JSON.stringify(fields.map(tidy))
  const said = tidied(row.fields)
  return (
    state === 'live' &&
    rows.some((one) => tidied(parse(one.quote, delimiter, quote).fields) === said)
  )
}

/**
 * The row of an earlier release that a new one stands for: that of the same day; or, where the new release has no more
 * rows of the permit than there were, the last one, whose date was corrected. Null: it is a row besides.
 */
function replacedBy(
  old: readonly Cited[],
  day: string,
  articleId: string,
  rowsInRelease: number,
): Cited | null {
  const earlier = old.filter(({ article }) => article !== articleId)
  const sameDay = earlier.find(({ day: of }) => of === day)
  if (sameDay) return sameDay
  return old.length >= rowsInRelease ? (earlier.at(-1) ?? null) : null
}

function dayOf({ drafter, map }: Judging, text: string): string | null {
  try {
    return drafter.draft(parse(text, map.file.delimiter, map.file.quote).fields).issuedOn.iso
  } catch {
    return null
  }
}
