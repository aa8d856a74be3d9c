import { sql } from 'kysely'
import { jsonArray } from '../../../database/sql-fragments.ts'
import {
  derived,
  group,
  inSingle,
  place,
  recordName,
  reference,
  text,
} from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import {
  buildEffectsSource,
  firstDay,
  historyJson,
  lastDay,
  statedDateJson,
} from '../../model/sql-json.ts'
import type { MeasureInput } from './schema.ts'

const effects = buildEffectsSource('measure')

/** The status after the last effect; an amendment changes no status. */
export const measureStatus = sql`(
  SELECT CASE event_effect.becomes WHEN 'imposed' THEN 'in-force' ELSE event_effect.becomes END
  FROM ${effects.from} AND event_effect.becomes <> 'amended'
  ORDER BY ${firstDay('event.on')} DESC, ${lastDay('event.on')} DESC,
    event_effect.event_id DESC, event_effect.position DESC
  LIMIT 1
)`

/** One row for each period in force, with the event that ended it, if any. */
const periodsInForce = sql`(
    SELECT event_effect.becomes, event.id AS from_event,
      lead(event.id) OVER (ORDER BY ${effects.order}) AS to_event,
      row_number() OVER (ORDER BY ${effects.order}) AS place_in_order
    FROM ${effects.from} AND event_effect.becomes <> 'amended'
  ) AS span
  LEFT JOIN event AS beginning ON beginning.id = span.from_event
  LEFT JOIN event AS ending ON ending.id = span.to_event
  WHERE span.becomes = 'imposed'`

const inForceJson = jsonArray(
  { from: statedDateJson('beginning.on'), to: statedDateJson('ending.on') },
  periodsInForce,
  sql`span.place_in_order`,
)

/** The first event that imposed it. */
const imposingEvent = sql`
  LEFT JOIN LATERAL (
    SELECT event.* FROM ${effects.from} AND event_effect.becomes = 'imposed'
    ORDER BY ${effects.order} LIMIT 1
  ) AS imposing ON true`

export const measureFields = declareRecord<MeasureInput>()({
  kind: 'measure',
  table: 'measure',
  joins: imposingEvent,
  fields: {
    title: recordName(),
    imposer: reference('actor', 'measure.imposer_id'),
    target: reference('actor', 'measure.target_id'),
    legalForm: text('measure.legal_form'),
    scope: text('measure.scope'),
    exceptions: text('measure.exceptions'),
    reason: group('measure', {
      text: text('measure.reason'),
      place: place('measure.reason_place_id'),
    }),
    status: derived<string | null>({ json: measureStatus, absent: null }),
    inForce: derived<readonly object[]>({ json: inForceJson, absent: [] }),
    history: inSingle(derived<readonly object[]>({ json: historyJson('measure'), absent: [] })),
  },
})
