import { sql } from 'kysely'
import { column, jsonArray, jsonObject } from '../../database/columns.ts'
import { byPeriod, byReference, byRelation, byText, byWord } from '../filters.ts'
import { recordListing } from '../listing.ts'
import {
  evidenceMembers,
  firstDay,
  historyOf,
  place,
  reference,
  spineMembers,
  statedDate,
} from '../shapes.ts'
import type { Writer } from '../writing.ts'
import { PermitInput, PermitStatus } from './schema.ts'

const listed = {
  ...spineMembers,
  title: column('record.name'),
  number: column('permit.number'),
  issuer: reference('permit.issuer_id'),
  exporter: reference('permit.exporter_id'),
  consignee: reference('permit.consignee_id'),
  endUser: reference('permit.end_user_id'),
  destination: reference('permit.destination_id'),
  items: jsonArray(
    {
      good: reference('permit_item.good_id'),
      quantity: column('permit_item.quantity'),
      unit: column('permit_item.unit'),
    },
    sql`permit_item WHERE permit_item.permit_id = record.id`,
    column('permit_item.position'),
  ),
  legalBasis: column('permit.legal_basis'),
  exceptionRelied: column('permit.exception_relied'),
  statedEndUse: sql`CASE WHEN permit.stated_end_use IS NOT NULL THEN ${jsonObject({
    text: column('permit.stated_end_use'),
    place: place('permit.stated_end_use_place_id'),
  })} END`,
  restrictions: column('permit.restrictions'),
  status: column('permit.status'),
  issuedOn: statedDate('issuing.on'),
}

/** A permit is issued at most once (a unique index says so), so this join doubles no row. */
const from = sql`record JOIN permit ON permit.id = record.id LEFT JOIN event_effect AS issue ON issue.permit_id = permit.id AND issue.becomes = 'issued' LEFT JOIN event AS issuing ON issuing.id = issue.event_id`

export const permitListing = recordListing({
  kind: 'permit',
  from,
  members: listed,
  filters: {
    number: byText('permit.number', "The issuer's number."),
    issuer: byReference('actor', 'permit.issuer_id', 'Who issued it.'),
    exporter: byReference('actor', 'permit.exporter_id', 'Who may export.'),
    consignee: byReference('actor', 'permit.consignee_id', 'Who receives the goods.'),
    endUser: byReference('actor', 'permit.end_user_id', 'Who will use the goods.'),
    destination: byReference('actor', 'permit.destination_id', 'The state they go to.'),
    good: byRelation(
      'good',
      'Covers this good, or one of this family.',
      (id) =>
        sql`EXISTS (SELECT 1 FROM permit_item JOIN good ON good.id = permit_item.good_id WHERE permit_item.permit_id = record.id AND ${id} IN (good.id, good.family_id))`,
    ),
    measure: byRelation(
      'measure',
      'Some event concerns both the permit and this measure.',
      (id) =>
        sql`EXISTS (SELECT 1 FROM event_effect AS mine JOIN event_about AS theirs ON theirs.event_id = mine.event_id WHERE mine.permit_id = record.id AND theirs.measure_id = ${id})`,
    ),
    status: byWord(
      PermitStatus,
      'Status after the last event.',
      (anyOf) => sql`permit.status = ${anyOf}`,
    ),
    ...byPeriod('permit.issued', 'Issued'),
  },
  sorts: {
    issuedOn: { by: firstDay('permit.issued'), key: column('permit.id'), cast: 'date' },
  },
  defaultSort: '-issuedOn',
})

export const singlePermit = {
  from,
  members: { ...listed, history: historyOf('permit'), ...evidenceMembers },
}

export const permitWriter: Writer<PermitInput> = {
  kind: 'permit',
  input: PermitInput,
  nameOf: (input) => input.title,
  async rows(id, input, refs, pointer) {
    const { number, legalBasis, exceptionRelied, statedEndUse, restrictions } = input
    const actor = (ref: string | null, field: string) =>
      refs.idOrNull('actor', ref, `${pointer}/${field}`)
    const items = []
    for (const [position, { good, quantity, unit }] of input.items.entries()) {
      const goodId = await refs.id('good', good, `${pointer}/items/${position}/good`)
      items.push({ permitId: id, position, goodId, quantity, unit })
    }
    return {
      permit: [
        {
          ...{ id, number, legalBasis, exceptionRelied, restrictions },
          issuerId: await refs.id('actor', input.issuer, `${pointer}/issuer`),
          exporterId: await actor(input.exporter, 'exporter'),
          consigneeId: await actor(input.consignee, 'consignee'),
          endUserId: await actor(input.endUser, 'endUser'),
          destinationId: await actor(input.destination, 'destination'),
          statedEndUse: statedEndUse?.text ?? null,
          statedEndUsePlaceId: await refs.placeOrNull(
            statedEndUse?.place ?? null,
            `${pointer}/statedEndUse/place`,
          ),
        },
      ],
      permitItem: items,
    }
  },
}
