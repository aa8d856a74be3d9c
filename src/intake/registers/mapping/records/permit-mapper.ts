import type { MoneyValue } from '../../../../records/model/amounts.ts'
import type { RegisterMap } from '../../table/schema.ts'
import { type ActorCell, type ActorContext, compileActor } from '../cells/actor-reader.ts'
import { compileQuantity, compileValue } from '../cells/amount-reader.ts'
import { type CellReader, type Cells, columnName, RowError, splitCell } from '../cells/cells.ts'
import { compileDate } from '../cells/date-reader.ts'
import { createGoodReader, describeEntries } from '../cells/good-reader.ts'
import {
  compileChoice,
  compileEntries,
  compileTemplate,
  compileText,
} from '../cells/text-reader.ts'
import { slugOfKey } from '../slugs.ts'
import {
  type ActorField,
  actorFields,
  type DecisionDraft,
  type GoodReference,
  type ItemDraft,
  type PermitDraft,
  setDestinations,
} from './drafts.ts'
import { compileKey, type RowKey } from './key-reader.ts'
import { combineLines } from './permit-lines.ts'
import type { PermitMap, SplitRows } from './schema.ts'

/** Maps the rows of a permit. */
export type PermitMapper = {
  kind: 'permit'
  applies: CellReader<boolean>
  readKey: CellReader<RowKey>
  /** Whether several rows of a key are lines of one permit. */
  hasLines: boolean
  /** @throws {RowError} */
  map(rows: readonly Cells[], key: string): PermitDraft
}

/** @throws {RowError} for a column that the table does not have */
export function createPermitMapper(
  map: RegisterMap,
  permit: PermitMap,
  context: ActorContext,
): PermitMapper {
  const readRow = compilePermitRow(map, permit, context)
  return {
    kind: 'permit',
    applies: permit.where === undefined ? () => true : context.compileCondition(permit.where),
    readKey: compileKey(permit.key, context),
    hasLines: permit.sameKey === 'lines',
    map: (rows, key) => combineLines(rows.map((cells) => readRow(cells, key))),
  }
}

function compilePermitRow(
  { register }: RegisterMap,
  permit: PermitMap,
  context: ActorContext,
): (cells: Cells, key: string) => PermitDraft {
  const actors = actorFields.map((field) => [field, compileActor(permit[field], context)] as const)
  const destinations = permit.destinations.map((source) => compileActor(source, context))
  const parties = permit.parties.map(({ role, of }) => ({ role, read: compileActor(of, context) }))
  const texts = {
    title: compileTemplate(permit.title, context),
    number: compileText(permit.number, context),
    statedEndUse: compileText(permit.statedEndUse, context),
    legalBasis: compileText(permit.legalBasis, context),
    exceptionRelied: compileText(permit.exceptionRelied, context),
    restrictions: compileText(permit.restrictions, context),
  }
  const readType = compileChoice(permit.type, context)
  const readDecisions = compileDecisions(permit, context)
  const readValidUntil = compileDate(permit.validUntil, context)
  const readCount = compileQuantity(permit.permitCount, context)
  const readItems = compileItems(register, permit, context)
  return (cells, key) => {
    const draft = createEmptyDraft(slugOfKey(register, key), key)
    for (const [field, read] of actors) takeActor(draft, field, read(cells))
    takeDestinations(
      draft,
      destinations.map((read) => read(cells)),
    )
    for (const { role, read } of parties) {
      const { actors: found, open } = read(cells)
      if (open !== null) draft.leftOpen.push(open)
      draft.parties = [...draft.parties, ...found.map((actor) => ({ actor, role }))]
      for (const actor of found) draft.mentions.push({ field: role, actor })
    }
    if (draft.actors.issuer === null) throw new RowError('issuer', 'names no issuer')
    const { items, value, goods } = readItems(cells)
    return Object.assign(draft, {
      title: texts.title(cells) ?? key,
      number: texts.number(cells),
      type: readType(cells),
      decisions: readDecisions(cells),
      validUntil: readValidUntil(cells),
      permitCount: readCount(cells)?.quantity ?? null,
      items,
      value,
      goods,
      statedEndUse: texts.statedEndUse(cells),
      legalBasis: texts.legalBasis(cells),
      exceptionRelied: texts.exceptionRelied(cells),
      restrictions: texts.restrictions(cells),
    })
  }
}

const createEmptyDraft = (slug: string, key: string): PermitDraft => ({
  kind: 'permit',
  key,
  slug,
  title: '',
  mentions: [],
  goods: [],
  leftOpen: [],
  type: null,
  number: null,
  actors: {
    issuer: null,
    exporter: null,
    consignee: null,
    endUser: null,
    destination: null,
    endDestination: null,
  },
  destinations: [],
  parties: [],
  permitCount: null,
  items: [],
  value: null,
  validUntil: null,
  statedEndUse: null,
  legalBasis: null,
  exceptionRelied: null,
  restrictions: null,
  decisions: [],
})

/** A field of one actor stays open where the cell names several; destinations can be several. */
function takeActor(draft: PermitDraft, field: ActorField, { actors, open }: ActorCell): void {
  if (open !== null) draft.leftOpen.push(open)
  const [first] = actors
  if (first === undefined) return
  if (actors.length > 1 && field !== 'destination') {
    const cell = actors.map(({ slug }) => slug).join(', ')
    draft.leftOpen.push({ column: field, cell, suggestions: [] })
    return
  }
  for (const actor of actors) draft.mentions.push({ field, actor })
  if (actors.length > 1) draft.destinations = actors
  else draft.actors[field] = first
}

/** All destinations, or none if one of the cells is open: a part of them is not the whole. */
function takeDestinations(draft: PermitDraft, cells: readonly ActorCell[]): void {
  if (cells.length === 0) return
  const all = new Map<string, PermitDraft['destinations'][number]>()
  const { destination } = draft.actors
  if (destination !== null) all.set(destination.slug, destination)
  for (const actor of draft.destinations) all.set(actor.slug, actor)
  for (const { actors, open } of cells) {
    if (open !== null) draft.leftOpen.push(open)
    for (const actor of actors) {
      all.set(actor.slug, actor)
      draft.mentions.push({ field: 'destinations', actor })
    }
  }
  setDestinations(draft, cells.some(({ open }) => open !== null) ? [] : [...all.values()])
}

function compileDecisions(
  permit: PermitMap,
  context: ActorContext,
): CellReader<readonly DecisionDraft[]> {
  const readIssue = compileDate(permit.issuedOn, context)
  const readRequired = compileDate(permit.issuedOn, context, { isRequired: true })
  const readOutcomeDate = compileDate(permit.outcomeOn, context)
  const readOutcome =
    permit.outcome === null ? () => 'issued' as const : compileChoice(permit.outcome, context)
  return (cells) => {
    const becomes = readOutcome(cells)
    const issuedOn = readIssue(cells)
    if (becomes === null) return []
    const on = becomes === 'issued' ? null : readOutcomeDate(cells)
    if (issuedOn === null && on === null) readRequired(cells)
    if (becomes === 'issued') return [{ becomes, on: issuedOn }]
    if (becomes === 'refused' || on === null || issuedOn === null)
      return [{ becomes, on: on ?? issuedOn }]
    if ((on.latest ?? '~') < (issuedOn.earliest ?? ''))
      throw new RowError(becomes, `${on.edtf} is before the date of issue, ${issuedOn.edtf}`)
    return [
      { becomes: 'issued', on: issuedOn },
      { becomes, on },
    ]
  }
}

type RowItems = { items: ItemDraft[]; value: MoneyValue | null; goods: GoodReference[] }

function compileItems(
  register: string,
  permit: PermitMap,
  context: ActorContext,
): CellReader<RowItems> {
  const readGood = createGoodReader(register, permit.goods, context)
  const readEntries = compileEntries(permit.controlEntries, context)
  const readQuantity = compileQuantity(permit.quantity, context)
  const readItemValue = compileValue(permit.itemValue, context)
  const readValue = compileValue(permit.value, context)
  const splitRow = permit.split === undefined ? null : compileSplit(permit.split, context)
  const isItemValueSplit = usesColumns(permit.itemValue, permit.split)
  return (cells) => {
    const lines = splitRow === null ? [cells] : splitRow(cells)
    const items: ItemDraft[] = []
    const goods: GoodReference[] = []
    for (const line of lines) {
      const entries = readEntries(line)
      const isNamed = permit.goods !== null || entries.length === 0
      const good = isNamed ? readGood(line) : describeEntries(register, entries)
      if (good === null) continue
      goods.push(good)
      const stated = readQuantity(line)
      // The value of a row that is several lines is of none of them.
      const hasValue = lines.length === 1 || isItemValueSplit
      items.push({
        good: good.slug,
        quantity: stated?.quantity ?? null,
        unit: stated?.unit ?? null,
        controlEntries: entries,
        value: hasValue ? readItemValue(line) : null,
      })
    }
    return { items, goods, value: readValue(cells) }
  }
}

const usesColumns = (source: PermitMap['itemValue'], split: SplitRows | undefined): boolean =>
  (Array.isArray(source) ? source : [source]).some(
    (rule) => rule !== null && split?.columns.includes(rule.column),
  )

/** Makes the lines of a row. A column with one value has it on every line. */
function compileSplit({ columns, by }: SplitRows, { access }: ActorContext) {
  const indexes = columns.map((column) => [columnName(column), access.indexOf(column)] as const)
  return (cells: Cells): Cells[] => {
    const parts = indexes.map(([name, index]) => ({
      name,
      index,
      values: splitCell(cells[index] ?? '', by),
    }))
    const count = Math.max(1, ...parts.map(({ values }) => values.length))
    if (count === 1) return [cells]
    for (const { name, values } of parts)
      if (values.length > 1 && values.length < count)
        throw new RowError(name, `has ${values.length} values, and another column has ${count}`)
    return Array.from({ length: count }, (_, line) => {
      const copy = [...cells]
      for (const { index, values } of parts)
        copy[index] = values.length === 1 ? (values[0] ?? '') : (values[line] ?? '')
      return copy
    })
  }
}
