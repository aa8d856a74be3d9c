import type { Db } from '../../database/database.ts'
import { type Evidence, readEvidence } from './evidence/queries.ts'
import { evaluatePair } from './pair-evaluation.ts'
import { nextPairs, type Pair, type PairPosition, type RecordFilterValues } from './queries.ts'
import { findingRules } from './rules/all.ts'
import type { Rule } from './rules.ts'
import type { Certainty, Finding, RuleName } from './schema.ts'

export type FindingsRequest = {
  rules: readonly RuleName[] | null
  certainty: Certainty | null
  filters: RecordFilterValues
}

/** A place in the order of all findings: by rule, then by the ids of the two records that it compares. */
export type FindingsCursor = PairPosition & { rule: RuleName }

const maxUuid = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Anchors of one look-up: few at first, for a page is mostly full soon, and more each time there was too little. */
const anchorsInitial = 32
const anchorsLimit = 4_096
const anchorsGrowth = 4

type SearchStep = {
  /** How far the search is. */
  cursor: FindingsCursor
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
  request: FindingsRequest,
  after: FindingsCursor | null,
  pairsMax: number,
): AsyncGenerator<SearchStep> {
  const requestedRules = findingRules.filter(({ rule }) => request.rules?.includes(rule) ?? true)
  const firstIndex = Math.max(
    0,
    requestedRules.findIndex(({ rule }) => rule === after?.rule),
  )
  const remainingRules = requestedRules.slice(firstIndex)
  // Of one permit there is little to be found by each rule: all of them are asked at once.
  const firstBatches = await (request.filters.permit === undefined || remainingRules.length === 0
    ? undefined
    : nextPairs(
        db,
        remainingRules.map(({ pairing }, index) => ({
          pairing,
          after: index === 0 ? after : null,
        })),
        request.filters,
        { anchorsMax: anchorsInitial, pairsMax },
      ))
  const evidence = new Map<string, Evidence>()
  /** Of so many rules the first pairs can be judged. */
  let loadedRules = 0
  for (const [index, rule] of remainingRules.entries()) {
    let position: PairPosition | null = index === 0 ? after : null
    let looked = firstBatches?.[index]
    if (firstBatches && index >= loadedRules) {
      // As many as fill a page, at once: what comes behind it is not read.
      let pairs = 0
      for (
        loadedRules = index;
        loadedRules < remainingRules.length && pairs < pairsMax;
        loadedRules += 1
      )
        pairs += firstBatches[loadedRules]?.pairs.length ?? 0
      const own = firstBatches.slice(index, loadedRules).map((one) => one.pairs)
      await loadEvidence(db, evidence, remainingRules.slice(index, loadedRules), own)
    }
    for (
      let anchorsMax = anchorsInitial;
      ;
      anchorsMax = Math.min(anchorsMax * anchorsGrowth, anchorsLimit)
    ) {
      if (looked === undefined) {
        const lookUp = { pairing: rule.pairing, after: position }
        const limits = { anchorsMax, pairsMax }
        looked = (await nextPairs(db, [lookUp], request.filters, limits))[0]
        if (looked === undefined) break
        evidence.clear()
        loadedRules = index + 1
        await loadEvidence(db, evidence, [rule], [looked.pairs])
      }
      const { pairs, lastAnchor, anchorCount: seen } = looked
      for (const pair of pairs) {
        const finding = evaluatePair(rule, pair, evidence)
        const fits = request.certainty === null || finding?.certainty === request.certainty
        if (finding && fits)
          yield { cursor: { rule: rule.rule, ...toPosition(pair) }, finding, pairs: 0, anchors: 0 }
      }
      const last = pairs.at(-1)
      const isFull = pairs.length >= pairsMax
      if (isFull && last) position = toPosition(last)
      else if (seen < anchorsMax || lastAnchor === null) break
      else position = { anchor: lastAnchor, counterpart: maxUuid }
      const work = { pairs: pairs.length, anchors: isFull ? 0 : seen }
      yield { cursor: { rule: rule.rule, ...position }, finding: null, ...work }
      looked = undefined
    }
  }
}

const toPosition = ({ anchor, counterpart }: Pair): PairPosition => ({ anchor, counterpart })

/** Reads the records of these pairs, a list for each rule. */
async function loadEvidence(
  db: Db,
  evidence: Map<string, Evidence>,
  rulesToLoad: readonly Rule[],
  pairs: readonly (readonly Pair[])[],
): Promise<void> {
  const permits = new Set<string>()
  const measures = new Set<string>()
  const events = new Set<string>()
  for (const [index, { pairing }] of rulesToLoad.entries())
    for (const { anchor, counterpart, otherPermits: others } of pairs[index] ?? []) {
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
