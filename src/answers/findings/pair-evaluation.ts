import { sha256 } from '../../evidence/sha256.ts'
import type { Evidence, EvidenceCitation } from './evidence/queries.ts'
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
import type { Finding, RuleName } from './schema.ts'

/** What the rule finds in the pair; null also when one of the records went away in between. */
export function evaluatePair(
  rule: Rule,
  { anchor, counterpart, otherPermits: others }: Pair,
  evidence: ReadonlyMap<string, Evidence>,
): Finding | null {
  const [first, second] = [evidence.get(anchor)?.facts, evidence.get(counterpart)?.facts]
  if (first === undefined || second === undefined) return null
  const evaluate = rule.evaluate as (...given: unknown[]) => RuleResult | null
  const result = evaluate(first, second, buildContext(anchor, counterpart, others, evidence))
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
    id: hashFindingId(rule.rule, anchor, counterpart),
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
  const facts = [...evidence.values()].map((one) => one.facts)
  return {
    sharedEvents: facts
      .filter(
        (one): one is EventFacts =>
          one.kind === 'event' &&
          one.measures.includes(counterpart) &&
          one.permits.some(({ id }) => id === anchor),
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    sharesPassage: isCitedTogether(anchor, counterpart, evidence),
    otherPermits: otherPermitIds.flatMap((id) => {
      const other = evidence.get(id)?.facts
      return other?.kind === 'permit' ? [other satisfies PermitFacts] : []
    }),
  }
}

/** Whether one passage is cited for the permit or its issue and for the measure or what imposed it; dates do not count. */
function isCitedTogether(
  anchor: string,
  counterpart: string,
  evidence: ReadonlyMap<string, Evidence>,
): boolean {
  const [permit, measure] = [evidence.get(anchor)?.facts, evidence.get(counterpart)?.facts]
  if (permit?.kind !== 'permit' || measure?.kind !== 'measure') return false
  const listPassages = (ids: readonly (string | undefined)[]): string[] =>
    ids.flatMap((id) =>
      (evidence.get(id ?? '')?.citations ?? [])
        .filter(({ field, state }) => field !== 'on' && state === 'anchored')
        .map(({ article, start, end }) => `${article.id}/${start}/${end}`),
    )
  const permitPassages = new Set(listPassages([anchor, permit.issue?.event]))
  return listPassages([counterpart, ...measure.periods.map(({ imposedBy }) => imposedBy)]).some(
    (one) => permitPassages.has(one),
  )
}

/** Whether a citation is for the field, for a part of it, or for what holds it. */
const isSameOrNestedField = (field: string, cited: string | null): boolean =>
  cited === null ||
  cited === field ||
  cited.startsWith(`${field}.`) ||
  field.startsWith(`${cited}.`)

/** Citations for these fields; all when there is none. */
function selectSupporting(
  citations: EvidenceCitation[],
  fields: readonly string[],
): EvidenceCitation[] {
  const found = citations.filter((one) =>
    fields.some((field) => isSameOrNestedField(field, one.field)),
  )
  return found.length > 0 ? found : citations
}

/** What in the passages for a field, on which a finding rests, keeps it from being certain. */
function findDoubts(name: string, field: string, citations: readonly EvidenceCitation[]): Grade[] {
  const fieldCitations = citations.filter((one) => isSameOrNestedField(field, one.field))
  if (fieldCitations.length === 0) return []
  const subject = `For ${field} of “${name}”,`
  const anchored = fieldCitations.filter(({ state }) => state === 'anchored')
  if (anchored.length === 0) return [possible(`${subject} no passage holds any more.`)]
  return [
    ...(fieldCitations.some(({ value }) => value !== null)
      ? [possible(`${subject} passages disagree.`)]
      : []),
    ...(anchored.every(({ confidence }) => confidence !== null && confidence < 1)
      ? [possible(`${subject} no passage says it in so many words.`)]
      : []),
  ]
}

const hashFindingId = (rule: RuleName, anchor: string, counterpart: string): string =>
  sha256(`${rule}\n${anchor}\n${counterpart}`).slice(0, 32)
