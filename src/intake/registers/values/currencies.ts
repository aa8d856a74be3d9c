import { readAmountWords } from '../../reader/data.ts'

/** Signs and words of sums in tables, besides those of `dictionaries/amounts.yaml`. Many belong to several currencies. */
const signsInTables: Readonly<Record<string, readonly string[]>> = {
  EUR: ['eur.'],
  CHF: ['fr.', 'frs.', 'sfr.', 'sfr', 'fr'],
  GBP: ['gbp', '£ sterling', 'pound sterling'],
  USD: ['$', 'us$', 'us-$', 'us-dollar', 'dollar'],
  CAD: ['$', 'dollar', 'dollars'],
  AUD: ['$', 'dollar', 'dollars'],
  SEK: ['kr', 'kr.', 'skr'],
  NOK: ['kr', 'kr.', 'nkr'],
  DKK: ['kr', 'kr.', 'dkr', 'kroner'],
  CZK: ['kč'],
  PLN: ['zł', 'złoty', 'złotych'],
  HUF: ['huf', 'ft'],
  BGN: ['bgn', 'лв', 'лв.'],
  RON: ['ron', 'lei'],
  TRY: ['₺', 'tl'],
  ILS: ['₪'],
  INR: ['₹', 'rs', 'rs.'],
  KRW: ['₩'],
  UAH: ['₴', 'uah'],
  RUB: ['₽', 'rub', 'руб.'],
  BRL: ['r$', 'brl'],
  DEM: ['dm', 'dem'],
}

type Forms = { codes: ReadonlyMap<string, readonly string[]>; pattern: RegExp }
let known: Forms | undefined

function loadForms(): Forms {
  if (known !== undefined) return known
  const codes = new Map<string, string[]>()
  const add = (form: string, code: string) => {
    const key = form.toLowerCase()
    const of = codes.get(key) ?? []
    if (!of.includes(code)) codes.set(key, [...of, code].sort())
  }
  const words = Object.entries(readAmountWords().currencies)
  for (const [code, forms] of [...words, ...Object.entries(signsInTables)])
    for (const form of [code, ...forms]) add(form, code)
  const forms = [...codes.keys()].sort((a, b) => b.length - a.length).map(RegExp.escape)
  const pattern = new RegExp(`(?<!\\p{L})(?:${forms.join('|')})(?![\\p{L}$])`, 'giu')
  known = { codes, pattern }
  return known
}

/**
 * The currencies that a form can mean: `€`, `Euro`, `Fr.`, `CHF`; any three capital letters are a code. Empty for what is
 * no currency, several for `$` and `kr`.
 */
export function readCurrency(cell: string): readonly string[] {
  const text = cell.replaceAll(/\s+/g, ' ').trim()
  const named = loadForms().codes.get(text.toLowerCase())
  if (named !== undefined) return named
  return /^[A-Z]{3}$/.test(text) ? [text] : []
}

/**
 * A text without the currencies that it names.
 *
 * @returns `codes`: what all of its signs can mean; null if it has none
 */
export function takeCurrencies(text: string): { rest: string; codes: readonly string[] | null } {
  const { codes, pattern } = loadForms()
  let found: readonly string[] | null = null
  const rest = text.replaceAll(pattern, (form) => {
    const meant = codes.get(form.toLowerCase()) ?? []
    found = found === null ? meant : found.filter((code) => meant.includes(code))
    return ' '
  })
  return { rest: rest.replaceAll(/ +/g, ' ').trim(), codes: found }
}
