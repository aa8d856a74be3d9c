import anyAscii from 'any-ascii'
import { sha256 } from '../../../evidence/sha256.ts'
import type { ActorInput } from '../../../records/kinds/actors/schema.ts'
import type {
  ActorColumn,
  Column,
  DateColumn,
  EntriesColumn,
  PermitMap,
  RegisterMap,
  TextColumn,
  ValueColumn,
} from './schema.ts'

/** A day as the register states it. */
export type StatedDay = { iso: string; asStated: string; reasoning: string | null }

/** The actor of a row: its slug, and its input if it can be created. */
export type ActorReference = { slug: string; input: ActorInput | null }

/** The permit that a row describes. */
export type PermitDraft = {
  key: string
  slug: string
  title: string
  number: string | null
  issuedOn: StatedDay
  validUntil: StatedDay | null
  actors: Record<ActorField, ActorReference | null>
  good: { slug: string; designation: string } | null
  controlEntries: { list: string; code: string }[]
  value: { amount: string; currency: string } | null
  legalBasis: string | null
  restrictions: string | null
  /** Cells with values that a permit cannot have, such as several states: column and cell. */
  leftOpen: { column: string; cell: string }[]
}

export const actorFields = [
  'issuer',
  'exporter',
  'consignee',
  'endUser',
  'destination',
  'endDestination',
] as const
export type ActorField = (typeof actorFields)[number]

/** Why a row is rejected. */
export class RowError extends Error {
  override readonly name = 'RowError'
  readonly column: string
  constructor(column: string, reason: string) {
    super(reason)
    this.column = column
  }
}

export type RowMapper = {
  /** Identifies the permit of a row; null if the row has no key. */
  readKey(fields: readonly string[]): string | null
  /** @throws {RowError} */
  mapRow(fields: readonly string[]): PermitDraft
  columns: readonly string[]
}

/** Maximum number of cached cells; registers repeat their cells. */
const cacheEntriesMax = 100_000

/** In a table without a heading, a column is named by its number. */
const columnName = (column: Column): string => String(column)

/**
 * Compiles a map for the heading of a table; null if the table has none.
 *
 * @throws {RowError} for a column that the table does not have
 */
export function createRowMapper(map: RegisterMap, heading: readonly string[] | null): RowMapper {
  const columns = heading?.map(tidyCell) ?? null
  const readers = createReaders(map, createCellAccess(columns))
  const width = columns?.length ?? null
  return {
    columns: columns ?? [],
    readKey: readers.key,
    mapRow(fields) {
      if (width !== null && fields.length !== width)
        throw new RowError('', `it has ${fields.length} fields, and the heading ${width}`)
      return readDraft(map, readers, fields)
    },
  }
}

function createCellAccess(columns: readonly string[] | null): CellAccess {
  const indexOf = (column: Column): number => {
    if (typeof column === 'number') return column - 1
    const index = columns?.findIndex((name) => foldCell(name) === foldCell(column)) ?? -1
    if (index === -1) {
      const has = columns === null ? 'no heading: give the number of a column' : columns.join(', ')
      throw new RowError(column, `the table has no column "${column}"; it has ${has}`)
    }
    return index
  }
  return (column) => {
    const index = indexOf(column)
    return (fields) => tidyCell(fields[index] ?? '')
  }
}

type Readers = ReturnType<typeof createReaders>

function createReaders({ permit, register, tables, language }: RegisterMap, cellOf: CellAccess) {
  const foldedTables = new Map(
    Object.entries(tables).map(([name, table]) => [name, foldTable(table)]),
  )
  return {
    key: createKeyReader(permit.key, cellOf),
    title: createTitleReader(permit, cellOf),
    number: createTextReader(permit.number, cellOf),
    issuedOn: createDateReader(permit.issuedOn, cellOf),
    validUntil: permit.validUntil && createDateReader(permit.validUntil, cellOf),
    actors: actorFields.map(
      (field) => [field, createActorReader(permit[field], cellOf, foldedTables, language)] as const,
    ),
    good: createGoodReader(permit, register, cellOf),
    controlEntries: permit.controlEntries.map((column) => createEntriesReader(column, cellOf)),
    value: permit.value && createValueReader(permit.value, cellOf),
    legalBasis: createTextReader(permit.legalBasis, cellOf),
    restrictions: createTextReader(permit.restrictions, cellOf),
  }
}

/** @throws {RowError} */
function readDraft(
  { permit, register }: RegisterMap,
  readers: Readers,
  fields: readonly string[],
): PermitDraft {
  const key = readers.key(fields)
  if (key === null) throw new RowError(columnName(permit.key[0] ?? ''), 'is empty')
  const issuedOn = readers.issuedOn(fields)
  if (issuedOn === null) throw new RowError(columnName(permit.issuedOn.column), 'is empty')
  const leftOpen: PermitDraft['leftOpen'] = []
  const actors = {} as PermitDraft['actors']
  for (const [field, read] of readers.actors) actors[field] = read?.(fields, leftOpen) ?? null
  if (actors.issuer === null) throw new RowError('issuer', 'names no issuer')
  return {
    key,
    slug: slugOfKey(register, key),
    title: readers.title(fields),
    number: readers.number(fields),
    issuedOn,
    validUntil: readers.validUntil?.(fields) ?? null,
    actors,
    good: readers.good(fields),
    controlEntries: readers.controlEntries.flatMap((read) => read(fields)),
    value: readers.value?.(fields) ?? null,
    legalBasis: readers.legalBasis(fields),
    restrictions: readers.restrictions(fields),
    leftOpen,
  }
}

type CellAccess = (column: Column) => (fields: readonly string[]) => string
type CellReader<T> = (fields: readonly string[]) => T

/** A cell without padding. */
export const tidyCell = (cell: string): string => cell.replace(/\s+/g, ' ').trim()
/** The form in which cells and keys of value tables are compared. */
const foldCell = (cell: string): string => tidyCell(cell).toUpperCase()

const foldTable = <T>(table: Readonly<Record<string, T>>): ReadonlyMap<string, T> =>
  new Map(Object.entries(table).map(([cell, value]) => [foldCell(cell), value]))

function createTextReader(
  column: TextColumn | null,
  cellOf: CellAccess,
): CellReader<string | null> {
  if (column === null) return () => null
  if ('constant' in column) return () => column.constant
  const cell = cellOf(column.column)
  return (fields) => {
    const text = cell(fields)
    if (text.length > 1_000)
      throw new RowError(columnName(column.column), 'has over 1,000 characters')
    return text === '' ? null : text
  }
}

function createKeyReader(
  columns: readonly Column[],
  cellOf: CellAccess,
): CellReader<string | null> {
  const cells = columns.map(cellOf)
  return (fields) => {
    const parts = cells.map((cell) => cell(fields))
    return parts.some((part) => part !== '') ? parts.join(' ') : null
  }
}

function createGoodReader(
  { goods }: PermitMap,
  register: string,
  cellOf: CellAccess,
): CellReader<PermitDraft['good']> {
  const readDesignation = createTextReader(goods, cellOf)
  const slugCache = new Map<string, string>()
  return (fields) => {
    const designation = readDesignation(fields)
    if (designation === null) return null
    let slug = slugCache.get(designation)
    if (slug === undefined) {
      slug = slugOfName(register, designation)
      if (slugCache.size < cacheEntriesMax) slugCache.set(designation, slug)
    }
    return { slug, designation }
  }
}

function createTitleReader({ title }: PermitMap, cellOf: CellAccess): CellReader<string> {
  const parts = title.split(/\{([^}]+)\}/)
  const cells = parts.map((part, index) =>
    index % 2 === 0 ? () => part : cellOf(/^\d+$/.test(part) ? Number(part) : part),
  )
  return (fields) => tidyCell(cells.map((cell) => cell(fields)).join('')).slice(0, 1_000)
}

function createActorReader(
  column: ActorColumn | null,
  cellOf: CellAccess,
  tables: ReadonlyMap<string, ReadonlyMap<string, RegisterMap['tables'][string][string]>>,
  language: string | null,
) {
  if (column === null) return null
  if ('actor' in column) return () => ({ slug: column.actor, input: null })
  const cell = cellOf(column.column)
  const actorCache = new Map<string, ActorReference>()
  return (fields: readonly string[], leftOpen: PermitDraft['leftOpen']): ActorReference | null => {
    const text = cell(fields)
    if (text === '') return null
    const before = actorCache.get(text)
    if (before) return before
    const found =
      'table' in column
        ? lookUpActor(
            tables.get(column.table)?.get(foldCell(text)),
            text,
            columnName(column.column),
            language,
          )
        : {
            slug: slugOfName('', text),
            input: buildActorInput(slugOfName('', text), column.type, text),
          }
    if (found === null) leftOpen.push({ column: columnName(column.column), cell: text })
    else if (actorCache.size < cacheEntriesMax) actorCache.set(text, found)
    return found
  }
}

function lookUpActor(
  entry: RegisterMap['tables'][string][string] | undefined,
  text: string,
  column: string,
  language: string | null,
): ActorReference | null {
  if (entry === undefined) throw new RowError(column, `"${text}" is not in the value table`)
  if (entry === null) return null
  if (typeof entry === 'string') return { slug: entry, input: null }
  const aliases = foldCell(entry.name) === foldCell(text) ? [] : [{ name: text, language }]
  return { slug: entry.slug, input: { ...entry, aliases, identifiers: [] } }
}

const buildActorInput = (slug: string, type: ActorInput['type'], name: string): ActorInput => ({
  slug,
  type,
  name,
  aliases: [],
  country: null,
  identifiers: [],
})

function createEntriesReader(
  { column, list, separator, values }: EntriesColumn,
  cellOf: CellAccess,
) {
  const cell = cellOf(column)
  const table = foldTable(values)
  return (fields: readonly string[]): PermitDraft['controlEntries'] => {
    const text = cell(fields)
    const codes =
      table.get(foldCell(text)) ??
      (separator === null ? [text] : text.split(separator).map(tidyCell))
    return codes.filter((code) => code !== '').map((code) => ({ code, list }))
  }
}

function createValueReader(
  spec: ValueColumn,
  cellOf: CellAccess,
): CellReader<PermitDraft['value']> {
  const { column, decimal, thousands, currency } = spec
  const cell = cellOf(column)
  const currencyOf = typeof currency === 'string' ? () => currency : cellOf(currency.column)
  return (fields) => {
    const text = cell(fields)
    if (text === '') return null
    const plain = thousands === null ? text : text.replaceAll(thousands, '')
    const amount = plain.replace(decimal, '.')
    if (!/^\d{1,15}(\.\d{1,4})?$/.test(amount))
      throw new RowError(columnName(column), `"${text}" is not an amount`)
    const code = currencyOf(fields).toUpperCase()
    if (!/^[A-Z]{3}$/.test(code))
      throw new RowError(columnName(column), `"${code}" is not a currency of ISO 4217`)
    return { amount, currency: code }
  }
}

function createDateReader(
  { column, formats, reasoning }: DateColumn,
  cellOf: CellAccess,
): CellReader<StatedDay | null> {
  const cell = cellOf(column)
  const readers = formats.map((format) => createDayParser(format))
  const dayCache = new Map<string, StatedDay>()
  return (fields) => {
    const asStated = cell(fields)
    if (asStated === '') return null
    const before = dayCache.get(asStated)
    if (before) return before
    for (const read of readers) {
      const found = read(asStated)
      if (!found) continue
      const day = { ...found, asStated, reasoning: found.reasoning ?? reasoning }
      if (dayCache.size < cacheEntriesMax) dayCache.set(asStated, day)
      return day
    }
    const reason = `"${asStated}" is no day in the form ${formats.join(' or ')}`
    throw new RowError(columnName(column), reason)
  }
}

type ParsedDay = { iso: string; reasoning: string | null }

function createDayParser(format: string): (text: string) => ParsedDay | null {
  if (format === 'spreadsheet-day')
    return (text) => {
      if (!/^[1-9]\d{4}$/.test(text)) return null
      const day = new Date(Date.UTC(1899, 11, 30) + Number(text) * 86_400_000)
      const iso = day.toISOString().slice(0, 10)
      return { iso, reasoning: 'The number of days since 1899-12-30, as spreadsheets keep dates.' }
    }
  const order = ['yyyy', 'MM', 'dd'].sort((a, b) => format.indexOf(a) - format.indexOf(b))
  const between = format.split(/yyyy|MM|dd/).map((part) => RegExp.escape(part))
  const isPacked = between.every((part) => part === '')
  const digits = (part: string) =>
    part === 'yyyy' ? '(\\d{4})' : isPacked ? '(\\d\\d)' : '(\\d\\d?)'
  const form = new RegExp(
    `^${between[0]}${order.map((part, index) => digits(part) + between[index + 1]).join('')}$`,
  )
  return (text) => {
    // Spreadsheets drop leading zeros, also those of dates with eight digits.
    const isShort = isPacked && /^\d{7}$/.test(text)
    const found = form.exec(isShort ? `0${text}` : text)
    if (!found) return null
    const part = (name: string) => found[order.indexOf(name) + 1] ?? ''
    const iso = `${part('yyyy')}-${part('MM').padStart(2, '0')}-${part('dd').padStart(2, '0')}`
    const day = new Date(`${iso}T00:00:00Z`)
    if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== iso) return null
    return { iso, reasoning: isShort ? 'The zero that it began with is lost.' : null }
  }
}

/** The slug of a key. It is unique: if the slug does not contain the whole key, it contains its hash. */
const slugOfKey = (prefix: string, key: string): string =>
  slugOf(prefix, key, (plain) => plain === key.toLowerCase())

/** The slug of a name. Names that differ only in case or in separators have the same slug. */
const slugOfName = (prefix: string, name: string): string =>
  slugOf(
    prefix,
    name.toLowerCase(),
    (plain) => plain === name.toLowerCase().replaceAll(/[ ,.;:()/-]+/g, '-'),
  )

function slugOf(prefix: string, text: string, isFaithful: (plain: string) => boolean): string {
  const plain = (
    anyAscii(text)
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  ).join('-')
  const start = prefix === '' ? '' : `${prefix}-`
  if (isFaithful(plain) && start.length + plain.length <= 120) return `${start}${plain}`
  const hash = sha256(text).slice(0, 8)
  const room = 120 - start.length - hash.length - 1
  const cut = plain.slice(0, room).replace(/-+$/, '')
  return `${start}${cut === '' ? '' : `${cut}-`}${hash}`
}
