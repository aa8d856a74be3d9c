import { z } from 'zod'
import { EventType, ParticipantRole } from '../../../../records/kinds/events/schema.ts'
import { FigureMeasure } from '../../../../records/kinds/figures/schema.ts'
import { PermitPartyRole, PermitType } from '../../../../records/kinds/permits/schema.ts'
import { Line } from '../../../../records/model/schema.ts'
import {
  ActorSource,
  Column,
  Condition,
  choiceSource,
  DateSource,
  EntriesColumn,
  QuantitySource,
  TextSource,
  ValueSource,
} from '../cells/schema.ts'

/** What a row becomes: a permit, an event or figures. */

/** The statuses in which a register can name a permit. */
const outcomes = ['issued', 'refused', 'suspended', 'cancelled', 'expired', 'annulled'] as const
export type Outcome = (typeof outcomes)[number]

const Key = z.array(Column).min(1).max(10)

/** One row is several lines: the values of these columns stand one below the other, or with a delimiter. */
const SplitRows = z.strictObject({
  columns: z.array(Column).min(1).max(20),
  by: z.union([z.literal('lines'), z.string().min(1).max(20)]),
})
export type SplitRows = z.infer<typeof SplitRows>

const outcome = choiceSource(outcomes).nullable().default(null)

export const PermitMap = z
  .strictObject({
    /** Rows that are no permits are skipped. */
    where: Condition.optional(),
    /** Columns that identify a permit. */
    key: Key,
    /**
     * What several rows of a key are: `decisions` about the permit, of which the first issues and later ones renew it; or
     * `lines` of one permit, each with an item.
     */
    sameKey: z.enum(['decisions', 'lines']).default('decisions'),
    split: SplitRows.optional(),
    /** May name columns in braces. */
    title: Line,
    number: TextSource.nullable().default(null),
    type: choiceSource(PermitType.options as [z.infer<typeof PermitType>])
      .nullable()
      .default(null),
    issuer: ActorSource,
    /** What was decided; without it, each row is an issued permit. */
    outcome,
    /** The date of the decision; with `outcomeOn`, the date of issue. */
    issuedOn: DateSource.nullable().default(null),
    /** The date of an outcome that is not `issued`, where the table has both dates. */
    outcomeOn: DateSource.nullable().default(null),
    validUntil: DateSource.nullable().default(null),
    exporter: ActorSource.nullable().default(null),
    consignee: ActorSource.nullable().default(null),
    endUser: ActorSource.nullable().default(null),
    destination: ActorSource.nullable().default(null),
    /** More columns with destinations. */
    destinations: z.array(ActorSource).max(20).default([]),
    endDestination: ActorSource.nullable().default(null),
    parties: z
      .array(z.strictObject({ role: PermitPartyRole, of: ActorSource }))
      .max(20)
      .default([]),
    permitCount: QuantitySource.nullable().default(null),
    goods: TextSource.nullable().default(null),
    controlEntries: z.array(EntriesColumn).max(20).default([]),
    quantity: QuantitySource.nullable().default(null),
    /** The value of the line. */
    itemValue: ValueSource.nullable().default(null),
    /** The value of the permit; the sum of its rows where they are lines. */
    value: ValueSource.nullable().default(null),
    statedEndUse: TextSource.nullable().default(null),
    legalBasis: TextSource.nullable().default(null),
    exceptionRelied: TextSource.nullable().default(null),
    restrictions: TextSource.nullable().default(null),
  })
  .refine(
    ({ goods, controlEntries, quantity, itemValue }) =>
      goods !== null || controlEntries.length > 0 || (quantity === null && itemValue === null),
    'quantity and itemValue are of an item, which needs goods or controlEntries',
  )
export type PermitMap = z.infer<typeof PermitMap>

export const EventMap = z
  .strictObject({
    where: Condition.optional(),
    /** Columns that identify an event; without them, all cells of the row. */
    key: Key.optional(),
    type: choiceSource(
      EventType.exclude(['permit-decision', 'measure-decision']).options as [
        Exclude<z.infer<typeof EventType>, 'permit-decision' | 'measure-decision'>,
      ],
    ),
    title: Line,
    on: DateSource.nullable().default(null),
    description: TextSource.nullable().default(null),
    participants: z
      .array(z.strictObject({ role: ParticipantRole, of: ActorSource }))
      .min(1)
      .max(20),
    goods: TextSource.nullable().default(null),
    quantity: QuantitySource.nullable().default(null),
    value: ValueSource.nullable().default(null),
  })
  .refine(
    ({ goods, quantity, value }) => goods !== null || (quantity === null && value === null),
    'quantity and value are of an item, which needs goods',
  )
export type EventMap = z.infer<typeof EventMap>

/** Columns whose cells are each a figure: the heading becomes a cell of its own. */
const Unpivot = z.strictObject({
  columns: z.array(Column).min(1).max(500),
  /** Names of the new columns: of the heading, and of the cell below it. */
  name: z.string().min(1).max(200).default('name'),
  value: z.string().min(1).max(200).default('value'),
})

export const FigureMap = z.strictObject({
  where: Condition.optional(),
  unpivot: Unpivot.optional(),
  key: Key.optional(),
  measure: choiceSource(FigureMeasure.options as [z.infer<typeof FigureMeasure>]),
  title: Line,
  quantity: QuantitySource.nullable().default(null),
  value: ValueSource.nullable().default(null),
  from: ActorSource.nullable().default(null),
  to: ActorSource.nullable().default(null),
  goods: TextSource.nullable().default(null),
  controlEntries: z.array(EntriesColumn).max(20).default([]),
  category: TextSource.nullable().default(null),
  period: DateSource,
  scope: TextSource.nullable().default(null),
  /** Rows that state the sum of the others: compared, and not imported. */
  total: Condition.optional(),
})
export type FigureMap = z.infer<typeof FigureMap>

/** Rows of another table, by key. */
export const SideTable = z.strictObject({
  /** Relative to the folder of the table. */
  file: z.string().min(1).max(500),
  delimiter: z.string().length(1).default(','),
  /** Of a workbook. */
  sheet: z.string().min(1).max(100).nullable().default(null),
  /** The column of both tables, or of this one by that of the side table. */
  key: z.union([Column, z.strictObject({ here: Column, there: Column })]),
  /** New columns: name here by name there. Several rows of a key are lines of a cell. */
  columns: z.record(z.string(), z.string().min(1).max(200)),
  /** Rows of the side table that are used. */
  where: Condition.optional(),
})
export type SideTable = z.infer<typeof SideTable>

/** What is done to the rows before they are mapped, in this order. */
export const RowPreparation = z.strictObject({
  /** Columns of which an empty cell has the value of the cell above it. */
  fillDown: z.array(Column).max(50).default([]),
  join: z.array(SideTable).max(10).default([]),
  /** New columns of what stands in others. */
  columns: z.record(z.string(), TextSource).default({}),
  /** Rows that are used; the others are skipped and counted. */
  where: Condition.optional(),
})
export type RowPreparation = z.infer<typeof RowPreparation>
