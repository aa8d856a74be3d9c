import { sql } from 'kysely'
import {
  type ColumnName,
  joinFragments,
  type SqlFragment,
} from '../../../database/sql-fragments.ts'
import { firstDay, lastDay } from '../../../records/model/sql-json.ts'
import type { Pairing } from '../rules.ts'

/**
 * How the pairs of each pairing are found, from indexes that begin at the anchor. The statement around these has the
 * anchor as `anchor` (a permit with the event that issued it as `issuing`, or an assurance), a pair's counterpart as `pair`,
 * and a pair that was found as `found`. A pair too many costs time; one too few would be a finding lost.
 */
type PairFinder = {
  /** Ids of the counterparts of the anchor. */
  counterparts: SqlFragment
  /**
   * Of the counterparts those among the uses of `its`, where it is cheaper to begin at these: `its_kin` has a row for each of them
   * and each good that has to do with it.
   */
  scopeCounterparts?: SqlFragment
  /** What a rule asks of the dates of both, as far as an index or a comparison can tell. */
  dateCondition: SqlFragment
  /** Ids of the anchors to which records of `its` can be counterparts: of each of these the next. */
  scopeAnchors: (next: SelectNextIds) => SqlFragment
  /** What a record must have to be an anchor: `anchor` is the permit or event alone. Standard: nothing. */
  anchorCondition?: SqlFragment
  otherPermits?: SqlFragment
}

/**
 * Of the rows behind FROM, which end in a condition, the next by id: each of many sources gives no more than are looked at in all,
 * so none of them is read to its end.
 */
export type SelectNextIds = (id: ColumnName, rows: SqlFragment) => SqlFragment

/**
 * For each row of `from` what `rows` finds by index. `OFFSET 0` keeps the planner from joining whole tables, which it does once it
 * takes `from` for long.
 */
export const joinLateral = (from: SqlFragment, rows: SqlFragment, name: string): SqlFragment =>
  sql`${from} CROSS JOIN LATERAL (${rows} OFFSET 0) AS ${sql.ref(name)}`

const anyUseType = sql`ANY ('{use,transfer}'::text[])`
const hasIssueDate = sql`issuing.on_edtf IS NOT NULL`

/** Goods that have to do with `good`: itself, its family and members, their other members, those of its maker. */
const relatedGoods = sql`LATERAL (SELECT good.id UNION ALL SELECT good.family_id UNION ALL ${joinFragments(
  [
    'family_id = good.id',
    'family_id = good.family_id',
    'manufacturer_id = good.manufacturer_id',
  ].map((is) => sql`SELECT other.id FROM good AS other WHERE other.${sql.raw(is)}`),
  ' UNION ALL ',
)}) AS kin`

const selectNamedPermits = (event: SqlFragment): SqlFragment =>
  sql`SELECT named.permit_id FROM event_about AS named WHERE named.event_id = ${event} AND named.permit_id IS NOT NULL`

/** Goods that an assurance is about, by itself or by the permits that it names. */
const selectAssuredGoods = sql`(SELECT own.good_id FROM event_good AS own WHERE own.event_id = anchor.id UNION SELECT permit_item.good_id FROM permit_item WHERE permit_item.permit_id IN (${selectNamedPermits(sql`anchor.id`)})) AS promised JOIN good ON good.id = promised.good_id`

/** Uses that name no permit, not certainly before `date`, of what has to do with the goods of `from`, which has `good`. */
const selectUsesWithoutPermit = (from: SqlFragment, date: string): SqlFragment =>
  sql`SELECT used.event_id AS id FROM event_good AS used WHERE used.free_use_latest >= ${firstDay(date)} AND used.good_id IN (SELECT kin.id FROM ${from} CROSS JOIN ${relatedGoods})`

/**
 * Whether a use is dated, and not certainly before `date`. A value and no EXISTS: PostgreSQL would join all events after the
 * date first.
 */
const isUseAfter = (use: SqlFragment, date: string): SqlFragment =>
  sql`(SELECT event.type = ${anyUseType} AND event.on_edtf IS NOT NULL AND ${lastDay('event.on')} >= ${firstDay(date)} FROM event WHERE event.id = ${use})`

const selectUsesNamingPermits = (permits: SqlFragment, date: string): SqlFragment =>
  sql`SELECT naming.event_id FROM event_about AS naming WHERE naming.permit_id ${permits} AND ${isUseAfter(sql`naming.event_id`, date)}`

const hasNamedPermit = (event: SqlFragment): SqlFragment =>
  sql`EXISTS (SELECT FROM event_about WHERE event_about.event_id = ${event} AND event_about.permit_id IS NOT NULL)`

/** The dated uses of `its` with each good that has to do with theirs; `is_free`: they name no permit. */
export const scopeRelatedGoods = sql`SELECT DISTINCT dated.id AS event_id, kin.id AS kin_id, dated.latest, dated.is_free FROM (SELECT event.id, used.good_id, ${lastDay('event.on')} AS latest, used.free_use_latest IS NOT NULL AS is_free FROM ${joinLateral(
  joinLateral(
    sql`its`,
    sql`SELECT * FROM event WHERE event.id = its.id AND event.type = ${anyUseType} AND event.on_edtf IS NOT NULL`,
    'event',
  ),
  sql`SELECT event_good.good_id, event_good.free_use_latest FROM event_good WHERE event_good.event_id = event.id`,
  'used',
)}) AS dated JOIN good ON good.id = dated.good_id CROSS JOIN ${relatedGoods} WHERE kin.id IS NOT NULL`

/**
 * Measures of the issuer on the destination, imposed by an event that fits. A value and no EXISTS, so that PostgreSQL may
 * join measures and permits in whichever way is best for so many of each.
 */
const selectIssuerMeasures = (eventCondition: SqlFragment): SqlFragment =>
  sql`SELECT measure.id FROM measure WHERE measure.imposer_id = anchor.issuer_id AND measure.target_id IN (anchor.destination_id, anchor.end_destination_id) AND (SELECT true FROM event_effect JOIN event ON event.id = event_effect.event_id WHERE event_effect.measure_id = measure.id AND event_effect.becomes = 'imposed' AND event.on_edtf IS NOT NULL AND ${eventCondition} LIMIT 1)`

const measuresImposedBefore = selectIssuerMeasures(
  sql`${firstDay('event.on')} <= ${lastDay('issuing.on')}`,
)
const measuresImposedAfter = selectIssuerMeasures(
  sql`${lastDay('event.on')} >= ${firstDay('issuing.on')} AND measure.legal_form = ANY ('{embargo,suspension}'::text[])`,
)

const permitsUnderScope = (next: SelectNextIds): SqlFragment =>
  sql`SELECT under.id FROM ${joinLateral(
    sql`its`,
    sql`SELECT imposer_id, target_id FROM measure WHERE measure.id = its.id`,
    'measure',
  )} CROSS JOIN LATERAL (${joinFragments(
    ['destination_id', 'end_destination_id'].map((target) =>
      next(
        'permit.id',
        sql`permit WHERE permit.issuer_id = measure.imposer_id AND ${sql.ref(`permit.${target}`)} = measure.target_id`,
      ),
    ),
    ' UNION ALL ',
  )}) AS under`

const distinctScopeGoods = sql`(SELECT DISTINCT kin_id FROM its_kin) AS kin`

const permitsNamedByScope = sql`${joinLateral(
  sql`its`,
  sql`SELECT event_about.event_id, event_about.permit_id FROM event_about WHERE event_about.event_id = its.id AND event_about.permit_id IS NOT NULL`,
  'naming',
)}`

export const holderRoles = ['user', 'consignee', 'end-user']

export const hasParticipant = (
  event: SqlFragment,
  actor: SqlFragment,
  roles: readonly string[],
): SqlFragment =>
  sql`EXISTS (SELECT FROM event_participant WHERE event_participant.event_id = ${event} AND event_participant.actor_id = ${actor} AND event_participant.role = ANY (${sql.lit(`{${roles.join(',')}}`)}::text[]))`

/** Goods of the permit that the use names, where the use names no permit. */
const sameGoods = sql`SELECT mine.good_id FROM permit_item AS mine JOIN event_good AS used ON used.good_id = mine.good_id AND used.event_id = found.counterpart WHERE mine.permit_id = found.anchor`

const recipientColumns = ['end_user_id', 'consignee_id', 'destination_id', 'end_destination_id']

/**
 * One of the other permits, issued and not certainly after the use, of the same good for one who used it: the first that is
 * met among those of the user. Values and no EXISTS, so that the search stops there.
 */
const otherPermitForUser = sql`CASE WHEN EXISTS (${sameGoods}) AND NOT ${hasNamedPermit(sql`found.counterpart`)} THEN ARRAY(
  SELECT other.id FROM event_participant AS holder CROSS JOIN LATERAL (${joinFragments(
    recipientColumns.map(
      (party) =>
        sql`SELECT permit.id FROM permit WHERE ${sql.ref(`permit.${party}`)} = holder.actor_id`,
    ),
    ' UNION ALL ',
  )}) AS other
  WHERE holder.event_id = found.counterpart AND holder.role = ANY (${sql.lit(`{${holderRoles.join(',')}}`)}::text[]) AND other.id <> found.anchor
    AND CASE WHEN (SELECT true FROM permit_item WHERE permit_item.permit_id = other.id AND permit_item.good_id = ANY (ARRAY(${sameGoods})) LIMIT 1)
      THEN (SELECT ${firstDay('event.on')} <= (SELECT ${lastDay('used.on')} FROM event AS used WHERE used.id = found.counterpart) FROM event_effect JOIN event ON event.id = event_effect.event_id WHERE event_effect.permit_id = other.id AND event_effect.becomes = 'issued')
        AND (SELECT record.state = 'live' FROM record WHERE record.id = other.id) END
  LIMIT 1) END`

const pairFinders: Readonly<Record<Pairing, PairFinder>> = {
  'permit-measure': {
    counterparts: measuresImposedBefore,
    dateCondition: hasIssueDate,
    scopeAnchors: permitsUnderScope,
  },
  'permit-theatre': {
    anchorCondition: sql`anchor.stated_end_use_place_id IS NOT NULL`,
    counterparts: sql`${measuresImposedBefore} AND (SELECT true FROM place AS theatre JOIN place AS stated ON stated.id = theatre.id OR stated.country = theatre.country WHERE theatre.id = measure.reason_place_id AND stated.id = anchor.stated_end_use_place_id LIMIT 1)`,
    dateCondition: hasIssueDate,
    scopeAnchors: permitsUnderScope,
  },
  'permit-use': {
    counterparts: sql`${selectUsesWithoutPermit(
      sql`(SELECT permit_item.good_id FROM permit_item WHERE permit_item.permit_id = anchor.id) AS item JOIN good ON good.id = item.good_id`,
      'issuing.on',
    )} UNION ${selectUsesNamingPermits(sql`= anchor.id`, 'issuing.on')}`,
    scopeCounterparts: sql`SELECT its_kin.event_id AS id FROM permit_item JOIN its_kin ON its_kin.kin_id = permit_item.good_id WHERE permit_item.permit_id = anchor.id AND its_kin.is_free AND its_kin.latest >= ${firstDay('issuing.on')} UNION ${selectUsesNamingPermits(
      sql`= anchor.id`,
      'issuing.on',
    )}`,
    dateCondition: hasIssueDate,
    scopeAnchors: (next) =>
      sql`SELECT held.permit_id AS id FROM ${distinctScopeGoods} CROSS JOIN LATERAL ${next(
        'permit_item.permit_id',
        sql`permit_item WHERE permit_item.good_id = kin.kin_id`,
      )} AS held UNION ALL SELECT naming.permit_id FROM ${permitsNamedByScope} WHERE (SELECT event.type = ${anyUseType} FROM event WHERE event.id = naming.event_id)`,
    otherPermits: otherPermitForUser,
  },
  'assurance-use': {
    counterparts: sql`${selectUsesWithoutPermit(selectAssuredGoods, 'anchor.on')} UNION SELECT tied.event_id FROM (SELECT used.event_id FROM ${selectAssuredGoods} CROSS JOIN ${relatedGoods} JOIN event_good AS used ON used.good_id = kin.id AND used.event_type = ${anyUseType}) AS tied WHERE NOT ${hasNamedPermit(sql`anchor.id`)} AND ${isUseAfter(sql`tied.event_id`, 'anchor.on')} UNION ${selectUsesNamingPermits(
      sql`IN (${selectNamedPermits(sql`anchor.id`)})`,
      'anchor.on',
    )}`,
    scopeCounterparts: sql`SELECT its_kin.event_id AS id FROM ${selectAssuredGoods} JOIN its_kin ON its_kin.kin_id = promised.good_id WHERE its_kin.latest >= ${firstDay('anchor.on')} AND (its_kin.is_free OR NOT ${hasNamedPermit(sql`anchor.id`)}) UNION ${selectUsesNamingPermits(
      sql`IN (${selectNamedPermits(sql`anchor.id`)})`,
      'anchor.on',
    )}`,
    anchorCondition: sql`anchor.on_edtf IS NOT NULL AND num_nonnulls(anchor.scope_end_user_id, anchor.scope_place_id) > 0`,
    dateCondition: sql`true`,
    scopeAnchors: (next) =>
      sql`SELECT given.event_id AS id FROM ${distinctScopeGoods} CROSS JOIN LATERAL ${next(
        'event_good.event_id',
        sql`event_good WHERE event_good.event_type = 'assurance' AND event_good.good_id = kin.kin_id`,
      )} AS given UNION ALL SELECT given.event_id FROM ${joinLateral(
        sql`(SELECT held.permit_id FROM ${joinLateral(
          distinctScopeGoods,
          sql`SELECT permit_item.permit_id FROM permit_item WHERE permit_item.good_id = kin.kin_id`,
          'held',
        )} UNION SELECT naming.permit_id FROM ${permitsNamedByScope}) AS permitted`,
        sql`SELECT event_about.event_id FROM event_about WHERE event_about.permit_id = permitted.permit_id`,
        'given',
      )} WHERE (SELECT event.type = 'assurance' FROM event WHERE event.id = given.event_id)`,
  },
  'permit-issue': {
    anchorCondition: sql`anchor.destination_id <> anchor.end_destination_id`,
    counterparts: sql`SELECT issue.event_id AS id`,
    dateCondition: sql`true`,
    scopeAnchors: () =>
      sql`SELECT changed.permit_id AS id FROM ${joinLateral(
        sql`its`,
        sql`SELECT event_effect.permit_id FROM event_effect WHERE event_effect.event_id = its.id AND event_effect.becomes = 'issued' AND event_effect.permit_id IS NOT NULL`,
        'changed',
      )}`,
  },
  'permit-stop': {
    counterparts: sql`${measuresImposedAfter} AND ${hasIssueDate} UNION SELECT event_effect.event_id FROM event_effect WHERE event_effect.permit_id = anchor.id AND event_effect.becomes = ANY ('{suspended,cancelled}'::text[])`,
    dateCondition: sql`true`,
    scopeAnchors: (next) =>
      sql`${permitsUnderScope(next)} UNION ALL SELECT changed.permit_id FROM ${joinLateral(
        sql`its`,
        sql`SELECT event_effect.permit_id FROM event_effect WHERE event_effect.event_id = its.id AND event_effect.permit_id IS NOT NULL`,
        'changed',
      )}`,
  },
}

export const getCounterparts = (pairing: Pairing): SqlFragment => pairFinders[pairing].counterparts
export const getScopeCounterparts = (pairing: Pairing): SqlFragment | undefined =>
  pairFinders[pairing].scopeCounterparts
export const getDateCondition = (pairing: Pairing): SqlFragment =>
  pairFinders[pairing].dateCondition
export const getScopeAnchors = (pairing: Pairing, next: SelectNextIds): SqlFragment =>
  pairFinders[pairing].scopeAnchors(next)
export const getAnchorCondition = (pairing: Pairing): SqlFragment =>
  pairFinders[pairing].anchorCondition ?? sql`true`
export const getOtherPermits = (pairing: Pairing): SqlFragment =>
  pairFinders[pairing].otherPermits ?? sql`NULL::uuid[]`
