import type { Db } from '../../database/database.ts'
import { findingRules } from './all-rules.ts'
import { type Evidence, readEvidence } from './evidence/queries.ts'
import { evaluatePair } from './pair-evaluation.ts'
import {
  nextPairs,
  type Pair,
  type PairBatch,
  type PairPosition,
  type RecordFilterValues,
} from './queries.ts'
import type { Pairing, Rule } from './rules.ts'
import type { Certainty, Finding, RuleName } from './schema.ts'

export type FindingsRequest = {
  rules: readonly RuleName[] | null
  certainty: Certainty | null
  filters: RecordFilterValues
}

/** A position in the order of all findings: by rule, then by the ids of the two records that it compares. */
export type FindingsCursor = PairPosition & { rule: RuleName }

const maxUuid = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Anchors of one look-up. It starts small because a few anchors mostly fill a page, and grows with each look-up. */
const anchorsInitial = 32
const anchorsLimit = 4_096
const anchorsGrowth = 4

type SearchStep = {
  /** How far the search has come. */
  cursor: FindingsCursor
  finding: Finding | null
  /** Work since the last step without a finding: pairs evaluated and anchors looked up. 0 in steps with a finding. */
  pairs: number
  anchors: number
}

type Search = {
  db: Db
  request: FindingsRequest
  /** Pairs of one look-up. */
  pairsMax: number
  /** By id of the record. */
  evidence: Map<string, Evidence>
}

/**
 * Yields the findings after a cursor, in order. Steps without a finding come in between: they report the work done, so that
 * the caller can stop after a bounded amount.
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
  const rules = requestedRules.slice(firstIndex)
  const search: Search = { db, request, pairsMax, evidence: new Map() }
  const firstBatches = await readFirstBatches(search, rules, after)
  /** The evidence for the first batches of so many rules is loaded. */
  let loadedRules = 0
  for (const [index, rule] of rules.entries()) {
    if (firstBatches && index >= loadedRules) {
      loadedRules = findLoadEnd(firstBatches, index, pairsMax)
      const pairs = firstBatches.slice(index, loadedRules).map((batch) => batch.pairs)
      await loadEvidence(search, rules.slice(index, loadedRules), pairs)
    }
    const position = index === 0 ? after : null
    const isEvidenceReplaced = yield* findByRule(search, rule, position, firstBatches?.[index])
    if (isEvidenceReplaced) loadedRules = index + 1
  }
}

/** A single permit has few pairs for each rule, so one statement looks up those of all rules. Else undefined. */
async function readFirstBatches(
  { db, request, pairsMax }: Search,
  rules: readonly Rule[],
  after: FindingsCursor | null,
): Promise<PairBatch[] | undefined> {
  if (request.filters.permit === undefined || rules.length === 0) return undefined
  const lookUps = rules.map(({ pairing }, index) => ({
    pairing,
    after: index === 0 ? after : null,
  }))
  return nextPairs(db, lookUps, request.filters, { anchorsMax: anchorsInitial, pairsMax })
}

/** The index of the batch before which to stop loading evidence: the batches from `start` to there fill a page. */
function findLoadEnd(batches: readonly PairBatch[], start: number, pairsMax: number): number {
  let end = start
  let pairCount = 0
  while (end < batches.length && pairCount < pairsMax) {
    pairCount += batches[end]?.pairs.length ?? 0
    end += 1
  }
  return end
}

/**
 * The findings of one rule after a position.
 *
 * @param firstBatch pairs that were read before, with their evidence
 * @returns whether the loaded evidence was replaced
 */
async function* findByRule(
  search: Search,
  rule: Rule,
  after: PairPosition | null,
  firstBatch: PairBatch | undefined,
): AsyncGenerator<SearchStep, boolean> {
  const { db, request, pairsMax, evidence } = search
  let position = after
  let batch = firstBatch
  let anchorsMax = anchorsInitial
  let isEvidenceReplaced = false
  for (;;) {
    if (batch === undefined) {
      const lookUp = { pairing: rule.pairing, after: position }
      batch = (await nextPairs(db, [lookUp], request.filters, { anchorsMax, pairsMax }))[0]
      if (batch === undefined) return isEvidenceReplaced
      evidence.clear()
      isEvidenceReplaced = true
      await loadEvidence(search, [rule], [batch.pairs])
    }
    for (const pair of batch.pairs) {
      const finding = evaluatePair(rule, pair, evidence)
      const hasCertainty = request.certainty === null || finding?.certainty === request.certainty
      if (finding && hasCertainty)
        yield { cursor: { rule: rule.rule, ...toPosition(pair) }, finding, pairs: 0, anchors: 0 }
    }
    const isFull = batch.pairs.length >= pairsMax
    position = findNextPosition(batch, isFull, anchorsMax)
    if (position === null) return isEvidenceReplaced
    yield {
      cursor: { rule: rule.rule, ...position },
      finding: null,
      pairs: batch.pairs.length,
      anchors: isFull ? 0 : batch.anchorCount,
    }
    batch = undefined
    anchorsMax = Math.min(anchorsMax * anchorsGrowth, anchorsLimit)
  }
}

/** Where the next look-up continues; null when there are no more anchors. */
function findNextPosition(
  { pairs, lastAnchor, anchorCount }: PairBatch,
  isFull: boolean,
  anchorsMax: number,
): PairPosition | null {
  const lastPair = pairs.at(-1)
  if (isFull && lastPair) return toPosition(lastPair)
  if (anchorCount < anchorsMax || lastAnchor === null) return null
  return { anchor: lastAnchor, counterpart: maxUuid }
}

const toPosition = ({ anchor, counterpart }: Pair): PairPosition => ({ anchor, counterpart })

type RecordSet = 'permit' | 'measure' | 'event' | 'stop' | 'further'

/** The kinds of the records of a pair. `stop`: a measure or an event. */
const recordKinds: Readonly<
  Record<Pairing, { anchor: RecordSet; counterpart: RecordSet; others: RecordSet }>
> = {
  'permit-measure': { anchor: 'permit', counterpart: 'measure', others: 'permit' },
  'permit-theatre': { anchor: 'permit', counterpart: 'measure', others: 'permit' },
  'permit-use': { anchor: 'permit', counterpart: 'event', others: 'permit' },
  'assurance-use': { anchor: 'event', counterpart: 'event', others: 'permit' },
  'permit-stop': { anchor: 'permit', counterpart: 'stop', others: 'permit' },
  'permit-issue': { anchor: 'permit', counterpart: 'event', others: 'permit' },
  'permit-delivery': { anchor: 'permit', counterpart: 'event', others: 'event' },
  'permit-deliveries': { anchor: 'permit', counterpart: 'event', others: 'event' },
  'permit-refusal': { anchor: 'permit', counterpart: 'permit', others: 'permit' },
  'permit-offshore': { anchor: 'permit', counterpart: 'measure', others: 'further' },
  'figure-records': { anchor: 'further', counterpart: 'further', others: 'permit' },
}

/** Adds the evidence for these pairs: one list of pairs for each rule. */
async function loadEvidence(
  { db, evidence }: Search,
  rules: readonly Rule[],
  pairsByRule: readonly (readonly Pair[])[],
): Promise<void> {
  const permits = new Set<string>()
  const measures = new Set<string>()
  const events = new Set<string>()
  const further = new Set<string>()
  const sets = {
    permit: [permits],
    measure: [measures],
    event: [events],
    stop: [measures, events],
    further: [further],
  }
  for (const [index, { pairing }] of rules.entries()) {
    const kinds = recordKinds[pairing]
    for (const { anchor, counterpart, others } of pairsByRule[index] ?? []) {
      for (const set of sets[kinds.anchor]) set.add(anchor)
      for (const set of sets[kinds.counterpart]) set.add(counterpart)
      for (const other of others) for (const set of sets[kinds.others]) set.add(other)
    }
  }
  if (permits.size + events.size + further.size === 0) return
  const ids = {
    permits: [...permits],
    measures: [...measures],
    events: [...events],
    furtherRecords: [...further],
  }
  for (const [id, record] of await readEvidence(db, ids)) evidence.set(id, record)
}
