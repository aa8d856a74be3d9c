import { sql } from 'kysely'
import { z } from 'zod'
import { columnRef } from '../../../database/sql-fragments.ts'
import {
  byEnum,
  byExactText,
  byMissing,
  byPeriod,
  byReference,
  byRelation,
} from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import { firstDay } from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { permitFields } from './fields.ts'
import {
  Permit,
  PermitInput,
  PermitListed,
  PermitPartyRole,
  PermitStatus,
  PermitType,
} from './schema.ts'

/** The columns that refer to the parties of a permit. */
export const permitPartyColumns = permitFields.references
  .filter(({ table, kind }) => table === 'permit' && kind === 'actor')
  .map(({ column }) => column)

const permitList = defineRecordList({
  fields: permitFields,
  filters: {
    type: byEnum(PermitType, 'What it allows.', (anyOf) => sql`permit.type = ${anyOf}`),
    number: byExactText('permit.number', "The issuer's number."),
    issuer: byReference('actor', 'permit.issuer_id', 'Who issued it.'),
    exporter: byReference('actor', 'permit.exporter_id', 'Who may export.'),
    consignee: byReference('actor', 'permit.consignee_id', 'Who receives the goods.'),
    endUser: byReference('actor', 'permit.end_user_id', 'Who will use the goods.'),
    destination: byRelation(
      'actor',
      'The state they go to, or one of several.',
      (id) =>
        sql`(permit.destination_id = ${id} OR (permit.destination_id IS NULL AND EXISTS (
          SELECT 1
          FROM permit_destination
          WHERE permit_destination.permit_id = record.id
            AND permit_destination.actor_id = ${id}
        )))`,
    ),
    party: byRelation(
      'actor',
      'A further party: broker, carrier, intermediary or manufacturer (with `partyRole`: in that role).',
      (id, slot, given) =>
        sql`record.id IN (
          SELECT permit_party.permit_id
          FROM permit_party
          WHERE permit_party.actor_id = ${id}${
            given.partyRole === undefined
              ? sql``
              : sql` AND permit_party.role = ANY(${slot('partyRole')}::text[])`
          }
        )`,
    ),
    partyRole: byEnum(
      PermitPartyRole,
      'Somebody, or the `party` that is named, has this role.',
      (anyOf, given) =>
        given.party === undefined
          ? sql`EXISTS (SELECT 1 FROM permit_party WHERE permit_party.permit_id = record.id AND permit_party.role = ${anyOf})`
          : null,
    ),
    endDestination: byReference(
      'actor',
      'permit.end_destination_id',
      'The state where they are to stay in the end.',
    ),
    reExport: {
      schema: z
        .stringbool()
        .meta({ type: 'boolean' })
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
      'Covers this good, or one of this family at any level.',
      (id) =>
        sql`EXISTS (
          SELECT 1
          FROM permit_item
          WHERE permit_item.permit_id = record.id
            AND permit_item.good_id = ANY(ARRAY(SELECT goods_of_family(${id})))
        )`,
    ),
    controlCode: {
      ...byExactText(
        'permit_item.unit',
        'Control list entry of an item, or one that holds it: `ML15` finds `ML15d`.',
      ),
      // The last condition is redundant, but PostgreSQL has statistics for it. Without them it takes a rare entry for a frequent
      // one, and reads all permits.
      where: (slot, _given, name) =>
        sql`EXISTS (
          SELECT 1
          FROM permit_item
          WHERE permit_item.permit_id = record.id
            AND control_ancestors(permit_item.control_codes) @> ARRAY[${slot(name)}::text]
            AND permit_item.control_codes <> '{}'
        )`,
    },
    currency: byExactText('permit.value_currency', 'The value is in this currency (ISO 4217).'),
    measure: byRelation(
      'measure',
      'Some event concerns both the permit and this measure.',
      (id) =>
        sql`EXISTS (
          SELECT 1
          FROM event_effect AS changing
          JOIN event_about AS concerning ON concerning.event_id = changing.event_id
          WHERE changing.permit_id = record.id
            AND concerning.measure_id = ${id}
        )`,
    ),
    status: byEnum(
      PermitStatus,
      'Status after the last event.',
      (anyOf) => sql`permit.status = ${anyOf}`,
    ),
    missing: byMissing({
      type: sql`permit.type IS NULL`,
      status: sql`permit.status IS NULL`,
      exporter: sql`permit.exporter_id IS NULL`,
      consignee: sql`permit.consignee_id IS NULL`,
      endUser: sql`permit.end_user_id IS NULL`,
      destination: sql`(permit.destination_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM permit_destination WHERE permit_destination.permit_id = record.id
      ))`,
      good: sql`NOT EXISTS (SELECT 1 FROM permit_item WHERE permit_item.permit_id = record.id)`,
    }),
    ...byPeriod('permit.issued', 'Issued'),
  },
  sorts: {
    issuedOn: { expression: firstDay('permit.issued'), key: columnRef('permit.id'), cast: 'date' },
    value: {
      expression: sql`COALESCE(permit.value_amount, permit.value_low, permit.value_high, -1)`,
      key: columnRef('permit.id'),
      cast: 'numeric',
    },
  },
  defaultSort: '-issuedOn',
})

export const permitWriter: RecordWriter<PermitInput> = {
  kind: 'permit',
  fields: permitFields,
  input: PermitInput,
}

export const permitKind = defineKind({
  plural: 'permits',
  description:
    'Export authorisations: who issued them to whom and for what, and how events changed them. Status and dates follow from events.',
  list: permitList,
  ledgerMembers: {
    register: sql`
      CASE WHEN permit.register IS NOT NULL
        THEN json_build_object('key', permit.register_key, 'name', permit.register)
      END`,
  },
  listEntrySchema: PermitListed,
  recordSchema: Permit,
  writer: permitWriter,
})
