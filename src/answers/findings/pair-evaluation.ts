import { coversField } from '../../evidence/cited-fields.ts'
import type { Evidence, EvidenceCitation } from './evidence/queries.ts'
import { formatFindingId } from './pairs/finding-id.ts'
import type { Pair } from './queries.ts'
import {
  combineGrades,
  type EventFacts,
  type FindingContext,
  type Grade,
  type PermitFacts,
  possible,
  type Rule,
  type RuleResult,
} from './rules.ts'
import type { Finding } from './schema.ts'

/** The finding of the rule for the pair. Null: it finds nothing, or one of the records was removed meanwhile. */
export function evaluatePair(
  rule: Rule,
  { anchor, counterpart, otherPermits }: Pair,
  evidence: ReadonlyMap<string, Evidence>,
): Finding | null {
  const anchorFacts = evidence.get(anchor)?.facts
  const counterpartFacts = evidence.get(counterpart)?.facts
  if (anchorFacts === undefined || counterpartFacts === undefined) return null
  const evaluate = rule.evaluate as (...input: unknown[]) => RuleResult | null
  const context = buildContext(anchor, counterpart, otherPermits, evidence)
  const result = evaluate(anchorFacts, counterpartFacts, context)
  if (result === null) return null
  const records: Finding['records'] = []
  const doubts: Grade[] = []
  for (const { role, id, fields, shown = [] } of result.sides) {
    const side = evidence.get(id)
    if (side === undefined) return null
    const citations = selectSupporting(side.citations, [...fields, ...shown])
    doubts.push(...fields.flatMap((field) => findDoubts(side.record.name, field, citations)))
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

function buildContext(
  anchor: string,
  counterpart: string,
  otherPermitIds: readonly string[],
  evidence: ReadonlyMap<string, Evidence>,
): FindingContext {
  const allFacts = [...evidence.values()].map(({ facts }) => facts)
  return {
    sharedEvents: allFacts
      .filter(
        (facts): facts is EventFacts =>
          facts.kind === 'event' &&
          facts.measures.includes(counterpart) &&
          facts.permits.some(({ id }) => id === anchor),
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    sharesPassage: isCitedTogether(anchor, counterpart, evidence),
    otherPermits: otherPermitIds.flatMap((id) => {
      const other = evidence.get(id)?.facts
      return other?.kind === 'permit' ? [other satisfies PermitFacts] : []
    }),
  }
}

/**
 * Whether one passage is cited both for the permit or its issue and for the measure or its imposition. Citations of dates do
 * not count (docs/decisions/0021-what-makes-a-finding-possible.md).
 */
function isCitedTogether(
  anchor: string,
  counterpart: string,
  evidence: ReadonlyMap<string, Evidence>,
): boolean {
  const permit = evidence.get(anchor)?.facts
  const measure = evidence.get(counterpart)?.facts
  if (permit?.kind !== 'permit' || measure?.kind !== 'measure') return false
  const listPassages = (ids: readonly (string | undefined)[]): string[] =>
    ids.flatMap((id) =>
      (evidence.get(id ?? '')?.citations ?? [])
        .filter(({ field, state }) => field !== 'on' && state === 'anchored')
        .map(({ article, start, end }) => `${article.id}/${start}/${end}`),
    )
  const permitPassages = new Set(listPassages([anchor, permit.issue?.event]))
  const impositions = measure.periods.map(({ imposedBy }) => imposedBy)
  return listPassages([counterpart, ...impositions]).some((passage) => permitPassages.has(passage))
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
function findDoubts(name: string, field: string, citations: readonly EvidenceCitation[]): Grade[] {
  const fieldCitations = citations.filter((citation) => coversField(citation.field, field))
  if (fieldCitations.length === 0) return []
  const subject = `For ${field} of “${name}”,`
  const anchored = fieldCitations.filter(({ state }) => state === 'anchored')
  if (anchored.length === 0)
    return [possible(`${subject} no quote is found in its article any more.`)]
  const doubts: Grade[] = []
  if (fieldCitations.some(({ value }) => value !== null))
    doubts.push(possible(`${subject} passages disagree.`))
  if (anchored.every(({ confidence }) => confidence !== null && confidence < 1))
    doubts.push(possible(`${subject} no passage says it in so many words.`))
  return doubts
}
