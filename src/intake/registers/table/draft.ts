import { createHash } from 'node:crypto'
import anyAscii from 'any-ascii'
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

/** A day as the register gives it. */
export type Day = { iso: string; asStated: string; reasoning: string | null }

/** An actor that a row names: by slug, and what to make it from where it is not there yet. */
export type NamedActor = { slug: string; input: ActorInput | null }

/** What a row says of a permit. */
export type Draft = {
  key: string
  slug: string
  title: string
  number: string | null
  issuedOn: Day
  validUntil: Day | null
  actors: Record<ActorField, NamedActor | null>
  good: { slug: string; designation: string } | null
  controlEntries: { list: string; code: string }[]
  value: { amount: string; currency: string } | null
  legalBasis: string | null
  restrictions: string | null
  /** Cells that name something that a permit cannot hold, such as several states: column and cell. */
  leftOpen: { column: string; cell: string }[]
}

export const actorFields = [
  ...(['issuer', 'exporter', 'consignee', 'endUser', 'destination', 'endDestination'] as const),
]
export type ActorField = (typeof actorFields)[number]

/** Why a row is not taken. */
export class Misfit extends Error {
  override readonly name = 'Misfit'
  readonly column: string
  constructor(column: string, reason: string) {
    super(reason)
    this.column = column
  }
}

export type Drafter = {
  /** What tells the permit of this row from others; null where it cannot be told. */
  keyOf(fields: readonly string[]): string | null
  /** @throws {Misfit} */
  draft(fields: readonly string[]): Draft
  columns: readonly string[]
}

/** Cells that are remembered with what they were read as; the same ones come again and again. */
const seenMax = 100_000

/** The name of a column of a table without a heading is its number. */
const named = (column: Column): string => String(column)

/**
 * Fits a map to the heading of a table; null where it has none.
 *
 * @throws {Misfit} naming the column that the table does not have
 */
export function drafterOf(map: RegisterMap, heading: readonly string[] | null): Drafter {
  const { permit, register, tables, language } = map
  const columns = heading?.map(tidy) ?? null
  const indexOf = (column: Column): number => {
    if (typeof column === 'number') return column - 1
    const index = columns?.findIndex((name) => same(name) === same(column)) ?? -1
    if (index === -1) {
      const has = columns === null ? 'no heading: give the number of a column' : columns.join(', ')
      throw new Misfit(column, `the table has no column "${column}"; it has ${has}`)
    }
    return index
  }
  const cellOf = (column: Column) => {
    const index = indexOf(column)
    return (fields: readonly string[]): string => tidy(fields[index] ?? '')
  }
  const width = columns?.length ?? null
  const known = new Map(Object.entries(tables).map(([name, table]) => [name, folded(table)]))
  const keyCells = permit.key.map(cellOf)
  const actors = actorFields.map(
    (field) => [field, actorReader(permit[field], cellOf, known, language)] as const,
  )
  const issuedOn = dateReader(permit.issuedOn, cellOf)
  const validUntil = permit.validUntil && dateReader(permit.validUntil, cellOf)
  const number = textReader(permit.number, cellOf)
  const goods = textReader(permit.goods, cellOf)
  const legalBasis = textReader(permit.legalBasis, cellOf)
  const restrictions = textReader(permit.restrictions, cellOf)
  const entries = permit.controlEntries.map((column) => entriesReader(column, cellOf))
  const value = permit.value && valueReader(permit.value, cellOf)
  const title = titleReader(permit, cellOf)
  const goodSlugs = new Map<string, string>()

  function goodSlug(designation: string): string {
    const before = goodSlugs.get(designation)
    if (before !== undefined) return before
    const slug = slugOfName(register, designation)
    if (goodSlugs.size < seenMax) goodSlugs.set(designation, slug)
    return slug
  }

  function keyOf(fields: readonly string[]): string | null {
    const parts = keyCells.map((cell) => cell(fields))
    return parts.some((part) => part !== '') ? parts.join(' ') : null
  }

  return {
    columns: columns ?? [],
    keyOf,
    draft(fields) {
      if (width !== null && fields.length !== width)
        throw new Misfit('', `it has ${fields.length} fields, and the heading ${width}`)
      const key = keyOf(fields)
      if (key === null) throw new Misfit(named(permit.key[0] ?? ''), 'is empty')
      const issued = issuedOn(fields)
      if (issued === null) throw new Misfit(named(permit.issuedOn.column), 'is empty')
      const leftOpen: Draft['leftOpen'] = []
      const parties = {} as Draft['actors']
      for (const [field, read] of actors) parties[field] = read?.(fields, leftOpen) ?? null
      if (parties.issuer === null) throw new Misfit('issuer', 'names no issuer')
      const designation = goods(fields)
      return {
        ...{ key, slug: slugOfKey(register, key), title: title(fields), number: number(fields) },
        ...{ issuedOn: issued, validUntil: validUntil?.(fields) ?? null, actors: parties },
        good: designation === null ? null : { slug: goodSlug(designation), designation },
        controlEntries: entries.flatMap((read) => read(fields)),
        value: value?.(fields) ?? null,
        ...{ legalBasis: legalBasis(fields), restrictions: restrictions(fields), leftOpen },
      }
    },
  }
}

type CellOf = (column: Column) => (fields: readonly string[]) => string
type Read<T> = (fields: readonly string[]) => T

/** A cell without what a table pads it with. */
export const tidy = (cell: string): string => cell.replace(/\s+/g, ' ').trim()
/** As cells and keys of value tables are compared. */
const same = (cell: string): string => tidy(cell).toUpperCase()

const folded = <T>(table: Readonly<Record<string, T>>): ReadonlyMap<string, T> =>
  new Map(Object.entries(table).map(([cell, value]) => [same(cell), value]))

function textReader(column: TextColumn | null, cellOf: CellOf): Read<string | null> {
  if (column === null) return () => null
  if ('constant' in column) return () => column.constant
  const cell = cellOf(column.column)
  return (fields) => {
    const text = cell(fields)
    if (text.length > 1_000) throw new Misfit(named(column.column), 'has over 1,000 characters')
    return text === '' ? null : text
  }
}

function titleReader({ title }: PermitMap, cellOf: CellOf): Read<string> {
  const parts = title.split(/\{([^}]+)\}/)
  const cells = parts.map((part, index) =>
    index % 2 === 0 ? () => part : cellOf(/^\d+$/.test(part) ? Number(part) : part),
  )
  return (fields) => tidy(cells.map((cell) => cell(fields)).join('')).slice(0, 1_000)
}

function actorReader(
  column: ActorColumn | null,
  cellOf: CellOf,
  tables: ReadonlyMap<string, ReadonlyMap<string, RegisterMap['tables'][string][string]>>,
  language: string | null,
) {
  if (column === null) return null
  if ('actor' in column) return () => ({ slug: column.actor, input: null })
  const cell = cellOf(column.column)
  const seen = new Map<string, NamedActor>()
  return (fields: readonly string[], leftOpen: Draft['leftOpen']): NamedActor | null => {
    const text = cell(fields)
    if (text === '') return null
    const before = seen.get(text)
    if (before) return before
    const found =
      'table' in column
        ? tabled(tables.get(column.table)?.get(same(text)), text, named(column.column), language)
        : { slug: slugOfName('', text), input: actorInput(slugOfName('', text), column.type, text) }
    if (found === null) leftOpen.push({ column: named(column.column), cell: text })
    else if (seen.size < seenMax) seen.set(text, found)
    return found
  }
}

function tabled(
  entry: RegisterMap['tables'][string][string] | undefined,
  text: string,
  column: string,
  language: string | null,
): NamedActor | null {
  if (entry === undefined) throw new Misfit(column, `"${text}" is not in the value table`)
  if (entry === null) return null
  if (typeof entry === 'string') return { slug: entry, input: null }
  const aliases = same(entry.name) === same(text) ? [] : [{ name: text, language }]
  return { slug: entry.slug, input: { ...entry, aliases, identifiers: [] } }
}

const actorInput = (slug: string, type: ActorInput['type'], name: string): ActorInput => ({
  ...{ slug, type, name, aliases: [], country: null, identifiers: [] },
})

function entriesReader({ column, list, separator, values }: EntriesColumn, cellOf: CellOf) {
  const cell = cellOf(column)
  const table = folded(values)
  return (fields: readonly string[]): Draft['controlEntries'] => {
    const text = cell(fields)
    const codes =
      table.get(same(text)) ?? (separator === null ? [text] : text.split(separator).map(tidy))
    return codes.filter((code) => code !== '').map((code) => ({ code, list }))
  }
}

function valueReader(spec: ValueColumn, cellOf: CellOf): Read<Draft['value']> {
  const { column, decimal, thousands, currency } = spec
  const cell = cellOf(column)
  const currencyOf = typeof currency === 'string' ? () => currency : cellOf(currency.column)
  return (fields) => {
    const text = cell(fields)
    if (text === '') return null
    const plain = thousands === null ? text : text.replaceAll(thousands, '')
    const amount = plain.replace(decimal, '.')
    if (!/^\d{1,15}(\.\d{1,4})?$/.test(amount))
      throw new Misfit(named(column), `"${text}" is not an amount`)
    const code = currencyOf(fields).toUpperCase()
    if (!/^[A-Z]{3}$/.test(code))
      throw new Misfit(named(column), `"${code}" is not a currency of ISO 4217`)
    // As the database gives it back: no zeros before it, none after the decimal point.
    const trimmed = amount.replace(/^0+(?=\d)/, '')
    const shortest = trimmed.includes('.') ? trimmed.replace(/\.?0+$/, '') : trimmed
    return { amount: shortest, currency: code }
  }
}

function dateReader({ column, formats, reasoning }: DateColumn, cellOf: CellOf): Read<Day | null> {
  const cell = cellOf(column)
  const readers = formats.map((format) => dayReader(format))
  const seen = new Map<string, Day>()
  return (fields) => {
    const asStated = cell(fields)
    if (asStated === '') return null
    const before = seen.get(asStated)
    if (before) return before
    for (const read of readers) {
      const found = read(asStated)
      if (!found) continue
      const day = { ...found, asStated, reasoning: found.reasoning ?? reasoning }
      if (seen.size < seenMax) seen.set(asStated, day)
      return day
    }
    const reason = `"${asStated}" is no day in the form ${formats.join(' or ')}`
    throw new Misfit(named(column), reason)
  }
}

type FoundDay = { iso: string; reasoning: string | null }

function dayReader(format: string): (text: string) => FoundDay | null {
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
    // A number loses the zero that it begins with, and a date of eight digits with it.
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

/** A slug of a key: two keys never have the same, for where a key does not survive in it, its hash stands with it. */
const slugOfKey = (prefix: string, key: string): string =>
  slugOf(prefix, key, (plain) => plain === key.toLowerCase())

/** A slug of a name: names that differ in case or in what stands between words have the same. */
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
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8)
  const room = 120 - start.length - hash.length - 1
  const cut = plain.slice(0, room).replace(/-+$/, '')
  return `${start}${cut === '' ? '' : `${cut}-`}${hash}`
}
