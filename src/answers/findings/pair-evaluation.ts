import { coversField, isSameOrNestedField } from '../../evidence/cited-fields.ts'
import type { Evidence, EvidenceCitation } from './evidence/queries.ts'
import { formatFindingId } from './pairs/finding-id.ts'
import type { Pair } from './queries.ts'
import { combineGrades, possible } from './reasoning/grades.ts'
import { findIssue } from './reasoning/order.ts'
import type { EventFacts, FindingContext, Grade, Rule, RuleResult } from './rules.ts'
import type { Finding } from './schema.ts'

type EvidenceById = ReadonlyMap<string, Evidence>

/** The finding of the rule for the pair. Null: it finds nothing, or one of the records was removed meanwhile. */
export function evaluatePair(rule: Rule, pair: Pair, evidence: EvidenceById): Finding | null {
  const { anchor, counterpart } = pair
  const anchorFacts = evidence.get(anchor)?.facts
  const counterpartFacts = evidence.get(counterpart)?.facts
  if (anchorFacts === undefined || counterpartFacts === undefined) return null
  const evaluate = rule.evaluate as (...input: unknown[]) => RuleResult | null
  const result = evaluate(anchorFacts, counterpartFacts, buildContext(pair, evidence))
  if (result === null) return null
  const records: Finding['records'] = []
  const doubts: Grade[] = []
  for (const { role, id, fields, shown = [] } of result.sides) {
    const side = evidence.get(id)
    if (side === undefined) return null
    const restingFields = fields.flatMap((field) => narrowToPair(field, side, pair))
    const citations = selectSupporting(side.citations, [...restingFields, ...shown])
    doubts.push(...restingFields.flatMap((field) => findDoubts(side, field)))
    records.push({ role, kind: side.kind, record: side.record, on: side.on, citations })
  }
  return {
    id: formatFindingId({ rule: rule.rule, anchor, counterpart }),
    rule: rule.rule,
    ...combineGrades([...result.grades, ...doubts]),
    sentence: result.sentence,
    exceptionRelied: result.exceptionRelied ?? null,
    records,
  }
}

function buildContext(pair: Pair, evidence: EvidenceById): FindingContext {
  const { anchor, counterpart, others } = pair
  const otherFacts = others.flatMap((id) => evidence.get(id)?.facts ?? [])
  return {
    sharedEvents: [...evidence.values()]
      .map(({ facts }) => facts)
      .filter(
        (facts): facts is EventFacts =>
          facts.kind === 'event' &&
          facts.measures.some(({ id }) => id === counterpart) &&
          facts.permits.some(({ id }) => id === anchor),
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    sharesPassage: isCitedTogether(anchor, counterpart, evidence),
    otherPermits: otherFacts.filter((facts) => facts.kind === 'permit'),
    otherEvents: otherFacts.filter((facts) => facts.kind === 'event'),
    ownerships: otherFacts.filter((facts) => facts.kind === 'affiliation'),
  }
}

/**
 * Whether one passage is cited both for the permit or its issue and for the measure or its imposition. Citations of dates do
 * not count (docs/decisions/0021-what-makes-a-finding-possible.md).
 */
function isCitedTogether(anchor: string, counterpart: string, evidence: EvidenceById): boolean {
  const permit = evidence.get(anchor)?.facts
  const measure = evidence.get(counterpart)?.facts
  if (permit?.kind !== 'permit' || measure?.kind !== 'measure') return false
  const listPassages = (ids: readonly (string | null | undefined)[]): string[] =>
    ids.flatMap((id) =>
      (evidence.get(id ?? '')?.citations ?? [])
        .filter(({ field, state }) => field !== 'on' && state === 'anchored')
        .map(({ article, start, end }) => `${article.id}/${start}/${end}`),
    )
  const permitPassages = new Set(listPassages([anchor, findIssue(permit)?.event]))
  const impositions = measure.periods.map(({ imposedBy }) => imposedBy)
  return listPassages([counterpart, ...impositions]).some((passage) => permitPassages.has(passage))
}

/** `effects` and `about` of an event: only the entries for the two records of the pair. */
function narrowToPair(field: string, { facts }: Evidence, { anchor, counterpart }: Pair): string[] {
  if (facts.kind !== 'event' || (field !== 'effects' && field !== 'about')) return [field]
  const entries = [...facts.permits, ...facts.measures]
    .filter(({ id }) => id === anchor || id === counterpart)
    .map((entry) => entry.field)
    .filter((path) => path.startsWith(`${field}.`))
  return entries.length > 0 ? entries : [field]
}

/** The citations for these fields, or all citations if there are none. */
function selectSupporting(
  citations: EvidenceCitation[],
  fields: readonly string[],
): EvidenceCitation[] {
  const fieldCitations = citations.filter((citation) =>
    fields.some((field) => coversField(citation.field, field)),
  )
  return fieldCitations.length > 0 ? fieldCitations : citations
}

/** Reasons in the citations of a field that make a finding possible instead of certain. */
function findDoubts({ record, citations, conflicts }: Evidence, field: string): Grade[] {
  const fieldCitations = citations.filter((citation) => coversField(citation.field, field))
  if (fieldCitations.length === 0) return []
  const subject = `For ${describeField(field)} of “${record.name}”,`
  const anchored = fieldCitations.filter(({ state }) => state === 'anchored')
  if (anchored.length === 0)
    return [
      possible(
        `${subject} no quote is found in its article any more.`,
        `A quote for ${describeField(field)} of “${record.name}”.`,
      ),
    ]
  const doubts: Grade[] = []
  if (conflicts.some((conflict) => isDisputed(conflict, field)))
    doubts.push(
      possible(
        `${subject} passages disagree.`,
        `A decision between the passages on ${describeField(field)} of “${record.name}”.`,
      ),
    )
  if (anchored.every(({ confidence }) => confidence !== null && confidence < 1))
    doubts.push(
      possible(
        `${subject} no passage says it in so many words.`,
        `A passage that states ${describeField(field)} of “${record.name}”.`,
      ),
    )
  return doubts
}

/** Words for the paths of fields, without positions. */
const fieldNames: Readonly<Record<string, string>> = {
  on: 'the date',
  effects: 'the effect',
  about: 'what it concerns',
  participants: 'the party',
  goods: 'the goods',
  'items.good': 'the goods',
  'items.quantity': 'the quantity',
  issuer: 'the issuer',
  consignee: 'the consignee',
  endUser: 'the end user',
  destination: 'the destination',
  endDestination: 'the end destination',
  imposer: 'the imposer',
  target: 'the target',
  legalForm: 'the legal form',
  place: 'the place',
  statedEnd: 'the stated end',
  validUntil: 'the validity',
  'statedEndUse.place': 'the place of the stated end use',
  'reason.place': 'the place of the reason',
  'assurance.place': 'the promised place',
  'assurance.endUser': 'the promised end user',
  exporter: 'the exporter',
  organisation: 'what is owned',
  actor: 'the owner',
  quantity: 'the number',
  value: 'the value',
  period: 'the period',
}

function describeField(field: string): string {
  const name = field.replace(/\.\d+/g, '')
  return fieldNames[name] ?? name
}

/**
 * Whether the conflict is about this field. A conflict about a field that holds it, e.g. `items.0`, counts only if the two
 * values differ in it.
 */
function isDisputed(conflict: Evidence['conflicts'][number], field: string): boolean {
  if (!isSameOrNestedField(conflict.field, field)) return false
  if (conflict.field.length >= field.length) return true
  const path = field.slice(conflict.field.length + 1)
  const chosen = getValue(conflict.chosen, path)
  return conflict.claims.some(({ value }) => !isSameValue(chosen, getValue(value, path)))
}

function getValue(whole: unknown, path: string): unknown {
  let value = whole
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string, unknown>)[step]
  }
  return value
}

/** A claim names a record by its slug, id or name. A part that the claim leaves out is not disputed. */
function isSameValue(chosen: unknown, claimed: unknown): boolean {
  if (claimed === undefined) return true
  if (typeof chosen === 'object' && chosen !== null && typeof claimed === 'string')
    return Object.values(chosen).includes(claimed)
  return JSON.stringify(chosen) === JSON.stringify(claimed)
}
