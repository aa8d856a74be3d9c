import { sql } from 'kysely'
import { type Fragment, joined } from '../../../database/columns.ts'
import { firstDay, lastDay } from '../../../records/shapes.ts'
import type { Pairing } from '../rules.ts'

/**
 * How the pairs of each pairing are found, from indexes that begin at the anchor. The statement around these has the
 * anchor as `anchor` (a permit with the event that issued it as `issuing`, or an assurance), a pair's counterpart as `pair`,
 * and a pair that was found as `found`. A pair too many costs time; one too few would be a finding lost.
 */
type Finder = {
  /** Ids of the counterparts of the anchor. */
  counterparts: Fragment
  /** What a rule asks of the dates of both, as far as an index or a comparison can tell. */
  dates: Fragment
  /** Ids of the anchors to which the records in a set of ids can be counterparts. */
  anchors: (ids: Fragment) => Fragment
  /** What a record must have to be an anchor: `anchor` is the permit or event alone. Standard: nothing. */
  isAnchor?: Fragment
  others?: Fragment
}

const uses = sql`ANY ('{use,transfer}'::text[])`
const issueDated = sql`issuing.on_edtf IS NOT NULL`

/** Goods that have to do with `good`: itself, its family and members, their other members, those of its maker. */
const kin = sql`good AS kin ON kin.id = good.id OR kin.id = good.family_id OR kin.family_id = good.id OR kin.family_id = good.family_id OR kin.manufacturer_id = good.manufacturer_id`

/** Uses of what has to do with the goods of `from`, which has `good`. */
const usesOf = (from: Fragment): Fragment =>
  sql`SELECT event_good.event_id AS id FROM ${from} JOIN ${kin} JOIN event_good ON event_good.good_id = kin.id AND event_good.event_type = ${uses}`

const usesNaming = (permits: Fragment): Fragment =>
  sql`SELECT event.id FROM event_about JOIN event ON event.id = event_about.event_id AND event.type = ${uses} WHERE event_about.permit_id ${permits}`

const namesPermit = (event: Fragment): Fragment =>
  sql`EXISTS (SELECT FROM event_about WHERE event_about.event_id = ${event} AND event_about.permit_id IS NOT NULL)`

const permitsNamedBy = (event: Fragment): Fragment =>
  sql`SELECT named.permit_id FROM event_about AS named WHERE named.event_id = ${event} AND named.permit_id IS NOT NULL`

/**
 * Measures of the issuer on the destination, imposed by an event that fits. A value and no EXISTS, so that PostgreSQL may
 * join measures and permits in whichever way is best for so many of each.
 */
const measures = (fits: Fragment): Fragment =>
  sql`SELECT measure.id FROM measure WHERE measure.imposer_id = anchor.issuer_id AND measure.target_id IN (anchor.destination_id, anchor.end_destination_id) AND (SELECT true FROM event_effect JOIN event ON event.id = event_effect.event_id WHERE event_effect.measure_id = measure.id AND event_effect.becomes = 'imposed' AND event.on_edtf IS NOT NULL AND ${fits} LIMIT 1)`

const imposedBefore = measures(sql`${firstDay('event.on')} <= ${lastDay('issuing.on')}`)
const imposedAfter = measures(
  sql`${lastDay('event.on')} >= ${firstDay('issuing.on')} AND measure.legal_form = ANY ('{embargo,suspension}'::text[])`,
)

const permitsUnder = (ids: Fragment): Fragment =>
  sql`SELECT permit.id FROM measure JOIN permit ON permit.issuer_id = measure.imposer_id AND measure.target_id IN (permit.destination_id, permit.end_destination_id) WHERE measure.id IN (${ids})`

/** Goods that have to do with those of the uses among these records. */
const kinOfUses = (ids: Fragment): Fragment =>
  sql`SELECT kin.id FROM event_good JOIN good ON good.id = event_good.good_id JOIN ${kin} WHERE event_good.event_type = ${uses} AND event_good.event_id IN (${ids})`

/**
 * Whether a use is dated, and not certainly before `date`. A value and no EXISTS: PostgreSQL would join all events after the
 * date first.
 */
const usedAfter = (date: string): Fragment =>
  sql`(SELECT event.on_edtf IS NOT NULL AND ${lastDay('event.on')} >= ${firstDay(date)} FROM event WHERE event.id = pair.id)`

const holderRoles = ['user', 'consignee', 'end-user']

export const isWithActor = (event: Fragment, actor: Fragment, roles: readonly string[]): Fragment =>
  sql`EXISTS (SELECT FROM event_participant WHERE event_participant.event_id = ${event} AND event_participant.actor_id = ${actor} AND event_participant.role = ANY (${sql.lit(`{${roles.join(',')}}`)}::text[]))`

/** Goods of the permit that the use names, where the use names no permit. */
const sameGoods = sql`SELECT mine.good_id FROM permit_item AS mine JOIN event_good AS used ON used.good_id = mine.good_id AND used.event_id = found.counterpart WHERE mine.permit_id = found.anchor`

const heldBy = ['end_user_id', 'consignee_id', 'destination_id', 'end_destination_id']

/**
 * One of the other permits, issued and not certainly after the use, of the same good for one who used it: the first that is
 * met among those of the user. Values and no EXISTS, so that the search stops there.
 */
const otherPermit = sql`CASE WHEN EXISTS (${sameGoods}) AND NOT ${namesPermit(sql`found.counterpart`)} THEN ARRAY(
  SELECT other.id FROM event_participant AS holder CROSS JOIN LATERAL (${joined(
    heldBy.map(
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

const finders: Readonly<Record<Pairing, Finder>> = {
  'permit-measure': { counterparts: imposedBefore, dates: issueDated, anchors: permitsUnder },
  'permit-theatre': {
    isAnchor: sql`anchor.stated_end_use_place_id IS NOT NULL`,
    counterparts: sql`${imposedBefore} AND (SELECT true FROM place AS theatre JOIN place AS stated ON stated.id = theatre.id OR stated.country = theatre.country WHERE theatre.id = measure.reason_place_id AND stated.id = anchor.stated_end_use_place_id LIMIT 1)`,
    dates: issueDated,
    anchors: permitsUnder,
  },
  'permit-use': {
    counterparts: sql`SELECT unnamed.id FROM (${usesOf(
      sql`permit_item JOIN good ON good.id = permit_item.good_id AND permit_item.permit_id = anchor.id`,
    )}) AS unnamed WHERE NOT ${namesPermit(sql`unnamed.id`)} UNION ${usesNaming(sql`= anchor.id`)}`,
    dates: sql`${issueDated} AND ${usedAfter('issuing.on')}`,
    anchors: (ids) =>
      sql`SELECT permit_item.permit_id FROM permit_item WHERE permit_item.good_id IN (${kinOfUses(
        ids,
      )}) UNION SELECT event_about.permit_id FROM event_about JOIN event ON event.id = event_about.event_id AND event.type = ${uses} WHERE event_about.permit_id IS NOT NULL AND event_about.event_id IN (${ids})`,
    others: otherPermit,
  },
  'assurance-use': {
    counterparts: sql`SELECT tied.id FROM (${usesOf(
      sql`(SELECT own.good_id FROM event_good AS own WHERE own.event_id = anchor.id UNION SELECT permit_item.good_id FROM permit_item WHERE permit_item.permit_id IN (${permitsNamedBy(
        sql`anchor.id`,
      )})) AS promised JOIN good ON good.id = promised.good_id`,
    )}) AS tied WHERE NOT (${namesPermit(sql`tied.id`)} AND ${namesPermit(sql`anchor.id`)}) UNION ${usesNaming(
      sql`IN (${permitsNamedBy(sql`anchor.id`)})`,
    )}`,
    isAnchor: sql`anchor.on_edtf IS NOT NULL AND num_nonnulls(anchor.scope_end_user_id, anchor.scope_place_id) > 0`,
    dates: usedAfter('anchor.on'),
    anchors: (ids) =>
      sql`SELECT event_good.event_id FROM event_good WHERE event_good.event_type = 'assurance' AND event_good.good_id IN (${kinOfUses(
        ids,
      )}) UNION SELECT event.id FROM permit_item JOIN event_about ON event_about.permit_id = permit_item.permit_id JOIN event ON event.id = event_about.event_id AND event.type = 'assurance' WHERE permit_item.good_id IN (${kinOfUses(
        ids,
      )}) UNION SELECT event.id FROM event_about AS named JOIN event_about ON event_about.permit_id = named.permit_id JOIN event ON event.id = event_about.event_id AND event.type = 'assurance' WHERE named.event_id IN (${ids})`,
  },
  'permit-issue': {
    isAnchor: sql`anchor.destination_id <> anchor.end_destination_id`,
    counterparts: sql`SELECT issue.event_id AS id`,
    dates: sql`true`,
    anchors: (ids) =>
      sql`SELECT event_effect.permit_id FROM event_effect WHERE event_effect.becomes = 'issued' AND event_effect.permit_id IS NOT NULL AND event_effect.event_id IN (${ids})`,
  },
  'permit-stop': {
    counterparts: sql`${imposedAfter} AND ${issueDated} UNION SELECT event_effect.event_id FROM event_effect WHERE event_effect.permit_id = anchor.id AND event_effect.becomes = ANY ('{suspended,cancelled}'::text[])`,
    dates: sql`true`,
    anchors: (ids) =>
      sql`${permitsUnder(ids)} UNION SELECT event_effect.permit_id FROM event_effect WHERE event_effect.permit_id IS NOT NULL AND event_effect.event_id IN (${ids})`,
  },
}

export const counterpartsOf = (pairing: Pairing): Fragment => finders[pairing].counterparts
export const isDatedPair = (pairing: Pairing): Fragment => finders[pairing].dates
export const anchorsOf = (pairing: Pairing, ids: Fragment): Fragment =>
  finders[pairing].anchors(ids)
export const isAnchor = (pairing: Pairing): Fragment => finders[pairing].isAnchor ?? sql`true`
export const othersOf = (pairing: Pairing): Fragment => finders[pairing].others ?? sql`NULL::uuid[]`
