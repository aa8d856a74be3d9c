import { sql } from 'kysely'
import { column, jsonArray, jsonObject } from '../../../database/columns.ts'
import { byName, byPeriod, byReference, byWord } from '../../model/filters.ts'
import { recordListing } from '../../model/listing.ts'
import { defineKind } from '../../model/record-kind.ts'
import {
  effectsOn,
  evidenceMembers,
  firstDay,
  historyOf,
  lastDay,
  place,
  reference,
  spineMembers,
  statedDate,
} from '../../model/sql-json.ts'
import type { Writer } from '../../model/writer.ts'
import { LegalForm, Measure, MeasureInput, MeasureListed, MeasureStatus } from './schema.ts'

const effects = effectsOn('measure')

/** What the last effect left it in; an amendment changes no status. */
const status = sql`(SELECT CASE event_effect.becomes WHEN 'imposed' THEN 'in-force' ELSE event_effect.becomes END FROM ${effects.from} AND event_effect.becomes <> 'amended' ORDER BY ${firstDay(
  'event.on',
)} DESC, ${lastDay('event.on')} DESC, event_effect.event_id DESC, event_effect.position DESC LIMIT 1)`

/** One row for each time it was imposed, with the event that ended that time, if any. */
const timesInForce = sql`(SELECT event_effect.becomes, event.id AS from_event, lead(event.id) OVER (ORDER BY ${effects.order}) AS to_event, row_number() OVER (ORDER BY ${effects.order}) AS place_in_order FROM ${effects.from} AND event_effect.becomes <> 'amended') AS span
  LEFT JOIN event AS beginning ON beginning.id = span.from_event LEFT JOIN event AS ending ON ending.id = span.to_event WHERE span.becomes = 'imposed'`

const listed = {
  ...spineMembers,
  title: column('record.name'),
  imposer: reference('measure.imposer_id'),
  target: reference('measure.target_id'),
  legalForm: column('measure.legal_form'),
  scope: column('measure.scope'),
  exceptions: column('measure.exceptions'),
  reason: sql`CASE WHEN measure.reason IS NOT NULL THEN ${jsonObject({
    text: column('measure.reason'),
    place: place('measure.reason_place_id'),
  })} END`,
  status,
  inForce: jsonArray(
    { from: statedDate('beginning.on'), to: statedDate('ending.on') },
    timesInForce,
    sql`span.place_in_order`,
  ),
}

/** `imposing` is the first event that imposed it. */
const from = sql`record JOIN measure ON measure.id = record.id LEFT JOIN LATERAL (SELECT event.* FROM ${effects.from} AND event_effect.becomes = 'imposed' ORDER BY ${effects.order} LIMIT 1) AS imposing ON true`

export const measureListing = recordListing({
  kind: 'measure',
  from,
  members: listed,
  filters: {
    imposer: byReference('actor', 'measure.imposer_id', 'Who imposed it.'),
    target: byReference('actor', 'measure.target_id', 'Against whom.'),
    legalForm: byWord(LegalForm, 'Legal form.', (anyOf) => sql`measure.legal_form = ${anyOf}`),
    status: byWord(
      MeasureStatus,
      'Status after the last event.',
      (anyOf) => sql`${status} = ${anyOf}`,
    ),
    title: byName('Words of the title; typing errors and accents do not matter.'),
    ...byPeriod('imposing.on', 'First imposed'),
  },
  sorts: { imposedOn: { by: firstDay('imposing.on'), cast: 'date' } },
  defaultSort: 'slug',
})

export const singleMeasure = {
  from,
  members: { ...listed, history: historyOf('measure'), ...evidenceMembers },
}

export const measureWriter: Writer<MeasureInput> = {
  kind: 'measure',
  input: MeasureInput,
  nameOf: (input) => input.title,
  async rows(id, { imposer, target, legalForm, scope, exceptions, reason }, refs, pointer) {
    return {
      measure: [
        {
          ...{ id, legalForm, scope, exceptions },
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
  listing: measureListing,
  single: singleMeasure,
  listed: MeasureListed,
  whole: Measure,
  writer: measureWriter,
})
