import { sql } from 'kysely'
import { columnRef, jsonArray, jsonObject } from '../../../database/sql-fragments.ts'
import { byEnum, byName, byPeriod, byReference } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import {
  baseMembers,
  buildEffectsSource,
  evidenceMembers,
  firstDay,
  historyJson,
  lastDay,
  placeJson,
  referenceJson,
  statedDateJson,
} from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { LegalForm, Measure, MeasureInput, MeasureListed, MeasureStatus } from './schema.ts'

const effects = buildEffectsSource('measure')

/** What the last effect left it in; an amendment changes no status. */
const status = sql`(SELECT CASE event_effect.becomes WHEN 'imposed' THEN 'in-force' ELSE event_effect.becomes END FROM ${effects.from} AND event_effect.becomes <> 'amended' ORDER BY ${firstDay(
  'event.on',
)} DESC, ${lastDay('event.on')} DESC, event_effect.event_id DESC, event_effect.position DESC LIMIT 1)`

/** One row for each time it was imposed, with the event that ended that time, if any. */
const periodsInForce = sql`(SELECT event_effect.becomes, event.id AS from_event, lead(event.id) OVER (ORDER BY ${effects.order}) AS to_event, row_number() OVER (ORDER BY ${effects.order}) AS place_in_order FROM ${effects.from} AND event_effect.becomes <> 'amended') AS span
  LEFT JOIN event AS beginning ON beginning.id = span.from_event LEFT JOIN event AS ending ON ending.id = span.to_event WHERE span.becomes = 'imposed'`

const listMembers = {
  ...baseMembers,
  title: columnRef('record.name'),
  imposer: referenceJson('measure.imposer_id'),
  target: referenceJson('measure.target_id'),
  legalForm: columnRef('measure.legal_form'),
  scope: columnRef('measure.scope'),
  exceptions: columnRef('measure.exceptions'),
  reason: sql`CASE WHEN measure.reason IS NOT NULL THEN ${jsonObject({
    text: columnRef('measure.reason'),
    place: placeJson('measure.reason_place_id'),
  })} END`,
  status,
  inForce: jsonArray(
    { from: statedDateJson('beginning.on'), to: statedDateJson('ending.on') },
    periodsInForce,
    sql`span.place_in_order`,
  ),
}

/** `imposing` is the first event that imposed it. */
const from = sql`record JOIN measure ON measure.id = record.id LEFT JOIN LATERAL (SELECT event.* FROM ${effects.from} AND event_effect.becomes = 'imposed' ORDER BY ${effects.order} LIMIT 1) AS imposing ON true`

export const measureList = defineRecordList({
  kind: 'measure',
  from,
  members: listMembers,
  filters: {
    imposer: byReference('actor', 'measure.imposer_id', 'Who imposed it.'),
    target: byReference('actor', 'measure.target_id', 'Against whom.'),
    legalForm: byEnum(LegalForm, 'Legal form.', (anyOf) => sql`measure.legal_form = ${anyOf}`),
    status: byEnum(
      MeasureStatus,
      'Status after the last event.',
      (anyOf) => sql`${status} = ${anyOf}`,
    ),
    title: byName('Words of the title; typing errors and accents do not matter.'),
    ...byPeriod('imposing.on', 'First imposed'),
  },
  sorts: { imposedOn: { expression: firstDay('imposing.on'), cast: 'date' } },
  defaultSort: 'slug',
})

const singleMeasure = {
  from,
  members: { ...listMembers, history: historyJson('measure'), ...evidenceMembers },
}

export const measureWriter: RecordWriter<MeasureInput> = {
  kind: 'measure',
  input: MeasureInput,
  getDisplayName: (input) => input.title,
  async buildRows(id, { imposer, target, legalForm, scope, exceptions, reason }, refs, pointer) {
    return {
      measure: [
        {
          id,
          legalForm,
          scope,
          exceptions,
          imposerId: await refs.id('actor', imposer, `${pointer}/imposer`),
          targetId: await refs.id('actor', target, `${pointer}/target`),
          reason: reason?.text ?? null,
          reasonPlaceId: await refs.placeOrNull(reason?.place ?? null, `${pointer}/reason/place`),
        },
      ],
    }
  },
}

export const measureKind = defineKind({
  kind: 'measure',
  plural: 'measures',
  description: 'Embargoes, suspensions and denial policies, and when they were in force.',
  nameMember: 'title',
  list: measureList,
  singleQuery: singleMeasure,
  listEntrySchema: MeasureListed,
  recordSchema: Measure,
  writer: measureWriter,
})
