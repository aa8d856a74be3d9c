import { createHash } from 'node:crypto'
import type { Db } from '../../database/database.ts'
import { type Citation, type Evidence, readEvidence } from './evidence/queries.ts'
import { type Narrowed, nextPairs, type Pair, type Position } from './queries.ts'
import { rules } from './rules/all.ts'
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
import type { Certainty, Finding, RuleName } from './schema.ts'

export type Asked = {
  rules: readonly RuleName[] | null
  certainty: Certainty | null
  narrowed: Narrowed
}

/** A place in the order of all findings: by rule, then by the ids of the two records that it compares. */
export type Place = Position & { rule: RuleName }

const start: Position = {
  anchor: '00000000-0000-0000-0000-000000000000',
  counterpart: '00000000-0000-0000-0000-000000000000',
}
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Anchors of one look-up: few at first, for a page is mostly full soon, and more each time there was too little. */
const anchorsMin = 32
const anchorsMost = 4_096
const growth = 4

type Step = {
  /** How far the search is. */
  at: Place
  finding: Finding | null
  /** Anchors that this step has looked at. */
  seen: number
}

/**
 * The findings behind a place, in order, as they are found. In between come steps without a finding, which say how far
 * the search is, so that who asks can stop after so much work.
 */
export async function* findFindings(
  db: Db,
  asked: Asked,
  after: Place | null,
  pairsMax: number,
): AsyncGenerator<Step> {
  const wanted = rules.filter(({ rule }) => asked.rules?.includes(rule) ?? true)
  const from = Math.max(
    0,
    wanted.findIndex(({ rule }) => rule === after?.rule),
  )
  const rest = wanted.slice(from)
  // Of one permit there is little to be found by each rule: all of them are asked at once.
  const firsts = await (asked.narrowed.permit === undefined || rest.length === 0
    ? undefined
    : nextPairs(
        db,
        rest.map(({ pairing }, index) => ({
          pairing,
          after: index === 0 && after ? after : start,
        })),
        asked.narrowed,
        { anchorsMax: anchorsMin, pairsMax },
      ))
  const evidence = new Map<string, Evidence>()
  if (firsts)
    await learn(
      db,
      evidence,
      rest,
      firsts.map(({ pairs }) => pairs),
    )
  for (const [index, rule] of rest.entries()) {
    let position: Position = index === 0 && after ? after : start
    let looked = firsts?.[index]
    for (let anchorsMax = anchorsMin; ; anchorsMax = Math.min(anchorsMax * growth, anchorsMost)) {
      if (looked === undefined) {
        const lookUp = { pairing: rule.pairing, after: position }
        const limits = { anchorsMax, pairsMax }
        looked = (await nextPairs(db, [lookUp], asked.narrowed, limits))[0]
        if (looked === undefined) break
        evidence.clear()
        await learn(db, evidence, [rule], [looked.pairs])
      }
      const { pairs, lastAnchor, seen } = looked
      for (const pair of pairs) {
        const finding = findingOf(rule, pair, evidence)
        const fits = asked.certainty === null || finding?.certainty === asked.certainty
        if (finding && fits) yield { at: { rule: rule.rule, ...at(pair) }, finding, seen: 0 }
      }
      const last = pairs.at(-1)
      const isFull = pairs.length === pairsMax
      if (isFull && last) position = at(last)
      else if (seen < anchorsMax || lastAnchor === null) break
      else position = { anchor: lastAnchor, counterpart: lastId }
      yield { at: { rule: rule.rule, ...position }, finding: null, seen: isFull ? 1 : seen }
      looked = undefined
    }
  }
}

const at = ({ anchor, counterpart }: Pair): Position => ({ anchor, counterpart })

/** Reads the records of these pairs, a list for each rule. */
async function learn(
  db: Db,
  evidence: Map<string, Evidence>,
  of: readonly Rule[],
  pairs: readonly (readonly Pair[])[],
): Promise<void> {
  const permits = new Set<string>()
  const measures = new Set<string>()
  const events = new Set<string>()
  for (const [index, { pairing }] of of.entries())
    for (const { anchor, counterpart, others } of pairs[index] ?? []) {
      const isAssurance = pairing === 'assurance-use'
      ;(isAssurance ? events : permits).add(anchor)
      for (const other of others) permits.add(other)
      if (pairing !== 'permit-use' && !isAssurance) measures.add(counterpart)
      if (pairing === 'permit-use' || pairing === 'permit-stop' || isAssurance)
        events.add(counterpart)
    }
  if (permits.size + events.size === 0) return
  const ids = { permits: [...permits], measures: [...measures], events: [...events] }
  for (const [id, one] of await readEvidence(db, ids)) evidence.set(id, one)
}

/** What the rule finds in the pair; null also when one of the records went away in between. */
function findingOf(
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
    otherPermits: others.flatMap((id) => {
      const other = evidence.get(id)?.facts
      return other?.kind === 'permit' ? [other satisfies PermitFacts] : []
    }),
  }
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
