import { sql } from 'kysely'
import { z } from 'zod'
import { columnRef, jsonArray, jsonObject } from '../../../database/sql-fragments.ts'
import { byEnum, byExactText, byPeriod, byReference, byRelation } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import { buildDateColumns } from '../../model/references.ts'
import {
  baseMembers,
  evidenceMembers,
  firstDay,
  historyJson,
  placeJson,
  referenceJson,
  statedDateJson,
} from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { Permit, PermitInput, PermitListed, PermitStatus } from './schema.ts'

/** The columns that refer to the parties of a permit. */
export const permitPartyColumns = [
  'issuer_id',
  'exporter_id',
  'consignee_id',
  'end_user_id',
  'destination_id',
  'end_destination_id',
]

const listMembers = {
  ...baseMembers,
  title: columnRef('record.name'),
  number: columnRef('permit.number'),
  issuer: referenceJson('permit.issuer_id'),
  exporter: referenceJson('permit.exporter_id'),
  consignee: referenceJson('permit.consignee_id'),
  endUser: referenceJson('permit.end_user_id'),
  destination: referenceJson('permit.destination_id'),
  endDestination: referenceJson('permit.end_destination_id'),
  items: jsonArray(
    {
      good: referenceJson('permit_item.good_id'),
      quantity: columnRef('permit_item.quantity'),
      unit: columnRef('permit_item.unit'),
      controlEntries: sql`COALESCE((SELECT json_agg(json_build_object('list', list, 'code', code)) FROM unnest(permit_item.control_lists, permit_item.control_codes) AS entry (list, code)), '[]'::json)`,
    },
    sql`permit_item WHERE permit_item.permit_id = record.id`,
    columnRef('permit_item.position'),
  ),
  value: sql`CASE WHEN permit.value_amount IS NOT NULL THEN ${jsonObject({
    amount: sql`trim_scale(permit.value_amount)::text`,
    currency: columnRef('permit.value_currency'),
  })} END`,
  validUntil: statedDateJson('permit.valid_until'),
  legalBasis: columnRef('permit.legal_basis'),
  exceptionRelied: columnRef('permit.exception_relied'),
  statedEndUse: sql`CASE WHEN permit.stated_end_use IS NOT NULL THEN ${jsonObject({
    text: columnRef('permit.stated_end_use'),
    place: placeJson('permit.stated_end_use_place_id'),
  })} END`,
  restrictions: columnRef('permit.restrictions'),
  status: columnRef('permit.status'),
  issuedOn: statedDateJson('issuing.on'),
}

/** A permit is issued at most once (a unique index says so), so this join doubles no row. */
const from = sql`record JOIN permit ON permit.id = record.id LEFT JOIN event_effect AS issue ON issue.permit_id = permit.id AND issue.becomes = 'issued' LEFT JOIN event AS issuing ON issuing.id = issue.event_id`

export const permitList = defineRecordList({
  kind: 'permit',
  from,
  members: listMembers,
  filters: {
    number: byExactText('permit.number', "The issuer's number."),
    issuer: byReference('actor', 'permit.issuer_id', 'Who issued it.'),
    exporter: byReference('actor', 'permit.exporter_id', 'Who may export.'),
    consignee: byReference('actor', 'permit.consignee_id', 'Who receives the goods.'),
    endUser: byReference('actor', 'permit.end_user_id', 'Who will use the goods.'),
    destination: byReference('actor', 'permit.destination_id', 'The state they go to.'),
    endDestination: byReference(
      'actor',
      'permit.end_destination_id',
      'The state where they are to stay in the end.',
    ),
    reExport: {
      schema: z
        .stringbool()
        .optional()
        .describe(
          '`true`: only where destination and end destination are both named and differ; `false`: only where they are the same.',
        ),
      variant: String,
      where: (_slot, { reExport }) =>
        sql`permit.destination_id ${sql.raw(reExport === true ? '<>' : '=')} permit.end_destination_id`,
    },
    good: byRelation(
      'good',
      'Covers this good, or one of this family.',
      (id) =>
        sql`EXISTS (SELECT 1 FROM permit_item JOIN good ON good.id = permit_item.good_id WHERE permit_item.permit_id = record.id AND ${id} IN (good.id, good.family_id))`,
    ),
    controlCode: {
      ...byExactText('permit_item.unit', 'Control list entry of an item, e.g. `ML15d`.'),
      // That an item has entries at all says nothing new, but PostgreSQL knows how many have: of entries that none or few have it
      // would take one for frequent, and read all permits.
      where: (slot, _given, name) =>
        sql`EXISTS (SELECT 1 FROM permit_item WHERE permit_item.permit_id = record.id AND permit_item.control_codes @> ARRAY[${slot(name)}::text] AND permit_item.control_codes <> '{}')`,
    },
    currency: byExactText('permit.value_currency', 'The value is in this currency (ISO 4217).'),
    measure: byRelation(
      'measure',
      'Some event concerns both the permit and this measure.',
      (id) =>
        sql`EXISTS (SELECT 1 FROM event_effect AS mine JOIN event_about AS theirs ON theirs.event_id = mine.event_id WHERE mine.permit_id = record.id AND theirs.measure_id = ${id})`,
    ),
    status: byEnum(
      PermitStatus,
      'Status after the last event.',
      (anyOf) => sql`permit.status = ${anyOf}`,
    ),
    ...byPeriod('permit.issued', 'Issued'),
  },
  sorts: {
    issuedOn: { expression: firstDay('permit.issued'), key: columnRef('permit.id'), cast: 'date' },
    value: {
      expression: sql`COALESCE(permit.value_amount, -1)`,
      key: columnRef('permit.id'),
      cast: 'numeric',
    },
  },
  defaultSort: '-issuedOn',
})

const singlePermit = {
  from,
  members: { ...listMembers, history: historyJson('permit'), ...evidenceMembers },
}

export const permitWriter: RecordWriter<PermitInput> = {
  kind: 'permit',
  input: PermitInput,
  getDisplayName: (input) => input.title,
  async buildRows(id, input, refs, pointer) {
    const { number, legalBasis, exceptionRelied, statedEndUse, restrictions, value } = input
    const validUntil = buildDateColumns(input.validUntil, `${pointer}/validUntil`)
    const actor = (ref: string | null, field: string) =>
      refs.idOrNull('actor', ref, `${pointer}/${field}`)
    const items = []
    for (const [position, item] of input.items.entries()) {
      const { good, quantity, unit, controlEntries } = item
      const goodId = await refs.id('good', good, `${pointer}/items/${position}/good`)
      items.push({
        permitId: id,
        position,
        goodId,
        quantity,
        unit,
        controlLists: controlEntries.map(({ list }) => list),
        controlCodes: controlEntries.map(({ code }) => code),
      })
    }
    return {
      permit: [
        {
          id,
          number,
          legalBasis,
          exceptionRelied,
          restrictions,
          issuerId: await refs.id('actor', input.issuer, `${pointer}/issuer`),
          exporterId: await actor(input.exporter, 'exporter'),
          consigneeId: await actor(input.consignee, 'consignee'),
          endUserId: await actor(input.endUser, 'endUser'),
          destinationId: await actor(input.destination, 'destination'),
          endDestinationId: await actor(input.endDestination, 'endDestination'),
          valueAmount: value?.amount ?? null,
          valueCurrency: value?.currency ?? null,
          validUntilEdtf: validUntil.edtf,
          validUntilAsStated: validUntil.asStated,
          validUntilReasoning: validUntil.reasoning,
          validUntilEarliest: validUntil.earliest,
          validUntilLatest: validUntil.latest,
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

export const permitKind = defineKind({
  kind: 'permit',
  plural: 'permits',
  description:
    'Export authorisations: who issued which to whom, for what, and what events made of them. Status and dates are read from events, never stored beside them.',
  nameMember: 'title',
  list: permitList,
  singleQuery: singlePermit,
  listEntrySchema: PermitListed,
  recordSchema: Permit,
  writer: permitWriter,
})
