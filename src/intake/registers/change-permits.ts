import type { Database, Db } from '../../database/database.ts'
import { Problem } from '../../problem.ts'
import { commit, type Session } from '../../records/commit.ts'
import { correct } from '../../records/correcting.ts'
import {
  type DraftedRow,
  decisionSlug,
  decisionTitle,
  type Known,
  type Release,
} from './new-permits.ts'
import {
  deleteCitation,
  effectsOnPermit,
  insertCitation,
  insertDecision,
  isSpokenOf,
  type KnownPermit,
  knownPermits,
  markAsHistory,
  nextPosition,
  removeEffect,
  retire,
  revive,
} from './queries.ts'
import { cause, rowCitation } from './store-article.ts'
import type { ActorField, Draft, Drafter } from './table/draft.ts'
import { actorFields, tidy } from './table/draft.ts'
import { parse, type Row } from './table/rows.ts'
import type { RegisterMap } from './table/schema.ts'

/** What became of a row whose permit is there already. */
export type Outcome = 'unchanged' | 'changed' | 'renewed'

type Changing = {
  database: Database
  release: Release
  map: RegisterMap
  drafter: Drafter
  known: Known
  /** How many rows of the release are about the permit of this key. */
  rowsOf(key: string): number
}
type Judging = Pick<Changing, 'release' | 'map' | 'drafter' | 'rowsOf'>

const noMatter = () => undefined

/**
 * Rows that are about permits of the register which are there already, as one revision: a row that the register has
 * corrected, or one by which it renews a permit. Where one of them does not go, they are taken one by one.
 */
export async function changePermits(
  changing: Changing,
  rows: readonly DraftedRow[],
  onDone: (row: DraftedRow, outcome: Outcome | Problem) => Promise<void>,
): Promise<void> {
  if (rows.length === 0) return
  const { database, release } = changing
  try {
    const { value } = await commit(database, cause.author, cause.change, async (session) => {
      const outcomes: Outcome[] = []
      const look = (keys: readonly string[]) =>
        knownPermits(session.tx.$kysely, release.register, keys)
      const permits = await look(rows.map(({ draft }) => draft.key))
      const met = new Set<string>()
      for (const row of rows) {
        const { key } = row.draft
        // Rows of the same permit see what the ones before them did.
        const permit = (met.has(key) ? await look([key]) : permits).get(key)
        if (permit === undefined) throw new Problem('not-found', 'its permit is not there')
        outcomes.push(await change(changing, session, permit, row))
        met.add(key)
      }
      return outcomes
    })
    for (const [index, row] of rows.entries()) await onDone(row, value[index] ?? 'unchanged')
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const [first] = rows
    if (rows.length === 1 && first) return onDone(first, error)
    for (const row of rows) await changePermits(changing, [row], onDone)
  }
}

/** Whether a row says again what is cited for its permit already. */
export const isRepeated = ({ state, rows }: KnownPermit, text: string): boolean =>
  state === 'live' && rows.some(({ quote }) => quote === text)

async function change(
  changing: Changing,
  session: Session,
  permit: KnownPermit,
  one: DraftedRow,
): Promise<Outcome> {
  const judged = judge(changing, permit, one)
  if (judged === 'unchanged') return judged
  const { old, last, replaced } = judged
  const { tx } = session
  const { row, draft } = one
  const { release } = changing
  const { id } = permit
  const day = draft.issuedOn.iso
  if (permit.state !== 'live') await revive(tx, id)
  const citation = rowCitation(id, release.articleId, row)
  await session.touch('permit', id, 'update')
  if (replaced !== null) {
    await deleteCitation(tx, replaced.citation)
    const isHistory = day < last && replaced.day !== last
    await insertCitation(tx, citation, replaced.position, isHistory ? 'history' : null)
    if (!isHistory) await applyTerms(changing, session, id, draft)
    const became = await takeBack(changing, session, id, replaced.day, day)
    if (became !== null) await decide(changing, session, id, one, became)
  } else {
    await markAsHistory(
      tx,
      old.map(({ citation: of }) => of),
    )
    await insertCitation(tx, citation, await nextPosition(tx, id), null)
    await applyTerms(changing, session, id, draft)
    await decide(changing, session, id, one, old.length === 0 ? 'issued' : 'amended')
  }
  await session.touch('permit', id, 'update')
  return outcomeOf(judged)
}

type Judged = { old: Cited[]; last: string; replaced: Cited | null }

const outcomeOf = ({ old, replaced }: Judged): Outcome =>
  replaced === null && old.length > 0 ? 'renewed' : 'changed'

/**
 * What a row is to a permit that is there: it says nothing new; or it stands for one of the rows cited (`replaced`), or
 * besides them.
 *
 * @throws {Problem} impossible-transition
 */
function judge(
  changing: Judging,
  permit: KnownPermit,
  { row, draft }: DraftedRow,
): 'unchanged' | Judged {
  if (isRepeated(permit, row.text) || saysTheSame(changing, permit, row)) return 'unchanged'
  const day = draft.issuedOn.iso
  const old = permit.rows.map((cited) => ({ ...cited, day: dayOf(changing, cited.quote) }))
  const last = old.reduce((latest, { day: of }) => (of && of > latest ? of : latest), '')
  const replaced = replacedBy(old, day, changing.release.articleId, changing.rowsOf(draft.key))
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
export function foresee(changing: Judging, permit: KnownPermit, one: DraftedRow): Outcome {
  const judged = judge(changing, permit, one)
  if (judged === 'unchanged') return judged
  const { replaced } = judged
  const rows = permit.rows.filter(({ citation }) => citation !== replaced?.citation)
  permit.rows = [...rows, asCited(changing.release, one.row)]
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

type Cited = KnownPermit['rows'][number] & { day: string | null }

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

/** The day of issue that a row gives, by the map of today. */
function dayOf({ drafter, map }: Judging, text: string): string | null {
  try {
    return drafter.draft(parse(text, map.file.delimiter, map.file.quote).fields).issuedOn.iso
  } catch {
    return null
  }
}

/** Gives the permit the terms of a row; what the map says nothing of stays as it is. */
async function applyTerms({ map, known }: Changing, session: Session, id: string, draft: Draft) {
  const { permit } = map
  const mapped = <T>(name: keyof typeof permit, value: T) =>
    permit[name] === null ? {} : { [name]: value }
  const party = (field: ActorField) => known.actors.get(draft.actors[field]?.slug ?? '') ?? null
  const { validUntil, good, controlEntries, value } = draft
  const goodId = good && known.goods.get(good.slug)
  const patch = {
    title: draft.title,
    ...Object.assign({}, ...actorFields.map((field) => mapped(field, party(field)))),
    ...mapped('number', draft.number),
    ...mapped('legalBasis', draft.legalBasis),
    ...mapped('restrictions', draft.restrictions),
    ...mapped('value', value && { ...value }),
    ...mapped(
      'validUntil',
      validUntil && {
        ...{ edtf: validUntil.iso, asStated: validUntil.asStated },
        reasoning: validUntil.reasoning,
      },
    ),
    ...(goodId && { items: [{ good: goodId, controlEntries }] }),
  }
  await correct(session, { kind: 'permit', ref: id, patch, pointer: '' }, noMatter)
}

/** Takes back the decision of a day that was corrected. @returns what it had made of the permit; null: it stands */
async function takeBack(
  { release }: Changing,
  session: Session,
  permitId: string,
  from: string | null,
  to: string,
): Promise<'issued' | 'amended' | null> {
  const effects = await effectsOnPermit(session.tx.$kysely, release.register, permitId)
  // A permit that comes back has lost its decision when it was withdrawn.
  if (effects.length === 0) return 'issued'
  if (from === to) return null
  const ours = effects.filter(({ isOfRegister }) => isOfRegister)
  const wrong = ours.find(({ day }) => day === from) ?? ours[0]
  if (wrong === undefined) return null
  await undo(session, wrong, `the register gives another day`)
  return wrong.becomes === 'amended' ? 'amended' : 'issued'
}

/** Takes an effect back; an event that has no other is withdrawn with it. */
async function undo(
  session: Session,
  { eventId, position }: { eventId: string; position: number },
  reason: string,
): Promise<void> {
  await session.touch('event', eventId, 'update')
  const isLeft = await removeEffect(session.tx, eventId, position)
  if (isLeft) return
  await session.touch('event', eventId, 'retract')
  await retire(session.tx, eventId, reason)
}

async function decide(
  { release, known }: Changing,
  session: Session,
  permitId: string,
  { row, draft }: DraftedRow,
  becomes: 'issued' | 'amended',
): Promise<void> {
  const { tx, revision } = session
  const decision = {
    slug: decisionSlug(release, draft.issuedOn.iso, row.number),
    title: decisionTitle(release, draft.issuedOn.iso),
    on: draft.issuedOn,
    issuerId: known.actors.get(draft.actors.issuer?.slug ?? '') ?? '',
    ...{ permitId, becomes },
  }
  const eventId = await insertDecision(tx, revision, decision, (id) =>
    rowCitation(id, release.articleId, row),
  )
  await session.touch('event', eventId, 'create')
}

/** Whether somebody else has built on a permit of the register, so that it is not withdrawn with its row. */
export async function mustStay(db: Db, { register }: Release, id: string): Promise<boolean> {
  return isBuiltOn(db, id, await effectsOnPermit(db, register, id))
}

type Effects = Awaited<ReturnType<typeof effectsOnPermit>>

const isBuiltOn = async (db: Db, id: string, effects: Effects): Promise<boolean> =>
  effects.some(({ isOfRegister }) => !isOfRegister) || (await isSpokenOf(db, id))

/**
 * Withdraws permits that a release no longer has, as one revision. One that others speak of is kept.
 *
 * @returns slugs of those that were kept
 */
export async function withdrawPermits(
  database: Database,
  release: Release,
  permits: readonly { id: string; slug: string }[],
): Promise<string[]> {
  if (permits.length === 0) return []
  const reason = `No longer in ${release.title}`.slice(0, 1_000)
  const { value } = await commit(database, cause.author, cause.change, async (session) => {
    const kept: string[] = []
    const db = session.tx.$kysely
    for (const { id, slug } of permits) {
      const effects = await effectsOnPermit(db, release.register, id)
      if (await isBuiltOn(db, id, effects)) {
        kept.push(slug)
        continue
      }
      for (const effect of effects) await undo(session, effect, reason)
      await session.touch('permit', id, 'retract')
      await retire(session.tx, id, reason)
    }
    return kept
  })
  return value
}
