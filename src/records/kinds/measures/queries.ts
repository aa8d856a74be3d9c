import { sql } from 'kysely'
import { byEnum, byName, byPeriod, byReference, byRelation } from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import { firstDay } from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { measureFields, measureStatus } from './fields.ts'
import { LegalForm, Measure, MeasureInput, MeasureListed, MeasureStatus } from './schema.ts'

const measureList = defineRecordList({
  fields: measureFields,
  filters: {
    imposer: byReference('actor', 'measure.imposer_id', 'Who imposed it.'),
    target: byRelation(
      'actor',
      'Against whom, also as one of several targets.',
      (id) =>
        sql`(measure.target_id = ${id} OR EXISTS (
          SELECT 1
          FROM measure_target
          WHERE measure_target.measure_id = record.id
            AND measure_target.actor_id = ${id}
        ))`,
    ),
    legalForm: byEnum(LegalForm, 'Legal form.', (anyOf) => sql`measure.legal_form = ${anyOf}`),
    status: byEnum(
      MeasureStatus,
      'Status after the last event.',
      (anyOf) => sql`${measureStatus} = ${anyOf}`,
    ),
    title: byName('Words of the title; typing errors and accents do not matter.'),
    ...byPeriod('imposing.on', 'First imposed'),
  },
  sorts: { imposedOn: { expression: firstDay('imposing.on'), cast: 'date' } },
  defaultSort: 'slug',
})

export const measureWriter: RecordWriter<MeasureInput> = {
  kind: 'measure',
  fields: measureFields,
  input: MeasureInput,
}

export const measureKind = defineKind({
  plural: 'measures',
  description: 'Embargoes, suspensions and denial policies, and when they were in force.',
  list: measureList,
  listEntrySchema: MeasureListed,
  recordSchema: Measure,
  writer: measureWriter,
})
