import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { type PlaceholderFactory, prepareStatement } from '../../database/prepared-statements.ts'
import { joinFragments, type SqlFragment } from '../../database/sql-fragments.ts'
import { byRelation, type Filters } from '../../records/model/filters.ts'
import {
  getAnchorCondition,
  getCounterparts,
  getDateCondition,
  getOtherPermits,
  getScopeAnchors,
  getScopeCounterparts,
  hasParticipant,
  holderRoles,
  joinLateral,
  type SelectNextIds,
  scopeRelatedGoods,
} from './pairs/queries.ts'
import type { Pairing } from './rules.ts'

/** Two records in which a rule may find something; `others` are permits that cover the good for the user too. */
export type Pair = { anchor: string; counterpart: string; otherPermits: string[] }

/** A place in the order of all pairs of a rule: by the ids of the two. */
export type PairPosition = Pick<Pair, 'anchor' | 'counterpart'>

/** The records that a request names, by the names of `recordFilters`. */
export type RecordFilterValues = Readonly<Partial<Record<keyof typeof recordFilters, string>>>

const matchId = (id: SqlFragment): SqlFragment => id

/** The filters that narrow findings to records. */
export const recordFilters = {
  case: byRelation(
    'case',
    'One of the two records that are compared belongs to this case.',
    matchId,
  ),
  permit: byRelation('permit', 'About this permit, or an assurance given for it.', matchId),
  actor: byRelation(
    'actor',
    'With this actor as issuer, exporter, consignee, end user, destination or end destination of the permit; as the one who gave or was given the assurance; or as the one who used or received the goods.',
    matchId,
  ),
} as const satisfies Filters

const filterNames = Object.keys(recordFilters) as (keyof typeof recordFilters)[]

/** How far a look-up went: its last anchor (null when there was none), and how many it looked at. */
export type PairBatch = { pairs: Pair[]; lastAnchor: string | null; anchorCount: number }

type PairRow = {
  rule: number
  last: string | null
  seen: number
  anchor: string | null
  counterpart: string | null
  others: string[] | null
}

/** `after` is null at the beginning. */
type PairLookup = { pairing: Pairing; after: PairPosition | null }
type LookupLimits = { anchorsMax: number; pairsMax: number }

/** Numbers that stand in the SQL itself: estimates hang on them, and there are few. */
const roundUpLimit = (wanted: number): number => (wanted <= 51 ? 51 : 201)

/**
 * The next pairs of each of these, by the ids of anchor and counterpart, at most `pairsMax`
 * or a few more: of the next `anchorsMax`
 * anchors, whatever there is among them, so that the time it takes has a bound.
 */
export async function nextPairs(
  db: Db,
  lookUps: readonly PairLookup[],
  filterValues: RecordFilterValues,
  { anchorsMax, pairsMax }: LookupLimits,
): Promise<PairBatch[]> {
  const limits: LookupLimits = { anchorsMax, pairsMax: roundUpLimit(pairsMax) }
  const usedFilters = filterNames.filter((name) => filterValues[name] !== undefined)
  const variants = usedFilters.map(
    (name) => `${name}:${recordFilters[name].variant?.(filterValues[name])}`,
  )
  const parts = lookUps.map(({ pairing, after }) => `${pairing}${after ? '+' : ''}`)
  const key = `pairs|${parts.join(',')}|${variants.join(',')}|${Object.values(limits).join(',')}`
  const positions = lookUps.flatMap(({ after }, index) => [
    [`anchor${index}`, after?.anchor],
    [`counterpart${index}`, after?.counterpart],
  ])
  const values = { ...filterValues, ...Object.fromEntries(positions) }
  const query = prepareStatement<PairRow>(key, values, (slot) => {
    const own = lookUps.map((one, index) => buildPairQuery(one, index, limits, slot, filterValues))
    const all = sql<PairRow>`${joinFragments(
      own.map((part) => sql`(${part})`),
      ' UNION ALL ',
    )}`
    return { compile: () => all.compile(db) }
  })
  const { rows } = await db.executeQuery(query)
  return lookUps.map((_, index) => {
    const own = rows.filter(({ rule }) => rule === index)
    const pairs = own.flatMap(({ anchor, counterpart, others }) =>
      anchor && counterpart ? [{ anchor, counterpart, otherPermits: others ?? [] }] : [],
    )
    return {
      pairs: pairs.sort((a, b) => (pairKey(a) < pairKey(b) ? -1 : 1)),
      lastAnchor: own[0]?.last ?? null,
      anchorCount: own[0]?.seen ?? 0,
    }
  })
}

const pairKey = ({ anchor, counterpart }: Pair): string => `${anchor}${counterpart}`

function buildPairQuery(
  { pairing, after }: PairLookup,
  index: number,
  { anchorsMax, pairsMax }: LookupLimits,
  slot: PlaceholderFactory,
  filterValues: RecordFilterValues,
): SqlFragment {
  const isAssurance = pairing === 'assurance-use'
  const idOf = (name: keyof typeof recordFilters): SqlFragment | null =>
    filterValues[name] === undefined
      ? null
      : (recordFilters[name].where?.(slot, filterValues, name) ?? null)
  const [anchor, counterpart] = [slot(`anchor${index}`), slot(`counterpart${index}`)]
  const conditions = [
    ...(after ? [sql`(anchor.id, pair.id) > (${anchor}::uuid, ${counterpart}::uuid)`] : []),
    isLive(sql`anchor.id`),
    isLive(sql`pair.id`),
    getAnchorCondition(pairing),
    getDateCondition(pairing),
    ...filterConditions(pairing, idOf),
  ]
  const anchorSource = isAssurance
    ? sql`event AS anchor ON anchor.id = win.id`
    : sql`permit AS anchor ON anchor.id = win.id JOIN event_effect AS issue ON issue.permit_id = anchor.id AND issue.becomes = 'issued' JOIN event AS issuing ON issuing.id = issue.event_id`
  const selectNextIds: SelectNextIds = (id, rows) =>
    sql`(SELECT ${sql.ref(id)} FROM ${rows}${after ? sql` AND ${sql.ref(id)} >= ${anchor}::uuid` : sql``} ORDER BY ${sql.ref(id)} LIMIT ${sql.lit(anchorsMax)})`
  const { scope, anchors, isAnchorInScope } = buildAnchorWindow(pairing, idOf, selectNextIds)
  const scopeCounterparts = isAnchorInScope === null ? undefined : getScopeCounterparts(pairing)
  const counterparts = scopeCounterparts
    ? sql`SELECT * FROM (${getCounterparts(pairing)}) AS own WHERE ${isAnchorInScope} UNION ${scopeCounterparts}`
    : getCounterparts(pairing)
  return sql`WITH ${scope === null ? sql`` : sql`its AS MATERIALIZED (${scope}), its_kin AS MATERIALIZED (${scopeRelatedGoods}), `}win AS (SELECT DISTINCT ids.id FROM (${anchors}) AS ids WHERE ${after ? sql`ids.id >= ${anchor}::uuid` : sql`true`} ORDER BY ids.id LIMIT ${sql.lit(anchorsMax)})
    SELECT ${sql.lit(index)} AS rule, (SELECT id FROM win ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*)::int FROM win) AS seen,
      found.anchor, found.counterpart, ${getOtherPermits(pairing)} AS others
    FROM (SELECT) AS once LEFT JOIN LATERAL (
      SELECT anchor.id AS anchor, pair.id AS counterpart FROM win JOIN ${anchorSource}
      CROSS JOIN LATERAL (${counterparts}) AS pair
      WHERE ${joinFragments(conditions, ' AND ')} ORDER BY anchor.id, pair.id LIMIT ${sql.lit(pairsMax)}) AS found ON true`
}

/** A value and no EXISTS: PostgreSQL would read all records in the order of the pairs. */
const isLive = (id: SqlFragment): SqlFragment =>
  sql`(SELECT record.state = 'live' FROM record WHERE record.id = ${id})`

type FilterId = (name: keyof typeof recordFilters) => SqlFragment | null

type AnchorWindow = {
  /** Ids of the anchors to look at, by the narrowest of the filters. */
  anchors: SqlFragment
  /** Records of a case, or what an actor used or received: the rows of `its`, to which anchors are looked up. */
  scope: SqlFragment | null
  /** Whether the anchor is itself of the case or with the actor: any counterpart of it will do, and not only one of `its`. */
  isAnchorInScope: SqlFragment | null
}

function buildAnchorWindow(pairing: Pairing, idOf: FilterId, next: SelectNextIds): AnchorWindow {
  const [permit, ofCase, actor] = [idOf('permit'), idOf('case'), idOf('actor')]
  const isAssurance = pairing === 'assurance-use'
  const noScope = { scope: null, isAnchorInScope: null }
  if (permit)
    return {
      ...noScope,
      anchors: isAssurance
        ? sql`SELECT event_about.event_id AS id FROM event_about JOIN event ON event.id = event_about.event_id AND event.type = 'assurance' WHERE event_about.permit_id = ${permit}`
        : sql`SELECT permit.id FROM permit WHERE permit.id = ${permit}`,
    }
  const table = isAssurance ? sql`event` : sql`permit`
  const isKind = isAssurance
    ? sql`anchor.type = 'assurance' AND ${getAnchorCondition(pairing)}`
    : getAnchorCondition(pairing)
  if (ofCase)
    return {
      scope: selectCaseRecords(ofCase),
      anchors: sql`SELECT own.id FROM ${joinLateral(
        sql`its`,
        sql`SELECT anchor.id FROM ${table} AS anchor WHERE anchor.id = its.id AND ${isKind}`,
        'own',
      )} UNION ALL ${getScopeAnchors(pairing, next)}`,
      isAnchorInScope: sql`anchor.id IN (SELECT id FROM its)`,
    }
  if (actor) {
    const own = isAssurance
      ? sql`SELECT given.event_id AS id FROM (${joinFragments(
          assuranceRoles.map((role) =>
            next(
              'event_participant.event_id',
              sql`event_participant WHERE event_participant.actor_id = ${actor} AND event_participant.role = ${sql.lit(role)} AND (SELECT event.type = 'assurance' FROM event WHERE event.id = event_participant.event_id)`,
            ),
          ),
          ' UNION ALL ',
        )}) AS given`
      : joinFragments(
          permitPartyColumns.map((party) =>
            next('permit.id', sql`permit WHERE ${sql.ref(`permit.${party}`)} = ${actor}`),
          ),
          ' UNION ALL ',
        )
    // Only uses have an actor of their own: beside a measure it is the permit that is with the actor.
    if (!comparesUses(pairing)) return { ...noScope, anchors: own }
    return {
      scope: selectUsesByActor(actor),
      anchors: sql`${own} UNION ALL ${getScopeAnchors(pairing, next)}`,
      isAnchorInScope: isPartyToAnchor(pairing, actor),
    }
  }
  return { ...noScope, anchors: sql`SELECT anchor.id FROM ${table} AS anchor WHERE ${isKind}` }
}

const comparesUses = (pairing: Pairing): boolean =>
  pairing === 'permit-use' || pairing === 'assurance-use'

const permitPartyColumns = [
  'issuer_id',
  'exporter_id',
  'consignee_id',
  'end_user_id',
  'destination_id',
  'end_destination_id',
]

const selectCaseRecords = (ofCase: SqlFragment): SqlFragment =>
  sql`SELECT DISTINCT cited.record_id AS id FROM ${joinLateral(
    sql`article`,
    sql`SELECT citation.record_id FROM citation WHERE citation.article_id = article.id`,
    'cited',
  )} WHERE article.case_id = ${ofCase}`

const selectUsesByActor = (actor: SqlFragment): SqlFragment =>
  sql`SELECT DISTINCT event_participant.event_id AS id FROM event_participant WHERE event_participant.actor_id = ${actor} AND event_participant.role = ANY (${sql.lit(`{${holderRoles.join(',')}}`)}::text[])`

const assuranceRoles = ['assurer', 'addressee']

/** Whether the actor is a party to the permit, or gave or was given the assurance. */
const isPartyToAnchor = (pairing: Pairing, actor: SqlFragment): SqlFragment =>
  pairing === 'assurance-use'
    ? hasParticipant(sql`anchor.id`, actor, assuranceRoles)
    : sql`${actor} IN (${joinFragments(
        permitPartyColumns.map((party) => sql.ref(`anchor.${party}`)),
        ', ',
      )})`

/** What each filter asks of a pair. */
function filterConditions(pairing: Pairing, idOf: FilterId): SqlFragment[] {
  const isAssurance = pairing === 'assurance-use'
  const [permit, ofCase, actor] = [idOf('permit'), idOf('case'), idOf('actor')]
  const conditions: SqlFragment[] = []
  if (permit)
    conditions.push(
      isAssurance
        ? sql`EXISTS (SELECT FROM event_about WHERE event_about.event_id = anchor.id AND event_about.permit_id = ${permit})`
        : sql`anchor.id = ${permit}`,
    )
  const belongsToCase = (id: SqlFragment) =>
    permit
      ? sql`EXISTS (SELECT FROM citation JOIN article ON article.id = citation.article_id WHERE citation.record_id = ${id} AND article.case_id = ${ofCase})`
      : sql`${id} IN (SELECT id FROM its)`
  if (ofCase)
    conditions.push(sql`(${belongsToCase(sql`anchor.id`)} OR ${belongsToCase(sql`pair.id`)})`)
  if (actor) {
    const hasHolder = hasParticipant(sql`pair.id`, actor, holderRoles)
    conditions.push(
      comparesUses(pairing)
        ? sql`(${isPartyToAnchor(pairing, actor)} OR ${hasHolder})`
        : isPartyToAnchor(pairing, actor),
    )
  }
  return conditions
}
