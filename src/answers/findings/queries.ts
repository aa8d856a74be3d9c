import { sql } from 'kysely'
import { type Fragment, joined } from '../../database/columns.ts'
import type { Db } from '../../database/database.ts'
import { type Slots, statement } from '../../database/statement.ts'
import { byRelation, type Filters } from '../../records/model/filters.ts'
import {
  amongIts,
  anchorsOfIts,
  counterpartsOf,
  each,
  holderRoles,
  isAnchor,
  isDatedPair,
  isWithActor,
  kinOfIts,
  type Next,
  othersOf,
} from './pairs/queries.ts'
import type { Pairing } from './rules.ts'

/** Two records in which a rule may find something; `others` are permits that cover the good for the user too. */
export type Pair = { anchor: string; counterpart: string; others: string[] }

/** A place in the order of all pairs of a rule: by the ids of the two. */
export type Position = Pick<Pair, 'anchor' | 'counterpart'>

/** The records that a request names, by the names of `recordFilters`. */
export type Narrowed = Readonly<Partial<Record<keyof typeof recordFilters, string>>>

const theId = (id: Fragment): Fragment => id

/** The filters that narrow findings to records. */
export const recordFilters = {
  case: byRelation('case', 'One of the two records that are compared belongs to this case.', theId),
  permit: byRelation('permit', 'About this permit, or an assurance given for it.', theId),
  actor: byRelation(
    'actor',
    'With this actor as issuer, exporter, consignee, end user, destination or end destination of the permit; as the one who gave or was given the assurance; or as the one who used or received the goods.',
    theId,
  ),
} as const satisfies Filters

const names = Object.keys(recordFilters) as (keyof typeof recordFilters)[]

/** How far a look-up went: its last anchor (null when there was none), and how many it looked at. */
export type Looked = { pairs: Pair[]; lastAnchor: string | null; seen: number }

type Row = {
  rule: number
  last: string | null
  seen: number
  anchor: string | null
  counterpart: string | null
  others: string[] | null
}

/** `after` is null at the beginning. */
type LookUp = { pairing: Pairing; after: Position | null }
type Limits = { anchorsMax: number; pairsMax: number }

/** Numbers that stand in the SQL itself: estimates hang on them, and there are few. */
const roundedUp = (wanted: number): number => (wanted <= 51 ? 51 : 201)

/**
 * The next pairs of each of these, by the ids of anchor and counterpart, at most `pairsMax`
 * or a few more: of the next `anchorsMax`
 * anchors, whatever there is among them, so that the time it takes has a bound.
 */
export async function nextPairs(
  db: Db,
  lookUps: readonly LookUp[],
  narrowed: Narrowed,
  { anchorsMax, pairsMax }: Limits,
): Promise<Looked[]> {
  const limits: Limits = { anchorsMax, pairsMax: roundedUp(pairsMax) }
  const given = names.filter((name) => narrowed[name] !== undefined)
  const variants = given.map((name) => `${name}:${recordFilters[name].variant?.(narrowed[name])}`)
  const parts = lookUps.map(({ pairing, after }) => `${pairing}${after ? '+' : ''}`)
  const key = `pairs|${parts.join(',')}|${variants.join(',')}|${Object.values(limits).join(',')}`
  const positions = lookUps.flatMap(({ after }, index) => [
    [`anchor${index}`, after?.anchor],
    [`counterpart${index}`, after?.counterpart],
  ])
  const values = { ...narrowed, ...Object.fromEntries(positions) }
  const query = statement<Row>(key, values, (slot) => {
    const own = lookUps.map((one, index) => lookUp(one, index, limits, slot, narrowed))
    const all = sql<Row>`${joined(
      own.map((part) => sql`(${part})`),
      ' UNION ALL ',
    )}`
    return { compile: () => all.compile(db) }
  })
  const { rows } = await db.executeQuery(query)
  return lookUps.map((_, index) => {
    const own = rows.filter(({ rule }) => rule === index)
    const pairs = own.flatMap(({ anchor, counterpart, others }) =>
      anchor && counterpart ? [{ anchor, counterpart, others: others ?? [] }] : [],
    )
    return {
      pairs: pairs.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
      lastAnchor: own[0]?.last ?? null,
      seen: own[0]?.seen ?? 0,
    }
  })
}

const keyOf = ({ anchor, counterpart }: Pair): string => `${anchor}${counterpart}`

function lookUp(
  { pairing, after }: LookUp,
  index: number,
  { anchorsMax, pairsMax }: Limits,
  slot: Slots,
  narrowed: Narrowed,
): Fragment {
  const isAssurance = pairing === 'assurance-use'
  const idOf = (name: keyof typeof recordFilters): Fragment | null =>
    narrowed[name] === undefined
      ? null
      : (recordFilters[name].where?.(slot, narrowed, name) ?? null)
  const [anchor, counterpart] = [slot(`anchor${index}`), slot(`counterpart${index}`)]
  const conditions = [
    ...(after ? [sql`(anchor.id, pair.id) > (${anchor}::uuid, ${counterpart}::uuid)`] : []),
    isLive(sql`anchor.id`),
    isLive(sql`pair.id`),
    isAnchor(pairing),
    isDatedPair(pairing),
    ...narrowing(pairing, idOf),
  ]
  const own = isAssurance
    ? sql`event AS anchor ON anchor.id = win.id`
    : sql`permit AS anchor ON anchor.id = win.id JOIN event_effect AS issue ON issue.permit_id = anchor.id AND issue.becomes = 'issued' JOIN event AS issuing ON issuing.id = issue.event_id`
  const next: Next = (id, rows) =>
    sql`(SELECT ${sql.ref(id)} FROM ${rows}${after ? sql` AND ${sql.ref(id)} >= ${anchor}::uuid` : sql``} ORDER BY ${sql.ref(id)} LIMIT ${sql.lit(anchorsMax)})`
  const { its, anchors, isIts } = windowOf(pairing, idOf, next)
  const among = isIts === null ? undefined : amongIts(pairing)
  const counterparts = among
    ? sql`SELECT * FROM (${counterpartsOf(pairing)}) AS own WHERE ${isIts} UNION ${among}`
    : counterpartsOf(pairing)
  return sql`WITH ${its === null ? sql`` : sql`its AS MATERIALIZED (${its}), its_kin AS MATERIALIZED (${kinOfIts}), `}win AS (SELECT DISTINCT ids.id FROM (${anchors}) AS ids WHERE ${after ? sql`ids.id >= ${anchor}::uuid` : sql`true`} ORDER BY ids.id LIMIT ${sql.lit(anchorsMax)})
    SELECT ${sql.lit(index)} AS rule, (SELECT id FROM win ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*)::int FROM win) AS seen,
      found.anchor, found.counterpart, ${othersOf(pairing)} AS others
    FROM (SELECT) AS once LEFT JOIN LATERAL (
      SELECT anchor.id AS anchor, pair.id AS counterpart FROM win JOIN ${own}
      CROSS JOIN LATERAL (${counterparts}) AS pair
      WHERE ${joined(conditions, ' AND ')} ORDER BY anchor.id, pair.id LIMIT ${sql.lit(pairsMax)}) AS found ON true`
}

/** A value and no EXISTS: PostgreSQL would read all records in the order of the pairs. */
const isLive = (id: Fragment): Fragment =>
  sql`(SELECT record.state = 'live' FROM record WHERE record.id = ${id})`

type IdOf = (name: keyof typeof recordFilters) => Fragment | null

type Window = {
  /** Ids of the anchors to look at, by the narrowest of the filters. */
  anchors: Fragment
  /** Records of a case, or what an actor used or received: the rows of `its`, to which anchors are looked up. */
  its: Fragment | null
  /** Whether the anchor is itself of the case or with the actor: any counterpart of it will do, and not only one of `its`. */
  isIts: Fragment | null
}

function windowOf(pairing: Pairing, idOf: IdOf, next: Next): Window {
  const [permit, ofCase, actor] = [idOf('permit'), idOf('case'), idOf('actor')]
  const isAssurance = pairing === 'assurance-use'
  const alone = { its: null, isIts: null }
  if (permit)
    return {
      ...alone,
      anchors: isAssurance
        ? sql`SELECT event_about.event_id AS id FROM event_about JOIN event ON event.id = event_about.event_id AND event.type = 'assurance' WHERE event_about.permit_id = ${permit}`
        : sql`SELECT permit.id FROM permit WHERE permit.id = ${permit}`,
    }
  const table = isAssurance ? sql`event` : sql`permit`
  const isKind = isAssurance
    ? sql`anchor.type = 'assurance' AND ${isAnchor(pairing)}`
    : isAnchor(pairing)
  if (ofCase)
    return {
      its: recordsOf(ofCase),
      anchors: sql`SELECT own.id FROM ${each(
        sql`its`,
        sql`SELECT anchor.id FROM ${table} AS anchor WHERE anchor.id = its.id AND ${isKind}`,
        'own',
      )} UNION ALL ${anchorsOfIts(pairing, next)}`,
      isIts: sql`anchor.id IN (SELECT id FROM its)`,
    }
  if (actor) {
    const own = isAssurance
      ? sql`SELECT given.event_id AS id FROM (${joined(
          assuringRoles.map((role) =>
            next(
              'event_participant.event_id',
              sql`event_participant WHERE event_participant.actor_id = ${actor} AND event_participant.role = ${sql.lit(role)} AND (SELECT event.type = 'assurance' FROM event WHERE event.id = event_participant.event_id)`,
            ),
          ),
          ' UNION ALL ',
        )}) AS given`
      : joined(
          parties.map((party) =>
            next('permit.id', sql`permit WHERE ${sql.ref(`permit.${party}`)} = ${actor}`),
          ),
          ' UNION ALL ',
        )
    // Only uses have an actor of their own: beside a measure it is the permit that is with the actor.
    if (!isWithUses(pairing)) return { ...alone, anchors: own }
    return {
      its: usesWith(actor),
      anchors: sql`${own} UNION ALL ${anchorsOfIts(pairing, next)}`,
      isIts: inAnchor(pairing, actor),
    }
  }
  return { ...alone, anchors: sql`SELECT anchor.id FROM ${table} AS anchor WHERE ${isKind}` }
}

const isWithUses = (pairing: Pairing): boolean =>
  pairing === 'permit-use' || pairing === 'assurance-use'

const parties = [
  ...['issuer_id', 'exporter_id', 'consignee_id'],
  ...['end_user_id', 'destination_id', 'end_destination_id'],
]

const recordsOf = (ofCase: Fragment): Fragment =>
  sql`SELECT DISTINCT cited.record_id AS id FROM ${each(
    sql`article`,
    sql`SELECT citation.record_id FROM citation WHERE citation.article_id = article.id`,
    'cited',
  )} WHERE article.case_id = ${ofCase}`

const usesWith = (actor: Fragment): Fragment =>
  sql`SELECT DISTINCT event_participant.event_id AS id FROM event_participant WHERE event_participant.actor_id = ${actor} AND event_participant.role = ANY (${sql.lit(`{${holderRoles.join(',')}}`)}::text[])`

const assuringRoles = ['assurer', 'addressee']

/** Whether the actor is a party to the permit, or gave or was given the assurance. */
const inAnchor = (pairing: Pairing, actor: Fragment): Fragment =>
  pairing === 'assurance-use'
    ? isWithActor(sql`anchor.id`, actor, assuringRoles)
    : sql`${actor} IN (${joined(
        parties.map((party) => sql.ref(`anchor.${party}`)),
        ', ',
      )})`

/** What each filter asks of a pair. */
function narrowing(pairing: Pairing, idOf: IdOf): Fragment[] {
  const isAssurance = pairing === 'assurance-use'
  const [permit, ofCase, actor] = [idOf('permit'), idOf('case'), idOf('actor')]
  const conditions: Fragment[] = []
  if (permit)
    conditions.push(
      isAssurance
        ? sql`EXISTS (SELECT FROM event_about WHERE event_about.event_id = anchor.id AND event_about.permit_id = ${permit})`
        : sql`anchor.id = ${permit}`,
    )
  const isOf = (id: Fragment) =>
    permit
      ? sql`EXISTS (SELECT FROM citation JOIN article ON article.id = citation.article_id WHERE citation.record_id = ${id} AND article.case_id = ${ofCase})`
      : sql`${id} IN (SELECT id FROM its)`
  if (ofCase) conditions.push(sql`(${isOf(sql`anchor.id`)} OR ${isOf(sql`pair.id`)})`)
  if (actor) {
    const inUse = isWithActor(sql`pair.id`, actor, holderRoles)
    conditions.push(
      isWithUses(pairing)
        ? sql`(${inAnchor(pairing, actor)} OR ${inUse})`
        : inAnchor(pairing, actor),
    )
  }
  return conditions
}
