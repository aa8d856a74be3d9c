import type { Db } from '../../database/database.ts'
import { type Evidence, readEvidence } from './evidence/queries.ts'
import { findingOf } from './judge-pair.ts'
import { type Narrowed, nextPairs, type Pair, type Position } from './queries.ts'
import { rules } from './rules/all.ts'
import type { Rule } from './rules.ts'
import type { Certainty, Finding, RuleName } from './schema.ts'

export type Asked = {
  rules: readonly RuleName[] | null
  certainty: Certainty | null
  narrowed: Narrowed
}

/** A place in the order of all findings: by rule, then by the ids of the two records that it compares. */
export type Place = Position & { rule: RuleName }

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Anchors of one look-up: few at first, for a page is mostly full soon, and more each time there was too little. */
const anchorsMin = 32
const anchorsMost = 4_096
const growth = 4

type Step = {
  /** How far the search is. */
  at: Place
  finding: Finding | null
  /** What was looked at since the step of this kind before. */
  pairs: number
  anchors: number
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
          after: index === 0 ? after : null,
        })),
        asked.narrowed,
        { anchorsMax: anchorsMin, pairsMax },
      ))
  const evidence = new Map<string, Evidence>()
  /** Of so many rules the first pairs can be judged. */
  let learned = 0
  for (const [index, rule] of rest.entries()) {
    let position: Position | null = index === 0 ? after : null
    let looked = firsts?.[index]
    if (firsts && index >= learned) {
      // As many as fill a page, at once: what comes behind it is not read.
      let pairs = 0
      for (learned = index; learned < rest.length && pairs < pairsMax; learned += 1)
        pairs += firsts[learned]?.pairs.length ?? 0
      const own = firsts.slice(index, learned).map((one) => one.pairs)
      await learn(db, evidence, rest.slice(index, learned), own)
    }
    for (let anchorsMax = anchorsMin; ; anchorsMax = Math.min(anchorsMax * growth, anchorsMost)) {
      if (looked === undefined) {
        const lookUp = { pairing: rule.pairing, after: position }
        const limits = { anchorsMax, pairsMax }
        looked = (await nextPairs(db, [lookUp], asked.narrowed, limits))[0]
        if (looked === undefined) break
        evidence.clear()
        learned = index + 1
        await learn(db, evidence, [rule], [looked.pairs])
      }
      const { pairs, lastAnchor, seen } = looked
      for (const pair of pairs) {
        const finding = findingOf(rule, pair, evidence)
        const fits = asked.certainty === null || finding?.certainty === asked.certainty
        if (finding && fits)
          yield { at: { rule: rule.rule, ...at(pair) }, finding, pairs: 0, anchors: 0 }
      }
      const last = pairs.at(-1)
      const isFull = pairs.length >= pairsMax
      if (isFull && last) position = at(last)
      else if (seen < anchorsMax || lastAnchor === null) break
      else position = { anchor: lastAnchor, counterpart: lastId }
      const work = { pairs: pairs.length, anchors: isFull ? 0 : seen }
      yield { at: { rule: rule.rule, ...position }, finding: null, ...work }
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
      if (pairing !== 'permit-use' && pairing !== 'permit-issue' && !isAssurance)
        measures.add(counterpart)
      if (['permit-use', 'permit-stop', 'permit-issue'].includes(pairing) || isAssurance)
        events.add(counterpart)
    }
  if (permits.size + events.size === 0) return
  const ids = { permits: [...permits], measures: [...measures], events: [...events] }
  for (const [id, one] of await readEvidence(db, ids)) evidence.set(id, one)
}
