import { sql } from 'kysely'
import { columnRef } from '../../../database/sql-fragments.ts'
import { money, quantity, quantityRange } from '../../model/amount-fields.ts'
import { resolveMoney, resolveQuantity } from '../../model/amounts.ts'
import type { ValueOf } from '../../model/field.ts'
import {
  computed,
  controlEntryArrays,
  dateToSnapshot,
  derived,
  group,
  hidden,
  inSingle,
  list,
  notAFact,
  place,
  recordName,
  reference,
  statedDate,
  text,
} from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import type { ResolvedDate } from '../../model/references.ts'
import { historyJson, statedDateJson } from '../../model/sql-json.ts'
import type { PermitInput } from './schema.ts'

type HistoryEntry = { becomes: string; event: string; on: ResolvedDate | null }

/** A unique index allows one event that issues a permit, so this join duplicates no row. */
const issuingEvent = sql`
  LEFT JOIN event_effect AS issue ON issue.permit_id = permit.id AND issue.becomes = 'issued'
  LEFT JOIN event AS issuing ON issuing.id = issue.event_id`

export const permitFields = declareRecord<PermitInput>()({
  kind: 'permit',
  table: 'permit',
  joins: issuingEvent,
  fields: {
    title: recordName(),
    number: text('permit.number'),
    issuer: reference('actor', 'permit.issuer_id'),
    exporter: reference('actor', 'permit.exporter_id'),
    consignee: reference('actor', 'permit.consignee_id'),
    endUser: reference('actor', 'permit.end_user_id'),
    destination: reference('actor', 'permit.destination_id'),
    endDestination: reference('actor', 'permit.end_destination_id'),
    items: list(
      'permit_item.permit_id',
      {
        good: reference('good', 'permit_item.good_id'),
        quantity: quantity('permit_item.quantity'),
        quantityRange: quantityRange('quantity', 'permit_item.quantity'),
        /** Belongs to the quantity. */
        unit: notAFact(text('permit_item.unit')),
        controlEntries: controlEntryArrays(
          'permit_item.control_lists',
          'permit_item.control_codes',
        ),
        value: money('permit_item.value'),
      },
      { facts: 'fields' },
    ),
    value: money('permit.value'),
    validUntil: statedDate('permit.valid_until'),
    legalBasis: text('permit.legal_basis'),
    exceptionRelied: text('permit.exception_relied'),
    statedEndUse: group('permit', {
      text: text('permit.stated_end_use'),
      place: place('permit.stated_end_use_place_id'),
    }),
    restrictions: text('permit.restrictions'),
    status: derived<string | null>({
      json: columnRef('permit.status'),
      absent: null,
      columns: [{ name: 'status', get: (status) => status }],
    }),
    issuedOn: derived<ResolvedDate | null>({
      json: statedDateJson('issuing.on'),
      absent: null,
      toSnapshot: dateToSnapshot,
      columns: [
        { name: 'issued_earliest', isDay: true, get: (date) => date?.earliest ?? null },
        { name: 'issued_latest', isDay: true, get: (date) => date?.latest ?? null },
      ],
    }),
    history: inSingle(
      derived<readonly HistoryEntry[]>({
        json: historyJson('permit'),
        absent: [],
        toSnapshot: (entries) =>
          entries.map(({ becomes, event, on }) => ({ becomes, event, on: dateToSnapshot(on) })),
      }),
    ),
    /** The register that it was read from, and what identifies it there. */
    register: computed(hidden<string | null>('permit.register', null)),
    registerKey: computed(hidden<string | null>('permit.register_key', null)),
  },
})

export type PermitItemValues = ValueOf<typeof permitFields.fields.items>[number]

/** An item of which the good is resolved already. */
export const resolvePermitItem = (item: PermitInput['items'][number]): PermitItemValues => ({
  ...item,
  quantity: item.quantity && resolveQuantity(item.quantity),
  value: item.value && resolveMoney(item.value),
})
