import type { RegisterMap } from '../../table/schema.ts'
import { type ActorContext, compileActor } from '../cells/actor-reader.ts'
import { compileQuantity, compileValue } from '../cells/amount-reader.ts'
import type { CellReader, Cells } from '../cells/cells.ts'
import { RowError, tidyCell } from '../cells/cells.ts'
import { compileDate } from '../cells/date-reader.ts'
import { createGoodReader } from '../cells/good-reader.ts'
import { compileChoice, compileTemplate, compileText } from '../cells/text-reader.ts'
import { slugOfKey } from '../slugs.ts'
import type { EventDraft, FigureDraft } from './drafts.ts'
import { compileKey, keySeparator, type RowKey } from './key-reader.ts'
import type { EventMap } from './schema.ts'

/** Maps rows to records of which each row is one: events, or figures. */
export type RecordMapper = {
  kind: 'event' | 'figure'
  applies: CellReader<boolean>
  /** Whether a row states the sum of other rows. */
  isTotal: CellReader<boolean>
  /** The cells of each record of a row. */
  expand(cells: Cells): readonly Cells[]
  readKey: CellReader<RowKey>
  /** @throws {RowError} */
  map(cells: Cells, key: string): EventDraft | FigureDraft
}

/** @throws {RowError} for a column that the table does not have */
export function createEventMapper(
  map: RegisterMap,
  event: EventMap,
  context: ActorContext,
  number: number,
): RecordMapper {
  const readType = compileChoice(event.type, context)
  const readTitle = compileTemplate(event.title, context)
  const readDate = compileDate(event.on, context)
  const readDescription = compileText(event.description, context)
  const participants = event.participants.map(({ role, of }) => ({
    role,
    read: compileActor(of, context),
  }))
  const readGood = createGoodReader(map.register, event.goods, context)
  const readQuantity = compileQuantity(event.quantity, context)
  const readValue = compileValue(event.value, context)
  return {
    kind: 'event',
    applies: event.where === undefined ? () => true : context.compileCondition(event.where),
    isTotal: () => false,
    expand: (cells) => [cells],
    readKey: createKeyReader(event.key, context, number),
    map(cells, key) {
      const type = readType(cells)
      if (type === null) throw new RowError('type', 'is empty')
      const good = readGood(cells)
      const stated = readQuantity(cells)
      const value = readValue(cells)
      const cellsOfActors = participants.map(({ role, read }) => ({ role, ...read(cells) }))
      const item =
        good === null
          ? []
          : [
              {
                good: good.slug,
                quantity: stated?.quantity ?? null,
                unit: stated?.unit ?? null,
                value,
              },
            ]
      return {
        kind: 'event',
        key,
        slug: slugOfKey(map.register, key),
        title: readTitle(cells) ?? key,
        type,
        on: readDate(cells),
        description: readDescription(cells),
        participants: cellsOfActors.flatMap(({ role, actors }) =>
          actors.map((actor) => ({ actor, role })),
        ),
        items: item,
        goods: good === null ? [] : [good],
        mentions: cellsOfActors.flatMap(({ role, actors }) =>
          actors.map((actor) => ({ field: role, actor })),
        ),
        leftOpen: cellsOfActors.flatMap(({ open }) => open ?? []),
      }
    },
  }
}

/** Without a key, all cells identify a row. Records of later rules for the same row are told apart by `number`. */
export function createKeyReader(
  columns: EventMap['key'],
  context: ActorContext,
  number: number,
): CellReader<RowKey> {
  const readKey =
    columns === undefined
      ? (cells: Cells): RowKey => ({ key: cells.map(tidyCell).join(keySeparator) })
      : compileKey(columns, context)
  if (number === 0) return readKey
  return (cells) => {
    const found = readKey(cells)
    return 'key' in found ? { key: `${found.key}${keySeparator}#${number + 1}` } : found
  }
}
