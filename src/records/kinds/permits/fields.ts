import { sql } from 'kysely'
import { columnRef, jsonObject } from '../../../database/sql-fragments.ts'
import { Problem } from '../../../problem.ts'
import { money, quantity, quantityRange } from '../../model/amount-fields.ts'
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
  referenceList,
  statedDate,
  text,
} from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import type { ResolvedDate } from '../../model/references.ts'
import { noteInputRestorer } from '../../model/snapshots.ts'
import { historyJson, referenceJson, statedDateJson } from '../../model/sql-json.ts'
import { presumedIssueReasoning } from './rules.ts'
import { DestinationsInput, type PermitInput } from './schema.ts'

type HistoryEntry = { becomes: string; event: string; on: ResolvedDate | null }

/** A unique index allows one event that issues a permit, so this join duplicates no row. */
const issuingEvent = sql`
  LEFT JOIN event_effect AS issue ON issue.permit_id = permit.id AND issue.becomes = 'issued'
  LEFT JOIN event AS issuing ON issuing.id = issue.event_id`

/** Where no event issued it: the last day on which it can have been issued, by the events that changed it. */
const presumedIssueJson = sql`
  CASE WHEN issue.event_id IS NULL AND permit.issued_latest IS NOT NULL THEN ${jsonObject({
    edtf: sql`'../' || permit.issued_latest`,
    asStated: sql`NULL::text`,
    reasoning: sql`${sql.lit(presumedIssueReasoning)}`,
    earliest: sql`NULL::date`,
    latest: columnRef('permit.issued_latest'),
  })} END`

const manyDestinations = referenceList({
  kind: 'actor',
  ownerColumn: 'permit_destination.permit_id',
  column: 'permit_destination.actor_id',
})
/** Rows of their own only where there are several; lists of permits read a single one from the permit itself. */
const destinations: typeof manyDestinations = {
  ...manyDestinations,
  json: sql`
    CASE WHEN permit.destination_id IS NULL THEN ${manyDestinations.json}
      ELSE json_build_array(${referenceJson('permit.destination_id')}) END`,
  // A single one is the fact of `destination`.
  listFacts: (path, json) =>
    Array.isArray(json) && json.length > 1 ? manyDestinations.listFacts(path, json) : [],
  toSnapshot: (several, permit) =>
    several.length === 0 && permit?.destination ? [permit.destination] : several,
}

noteInputRestorer(DestinationsInput, (given) =>
  Array.isArray(given) && given.length < 2 ? [] : given,
)

/**
 * @param pointer of the permit
 * @throws {Problem} invalid-request if the destination is not one of several
 */
function settleDestinations(values: SettledValues, pointer: string): SettledValues {
  const { destination = null, destinations: given } = values
  if (given === undefined || given.length === 0) return values
  const all = [...new Set(given)]
  if (destination !== null && !all.includes(destination)) {
    const detail = 'the destination is not one of the destinations; give one of the two members'
    const at = `${pointer}/destinations`
    throw new Problem('invalid-request', `${at}: ${detail}`, { errors: [{ pointer: at, detail }] })
  }
  const [single = null] = all
  return all.length === 1
    ? { ...values, destination: single, destinations: [] }
    : { ...values, destination: null, destinations: all }
}
type SettledValues = { destination?: string | null; destinations?: readonly string[] }

export const permitFields = declareRecord<PermitInput>()({
  kind: 'permit',
  table: 'permit',
  joins: issuingEvent,
  settle: settleDestinations,
  fields: {
    title: recordName(),
    type: text('permit.type'),
    number: text('permit.number'),
    issuer: reference('actor', 'permit.issuer_id'),
    exporter: reference('actor', 'permit.exporter_id'),
    consignee: reference('actor', 'permit.consignee_id'),
    endUser: reference('actor', 'permit.end_user_id'),
    destination: reference('actor', 'permit.destination_id'),
    destinations,
    endDestination: reference('actor', 'permit.end_destination_id'),
    parties: list('permit_party.permit_id', {
      actor: reference('actor', 'permit_party.actor_id'),
      role: text('permit_party.role'),
    }),
    permitCount: quantity('permit.permit_count'),
    permitCountRange: quantityRange('permitCount', 'permit.permit_count'),
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
      json: sql`COALESCE(${statedDateJson('issuing.on')}, ${presumedIssueJson})`,
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
