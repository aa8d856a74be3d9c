import type { ResolvedDate } from '../../../../records/model/references.ts'
import { RowError } from '../cells/cells.ts'
import { actorFields, type DecisionDraft, type PermitDraft, setDestinations } from './drafts.ts'
import { sumMoney } from './money-sums.ts'

/**
 * One permit of the rows that are its lines. Items follow one another, also equal ones, which are lots. Values are added,
 * destinations and parties collected. A field in which the rows contradict each other is left open.
 *
 * @throws {RowError} if the rows contradict each other about the decision
 */
export function combineLines(lines: readonly PermitDraft[]): PermitDraft {
  const [first, ...others] = lines
  if (first === undefined) throw new RangeError('A permit has a row.')
  if (others.length === 0) return first
  for (const line of others)
    if (describeDecisions(line.decisions) !== describeDecisions(first.decisions))
      throw new RowError(
        '',
        `the rows of ${first.key} state different decisions: ${describeDecisions(first.decisions)}, and ${describeDecisions(line.decisions)}`,
      )
  const draft: PermitDraft = {
    ...first,
    actors: { ...first.actors },
    leftOpen: lines.flatMap(({ leftOpen }) => leftOpen),
    mentions: lines.flatMap(({ mentions }) => mentions),
    goods: lines.flatMap(({ goods }) => goods),
    items: lines.flatMap(({ items }) => items),
  }
  combineTexts(draft, lines)
  combineActors(draft, lines)
  combineSingleValues(draft, lines)
  const sum = sumMoney(lines.map(({ value }) => value))
  const hasCurrencies = sum !== null && 'currencies' in sum
  if (hasCurrencies)
    draft.leftOpen.push({ column: 'value', cell: sum.currencies.join(', '), suggestions: [] })
  draft.value = hasCurrencies ? null : sum
  checkLimits(draft)
  return draft
}

const itemsMax = 1_000
const actorsMax = 200

/** What a permit can have (`PermitInput`). */
function checkLimits({ key, items, destinations, parties }: PermitDraft): void {
  const isOver =
    items.length > itemsMax || destinations.length > actorsMax || parties.length > actorsMax
  if (isOver)
    throw new RowError(
      '',
      `the rows of ${key} have ${items.length} items and ${destinations.length} destinations, and a permit has at most ${itemsMax} and ${actorsMax}`,
    )
}

const describeDecisions = (decisions: readonly DecisionDraft[]): string =>
  decisions.map(({ becomes, on }) => `${becomes} ${on?.edtf ?? 'without a date'}`).join(', ') ||
  'nothing'

const textFields = [
  'number',
  'statedEndUse',
  'legalBasis',
  'exceptionRelied',
  'restrictions',
] as const

/** Different texts stand one after the other. */
function combineTexts(draft: PermitDraft, lines: readonly PermitDraft[]): void {
  for (const field of textFields) {
    const texts = new Set(lines.flatMap((line) => line[field] ?? []))
    draft[field] = texts.size === 0 ? null : [...texts].join('; ').slice(0, 1_000)
  }
}

function combineActors(draft: PermitDraft, lines: readonly PermitDraft[]): void {
  for (const field of actorFields) {
    if (field === 'destination') continue
    const actors = new Map(
      lines.flatMap(({ actors: of }) => (of[field] === null ? [] : [[of[field].slug, of[field]]])),
    )
    const [only = null] = actors.values()
    draft.actors[field] = actors.size > 1 ? null : only
    if (actors.size > 1)
      draft.leftOpen.push({ column: field, cell: [...actors.keys()].join(', '), suggestions: [] })
  }
  const destinations = new Map(
    lines.flatMap(({ actors: { destination }, destinations: several }) =>
      [...(destination === null ? [] : [destination]), ...several].map((one) => [one.slug, one]),
    ),
  )
  // Where the destination of a line is open, the others are not all.
  const isComplete = lines.every(
    (line) => line.actors.destination !== null || line.destinations.length > 0,
  )
  setDestinations(draft, isComplete ? [...destinations.values()] : [])
  const parties = new Map(
    lines.flatMap(({ parties: of }) => of.map((one) => [`${one.role} ${one.actor.slug}`, one])),
  )
  draft.parties = [...parties.values()]
}

/** What is said once of a permit: if the rows differ, it is left open. */
function combineSingleValues(draft: PermitDraft, lines: readonly PermitDraft[]): void {
  const open = (column: string, values: readonly string[]) =>
    draft.leftOpen.push({ column, cell: values.join(', '), suggestions: [] })
  const types = [...new Set(lines.flatMap(({ type }) => type ?? []))]
  draft.type = types.length > 1 ? null : (types[0] ?? null)
  if (types.length > 1) open('type', types)
  const dates = new Map(
    lines.flatMap(({ validUntil: date }) => (date === null ? [] : [[date.edtf, date]])),
  )
  const [date = null] = dates.values() as Iterable<ResolvedDate>
  draft.validUntil = dates.size > 1 ? null : date
  if (dates.size > 1) open('validUntil', [...dates.keys()])
  const counts = new Map(
    lines.flatMap(({ permitCount }) =>
      permitCount === null ? [] : [[JSON.stringify(permitCount), permitCount]],
    ),
  )
  const [count = null] = counts.values()
  draft.permitCount = counts.size > 1 ? null : count
  if (counts.size > 1) open('permitCount', [...counts.keys()])
}
