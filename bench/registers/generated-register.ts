/** A register of the shape of a real one: twenty-five permits a day, a few hundred goods, eight states. */

const states = ['canada', 'turkey', 'syria', 'norway', 'chile', 'japan', 'kenya', 'peru']
/** One permit of so many is renewed by a later row, as in the Dutch register. */
const renewalInterval = 14
/** After so many others: in a table, what renews a permit stands a year below it. */
const renewalDelay = 2_000

const formatDay = (number: number): string =>
  new Date(Date.UTC(2000, 0, 1 + Math.floor(number / 25))).toISOString().slice(0, 10)

function formatRow(number: number, day: string, value: number): string {
  const entry = `ML${(number % 22) + 1}`
  const [first, last] = [states[number % 8], states[(number % 3 ? number : number + 1) % 8]]
  return `${number},${day},${day},${entry},"Parts of vehicles, type ${number % 400}",${first},${last},${value},no remark that would be of use\n`
}

/** Its lines. */
export async function* generateRegister(permits: number): AsyncGenerator<string> {
  yield 'number,issued,until,entry,goods,destination,end destination,value,remark\n'
  for (let number = 0; number < permits; number += 1) {
    yield formatRow(number, formatDay(number), (number * 37) % 100_000)
    const renewed = number - renewalDelay
    if (renewed >= 0 && renewed % renewalInterval === 0)
      yield formatRow(renewed, formatDay(number), 1)
  }
}

/** Lines of the permits of a register in which one to three rows are a permit. */
export async function* generateGroupedRegister(permits: number): AsyncGenerator<string> {
  yield 'number,issued,until,entry,goods,destination,end destination,value,remark\n'
  for (let number = 0; number < permits; number += 1)
    for (let line = 0; line <= number % 3; line += 1)
      yield formatRow(number, formatDay(number), (number * 37 + line) % 100_000)
}

export const countRenewals = (permits: number): number =>
  permits <= renewalDelay ? 0 : Math.ceil((permits - renewalDelay) / renewalInterval)

/**
 * What it looks like a year later: every tenth permit has another value, every twentieth is gone, and as many are new.
 */
export async function* generateLaterRelease(permits: number): AsyncGenerator<string> {
  yield 'number,issued,until,entry,goods,destination,end destination,value,remark\n'
  for (let number = 0; number < permits; number += 1) {
    if (number % 20 === 7) continue
    yield formatRow(
      number,
      formatDay(number),
      ((number * 37) % 100_000) + (number % 10 === 3 ? 1 : 0),
    )
    const renewed = number - renewalDelay
    if (renewed >= 0 && renewed % renewalInterval === 0 && renewed % 20 !== 7)
      yield formatRow(renewed, formatDay(number), 1)
  }
  for (let number = permits; number < permits * 1.05; number += 1)
    yield formatRow(number, formatDay(number), 5)
}

/** The map of the grouped register. */
export const buildGroupedMap = (): string =>
  buildColumnMap(1).replace(
    '  key: [number]\n',
    '  key: [number]\n  sameKey: lines\n  itemValue: { column: value, currency: EUR }\n',
  )

export const buildColumnMap = (release: number): string => `
register: bench
case: { slug: bench, title: A register }
article: { slug: bench-register-${release}, title: A register of permits, publisher: canada }
permit:
  key: [number]
  title: Export licence {number}
  number: { column: number }
  issuer: { actor: canada }
  issuedOn: { column: issued, formats: [yyyy-MM-dd] }
  validUntil: { column: until, formats: [yyyy-MM-dd] }
  destination: { column: destination, table: states }
  endDestination: { column: end destination, table: states }
  goods: { column: goods }
  controlEntries: [{ column: entry, list: EU ML }]
  value: { column: value, currency: EUR }
actors: [{ slug: canada, type: state, name: Canada, country: CA }]
tables:
  states:
${states.map((slug) => `    ${slug}: { slug: ${slug}, type: state, name: ${slug}, country: null }`).join('\n')}
`
