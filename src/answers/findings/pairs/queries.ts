import { sql } from 'kysely'
import {
  type ColumnName,
  joinFragments,
  type SqlFragment,
} from '../../../database/sql-fragments.ts'
import { firstDay, lastDay } from '../../../records/model/sql-json.ts'
import { countedPermitsMax, type Pairing } from '../rules.ts'

/**
 * The SQL that selects the pairs of a pairing, from indexes that begin with the anchor. May over-select, must never
 * under-select. The statement around these fragments (`../queries.ts`) defines the aliases:
 *
 * - `anchor`: the permit or the assurance; of a permit also `issue_effect` and `issue_event`, the event that issued it
 * - `candidate`: its counterpart
 * - `pair`: `anchor` and `counterpart`, the ids of a selected pair
 * - `scope`: with a filter by case or actor, ids of records of the case, or of uses by the actor
 * - `scope_goods`: the goods related to those of the uses in `scope` (`selectScopeGoods`)
 */
type PairFinder = {
  /** Ids of the counterparts of the anchor. */
  counterparts: SqlFragment
  /** The same, but only uses in `scope`: it is cheaper to begin with these. */
  scopeCounterparts?: SqlFragment
  /** What the rule requires of the dates of both, as far as an index or a comparison can check it. */
  dateCondition: SqlFragment
  /** Ids of the anchors that have a counterpart in `scope`. */
  scopeAnchors: (next: SelectNextIds) => SqlFragment
  /** Which permits or assurances can be anchors; it may only use `anchor`. Default: all. */
  anchorCondition?: SqlFragment
  /** Ids of further records that the rule needs: other permits, or all deliveries. */
  others?: SqlFragment
}

/**
 * Selects the next ids from `rows`, the text after FROM, which must end in a condition. Each source yields no more ids than
 * the anchor limit, so that none is read to its end.
 */
export type SelectNextIds = (id: ColumnName, rows: SqlFragment) => SqlFragment

/**
 * For each row of `from`, the rows that `rows` finds by an index. `OFFSET 0` keeps the planner from joining whole tables
 * when it overestimates `from`.
 */
export const joinLateral = (from: SqlFragment, rows: SqlFragment, name: string): SqlFragment =>
  sql`${from} CROSS JOIN LATERAL (${rows} OFFSET 0) AS ${sql.ref(name)}`

const unionAll = (queries: readonly SqlFragment[]): SqlFragment =>
  joinFragments(queries, ' UNION ALL ')

const anyUseType = sql`ANY ('{use,transfer}'::text[])`
/**
 * Whether anything is known of the day of issue: a date, or that the permit was issued before a later step of its life. A
 * scalar subquery, so that it is read for permits without a date only.
 */
const hasIssueDate = sql`(
  issue_event.on_edtf IS NOT NULL
  OR (
    SELECT true
    FROM event_effect AS later
    WHERE later.permit_id = anchor.id AND later.becomes <> ALL ('{issued,refused}'::text[])
    LIMIT 1
  )
)`

/** `good` and all goods that have a family at any level in common with it: all members of its topmost family. */
const selectKinGoods = sql`
  SELECT good.id
  UNION ALL
  SELECT kin.id
  FROM goods_of_family(CASE WHEN good.family_id IS NULL THEN good.id ELSE (
    WITH RECURSIVE above (id, family_id) AS (
      SELECT good.id, good.family_id
      UNION
      SELECT family.id, family.family_id
      FROM above
      JOIN good AS family ON family.id = above.family_id
    )
    SELECT above.id FROM above WHERE above.family_id IS NULL
  ) END) AS kin (id)`

const kinGoods = sql`LATERAL (${selectKinGoods}) AS related`

/** The same, and the goods of its maker. */
const relatedGoods = sql`LATERAL (
  ${selectKinGoods}
  UNION ALL SELECT other.id FROM good AS other WHERE other.manufacturer_id = good.manufacturer_id
) AS related`

/** Permits that an event is about. */
const selectNamedPermits = (event: SqlFragment): SqlFragment => sql`
  SELECT named.permit_id
  FROM event_about AS named
  WHERE named.event_id = ${event} AND named.permit_id IS NOT NULL`

/** A FROM item: the goods that an assurance is about, directly or through the permits that it names. */
const assuredGoods = sql`(
    SELECT assured_good.good_id
    FROM event_good AS assured_good
    WHERE assured_good.event_id = anchor.id
    UNION SELECT permit_item.good_id
    FROM permit_item
    WHERE permit_item.permit_id IN (${selectNamedPermits(sql`anchor.id`)})
  ) AS assured
  JOIN good ON good.id = assured.good_id`

/**
 * Uses that name no permit, are not certainly before `date`, and have a good related to those of `from`.
 *
 * @param from a FROM item with the alias `good`
 */
const selectUsesWithoutPermit = (from: SqlFragment, date: string): SqlFragment => sql`
  SELECT used.event_id AS id
  FROM event_good AS used
  WHERE used.free_use_latest >= ${firstDay(date)}
    AND used.good_id IN (SELECT related.id FROM ${from} CROSS JOIN ${relatedGoods})`

/**
 * Whether an event is a dated use, not certainly before `date`. A scalar subquery: with EXISTS, PostgreSQL would first join all
 * events after the date.
 */
const isUseAfter = (event: SqlFragment, date: string): SqlFragment => sql`(
  SELECT event.type = ${anyUseType}
    AND event.on_edtf IS NOT NULL
    AND ${lastDay('event.on')} >= ${firstDay(date)}
  FROM event
  WHERE event.id = ${event}
)`

/** @param permits a comparison, e.g. `= anchor.id` */
const selectUsesNamingPermits = (permits: SqlFragment, date: string): SqlFragment => sql`
  SELECT naming.event_id
  FROM event_about AS naming
  WHERE naming.permit_id ${permits} AND ${isUseAfter(sql`naming.event_id`, date)}`

const namesPermit = (event: SqlFragment): SqlFragment => sql`EXISTS (
  SELECT
  FROM event_about
  WHERE event_about.event_id = ${event} AND event_about.permit_id IS NOT NULL
)`

/** The dated uses in `scope`, each with all goods related to its own. `is_free`: the use names no permit. */
export const selectScopeGoods = sql`
  SELECT DISTINCT dated_use.id AS event_id, related.id AS good_id, dated_use.latest, dated_use.is_free
  FROM (
    SELECT event.id, used.good_id, ${lastDay('event.on')} AS latest,
      used.free_use_latest IS NOT NULL AS is_free
    FROM ${joinLateral(
      joinLateral(
        sql`scope`,
        sql`
          SELECT *
          FROM event
          WHERE event.id = scope.id AND event.type = ${anyUseType} AND event.on_edtf IS NOT NULL`,
        'event',
      ),
      sql`
        SELECT event_good.good_id, event_good.free_use_latest
        FROM event_good
        WHERE event_good.event_id = event.id`,
      'used',
    )}
  ) AS dated_use
  JOIN good ON good.id = dated_use.good_id
  CROSS JOIN ${relatedGoods}
  WHERE related.id IS NOT NULL`

/** All destinations of the anchor, the end destination included. */
const anyDestination = sql`ANY (
  ARRAY[anchor.destination_id, anchor.end_destination_id]
  || ARRAY(
    SELECT permit_destination.actor_id
    FROM permit_destination
    WHERE permit_destination.permit_id = anchor.id
  )
)`

/** All destinations, the end user and the consignee of the anchor. */
const anyDestinationOrRecipient = sql`ANY (
  ARRAY[
    anchor.destination_id,
    anchor.end_destination_id,
    anchor.end_user_id,
    anchor.consignee_id
  ]
  || ARRAY(
    SELECT permit_destination.actor_id
    FROM permit_destination
    WHERE permit_destination.permit_id = anchor.id
  )
)`

/** Whether a destination or recipient of the anchor is a target of `measure`. */
const isAgainstDestination = sql`(
  measure.target_id = ${anyDestinationOrRecipient}
  OR measure.id = ANY (ARRAY(
    SELECT measure_target.measure_id
    FROM measure_target
    WHERE measure_target.actor_id = ${anyDestinationOrRecipient}
  ))
)`

const targetColumns = ['destination_id', 'end_destination_id', 'end_user_id', 'consignee_id']

/** Types of actors that act for a state. */
const actingTypes = sql`'{state,public-body,armed-force}'::text[]`

/** Whether measures of one actor can bind another: of its own, of its state, or of an organisation. */
const canBind = (imposer: SqlFragment, issuer: SqlFragment): SqlFragment => sql`(
  ${imposer} = ${issuer}
  OR (
    SELECT imposing.type = 'organisation'
      OR imposing.country IS NULL
      OR acting.country IS NULL
      OR (
        imposing.country = acting.country
        AND imposing.type = ANY (${actingTypes})
        AND acting.type = ANY (${actingTypes})
      )
    FROM actor AS imposing
    CROSS JOIN actor AS acting
    WHERE imposing.id = ${imposer} AND acting.id = ${issuer}
  )
)`

/** Whether a dated event that fulfils the condition imposed `measure`. */
const wasImposed = (eventCondition: SqlFragment): SqlFragment => sql`(
  SELECT true
  FROM event_effect
  JOIN event ON event.id = event_effect.event_id
  WHERE event_effect.measure_id = measure.id
    AND event_effect.becomes = 'imposed'
    AND event.on_edtf IS NOT NULL
    AND ${eventCondition}
  LIMIT 1
)`

const isImposedBeforeIssue = sql`${firstDay('event.on')} <= ${lastDay('issue_event.on')}`

/**
 * Measures on a destination or recipient that can bind the issuer, imposed by a dated event that fulfils the
 * condition. A scalar subquery instead of EXISTS leaves PostgreSQL free to join measures and permits in the cheapest order.
 */
const selectBindingMeasures = (eventCondition: SqlFragment): SqlFragment => sql`
  SELECT measure.id
  FROM measure
  WHERE ${isAgainstDestination}
    AND ${canBind(sql`measure.imposer_id`, sql`anchor.issuer_id`)}
    AND ${wasImposed(eventCondition)}`

const measuresImposedBefore = selectBindingMeasures(isImposedBeforeIssue)
const measuresImposedAfter = selectBindingMeasures(sql`
  ${lastDay('event.on')} >= ${firstDay('issue_event.on')}
  AND measure.legal_form = ANY ('{embargo,suspension}'::text[])`)

/** A FROM item: each target of the measures in `scope`. */
const measureTargetsInScope = joinLateral(
  sql`scope`,
  sql`
    SELECT measure.imposer_id, measure.target_id
    FROM measure
    WHERE measure.id = scope.id
    UNION
    SELECT measure.imposer_id, measure_target.actor_id
    FROM measure
    JOIN measure_target ON measure_target.measure_id = measure.id
    WHERE measure.id = scope.id`,
  'measure',
)

/** Permits for the targets of a measure in `scope` whose issuer it can bind. */
const selectScopeMeasurePermits = (next: SelectNextIds): SqlFragment => {
  const permitsByTarget = targetColumns.map((target) =>
    next(
      'permit.id',
      sql`permit
        WHERE ${sql.ref(`permit.${target}`)} = measure.target_id
          AND ${canBind(sql`measure.imposer_id`, sql`permit.issuer_id`)}`,
    ),
  )
  permitsByTarget.push(
    next(
      'permit_destination.permit_id',
      sql`permit_destination WHERE permit_destination.actor_id = measure.target_id`,
    ),
  )
  return sql`
    SELECT affected.id
    FROM ${measureTargetsInScope}
    CROSS JOIN LATERAL (${unionAll(permitsByTarget)}) AS affected`
}

/** A FROM item: each good related to the uses in `scope` once. */
const distinctScopeGoods = sql`(SELECT DISTINCT good_id FROM scope_goods) AS related`

/** A FROM item: the permits that events in `scope` are about. */
const permitsNamedInScope = joinLateral(
  sql`scope`,
  sql`
    SELECT event_about.event_id, event_about.permit_id
    FROM event_about
    WHERE event_about.event_id = scope.id AND event_about.permit_id IS NOT NULL`,
  'naming',
)

/** Participants that have the goods of a use or transfer. */
export const holderRoles = ['user', 'consignee', 'end-user']

/** A constant list in the text of the statement. */
export const textArray = (values: readonly string[]): SqlFragment =>
  sql`${sql.lit(`{${values.join(',')}}`)}::text[]`

export const hasParticipant = (
  event: SqlFragment,
  actor: SqlFragment,
  roles: readonly string[],
): SqlFragment => sql`EXISTS (
  SELECT
  FROM event_participant
  WHERE event_participant.event_id = ${event}
    AND event_participant.actor_id = ${actor}
    AND event_participant.role = ANY (${textArray(roles)})
)`

/** Goods that both the permit and the use of a pair name. */
const selectSameGoods = sql`
  SELECT item.good_id
  FROM permit_item AS item
  JOIN event_good AS used ON used.good_id = item.good_id AND used.event_id = pair.counterpart
  WHERE item.permit_id = pair.anchor`

const recipientColumns = ['end_user_id', 'consignee_id', 'destination_id', 'end_destination_id']
const permitsOfHolder = unionAll([
  ...recipientColumns.map(
    (party) =>
      sql`SELECT permit.id FROM permit WHERE ${sql.ref(`permit.${party}`)} = holder.actor_id`,
  ),
  ...['permit_destination', 'permit_party'].map(
    (table) => sql`
      SELECT named.permit_id
      FROM ${sql.table(table)} AS named
      WHERE named.actor_id = holder.actor_id`,
  ),
])

/**
 * If the use of a pair names no permit, the first other permit on record for the same good and one of its users: live, and not
 * certainly issued after the use. Scalar subqueries instead of EXISTS, so that the search stops at the first one.
 */
const selectOtherPermit = sql`
  CASE WHEN EXISTS (${selectSameGoods}) AND NOT ${namesPermit(sql`pair.counterpart`)} THEN ARRAY(
    SELECT other.id
    FROM event_participant AS holder
    CROSS JOIN LATERAL (${permitsOfHolder}) AS other
    WHERE holder.event_id = pair.counterpart
      AND holder.role = ANY (${textArray(holderRoles)})
      AND other.id <> pair.anchor
      AND CASE
        WHEN (
          SELECT true
          FROM permit_item
          WHERE permit_item.permit_id = other.id
            AND permit_item.good_id = ANY (ARRAY(${selectSameGoods}))
          LIMIT 1
        )
        THEN (
          SELECT ${firstDay('event.on')} <= (
            SELECT ${lastDay('used.on')} FROM event AS used WHERE used.id = pair.counterpart
          )
          FROM event_effect
          JOIN event ON event.id = event_effect.event_id
          WHERE event_effect.permit_id = other.id AND event_effect.becomes = 'issued'
        )
        AND (SELECT record.state = 'live' FROM record WHERE record.id = other.id)
      END
    LIMIT 1
  ) END`

const permitUse: PairFinder = {
  counterparts: sql`
    ${selectUsesWithoutPermit(
      sql`(SELECT permit_item.good_id FROM permit_item WHERE permit_item.permit_id = anchor.id) AS item
        JOIN good ON good.id = item.good_id`,
      'issue_event.on',
    )}
    UNION ${selectUsesNamingPermits(sql`= anchor.id`, 'issue_event.on')}`,
  scopeCounterparts: sql`
    SELECT scope_goods.event_id AS id
    FROM permit_item
    JOIN scope_goods ON scope_goods.good_id = permit_item.good_id
    WHERE permit_item.permit_id = anchor.id
      AND scope_goods.is_free
      AND scope_goods.latest >= ${firstDay('issue_event.on')}
    UNION ${selectUsesNamingPermits(sql`= anchor.id`, 'issue_event.on')}`,
  dateCondition: hasIssueDate,
  scopeAnchors: (next) => sql`
    SELECT item.permit_id AS id
    FROM ${distinctScopeGoods}
    CROSS JOIN LATERAL ${next(
      'permit_item.permit_id',
      sql`permit_item WHERE permit_item.good_id = related.good_id`,
    )} AS item
    UNION ALL
    SELECT naming.permit_id
    FROM ${permitsNamedInScope}
    WHERE (SELECT event.type = ${anyUseType} FROM event WHERE event.id = naming.event_id)`,
  others: selectOtherPermit,
}

const usesOfAssuredPermits = selectUsesNamingPermits(
  sql`IN (${selectNamedPermits(sql`anchor.id`)})`,
  'anchor.on',
)

/** A FROM item: permits for goods related to uses in `scope`, and permits that these uses name. */
const permitsRelatedToScope = sql`(
    SELECT item.permit_id
    FROM ${joinLateral(
      distinctScopeGoods,
      sql`
        SELECT permit_item.permit_id
        FROM permit_item
        WHERE permit_item.good_id = related.good_id`,
      'item',
    )}
    UNION SELECT naming.permit_id FROM ${permitsNamedInScope}
  ) AS permitted`

const assuranceUse: PairFinder = {
  counterparts: sql`
    ${selectUsesWithoutPermit(assuredGoods, 'anchor.on')}
    UNION SELECT related_use.event_id
    FROM (
      SELECT used.event_id
      FROM ${assuredGoods}
      CROSS JOIN ${relatedGoods}
      JOIN event_good AS used ON used.good_id = related.id AND used.event_type = ${anyUseType}
    ) AS related_use
    WHERE NOT ${namesPermit(sql`anchor.id`)} AND ${isUseAfter(sql`related_use.event_id`, 'anchor.on')}
    UNION ${usesOfAssuredPermits}`,
  scopeCounterparts: sql`
    SELECT scope_goods.event_id AS id
    FROM ${assuredGoods}
    JOIN scope_goods ON scope_goods.good_id = assured.good_id
    WHERE scope_goods.latest >= ${firstDay('anchor.on')}
      AND (scope_goods.is_free OR NOT ${namesPermit(sql`anchor.id`)})
    UNION ${usesOfAssuredPermits}`,
  anchorCondition: sql`
    anchor.on_edtf IS NOT NULL
    AND num_nonnulls(anchor.scope_end_user_id, anchor.scope_place_id) > 0`,
  dateCondition: sql`true`,
  scopeAnchors: (next) => sql`
    SELECT assurance.event_id AS id
    FROM ${distinctScopeGoods}
    CROSS JOIN LATERAL ${next(
      'event_good.event_id',
      sql`event_good
        WHERE event_good.event_type = 'assurance' AND event_good.good_id = related.good_id`,
    )} AS assurance
    UNION ALL
    SELECT assurance.event_id
    FROM ${joinLateral(
      permitsRelatedToScope,
      sql`
        SELECT event_about.event_id
        FROM event_about
        WHERE event_about.permit_id = permitted.permit_id`,
      'assurance',
    )}
    WHERE (SELECT event.type = 'assurance' FROM event WHERE event.id = assurance.event_id)`,
}

/** A FROM item: the permits that events in `scope` change. */
const permitsChangedInScope = (effectCondition: SqlFragment): SqlFragment =>
  joinLateral(
    sql`scope`,
    sql`
      SELECT event_effect.permit_id
      FROM event_effect
      WHERE event_effect.event_id = scope.id
        AND ${effectCondition}
        AND event_effect.permit_id IS NOT NULL`,
    'changed',
  )

/** Deliveries of one permit that are added up. */
const deliveriesMax = 200

const isDelivery = (event: SqlFragment): SqlFragment =>
  sql`(SELECT event.type = 'delivery' FROM event WHERE event.id = ${event})`

const anyCountedMeasure = sql`ANY ('{licences,refusals,suspensions,cancellations}'::text[])`

/** Figures with the measure, parties and period of `anchor`. */
const selectSameFigures = (condition: SqlFragment): SqlFragment => sql`
  SELECT other.id
  FROM figure AS other
  WHERE (
      other.from_id = anchor.from_id
      OR (other.from_id IS NULL AND anchor.from_id IS NULL)
    )
    AND other.to_id IS NOT DISTINCT FROM anchor.to_id
    AND other.measure = anchor.measure
    AND other.period_edtf = anchor.period_edtf
    AND ${condition}`

/** Permits that a figure counts: of its issuer, for its destination and good, with an event in its period. */
export const selectCountedPermits = (condition: SqlFragment): SqlFragment => sql`
  SELECT DISTINCT permit.id
  FROM figure
  JOIN permit ON permit.issuer_id = ANY (
    ARRAY[figure.from_id]
    || ARRAY(
      SELECT body.id
      FROM actor AS state
      JOIN actor AS body ON body.country = state.country
      WHERE state.id = figure.from_id AND state.type = 'state' AND body.type = 'public-body'
    )
  )
  JOIN event_effect ON event_effect.permit_id = permit.id
  JOIN event ON event.id = event_effect.event_id
  WHERE ${condition}
    AND event_effect.becomes = CASE figure.measure
      WHEN 'licences' THEN 'issued'
      WHEN 'refusals' THEN 'refused'
      WHEN 'suspensions' THEN 'suspended'
      WHEN 'cancellations' THEN 'cancelled'
    END
    AND (
      figure.to_id IS NULL
      OR figure.to_id IN (permit.destination_id, permit.end_destination_id)
      OR EXISTS (
        SELECT
        FROM permit_destination
        WHERE permit_destination.permit_id = permit.id
          AND permit_destination.actor_id = figure.to_id
      )
    )
    AND (
      figure.good_id IS NULL
      OR EXISTS (
        SELECT
        FROM permit_item
        WHERE permit_item.permit_id = permit.id
          AND permit_item.good_id = ANY (ARRAY(SELECT goods_of_family(figure.good_id)))
      )
    )
    AND event.on_edtf IS NOT NULL
    AND ${lastDay('event.on')} >= ${firstDay('figure.period')}
    AND ${firstDay('event.on')} <= ${lastDay('figure.period')}`

const permitDelivery: PairFinder = {
  counterparts: sql`
      SELECT naming.event_id AS id
      FROM event_about AS naming
      WHERE naming.permit_id = anchor.id AND ${isDelivery(sql`naming.event_id`)}`,
  dateCondition: sql`true`,
  scopeAnchors: () => sql`
      SELECT naming.permit_id AS id
      FROM ${permitsNamedInScope}
      WHERE ${isDelivery(sql`naming.event_id`)}`,
  others: sql`ARRAY(
      SELECT naming.event_id
      FROM event_about AS naming
      WHERE naming.permit_id = pair.anchor AND ${isDelivery(sql`naming.event_id`)}
      ORDER BY naming.event_id
      LIMIT ${sql.lit(deliveriesMax)}
    )`,
}

const pairFinders: Readonly<Record<Pairing, PairFinder>> = {
  'permit-measure': {
    counterparts: measuresImposedBefore,
    dateCondition: hasIssueDate,
    scopeAnchors: selectScopeMeasurePermits,
  },
  'permit-theatre': {
    anchorCondition: sql`anchor.stated_end_use_place_id IS NOT NULL`,
    counterparts: sql`
      ${measuresImposedBefore}
      AND (
        SELECT true
        FROM place AS theatre
        JOIN place AS stated ON stated.id = theatre.id OR stated.country = theatre.country
        WHERE theatre.id = measure.reason_place_id AND stated.id = anchor.stated_end_use_place_id
        LIMIT 1
      )`,
    dateCondition: hasIssueDate,
    scopeAnchors: selectScopeMeasurePermits,
  },
  'permit-use': permitUse,
  'assurance-use': assuranceUse,
  'permit-issue': {
    anchorCondition: sql`anchor.destination_id <> anchor.end_destination_id`,
    counterparts: sql`SELECT issue_effect.event_id AS id`,
    dateCondition: sql`true`,
    scopeAnchors: () => sql`
      SELECT changed.permit_id AS id
      FROM ${permitsChangedInScope(sql`event_effect.becomes = 'issued'`)}`,
  },
  'permit-delivery': permitDelivery,
  'permit-deliveries': permitDelivery,
  'permit-refusal': {
    anchorCondition: sql`anchor.status IS DISTINCT FROM 'refused'`,
    counterparts: sql`
      SELECT refused.id
      FROM (
        SELECT permit.id, permit.issuer_id
        FROM permit
        WHERE permit.status = 'refused' AND permit.destination_id = ${anyDestination}
        UNION
        SELECT permit.id, permit.issuer_id
        FROM permit
        WHERE permit.status = 'refused' AND permit.end_destination_id = ${anyDestination}
        UNION
        SELECT permit.id, permit.issuer_id
        FROM permit_destination
        JOIN permit ON permit.id = permit_destination.permit_id
        WHERE permit.status = 'refused' AND permit_destination.actor_id = ${anyDestination}
      ) AS refused
      WHERE refused.issuer_id <> anchor.issuer_id
        AND (
          SELECT true
          FROM permit_item AS refused_item
          JOIN good ON good.id = refused_item.good_id
          CROSS JOIN ${kinGoods}
          JOIN permit_item ON permit_item.good_id = related.id AND permit_item.permit_id = anchor.id
          WHERE refused_item.permit_id = refused.id
          LIMIT 1
        )`,
    dateCondition: hasIssueDate,
    scopeAnchors: (next) => sql`
      SELECT allowed.id
      FROM ${joinLateral(
        sql`scope`,
        sql`
          SELECT destination.id
          FROM permit
          CROSS JOIN LATERAL (
            SELECT permit.destination_id
            UNION SELECT permit.end_destination_id
            UNION SELECT permit_destination.actor_id
            FROM permit_destination
            WHERE permit_destination.permit_id = permit.id
          ) AS destination (id)
          WHERE permit.id = scope.id AND permit.status = 'refused'`,
        'refused_destination',
      )}
      CROSS JOIN LATERAL (${unionAll([
        ...['destination_id', 'end_destination_id'].map((state) =>
          next(
            'permit.id',
            sql`permit WHERE ${sql.ref(`permit.${state}`)} = refused_destination.id`,
          ),
        ),
        next(
          'permit_destination.permit_id',
          sql`permit_destination WHERE permit_destination.actor_id = refused_destination.id`,
        ),
      ])}) AS allowed`,
  },
  'permit-offshore': {
    anchorCondition: sql`anchor.exporter_id IS NOT NULL`,
    counterparts: sql`
      SELECT DISTINCT measure.id
      FROM affiliation AS ownership
      JOIN actor AS owner ON owner.id = ownership.actor_id
      JOIN measure ON ${isAgainstDestination}
      JOIN actor AS imposing ON imposing.id = measure.imposer_id
      WHERE ownership.organisation_id = anchor.exporter_id
        AND ownership.type = 'ownership'
        AND (
          imposing.country = owner.country
          OR imposing.country IS NULL
          OR imposing.type = 'organisation'
        )
        AND ${wasImposed(isImposedBeforeIssue)}`,
    dateCondition: hasIssueDate,
    scopeAnchors: (next) => sql`
      SELECT affected.id
      FROM ${measureTargetsInScope}
      CROSS JOIN LATERAL (${unionAll([
        ...targetColumns.map((state) =>
          next(
            'permit.id',
            sql`permit
              WHERE ${sql.ref(`permit.${state}`)} = measure.target_id
                AND EXISTS (
                  SELECT
                  FROM affiliation
                  WHERE affiliation.organisation_id = permit.exporter_id
                    AND affiliation.type = 'ownership'
                )`,
          ),
        ),
        next(
          'permit_destination.permit_id',
          sql`permit_destination WHERE permit_destination.actor_id = measure.target_id`,
        ),
      ])}) AS affected`,
    others: sql`ARRAY(
      SELECT ownership.id
      FROM permit
      JOIN affiliation AS ownership ON ownership.organisation_id = permit.exporter_id
      WHERE permit.id = pair.anchor AND ownership.type = 'ownership'
      ORDER BY ownership.id
      LIMIT 50
    )`,
  },
  'figure-records': {
    anchorCondition: sql`anchor.period_edtf IS NOT NULL`,
    counterparts: sql`
      SELECT anchor.id
      WHERE anchor.measure = ${anyCountedMeasure} AND anchor.from_id IS NOT NULL
      UNION ${selectSameFigures(sql`other.id > anchor.id`)}`,
    dateCondition: sql`true`,
    scopeAnchors: () => sql`
      SELECT other.id
      FROM scope
      JOIN figure AS anchor ON anchor.id = scope.id
      CROSS JOIN LATERAL (${selectSameFigures(sql`other.id < anchor.id`)}) AS other`,
    others: sql`CASE WHEN pair.anchor = pair.counterpart THEN ARRAY(
      ${selectCountedPermits(sql`figure.id = pair.anchor`)}
      LIMIT ${sql.lit(countedPermitsMax)}
    ) END`,
  },
  'permit-stop': {
    counterparts: sql`
      ${measuresImposedAfter} AND ${hasIssueDate}
      UNION SELECT event_effect.event_id
      FROM event_effect
      WHERE event_effect.permit_id = anchor.id
        AND event_effect.becomes = ANY ('{suspended,cancelled,annulled}'::text[])`,
    dateCondition: sql`true`,
    scopeAnchors: (next) => sql`
      ${selectScopeMeasurePermits(next)}
      UNION ALL
      SELECT changed.permit_id
      FROM ${permitsChangedInScope(sql`true`)}`,
  },
}

/** The permit of a pair has a delivery that fulfils the condition on `naming`. */
export const hasDelivery = (condition: SqlFragment): SqlFragment => sql`EXISTS (
  SELECT
  FROM event_about AS naming
  WHERE naming.permit_id = anchor.id AND ${condition} AND ${isDelivery(sql`naming.event_id`)}
)`

export const getCounterparts = (pairing: Pairing): SqlFragment => pairFinders[pairing].counterparts
export const getScopeCounterparts = (pairing: Pairing): SqlFragment | undefined =>
  pairFinders[pairing].scopeCounterparts
export const getDateCondition = (pairing: Pairing): SqlFragment =>
  pairFinders[pairing].dateCondition
export const getScopeAnchors = (pairing: Pairing, next: SelectNextIds): SqlFragment =>
  pairFinders[pairing].scopeAnchors(next)
export const getAnchorCondition = (pairing: Pairing): SqlFragment =>
  pairFinders[pairing].anchorCondition ?? sql`true`
export const getOthers = (pairing: Pairing): SqlFragment =>
  pairFinders[pairing].others ?? sql`NULL::uuid[]`
