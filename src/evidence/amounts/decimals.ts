/** A number that is not negative, as text without exponent: `95000`, `1250.5`. */
export type Decimal = string

export const isDecimal = (text: string): boolean => /^\d+(\.\d+)?$/.test(text)

/** Without zeros before it and after the decimal point. */
export function trimDecimal(decimal: Decimal): Decimal {
  const trimmed = decimal.replace(/^0+(?=\d)/, '')
  return trimmed.includes('.') ? trimmed.replace(/\.?0+$/, '') : trimmed
}

/** The digits of a number of JavaScript, also of one that it writes with an exponent. */
export function numberToDecimal(value: number): Decimal {
  const [digits = '', exponent] = String(value).split('e')
  return exponent === undefined ? digits : trimDecimal(shiftDecimal(digits, Number(exponent)))
}

/** Multiplies by a power of ten. */
export function shiftDecimal(decimal: Decimal, places: number): Decimal {
  const [whole = '', fraction = ''] = decimal.split('.')
  if (places < 0) {
    const padded = whole.padStart(1 - places, '0')
    return trimDecimal(`${padded.slice(0, places)}.${padded.slice(places)}${fraction}`)
  }
  const padded = fraction.padEnd(places, '0')
  const rest = padded.slice(places)
  return trimDecimal(`${whole}${padded.slice(0, places)}${rest === '' ? '' : `.${rest}`}`)
}

/** -1, 0 or 1, as `Array.prototype.sort` wants it. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const [x = 0n, y = 0n] = toCommonUnits([a, b])
  return x < y ? -1 : x > y ? 1 : 0
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  return combine(a, b, (x, y) => x + y)
}

/** `a` minus `b`; 0 if `b` is more. */
export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return combine(a, b, (x, y) => (x > y ? x - y : 0n))
}

function combine(a: Decimal, b: Decimal, apply: (x: bigint, y: bigint) => bigint): Decimal {
  const places = Math.max(countPlaces(a), countPlaces(b))
  const [x = 0n, y = 0n] = toCommonUnits([a, b])
  return shiftDecimal(String(apply(x, y)), -places)
}

const countPlaces = (decimal: Decimal): number => decimal.split('.')[1]?.length ?? 0

/** Whole numbers of the smallest unit that one of them has. */
function toCommonUnits(decimals: readonly Decimal[]): bigint[] {
  const places = Math.max(...decimals.map(countPlaces))
  return decimals.map((decimal) => BigInt(shiftDecimal(decimal, places)))
}
