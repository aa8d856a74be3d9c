import type {
  ControlEntry,
  Grade,
  MeasureFacts,
  NamedGood,
  PermitFacts,
  ScopeItem,
} from '../../rules.ts'
import { certain, possible } from '../grades.ts'

/** `open`: the records do not say. */
type Membership = 'inside' | 'open' | 'outside'

type ScopeItemsGrade = { grade: Grade; permitFields: string[]; measureFields: string[] }

/**
 * Whether goods of the permit are among what the items of the scope of a measure cover, and not among what they exclude. Null:
 * the items do not decide it, because there are none, or all are exclusions of other goods.
 */
export function gradeScopeItems(
  permit: PermitFacts,
  { scopeItems }: MeasureFacts,
): ScopeItemsGrade | 'outside' | null {
  if (scopeItems.length === 0) return null
  if (permit.goods.length === 0)
    return {
      grade: possible(
        'What the permit covers is not on record, and the measure is limited to certain goods.',
        'The goods that the permit covers.',
      ),
      permitFields: [],
      measureFields: [],
    }
  const results = permit.goods.map((named) => gradeGood(named, scopeItems))
  const grades = results.filter((result) => result !== 'outside')
  if (grades.length === 0) return 'outside'
  if (grades.includes(null)) return null
  const found = grades.find((result) => result?.grade.certainty === 'certain') ?? grades[0]
  return found ?? null
}

function gradeGood(
  named: NamedGood,
  items: readonly ScopeItem[],
): ScopeItemsGrade | 'outside' | null {
  const covering = items.filter(({ effect }) => effect === 'covers')
  const covered = findClosest(named, covering)
  const excluded = findClosest(
    named,
    items.filter(({ effect }) => effect === 'excludes'),
  )
  if (excluded?.membership === 'inside') return 'outside'
  if (covering.length > 0 && covered === null) return 'outside'
  const open = [covered, excluded].find((closest) => closest?.membership === 'open')
  const deciding = open ?? covered
  if (!deciding) return null
  const { item } = deciding
  const name = named.good.name
  return {
    grade: open
      ? possible(
          `The measure ${item.effect} ${describeItem(item)}, and the records do not say whether ${name} belongs to that.`,
          `The control list entry or the family of ${name}.`,
        )
      : certain(`The measure covers ${describeItem(item)}, and the permit ${name}.`),
    permitFields: [named.field],
    measureFields: [covered, excluded].flatMap((closest) => closest?.item.field ?? []),
  }
}

type Closest = { item: ScopeItem; membership: Membership }

/** An item that the good belongs to, else one that it may belong to. Null: it belongs to none. */
function findClosest(named: NamedGood, items: readonly ScopeItem[]): Closest | null {
  const all = items.map((item) => ({ item, membership: compareWithItem(named, item) }))
  return (
    all.find(({ membership }) => membership === 'inside') ??
    all.find(({ membership }) => membership === 'open') ??
    null
  )
}

function compareWithItem(named: NamedGood, item: ScopeItem): Membership {
  if (item.entry !== null) return compareEntries(listEntries(named), item.entry)
  const { good } = named
  const scope = item.good
  if (good.id === scope.id || good.families.some(({ id }) => id === scope.id)) return 'inside'
  if (scope.families.some(({ id }) => id === good.id)) return 'open'
  if (!scope.isFamily || good.families.length > 0) return 'outside'
  // Without a family on record, only control list entries can say that the good is of another one.
  const entries = listEntries(named)
  const areOfOtherEntries =
    scope.controlEntries.length > 0 &&
    scope.controlEntries.every((entry) => compareEntries(entries, entry) === 'outside')
  return areOfOtherEntries ? 'outside' : 'open'
}

/** Of the good, and those under which the permit names it. */
const listEntries = ({ good, controlEntries }: NamedGood): ControlEntry[] => [
  ...good.controlEntries,
  ...controlEntries,
]

function compareEntries(entries: readonly ControlEntry[], scope: ControlEntry): Membership {
  const comparable = entries.filter(
    ({ list }) => list === null || scope.list === null || toKey(list) === toKey(scope.list),
  )
  const scopeCode = toKey(scope.code)
  const codes = comparable.map(({ code }) => toKey(code))
  if (codes.some((code) => holds(scopeCode, code))) return 'inside'
  if (codes.length === 0 || codes.some((code) => holds(code, scopeCode))) return 'open'
  return 'outside'
}

/** Spelling of codes and lists: `ML10.a`, `ml 10 (a)` and `ML10a` are one. */
const toKey = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '.')
    .replace(/^\.|\.$|(?<=\p{N})\.(?=\p{L})|(?<=\p{L})\.(?=\p{N})/gu, '')

/** Whether an entry is another one or holds it: `ml10` holds `ml10a` and not `ml101`. As in `control_ancestors` of the database. */
const holds = (above: string, code: string): boolean =>
  code === above ||
  (code.startsWith(above) &&
    !/^(?:\p{N}{2}|\p{L}{2})$/u.test(code.slice(above.length - 1, above.length + 1)))

const describeItem = ({ good, entry }: ScopeItem): string =>
  good ? good.name : [entry?.list, entry?.code].filter(Boolean).join(' ')
