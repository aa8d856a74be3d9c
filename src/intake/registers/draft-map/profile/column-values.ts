import { readCurrency, takeCurrencies } from '../../values/currencies.ts'
import { createDateReader, defaultPivot } from '../../values/dates.ts'
import { type NumberFormat, readAmount, unknownCells } from '../../values/numbers.ts'
import { StateResolver } from '../../values/states.ts'

/** What the cells of a column are, as far as they show it. */
type ColumnKind =
  | 'empty'
  | 'date'
  | 'number'
  | 'state'
  | 'outcome'
  | 'entries'
  | 'currency'
  | 'mark'
  | 'text'

export type Column = {
  /** How the map names it: its heading, or its number from 1. */
  name: string | number
  /** Its heading, also if it is named by number; empty if it has none. */
  heading: string
  index: number
  kind: ColumnKind
  cells: readonly string[]
  /** Different cells that are not empty, with their number, the most frequent first. */
  values: ReadonlyMap<string, number>
  /** Of dates: the formats that read most cells. */
  formats: string[]
  /** Of numbers: the sign that unambiguous cells show; null if they show none, or both. */
  decimal: '.' | ',' | null
  hasBothSigns: boolean
  /** Of numbers: cells that cannot be read, and the currency that cells have. */
  unread: string[]
  currencies: string[]
  /** Of numbers: the middle value. */
  median: number
  /** Of states: the delimiter of several in a cell, what stands behind names, and cells that are none. */
  split: string | null
  strip: string[]
  noStates: string[]
}

const undeclared: NumberFormat = {
  decimal: null,
  thousands: null,
  currency: null,
  isMoney: true,
  unknown: unknownCells,
  scale: 0,
}

const states = new StateResolver()
const sampleMax = 20_000
/** The rarest cells may be faults of the table. */
const usualShare = 0.9

const dateFormats = [
  'yyyy-MM-dd',
  'yyyy/MM/dd',
  'dd.MM.yyyy',
  'dd/MM/yyyy',
  'MM/dd/yyyy',
  'dd-MM-yyyy',
  'MM-dd-yyyy',
  'dd MMMM yyyy',
  'dd. MMMM yyyy',
  'MMMM dd, yyyy',
  'dd-MMMM-yyyy',
  'yyyy-MM',
  'yyyy/MM',
  'MM.yyyy',
  'MM/yyyy',
  'MMMM yyyy',
  'MMMM-yyyy',
  'MMMM-yy',
  'Q yyyy',
  'yyyy Q',
  'yyyyMMdd',
  'ddMMyyyy',
  'dd.MM.yy',
  'dd/MM/yy',
  'MM/dd/yy',
  'yyyy',
]

const readers = dateFormats.map((format) => ({
  format,
  read: createDateReader({ formats: [format], pivot: defaultPivot, unknown: unknownCells }),
}))

const isDate = (cell: string, formats: readonly string[]): boolean =>
  readers.some(({ format, read }) => formats.includes(format) && read(cell).kind === 'date')

/** Years before 1900 and after 2100 are numbers. */
const isLikelyYear = (cell: string): boolean =>
  !/^\d{4}$/.test(cell) || /^(?:19|20)\d\d$/.test(cell)

/** Whether a cell is a number, date or code, and not the name of a column. */
export const looksLikeData = (cell: string): boolean =>
  /^(?:\p{Sc}|[A-Z]{3}|Fr\.)? ?[-<>]?\d[\d.,'’ ]*(?:\p{Sc}|%|[A-Z]{3})?$/u.test(cell) ||
  isDate(cell, dateFormats)

/** The fewest formats that read the cells. */
function chooseFormats(values: readonly string[]): { formats: string[]; share: number } {
  let unread = values.filter((cell) => !unknownCells.includes(cell.toLowerCase()))
  const total = Math.max(1, unread.length)
  const formats: string[] = []
  while (unread.length > 0 && formats.length < 8) {
    const counts = readers.map(({ format, read }) => ({
      format,
      count: unread.filter((cell) => isLikelyYear(cell) && read(cell).kind === 'date').length,
    }))
    const best = counts.reduce((most, one) => (one.count > most.count ? one : most))
    if (best.count === 0) break
    formats.push(best.format)
    unread = unread.filter((cell) => !isDate(cell, [best.format]))
  }
  // Days of a spreadsheet, from 1982 to 2036, among other dates.
  const isDayNumber = (cell: string) => /^[34]\d{4}$/.test(cell)
  if (formats.length > 0 && unread.some(isDayNumber)) {
    formats.push('spreadsheet-day')
    unread = unread.filter((cell) => !isDayNumber(cell))
  }
  return { formats, share: 1 - unread.length / total }
}

const outcomeWords: Readonly<Record<string, string>> = {
  issued:
    'issued|granted|approved|accepted|erteilt|bewilligt|genehmigt|verleend|toegekend|accordée?|délivrée?|concedid[ao]|aprobad[ao]|rilasciat[ao]|beviljad',
  refused:
    'refused|denied|rejected|abgelehnt|verweigert|geweigerd|afgewezen|refusée?|rejetée?|denegad[ao]|negat[ao]|avslagen',
  cancelled:
    'revoked|cancell?ed|widerrufen|ingetrokken|révoquée?|revocad[ao]|revocat[ao]|återkallad',
  suspended: 'suspended|sistiert|ausgesetzt|opgeschort|suspendue?|suspendid[ao]',
  expired: 'expired|lapsed|abgelaufen|verlopen|expirée?|vencid[ao]|scadut[ao]',
}

const outcomeNames =
  /outcome|status|decision|result|beslut|entscheid|besluit|décision|decisión|esito|resultado/i

/** The status that a word of a register names; null if nothing is known. */
export function findOutcome(cell: string): string | null {
  const found = Object.entries(outcomeWords).find(([, words]) =>
    new RegExp(`^(?:${words})$`, 'iu').test(cell),
  )
  return found?.[0] ?? null
}

const entryPattern =
  /^(?:(?:ML|PL|FCL|KM|WL)? ?\d{1,2}(?:[.-]?[a-z]\d*)*|[0-9][A-E]\d{3}(?:[.-]?[a-z]?\d*)*)$/i
const splitEntries = (cell: string): string[] =>
  cell.split(/\s*[;,\n/]\s*/).filter((part) => part !== '')
const isEntry = (cell: string): boolean =>
  splitEntries(cell).every((part) => entryPattern.test(part))
const entryNames =
  /rating|entr|\bml\b|sgp|sg-post|ekn|gkv|chkv|anhang|annex|control|categor|ausfuhrliste|list|classif|eccn/i

export function profileColumn(
  name: string | number,
  heading: string,
  index: number,
  rows: readonly string[][],
): Column {
  const cells = rows.map((row) => row[index] ?? '')
  const values = countValues(cells)
  const distinct = listUsual(values)
  const column: Column = {
    name,
    heading,
    index,
    kind: 'text',
    cells,
    values,
    formats: [],
    decimal: null,
    hasBothSigns: false,
    unread: [],
    currencies: [],
    median: 0,
    split: null,
    strip: [],
    noStates: [],
  }
  if (distinct.length === 0) return { ...column, kind: 'empty' }
  return { ...column, ...chooseKind(heading, distinct, [...values.keys()].slice(0, sampleMax)) }
}

function countValues(cells: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const cell of cells) if (cell !== '') counts.set(cell, (counts.get(cell) ?? 0) + 1)
  return new Map([...counts].sort((a, b) => b[1] - a[1]))
}

/** The most frequent cells, until almost all rows have one of them. */
function listUsual(values: ReadonlyMap<string, number>): string[] {
  const total = [...values.values()].reduce((sum, count) => sum + count, 0)
  const usual: string[] = []
  let rows = 0
  for (const [value, count] of values) {
    if (usual.length >= sampleMax || rows >= total * usualShare) break
    usual.push(value)
    rows += count
  }
  return usual
}

const share = (values: readonly string[], test: (value: string) => boolean): number =>
  values.filter(test).length / Math.max(1, values.length)

/**
 * @param values the usual cells, which decide what the column is
 * @param all also the rare ones, which show how it is written
 */
function chooseKind(
  name: string,
  values: readonly string[],
  all: readonly string[],
): Partial<Column> {
  if (values.every((value) => /^[?*~]$/.test(value))) return { kind: 'mark' }
  const outcomes = share(values, (value) => findOutcome(value) !== null)
  if (outcomes > (outcomeNames.test(name) ? 0.3 : 0.5)) return { kind: 'outcome' }
  if (
    /refus|denied|abgelehnt|geweigerd|rejected/i.test(name) &&
    values.every((value) => /^(?:0|1|yes|no|true|false)$/i.test(value))
  )
    return { kind: 'outcome' }
  const states = profileStates(values)
  if (states !== null) return states
  if (values.every((value) => readCurrency(value).length > 0 && !/\d/.test(value)))
    return { kind: 'currency' }
  const isEntries =
    share(values, isEntry) > 0.6 &&
    (entryNames.test(name) || share(values, (value) => /^(?:ML|\d[A-E]\d{3})/i.test(value)) > 0.5)
  if (isEntries) return { kind: 'entries' }
  const dates = chooseFormats(values)
  if (
    dates.share > 0.8 &&
    !(
      dates.formats.every((format) => format === 'yyyy') &&
      !/year|jahr|jaar|ann|año|date|datum|^$/i.test(name)
    )
  )
    return { kind: 'date', formats: chooseFormats(all).formats }
  return isNumeric(values) ? profileNumbers(all) : { kind: 'text' }
}

const isState = (cell: string): boolean => {
  const reading = states.resolve(cell)
  return reading.kind === 'state' || reading.reason === 'territory' || reading.reason === 'former'
}

const isUnknown = (cell: string): boolean => {
  const reading = states.resolve(cell)
  return reading.kind === 'none' && reading.reason === 'unknown'
}

/** What some registers write behind the name of a state. */
const additions = [' via .*$', ' v\\.? ?v\\.?$', ' \\([A-Z]{2}\\)$', '\\*+$']

function profileStates(values: readonly string[]): Partial<Column> | null {
  const names = values.filter((value) => !unknownCells.includes(value.toLowerCase()))
  const strip = additions.filter((pattern) => {
    const addition = new RegExp(pattern, 'iu')
    return names.filter((name) => !isState(name) && isState(name.replace(addition, ''))).length > 0
  })
  const bare = (name: string) =>
    strip.reduce((text, pattern) => text.replace(new RegExp(pattern, 'iu'), ''), name)
  const isSeveral = (name: string, by: string) =>
    name.includes(by) && !isState(name) && name.split(by).every((part) => isState(part.trim()))
  const delimiter = [';', '\n', ' / ', ',']
    .filter((by) => !names.some((name) => name.includes(by) && isState(name)))
    .map((by) => ({ by, count: names.filter((name) => isSeveral(bare(name), by)).length }))
    .reduce((best, one) => (one.count > best.count ? one : best), { by: '', count: 0 })
  const split = delimiter.count === 0 ? null : delimiter.by
  const parts = names
    .map(bare)
    .flatMap((name) =>
      split === null || isState(name) ? [name] : name.split(split).map((part) => part.trim()),
    )
    .filter((part) => part !== '')
  const named = parts.filter((part) => !isUnknown(part))
  if (named.length === 0 || share(named, isState) < 0.6) return null
  const noStates = parts.filter((part) => states.resolve(part).kind !== 'state')
  return {
    kind: 'state',
    split: split === '\n' ? 'lines' : split,
    strip,
    noStates: [...new Set(noStates)],
  }
}

const readSum = (value: string) => {
  const [only = null, ...more] = takeCurrencies(value).codes ?? []
  return readAmount(value, { ...undeclared, currency: more.length > 0 ? only : null })
}

function isNumeric(values: readonly string[]): boolean {
  const isRejected = (value: string) => {
    const reading = readSum(value)
    return reading.kind === 'rejected' && !reading.isAmbiguous
  }
  const hasDigits = (value: string) =>
    /\d/.test(value) && /^[^\p{L}]*(?:\p{L}{1,8}\.?[^\p{L}]*){0,3}$/u.test(value)
  return share(values, isRejected) <= 1 / 3 && share(values, hasDigits) >= 0.6
}

function profileNumbers(values: readonly string[]): Partial<Column> {
  const currencies = new Set<string>()
  const amounts: number[] = []
  const unread: string[] = []
  for (const value of values) {
    const [only, ...more] = takeCurrencies(value).codes ?? []
    if (only !== undefined && more.length === 0) currencies.add(only)
    const reading = readSum(value)
    if (reading.kind === 'exact') amounts.push(Number(reading.amount))
    else if (reading.kind === 'rejected' && !reading.isAmbiguous) unread.push(value)
  }
  amounts.sort((a, b) => a - b)
  const plain = values.map((value) => takeCurrencies(value).rest)
  const hasSign = (decimal: string, group: string) => {
    const [sign, other] = [RegExp.escape(decimal), RegExp.escape(group)]
    const shown = new RegExp(
      `^\\d+${sign}\\d{1,2}$|[${other}' ]\\d{3}${sign}\\d+$|\\d${other}\\d{3}${other}\\d{3}`,
    )
    return plain.some((value) => shown.test(value))
  }
  const [isPoint, isComma] = [hasSign('.', ','), hasSign(',', '.')]
  return {
    kind: 'number',
    unread,
    currencies: [...currencies],
    median: amounts[Math.floor(amounts.length / 2)] ?? 0,
    hasBothSigns: isPoint && isComma,
    decimal: isPoint === isComma ? null : isPoint ? '.' : ',',
  }
}
