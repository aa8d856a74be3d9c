import { findFigureError } from '../../../../records/kinds/figures/rules.ts'
import type { RegisterMap } from '../../table/schema.ts'
import { type ActorCell, type ActorContext, compileActor } from '../cells/actor-reader.ts'
import { compileQuantity, compileValue } from '../cells/amount-reader.ts'
import { type CellReader, type Cells, RowError } from '../cells/cells.ts'
import { compileDate } from '../cells/date-reader.ts'
import { createGoodReader } from '../cells/good-reader.ts'
import {
  compileChoice,
  compileEntries,
  compileTemplate,
  compileText,
} from '../cells/text-reader.ts'
import { slugOfKey } from '../slugs.ts'
import type { FigureDraft } from './drafts.ts'
import { createKeyReader, type RecordMapper } from './event-mapper.ts'
import type { FigureMap } from './schema.ts'

/**
 * Maps the cells of a row to figures. A cell without an amount is no figure; zero is one.
 *
 * @throws {RowError} for a column that the table does not have
 */
export function createFigureMapper(
  map: RegisterMap,
  figure: FigureMap,
  context: ActorContext,
  number: number,
): RecordMapper {
  const readFigure = compileFigure(map, figure, context)
  const readAmounts = compileAmounts(figure, context)
  const readKey = createKeyReader(figure.key, context, number)
  const expand = compileUnpivot(figure, context)
  const isTotal = figure.total === undefined ? () => false : context.compileCondition(figure.total)
  return {
    kind: 'figure',
    applies: figure.where === undefined ? () => true : context.compileCondition(figure.where),
    isTotal,
    expand: (cells) => expand(cells).filter((one) => readAmounts(one) !== null),
    readKey,
    map: (cells, key) => readFigure(cells, key),
  }
}

function compileFigure(
  { register }: RegisterMap,
  figure: FigureMap,
  context: ActorContext,
): (cells: Cells, key: string) => FigureDraft {
  const readMeasure = compileChoice(figure.measure, context)
  const readTitle = compileTemplate(figure.title, context)
  const readAmounts = compileAmounts(figure, context)
  const readFrom = compileActor(figure.from, context)
  const readTo = compileActor(figure.to, context)
  const readGood = createGoodReader(register, figure.goods, context)
  const readEntries = compileEntries(figure.controlEntries, context)
  const readCategory = compileText(figure.category, context)
  const readPeriod = compileDate(figure.period, context)
  const readScope = compileText(figure.scope, context)
  return (cells, key) => {
    const measure = readMeasure(cells)
    if (measure === null) throw new RowError('measure', 'is empty')
    const period = readPeriod(cells)
    if (period === null) throw new RowError('period', 'is empty')
    const amounts = readAmounts(cells)
    if (amounts === null) throw new RowError('value', 'is empty')
    const error = findFigureError({ measure, ...amounts })
    if (error !== null) throw new RowError(error.member, error.detail)
    const [from, to] = [takeParty('from', readFrom(cells)), takeParty('to', readTo(cells))]
    const good = readGood(cells)
    const mentions = [
      ...(from === null ? [] : [{ field: 'from', actor: from }]),
      ...(to === null ? [] : [{ field: 'to', actor: to }]),
    ]
    return {
      kind: 'figure',
      key,
      slug: slugOfKey(register, key),
      title: readTitle(cells) ?? key,
      measure,
      ...amounts,
      from,
      to,
      good: good?.slug ?? null,
      goods: good === null ? [] : [good],
      controlEntries: readEntries(cells),
      category: readCategory(cells),
      period,
      scope: readScope(cells),
      mentions,
      leftOpen: [],
    }
  }
}

/** A figure without a party is about all of them, so a party that is not found rejects the row. */
function takeParty(field: string, { actors, open }: ActorCell): FigureDraft['from'] {
  if (open !== null) {
    const hint =
      open.suggestions.length === 0 ? '' : `; is it ${open.suggestions.slice(0, 3).join(' or ')}?`
    throw new RowError(open.column, `"${open.cell}" names no single actor${hint}`)
  }
  if (actors.length > 1)
    throw new RowError(field, `names ${actors.length} actors, and a figure has one`)
  return actors[0] ?? null
}

type Amounts = Pick<FigureDraft, 'quantity' | 'unit' | 'value'>

function compileAmounts(figure: FigureMap, context: ActorContext): CellReader<Amounts | null> {
  const readQuantity = compileQuantity(figure.quantity, context)
  const readValue = compileValue(figure.value, context)
  return (cells) => {
    const stated = readQuantity(cells)
    const value = readValue(cells)
    if (stated === null && value === null) return null
    return { quantity: stated?.quantity ?? null, unit: stated?.unit ?? null, value }
  }
}

/** The cells of each figure of a row: those of the row, with the heading and the cell of one column after them. */
function compileUnpivot(
  { unpivot }: FigureMap,
  { access }: ActorContext,
): (cells: Cells) => readonly Cells[] {
  if (unpivot === undefined) return (cells) => [cells]
  const columns = unpivot.columns.map((column) => ({
    name: String(column),
    index: access.indexOf(column),
  }))
  const nameAt = access.indexOf(unpivot.name)
  const valueAt = access.indexOf(unpivot.value)
  return (cells) =>
    columns.map(({ name, index }) => {
      const copy = [...cells]
      copy[nameAt] = name
      copy[valueAt] = cells[index] ?? ''
      return copy
    })
}
