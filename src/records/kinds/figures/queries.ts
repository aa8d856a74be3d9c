import { sql } from 'kysely'
import { columnRef } from '../../../database/sql-fragments.ts'
import {
  byEnum,
  byExactText,
  byMissing,
  byName,
  byPeriod,
  byReference,
  byRelation,
} from '../../model/filters.ts'
import { defineKind } from '../../model/record-kind.ts'
import { defineRecordList } from '../../model/record-list.ts'
import { firstDay } from '../../model/sql-json.ts'
import type { RecordWriter } from '../../model/writer.ts'
import { figureFields } from './fields.ts'
import { Figure, FigureInput, FigureListed, FigureMeasure } from './schema.ts'

const figureList = defineRecordList({
  fields: figureFields,
  filters: {
    measure: byEnum(FigureMeasure, 'What it counts.', (anyOf) => sql`figure.measure = ${anyOf}`),
    fromActor: byReference('actor', 'figure.from_id', 'Whose licences or exports.'),
    toActor: byReference('actor', 'figure.to_id', 'For or to whom.'),
    good: byRelation(
      'good',
      'Is about this good, or one of this family at any level.',
      (id) => sql`figure.good_id = ANY(ARRAY(SELECT goods_of_family(${id})))`,
    ),
    controlCode: {
      ...byExactText(
        'figure.unit',
        'Control list entry, or one that holds it: `ML10` finds `ML10a`.',
      ),
      where: (slot, _given, name) =>
        sql`control_ancestors(figure.control_codes) @> ARRAY[${slot(name)}::text]`,
    },
    currency: byExactText('figure.value_currency', 'The value is in this currency (ISO 4217).'),
    title: byName('Words of the title; typing errors and accents do not matter.'),
    missing: byMissing({
      fromActor: sql`figure.from_id IS NULL`,
      toActor: sql`figure.to_id IS NULL`,
      good: sql`figure.good_id IS NULL`,
    }),
    ...byPeriod('figure.period', 'Covers time'),
  },
  sorts: {
    period: { expression: firstDay('figure.period'), key: columnRef('figure.id'), cast: 'date' },
    value: {
      expression: sql`COALESCE(figure.value_amount, figure.value_low, figure.value_high, -1)`,
      key: columnRef('figure.id'),
      cast: 'numeric',
    },
  },
  defaultSort: '-period',
})

export const figureWriter: RecordWriter<FigureInput> = {
  kind: 'figure',
  fields: figureFields,
  input: FigureInput,
}

export const figureKind = defineKind({
  plural: 'figures',
  description:
    'Totals that sources state, such as the value of all licences of a state for another in a year.',
  list: figureList,
  listEntrySchema: FigureListed,
  recordSchema: Figure,
  writer: figureWriter,
})
