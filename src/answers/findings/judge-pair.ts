import { createHash } from 'node:crypto'
import type { Citation, Evidence } from './evidence/queries.ts'
import type { Pair } from './queries.ts'
import {
  type Beside,
  type EventFacts,
  type Grade,
  type PermitFacts,
  possible,
  type Rule,
  type Verdict,
  weighed,
} from './rules.ts'
import type { Finding, RuleName } from './schema.ts'

/** What the rule finds in the pair; null also when one of the records went away in between. */
export function findingOf(
  rule: Rule,
  { anchor, counterpart, others }: Pair,
  evidence: ReadonlyMap<string, Evidence>,
): Finding | null {
  const [first, second] = [evidence.get(anchor)?.facts, evidence.get(counterpart)?.facts]
  if (first === undefined || second === undefined) return null
  const judge = rule.judge as (...given: unknown[]) => Verdict | null
  const verdict = judge(first, second, besideOf(anchor, counterpart, others, evidence))
  if (verdict === null) return null
  const records: Finding['records'] = []
  const doubts: Grade[] = []
  for (const { role, id, fields, shown = [] } of verdict.sides) {
    const side = evidence.get(id)
    if (side === undefined) return null
    const citations = supporting(side.citations, [...fields, ...shown])
    doubts.push(...fields.flatMap((field) => doubtsOf(side.record.name, field, citations)))
    records.push({ role, kind: side.kind, record: side.record, on: side.on, citations })
  }
  return {
    id: idOf(rule.rule, anchor, counterpart),
    rule: rule.rule,
    ...weighed([...verdict.grades, ...doubts]),
    sentence: verdict.sentence,
    exceptionRelied: verdict.exceptionRelied ?? null,
    records,
  }
}

function besideOf(
  anchor: string,
  counterpart: string,
  others: readonly string[],
  evidence: ReadonlyMap<string, Evidence>,
): Beside {
  const facts = [...evidence.values()].map((one) => one.facts)
  return {
    concernsBoth: facts
      .filter(
        (one): one is EventFacts =>
          one.kind === 'event' &&
          one.measures.includes(counterpart) &&
          one.permits.some(({ id }) => id === anchor),
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    isCitedTogether: isCitedTogether(anchor, counterpart, evidence),
    otherPermits: others.flatMap((id) => {
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
  const passages = (ids: readonly (string | undefined)[]): string[] =>
    ids.flatMap((id) =>
      (evidence.get(id ?? '')?.citations ?? [])
        .filter(({ field, state }) => field !== 'on' && state === 'anchored')
        .map(({ article, start, end }) => `${article.id}/${start}/${end}`),
    )
  const ofPermit = new Set(passages([anchor, permit.issue?.event]))
  return passages([counterpart, ...measure.times.map(({ imposedBy }) => imposedBy)]).some((one) =>
    ofPermit.has(one),
  )
}

/** Whether a citation is for the field, for a part of it, or for what holds it. */
const isFor = (field: string, cited: string | null): boolean =>
  cited === null ||
  cited === field ||
  cited.startsWith(`${field}.`) ||
  field.startsWith(`${cited}.`)

/** Citations for these fields; all when there is none. */
function supporting(citations: Citation[], fields: readonly string[]): Citation[] {
  const found = citations.filter((one) => fields.some((field) => isFor(field, one.field)))
  return found.length > 0 ? found : citations
}

/** What in the passages for a field, on which a finding rests, keeps it from being certain. */
function doubtsOf(name: string, field: string, citations: readonly Citation[]): Grade[] {
  const own = citations.filter((one) => isFor(field, one.field))
  if (own.length === 0) return []
  const of = `For ${field} of “${name}”,`
  const anchored = own.filter(({ state }) => state === 'anchored')
  if (anchored.length === 0) return [possible(`${of} no passage holds any more.`)]
  return [
    ...(own.some(({ value }) => value !== null) ? [possible(`${of} passages disagree.`)] : []),
    ...(anchored.every(({ confidence }) => confidence !== null && confidence < 1)
      ? [possible(`${of} no passage says it in so many words.`)]
      : []),
  ]
}

const idOf = (rule: RuleName, anchor: string, counterpart: string): string =>
  createHash('sha256').update(`${rule}\n${anchor}\n${counterpart}`).digest('hex').slice(0, 32)
