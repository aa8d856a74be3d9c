import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { type PlaceholderFactory, prepareStatement } from '../../database/prepared-statements.ts'
import { joinFragments, type SqlFragment } from '../../database/sql-fragments.ts'
import { permitPartyColumns } from '../../records/kinds/permits/queries.ts'
import { byRelation, type Filters } from '../../records/model/filters.ts'
import {
  getAnchorCondition,
  getCounterparts,
  getDateCondition,
  getOthers,
  getScopeAnchors,
  getScopeCounterparts,
  hasDelivery,
  hasParticipant,
  holderRoles,
  joinLateral,
  type SelectNextIds,
  selectCountedPermits,
  selectScopeGoods,
  textArray,
} from './pairs/queries.ts'
import type { Pairing } from './rules.ts'

/** Ids of two records in which a rule may find something, and of others that the rule needs (`pairs/queries.ts`). */
export type Pair = { anchor: string; counterpart: string; others: string[] }

/** A position in the order of all pairs of a rule: by the ids of anchor and counterpart. */
export type PairPosition = Pick<Pair, 'anchor' | 'counterpart'>

/** References (slug or id) by filter name. */
export type RecordFilterValues = Readonly<Partial<Record<keyof typeof recordFilters, string>>>

const matchId = (id: SqlFragment): SqlFragment => id

export const recordFilters = {
  case: byRelation(
    'case',
    'Only findings in which one of the two compared records belongs to this case.',
    matchId,
  ),
  permit: byRelation(
    'permit',
    'Only findings about this permit, about an assurance for it, or about a figure that counts it.',
    matchId,
  ),
  actor: byRelation(
    'actor',
    'Only findings with this actor as issuer, exporter, consignee, end user, destination or end destination of the permit, as assurer or addressee of the assurance, or as user or recipient of the goods.',
    matchId,
  ),
} as const satisfies Filters

const filterNames = Object.keys(recordFilters) as (keyof typeof recordFilters)[]

/** Result of one look-up: its last anchor (null: there was none), and the number of anchors it considered. */
export type PairBatch = { pairs: Pair[]; lastAnchor: string | null; anchorCount: number }

type PairRow = {
  lookUpIndex: number
  lastAnchor: string | null
  anchorCount: number
  anchor: string | null
  counterpart: string | null
  others: string[] | null
}

/** `after` is null at the beginning. */
type PairLookup = { pairing: Pairing; after: PairPosition | null }
type LookupLimits = { anchorsMax: number; pairsMax: number }

/** The limit stands in the SQL text, because estimates depend on it. Two values keep the number of statements small. */
const roundUpLimit = (pairsMax: number): number => (pairsMax <= 51 ? 51 : 201)

/**
 * The next pairs of each look-up, by the ids of anchor and counterpart. A look-up considers `anchorsMax` anchors, so its time
 * is bounded even if it finds nothing, and returns at most `pairsMax` pairs, rounded up to 51 or 201.
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
  const lookUpKeys = lookUps.map(({ pairing, after }) => `${pairing}${after ? '+' : ''}`)
  const key = `pairs|${lookUpKeys.join(',')}|${variants.join(',')}|${Object.values(limits).join(',')}`
  const positions = lookUps.flatMap(({ after }, index) => [
    [`anchor${index}`, after?.anchor],
    [`counterpart${index}`, after?.counterpart],
  ])
  const values = { ...filterValues, ...Object.fromEntries(positions) }
  const query = prepareStatement<PairRow>(key, values, (slot) => {
    const lookUpQueries = lookUps.map(
      (lookUp, index) => sql`(${buildPairQuery(lookUp, index, limits, slot, filterValues)})`,
    )
    const statement = sql<PairRow>`${joinFragments(lookUpQueries, ' UNION ALL ')}`
    return { compile: () => statement.compile(db) }
  })
  const { rows } = await db.executeQuery(query)
  return lookUps.map((_, index) =>
    toPairBatch(rows.filter(({ lookUpIndex }) => lookUpIndex === index)),
  )
}

function toPairBatch(rows: readonly PairRow[]): PairBatch {
  const pairs = rows.flatMap(({ anchor, counterpart, others }) =>
    anchor && counterpart ? [{ anchor, counterpart, others: others ?? [] }] : [],
  )
  return {
    pairs: pairs.sort((a, b) => (pairKey(a) < pairKey(b) ? -1 : 1)),
    lastAnchor: rows[0]?.lastAnchor ?? null,
    anchorCount: rows[0]?.anchorCount ?? 0,
  }
}

const pairKey = ({ anchor, counterpart }: Pair): string => `${anchor}${counterpart}`

function buildPairQuery(
  { pairing, after }: PairLookup,
  index: number,
  { anchorsMax, pairsMax }: LookupLimits,
  slot: PlaceholderFactory,
  filterValues: RecordFilterValues,
): SqlFragment {
  const getFilterId: FilterId = (name) =>
    filterValues[name] === undefined
      ? null
      : (recordFilters[name].where?.(slot, filterValues, name) ?? null)
  const afterAnchor = sql`${slot(`anchor${index}`)}::uuid`
  const afterCounterpart = sql`${slot(`counterpart${index}`)}::uuid`
  const isAfter = (id: SqlFragment) => (after ? sql`${id} >= ${afterAnchor}` : sql`true`)
  const conditions = [
    ...(after ? [sql`(anchor.id, candidate.id) > (${afterAnchor}, ${afterCounterpart})`] : []),
    isLive(sql`anchor.id`),
    isLive(sql`candidate.id`),
    getAnchorCondition(pairing),
    getDateCondition(pairing),
    ...buildFilterConditions(pairing, getFilterId),
  ]
  const selectNextIds: SelectNextIds = (id, rows) => sql`(
    SELECT ${sql.ref(id)}
    FROM ${rows} AND ${isAfter(sql.ref(id))}
    ORDER BY ${sql.ref(id)}
    LIMIT ${sql.lit(anchorsMax)}
  )`
  const { scope, anchors, isAnchorInScope } = buildAnchorSource(pairing, getFilterId, selectNextIds)
  return sql`
    WITH ${
      scope === null
        ? sql``
        : sql`scope AS MATERIALIZED (${scope}),
          scope_goods AS MATERIALIZED (${selectScopeGoods}),`
    }
    anchor_ids AS (
      SELECT DISTINCT source.id
      FROM (${anchors}) AS source
      WHERE ${isAfter(sql`source.id`)}
      ORDER BY source.id
      LIMIT ${sql.lit(anchorsMax)}
    )
    SELECT
      ${sql.lit(index)} AS "lookUpIndex",
      (SELECT id FROM anchor_ids ORDER BY id DESC LIMIT 1) AS "lastAnchor",
      (SELECT count(*)::int FROM anchor_ids) AS "anchorCount",
      pair.anchor,
      pair.counterpart,
      ${getOthers(pairing)} AS others
    FROM (SELECT) AS one_row
    LEFT JOIN LATERAL (
      SELECT anchor.id AS anchor, candidate.id AS counterpart
      FROM anchor_ids
      ${joinAnchor(pairing)}
      CROSS JOIN LATERAL (${buildCounterparts(pairing, isAnchorInScope)}) AS candidate
      WHERE ${joinFragments(conditions, ' AND ')}
      ORDER BY anchor.id, candidate.id
      LIMIT ${sql.lit(pairsMax)}
    ) AS pair ON true`
}

function joinAnchor(pairing: Pairing): SqlFragment {
  if (pairing === 'assurance-use') return sql`JOIN event AS anchor ON anchor.id = anchor_ids.id`
  if (pairing === 'figure-records') return sql`JOIN figure AS anchor ON anchor.id = anchor_ids.id`
  return sql`
      JOIN permit AS anchor ON anchor.id = anchor_ids.id
      LEFT JOIN event_effect AS issue_effect
        ON issue_effect.permit_id = anchor.id AND issue_effect.becomes = 'issued'
      LEFT JOIN event AS issue_event ON issue_event.id = issue_effect.event_id`
}

/** An anchor in scope pairs with all its counterparts, any other anchor only with those in scope. */
function buildCounterparts(pairing: Pairing, isAnchorInScope: SqlFragment | null): SqlFragment {
  const scopeCounterparts = getScopeCounterparts(pairing)
  if (isAnchorInScope === null || scopeCounterparts === undefined) return getCounterparts(pairing)
  return sql`
    SELECT * FROM (${getCounterparts(pairing)}) AS any_counterpart WHERE ${isAnchorInScope}
    UNION ${scopeCounterparts}`
}

/** A scalar subquery: with EXISTS, PostgreSQL would read all records in the order of the pairs. */
const isLive = (id: SqlFragment): SqlFragment =>
  sql`(SELECT record.state = 'live' FROM record WHERE record.id = ${id})`

/** The id that a filter names; null when the request does not use the filter. */
type FilterId = (name: keyof typeof recordFilters) => SqlFragment | null

type AnchorSource = {
  /** Ids of the anchors to consider, by the narrowest of the filters. */
  anchors: SqlFragment
  /** The rows of `scope` (`pairs/queries.ts`). Null: no scope is used. */
  scope: SqlFragment | null
  /** Whether the anchor itself fulfils the filter by case or actor. Null: no scope is used. */
  isAnchorInScope: SqlFragment | null
}

function buildAnchorSource(
  pairing: Pairing,
  getFilterId: FilterId,
  next: SelectNextIds,
): AnchorSource {
  const permitId = getFilterId('permit')
  const caseId = getFilterId('case')
  const actorId = getFilterId('actor')
  if (permitId)
    return { scope: null, isAnchorInScope: null, anchors: selectPermitAnchors(pairing, permitId) }
  if (caseId)
    return {
      scope: selectCaseRecords(caseId),
      anchors: sql`
        SELECT in_scope.id
        FROM ${joinLateral(
          sql`scope`,
          sql`${selectAllAnchors(pairing)} AND anchor.id = scope.id`,
          'in_scope',
        )}
        UNION ALL ${getScopeAnchors(pairing, next)}`,
      isAnchorInScope: sql`anchor.id IN (SELECT id FROM scope)`,
    }
  if (actorId === null)
    return { scope: null, isAnchorInScope: null, anchors: selectAllAnchors(pairing) }
  const actorAnchors = selectActorAnchors(pairing, actorId, next)
  // A measure has no actors of its own in this filter: only the permit counts.
  if (!comparesUses(pairing)) return { scope: null, isAnchorInScope: null, anchors: actorAnchors }
  return {
    scope: selectUsesByActor(actorId),
    anchors: sql`${actorAnchors} UNION ALL ${getScopeAnchors(pairing, next)}`,
    isAnchorInScope: isPartyToAnchor(pairing, actorId),
  }
}

function selectAllAnchors(pairing: Pairing): SqlFragment {
  const condition = getAnchorCondition(pairing)
  if (pairing === 'figure-records')
    return sql`SELECT anchor.id FROM figure AS anchor WHERE ${condition}`
  return pairing === 'assurance-use'
    ? sql`
      SELECT anchor.id
      FROM event AS anchor
      WHERE anchor.type = 'assurance' AND ${condition}`
    : sql`SELECT anchor.id FROM permit AS anchor WHERE ${condition}`
}

function selectPermitAnchors(pairing: Pairing, permitId: SqlFragment): SqlFragment {
  if (pairing === 'figure-records')
    return sql`
      SELECT figure.id
      FROM permit
      JOIN actor AS issuer ON issuer.id = permit.issuer_id
      JOIN figure ON figure.from_id = permit.issuer_id
        OR figure.from_id IN (
          SELECT state.id
          FROM actor AS state
          WHERE state.country = issuer.country AND state.type = 'state'
        )
      WHERE permit.id = ${permitId}`
  return pairing === 'assurance-use'
    ? sql`
      SELECT event_about.event_id AS id
      FROM event_about
      JOIN event ON event.id = event_about.event_id AND event.type = 'assurance'
      WHERE event_about.permit_id = ${permitId}`
    : sql`SELECT permit.id FROM permit WHERE permit.id = ${permitId}`
}

/** Permits and assurances to which the actor is a party. */
function selectActorAnchors(
  pairing: Pairing,
  actorId: SqlFragment,
  next: SelectNextIds,
): SqlFragment {
  if (pairing === 'figure-records') {
    const figuresByParty = (['figure.from_id', 'figure.to_id'] as const).map((party) =>
      next('figure.id', sql`figure WHERE ${sql.ref(party)} = ${actorId}`),
    )
    return joinFragments(figuresByParty, ' UNION ALL ')
  }
  if (pairing !== 'assurance-use') {
    const permitsByParty = permitPartyColumns.map((party) =>
      next('permit.id', sql`permit WHERE ${sql.ref(`permit.${party}`)} = ${actorId}`),
    )
    permitsByParty.push(
      next(
        'permit_destination.permit_id',
        sql`permit_destination WHERE permit_destination.actor_id = ${actorId}`,
      ),
    )
    return joinFragments(permitsByParty, ' UNION ALL ')
  }
  const assurancesByRole = assuranceRoles.map((role) =>
    next(
      'event_participant.event_id',
      sql`event_participant
        WHERE event_participant.actor_id = ${actorId}
          AND event_participant.role = ${sql.lit(role)}
          AND (
            SELECT event.type = 'assurance' FROM event WHERE event.id = event_participant.event_id
          )`,
    ),
  )
  return sql`
    SELECT assurance.event_id AS id
    FROM (${joinFragments(assurancesByRole, ' UNION ALL ')}) AS assurance`
}

const comparesUses = (pairing: Pairing): boolean =>
  pairing === 'permit-use' || pairing === 'assurance-use'

const selectCaseRecords = (caseId: SqlFragment): SqlFragment => sql`
  SELECT DISTINCT cited.record_id AS id
  FROM ${joinLateral(
    sql`article`,
    sql`SELECT citation.record_id FROM citation WHERE citation.article_id = article.id`,
    'cited',
  )}
  WHERE article.case_id = ${caseId}`

const selectUsesByActor = (actorId: SqlFragment): SqlFragment => sql`
  SELECT DISTINCT event_participant.event_id AS id
  FROM event_participant
  WHERE event_participant.actor_id = ${actorId}
    AND event_participant.role = ANY (${textArray(holderRoles)})`

const assuranceRoles = ['assurer', 'addressee']

/** Whether the actor is a party to the permit, or assurer or addressee of the assurance. */
const isPartyToAnchor = (pairing: Pairing, actorId: SqlFragment): SqlFragment => {
  if (pairing === 'assurance-use') return hasParticipant(sql`anchor.id`, actorId, assuranceRoles)
  if (pairing === 'figure-records') return sql`${actorId} IN (anchor.from_id, anchor.to_id)`
  const parties = permitPartyColumns.map((party) => sql.ref(`anchor.${party}`))
  return sql`(
    ${actorId} IN (${joinFragments(parties, ', ')})
    OR EXISTS (
      SELECT
      FROM permit_destination
      WHERE permit_destination.permit_id = anchor.id AND permit_destination.actor_id = ${actorId}
    )
  )`
}

/** The conditions of the filters on a pair. */
function buildFilterConditions(pairing: Pairing, getFilterId: FilterId): SqlFragment[] {
  const permitId = getFilterId('permit')
  const caseId = getFilterId('case')
  const actorId = getFilterId('actor')
  const conditions: SqlFragment[] = []
  if (permitId) conditions.push(concernsPermit(pairing, permitId))
  if (caseId) {
    // With a filter by permit, `scope` is not built.
    const belongsToCase = (id: SqlFragment) =>
      permitId ? isCitedInCase(id, caseId) : sql`${id} IN (SELECT id FROM scope)`
    const belongings = [sql`anchor.id`, sql`candidate.id`].map(belongsToCase)
    // The finding adds up all deliveries, whichever of them is the counterpart.
    if (pairing === 'permit-deliveries')
      belongings.push(hasDelivery(belongsToCase(sql`naming.event_id`)))
    conditions.push(sql`(${joinFragments(belongings, ' OR ')})`)
  }
  if (actorId) {
    const isParty = isPartyToAnchor(pairing, actorId)
    const isHolder = hasParticipant(sql`candidate.id`, actorId, holderRoles)
    conditions.push(comparesUses(pairing) ? sql`(${isParty} OR ${isHolder})` : isParty)
  }
  return conditions
}

const concernsPermit = (pairing: Pairing, permitId: SqlFragment): SqlFragment =>
  pairing === 'figure-records'
    ? sql`EXISTS (
      ${selectCountedPermits(sql`figure.id = anchor.id AND permit.id = ${permitId}`)}
    ) AND candidate.id = anchor.id`
    : pairing === 'assurance-use'
      ? sql`EXISTS (
      SELECT
      FROM event_about
      WHERE event_about.event_id = anchor.id AND event_about.permit_id = ${permitId}
    )`
      : sql`anchor.id = ${permitId}`

const isCitedInCase = (recordId: SqlFragment, caseId: SqlFragment): SqlFragment => sql`EXISTS (
  SELECT
  FROM citation
  JOIN article ON article.id = citation.article_id
  WHERE citation.record_id = ${recordId} AND article.case_id = ${caseId}
)`
