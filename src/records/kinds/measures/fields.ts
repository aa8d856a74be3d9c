import { sql } from 'kysely'
import { jsonArray } from '../../../database/sql-fragments.ts'
import { Problem } from '../../../problem.ts'
import {
  derived,
  group,
  inSingle,
  list,
  place,
  recordName,
  reference,
  referenceList,
  statedDate,
  text,
} from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import {
  buildEffectsSource,
  firstDay,
  historyJson,
  lastDay,
  referenceJson,
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

const manyTargets = referenceList({
  kind: 'actor',
  ownerColumn: 'measure_target.measure_id',
  column: 'measure_target.actor_id',
})
/** Rows of their own only where there are several. */
const targets: typeof manyTargets = {
  ...manyTargets,
  json: sql`
    CASE WHEN EXISTS (SELECT FROM measure_target WHERE measure_target.measure_id = record.id)
      THEN ${manyTargets.json}
      ELSE json_build_array(${referenceJson('measure.target_id')}) END`,
  // A single one is the fact of `target`.
  listFacts: (path, json) =>
    Array.isArray(json) && json.length > 1 ? manyTargets.listFacts(path, json) : [],
  toSnapshot: (several, measure) =>
    several.length === 0 && measure?.target ? [String(measure.target)] : several,
}

type ScopeItemValues = { good?: string | null; list?: string | null; code?: string | null }
type MeasureValues = {
  target?: string
  targets?: readonly string[]
  scopeItems?: ScopeItemValues[]
}

/** @throws {Problem} invalid-request for an item of the scope that names no good or code, or both */
function settleMeasure(values: MeasureValues, pointer: string): MeasureValues {
  const { target, targets: given, scopeItems = [] } = values
  for (const [index, { good, list, code }] of scopeItems.entries())
    if (!good === !code || (list && !code)) {
      const at = `${pointer}/scopeItems/${index}`
      const detail = 'give a good, or the code of a control list entry'
      throw new Problem('invalid-request', `${at}: ${detail}`, {
        errors: [{ pointer: at, detail }],
      })
    }
  if (given === undefined || target === undefined) return values
  const all = [...new Set([target, ...given])]
  return { ...values, targets: all.length > 1 ? all : [] }
}

export const measureFields = declareRecord<MeasureInput>()({
  kind: 'measure',
  table: 'measure',
  joins: imposingEvent,
  settle: settleMeasure,
  fields: {
    title: recordName(),
    imposer: reference('actor', 'measure.imposer_id'),
    target: reference('actor', 'measure.target_id'),
    targets,
    legalForm: text('measure.legal_form'),
    legalInstrument: text('measure.legal_instrument'),
    scope: text('measure.scope'),
    scopeItems: list('measure_scope.measure_id', {
      effect: text('measure_scope.effect'),
      good: reference('good', 'measure_scope.good_id'),
      list: text('measure_scope.list'),
      code: text('measure_scope.code'),
    }),
    statedEnd: statedDate('measure.stated_end'),
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
