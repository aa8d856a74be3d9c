import type { Column } from './column-values.ts'

/** Words of headings, in the languages of the dictionaries. */
const words = {
  id: /^(?:no|nr|id|ref)\.?$|licen[cs]e|licencia|licenza|permit|number|numm?er|numéro|numero|case\b|gesch|aktenz|reference|order id|bewilligungsn|dossier|group|^dnr|diarie|expedient|fascicolo/i,
  notId:
    /count|licen[cs]es\b|value|wert|waarde|valeur|amount|delivered|quantity|aantal|anzahl|number of|country|land\b/i,
  issued:
    /issu|grant|decision|afgifte|ausstell|bewilligungsd|erteil|délivr|concesi|rilascio|beslut|date of licen/i,
  validUntil: /valid|expir|verval|gültig|ablauf|until|échéance|caducidad|scadenza|giltig/i,
  ordered: /order|contract/i,
  delivered: /deliver|lieferung|levering|livraison|entrega/i,
  exporter:
    /export|esporta|applicant|antragsteller|demandeur|solicitante|supplier|seller|member|herkunftsland|fournisseur|proveedor|origin member|from/i,
  destination:
    /destin|recipient|buyer|importer|country|state|land|staat|pays|país|paese|bestemming|endverbraucher|lieferland|empfänger|to\b/i,
  end: /end[ -]?(?:dest|best|verbleib)|final|eindbestemming|endg/i,
  origin: /origin|oorsprong|herkomst|herkunft|ursprung|provenance/i,
  goods:
    /goods|material|matériel|weapon|wapen|commodit|merc[ei]|mercanc|descript|omschrijving|güterart|designation|product|equipment|bezeichnung|désignation|beschreibung|artikel|item/i,
  count: /count|licen[cs]es|number of|anzahl|aantal|nombre|número|bewilligungen/i,
  quantity: /quantit|number delivered|units|pieces|stück|menge|stuks|quantité|cantidad|delivered/i,
  total: /^(?:total|gesamt|totaal|summe|insgesamt|totale|sum)$/i,
  value: /value|wert|waarde|valeur|valor|valore|värde|amount|betrag|eur|usd|gbp|chf|gesamt|total/i,
} as const satisfies Record<string, RegExp>

export type Role = keyof typeof words

/** Whether the heading of a column says that it has a role. */
export const hasRole = ({ heading }: Column, role: Role): boolean => words[role].test(heading)

/** What the rows of a table are. */
type Shape = 'permits' | 'deliveries' | 'figures' | 'wide figures'

export type Columns = {
  all: readonly Column[]
  dates: Column[]
  numbers: Column[]
  /** Without columns that only repeat another one as a code or name. */
  states: Column[]
  /** The column with names beside a column of codes. */
  nameOf: ReadonlyMap<Column, Column>
  outcome: Column | null
  entries: Column[]
  currency: Column | null
  marks: Column[]
  goods: Column | null
  key: Column[]
  shape: Shape
}

export function assignRoles(all: readonly Column[]): Columns {
  const of = (kind: Column['kind']) => all.filter((column) => column.kind === kind)
  const { states, nameOf } = pairStates(of('state'))
  const numbers = of('number').filter(
    (column) => !hasRole(column, 'total') || of('number').length < 3,
  )
  const texts = of('text')
  const goods = texts.find((column) => hasRole(column, 'goods')) ?? null
  const key = findKey(all)
  const columns: Columns = {
    all,
    dates: of('date'),
    numbers: numbers.filter((column) => !key.includes(column)),
    states,
    nameOf,
    outcome: of('outcome')[0] ?? null,
    entries: of('entries'),
    currency: of('currency')[0] ?? null,
    marks: of('mark'),
    goods,
    key,
    shape: 'permits',
  }
  return { ...columns, shape: chooseShape(columns) }
}

/** Of two columns that name the same state in each row, the shorter one has its code. */
function pairStates(states: readonly Column[]): { states: Column[]; nameOf: Map<Column, Column> } {
  const nameOf = new Map<Column, Column>()
  const averageLength = ({ values }: Column) =>
    [...values.keys()].reduce((sum, value) => sum + value.length, 0) / Math.max(1, values.size)
  for (const [index, column] of states.entries()) {
    const next = states[index + 1]
    if (next === undefined || [...nameOf.values()].includes(column)) continue
    const [code, name] =
      averageLength(column) < averageLength(next) ? [column, next] : [next, column]
    if (averageLength(code) < 4 && averageLength(name) > 4 && isFunction(code, name))
      nameOf.set(code, name)
  }
  const names = new Set(nameOf.values())
  return { states: states.filter((column) => !names.has(column)), nameOf }
}

/** Whether equal cells of one column stand beside equal cells of the other. */
function isFunction(one: Column, other: Column): boolean {
  const beside = new Map<string, string>()
  let different = 0
  for (const [row, cell] of one.cells.entries()) {
    const before = beside.get(cell)
    const value = other.cells[row] ?? ''
    if (before === undefined) beside.set(cell, value)
    else if (before !== value) different += 1
  }
  return different <= one.cells.length / 7
}

/** The columns that identify a permit: one that is named so, or one that is almost unique. */
function findKey(all: readonly Column[]): Column[] {
  const filled = (column: Column) => column.cells.filter((cell) => cell !== '').length
  const isCode = ({ values, kind }: Column) =>
    kind !== 'state' &&
    kind !== 'outcome' &&
    kind !== 'currency' &&
    [...values.keys()]
      .slice(0, 200)
      .every((value) => value.length <= 40 && /\d/.test(value) && !/\d[.,]\d/.test(value))
  const candidates = all.filter(
    (column) =>
      column.values.size > 1 &&
      filled(column) > 0.6 * column.cells.length &&
      isCode(column) &&
      column.kind !== 'date' &&
      column.kind !== 'entries',
  )
  const named = candidates.find((column) => hasRole(column, 'id') && !hasRole(column, 'notId'))
  if (named !== undefined) return [named]
  const [first] = candidates
  // The first column is more often than not the number of what the row is about.
  const isFirst = first !== undefined && first.index === 0 && !hasRole(first, 'notId')
  return isFirst && first.values.size > 0.3 * filled(first) ? [first] : []
}

function chooseShape({ all, key, dates, numbers, states, outcome }: Columns): Shape {
  const isDelivery = all.some((column) => hasRole(column, 'delivered')) && states.length > 1
  if (isDelivery) return 'deliveries'
  if (findWideColumns(numbers).length > 1 && states.length > 0 && key.length === 0)
    return 'wide figures'
  const isYearly =
    dates.every(({ formats }) => formats.every((format) => format === 'yyyy')) ||
    dates.every(isFirstOfYear)
  if (
    key.length === 0 &&
    states.length > 0 &&
    numbers.length > 0 &&
    isYearly &&
    (outcome === null || dates.length > 0)
  )
    return 'figures'
  return 'permits'
}

/** A year that a program wrote as its first day. */
export const isFirstOfYear = ({ values }: Column): boolean =>
  values.size > 1 && [...values.keys()].every((value) => /^\d{4}-01-01\b/.test(value))

/** Columns whose headings differ only in a number, such as years or categories. */
export function findWideColumns(numbers: readonly Column[]): Column[] {
  const groups = new Map<string, Column[]>()
  for (const column of numbers) {
    if (!/\d/.test(column.heading)) continue
    const stem = column.heading.replaceAll(/\d+[a-z]?/gi, '#')
    groups.set(stem, [...(groups.get(stem) ?? []), column])
  }
  return [...groups.values()].reduce<Column[]>(
    (most, group) => (group.length > most.length ? group : most),
    [],
  )
}
