import type { Db } from '../../database/database.ts'
import { type BadValue, Problem } from '../../problem.ts'
import {
  type CandidateLookup,
  type ComparableEntity,
  type EntityValue,
  findCandidates,
  findRelatedEntities,
  findSimilarEntities,
  loadDescriptions,
  loadValues,
} from './queries.ts'
import {
  compareNames,
  extractDistinctiveWords,
  extractSearchWords,
  findCountry,
  isSameCode,
  matchLead,
  matchThreshold,
  maxMisspelledScore,
} from './rules.ts'
import { type Candidate, QueryBatch, type ReconcileQuery, type ResultBatch } from './schema.ts'
import { entityProperties, isKnownType, listTypes, toMatchKind } from './vocabulary.ts'

export const batchMax = 50
const defaultLimit = 5
const limitMax = 50

/**
 * Candidates for each query of a batch.
 *
 * @throws {Problem} invalid-request, batch-too-large
 */
export const matchBatch = (db: Db, text: string): Promise<ResultBatch> =>
  matchBatchWith(text, {
    candidates: (lookups) => findCandidates(db, lookups),
    similar: (lookups) => findSimilarEntities(db, lookups),
    byProperties: (query) => findByProperties(db, query),
    values: (ids, pids) => loadValues(db, ids, pids),
    descriptions: (ids) => loadDescriptions(db, ids),
  })

type CandidateReader = {
  candidates(lookups: readonly CandidateLookup[]): Promise<ComparableEntity[][]>
  /** Those whose name is spelt a little otherwise. */
  similar(lookups: readonly CandidateLookup[]): Promise<ComparableEntity[][]>
  byProperties(query: ReconcileQuery): Promise<ComparableEntity[]>
  values(
    ids: readonly string[],
    pids: readonly string[],
  ): Promise<Map<string, Record<string, EntityValue[]>>>
  descriptions(ids: readonly string[]): Promise<Map<string, string | null>>
}

/** As `match`, wherever candidates and values come from. */
export async function matchBatchWith(text: string, reader: CandidateReader): Promise<ResultBatch> {
  const batch = Object.entries(parseJson(text, 'queries', QueryBatch))
  if (batch.length > batchMax)
    throw new Problem(
      'batch-too-large',
      `A batch has at most ${batchMax} queries; this one has ${batch.length}.`,
    )
  rejectUnknownTerms(batch)
  const exactMatches = await reader.candidates(batch.map(([, query]) => buildLookup(query)))
  const results: Candidate[][] = []
  for (const [index, [, query]] of batch.entries()) {
    const more = hasName(query) ? [] : await reader.byProperties(query)
    results.push(await rankCandidates(reader, query, [...(exactMatches[index] ?? []), ...more]))
  }
  const undecided = batch.flatMap(([, query], index) =>
    hasName(query) && !isDecided(query, results[index]?.[0]) ? [{ query, index }] : [],
  )
  const similar =
    undecided.length > 0
      ? await reader.similar(undecided.map(({ query }) => buildLookup(query)))
      : []
  for (const [number, { query, index }] of undecided.entries())
    results[index] = await rankCandidates(reader, query, [
      ...(exactMatches[index] ?? []),
      ...(similar[number] ?? []),
    ])
  const ids = new Set(results.flat().map(({ id }) => id))
  const descriptions = ids.size > 0 ? await reader.descriptions([...ids]) : new Map()
  return Object.fromEntries(
    batch.map(([key], index) => {
      const result = (results[index] ?? []).map((one) => ({
        ...one,
        description: descriptions.get(one.id) ?? '',
      }))
      return [key, { result }]
    }),
  )
}

/** Reads what came as a JSON text in a form or a URL. @throws {Problem} invalid-request */
export function parseJson<T>(
  text: string,
  name: string,
  schema: {
    safeParse(
      value: unknown,
    ):
      | { success: true; data: T }
      | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } }
  },
): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw invalidRequest([{ pointer: `/${name}`, detail: 'not JSON' }], error)
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw invalidRequest(
    result.error.issues.slice(0, 20).map(({ path, message }) => ({
      pointer: [`/${name}`, ...path.map(String)].join('/').toWellFormed(),
      detail: message.toWellFormed(),
    })),
  )
}

export const invalidRequest = (errors: BadValue[], cause?: unknown): Problem =>
  new Problem(
    'invalid-request',
    errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '),
    { errors, cause },
  )

const listRequestedTypes = ({ type }: ReconcileQuery): string[] =>
  type === undefined ? [] : [type].flat()
const hasName = ({ query }: ReconcileQuery): boolean => (query?.trim() ?? '') !== ''

function rejectUnknownTerms(batch: readonly (readonly [string, ReconcileQuery])[]): void {
  const errors = batch.flatMap(([key, query]): BadValue[] => [
    ...listRequestedTypes(query)
      .filter((type) => !isKnownType(type))
      .map((type) => ({ pointer: `/queries/${key}/type`, detail: `there is no type "${type}"` })),
    ...(query.properties ?? [])
      .filter(({ pid }) => !entityProperties.some(({ id }) => id === pid))
      .map(({ pid }) => ({
        pointer: `/queries/${key}/properties`,
        detail: `there is no property "${pid}"`,
      })),
  ])
  if (errors.length > 0) throw invalidRequest(errors.slice(0, 20))
}

/** Whether the best candidate is so far ahead of any with a misspelt name that none of these could come between. */
const isDecided = (query: ReconcileQuery, best: Candidate | undefined): boolean =>
  best !== undefined && best.score - maxMisspelledScore(query.query?.trim() ?? '') >= matchLead

const allKinds = ['actor', 'permit', 'measure', 'good']

function buildLookup(query: ReconcileQuery): CandidateLookup {
  const requestedKinds =
    query.type_strict === 'should' ? [] : listRequestedTypes(query).map(toMatchKind)
  const text = query.query?.trim() ?? ''
  return { ...buildTextLookup(text), kinds: requestedKinds.length > 0 ? requestedKinds : allKinds }
}

const buildTextLookup = (text: string): Omit<CandidateLookup, 'kinds'> => ({
  words: extractSearchWords(text),
  distinctiveWords: extractDistinctiveWords(text),
  text,
  country: findCountry(text),
})

/** Candidates for a query of properties alone: by their values as names and numbers, and by the parties they name. */
async function findByProperties(db: Db, query: ReconcileQuery): Promise<ComparableEntity[]> {
  const { kinds } = buildLookup(query)
  const values = (query.properties ?? []).flatMap(({ pid, v }) =>
    [v].flat().map((value) => ({ pid, text: toText(value) })),
  )
  const isReference = (pid: string) =>
    entityProperties.find(({ id }) => id === pid)?.valueKind !== undefined
  const lookups = values.map(({ pid, text }) => ({
    ...buildTextLookup(text),
    kinds: isReference(pid) ? ['actor', 'good'] : kinds,
  }))
  const nameMatches = await findCandidates(db, lookups)
  const similar = await findSimilarEntities(db, lookups)
  const found = nameMatches.map((entities, index) => [...entities, ...(similar[index] ?? [])])
  const parties = values.flatMap(({ pid, text }, index) =>
    isReference(pid)
      ? (found[index] ?? []).filter((entity) => hasSimilarName(entity, text)).map(({ id }) => id)
      : [],
  )
  const direct = values.flatMap(({ pid }, index) => (isReference(pid) ? [] : (found[index] ?? [])))
  return parties.length > 0
    ? [...direct, ...(await findRelatedEntities(db, parties, kinds))]
    : direct
}

type PropertyInput = string | number | boolean | { id: string }
const toText = (value: PropertyInput): string =>
  typeof value === 'object' ? value.id : String(value)

const hasSimilarName = (entity: ComparableEntity, text: string): boolean =>
  entity.id === text ||
  entity.slug === text ||
  entity.names.some(({ name }) => compareNames(text, name) >= matchThreshold)

/** What a candidate's score comes of. */
type ScoredCandidate = {
  entity: ComparableEntity
  nameMatch: ReturnType<typeof scoreName> | null
  agreements: { pid: string; value: number }[]
  hasRequestedType: boolean
  score: number
}

async function rankCandidates(
  reader: CandidateReader,
  query: ReconcileQuery,
  entities: ComparableEntity[],
): Promise<Candidate[]> {
  const distinct = [...new Map(entities.map((entity) => [entity.id, entity])).values()]
  const requested = query.properties ?? []
  const pids = [...new Set(requested.map(({ pid }) => pid))]
  const values =
    pids.length > 0 && distinct.length > 0
      ? await reader.values(
          distinct.map(({ id }) => id),
          pids,
        )
      : new Map<string, Record<string, EntityValue[]>>()
  const scored = distinct
    .filter((entity) => query.type_strict === 'should' || matchesTypes(entity, query))
    .map((entity) => scoreCandidate(entity, query, values.get(entity.id) ?? {}))
    .filter(({ score }) => score > 0)
    .sort(
      (a, b) =>
        b.score - a.score ||
        (a.entity.name < b.entity.name
          ? -1
          : a.entity.name > b.entity.name
            ? 1
            : a.entity.id < b.entity.id
              ? -1
              : 1),
    )
  return scored
    .slice(0, Math.min(query.limit ?? defaultLimit, limitMax))
    .map((candidate, index) => {
      const lead = roundScore(candidate.score - (scored[index + 1]?.score ?? 0))
      const isSure = candidate.score >= matchThreshold && lead >= matchLead
      return {
        id: candidate.entity.id,
        name: candidate.entity.name,
        description: '',
        type: listTypes(candidate.entity.kind, candidate.entity.actorType),
        score: candidate.score,
        match: index === 0 && candidate.hasRequestedType && isSure,
        features: [...listFeatures(candidate, query), { id: 'lead', value: lead }],
      }
    })
}

/** With `all` every type that was asked for, otherwise any. */
function matchesTypes(entity: ComparableEntity, query: ReconcileQuery): boolean {
  const wanted = listRequestedTypes(query)
  if (wanted.length === 0) return true
  const own = listTypes(entity.kind, entity.actorType).map(({ id }) => id)
  return query.type_strict === 'all'
    ? wanted.every((type) => own.includes(type))
    : wanted.some((type) => own.includes(type))
}

const otherTypePenalty = 0.25
const disagreementPenalty = 0.5

function scoreCandidate(
  entity: ComparableEntity,
  query: ReconcileQuery,
  values: Record<string, EntityValue[]>,
): ScoredCandidate {
  const nameMatch = hasName(query) ? scoreName(entity, query.query?.trim() ?? '') : null
  const agreements = (query.properties ?? []).flatMap(({ pid, v }) => {
    const own = values[pid] ?? []
    if (own.length === 0) return []
    return [{ pid, value: Math.max(...[v].flat().map((one) => scoreAgreement(pid, own, one))) }]
  })
  const mean = agreements.reduce((sum, { value }) => sum + value, 0) / agreements.length
  const agreementFactor = agreements.length === 0 ? 1 : 1 - disagreementPenalty * (1 - mean)
  const hasRequestedType = matchesTypes(entity, query)
  const base = nameMatch?.score ?? (agreements.length === 0 ? 0 : 100 * mean)
  const score =
    base * (nameMatch ? agreementFactor : 1) * (hasRequestedType ? 1 : 1 - otherTypePenalty)
  return { entity, nameMatch, agreements, hasRequestedType, score: roundScore(score) }
}

const listFeatures = (
  { nameMatch: named, agreements, hasRequestedType: isTyped }: ScoredCandidate,
  query: ReconcileQuery,
) => [
  ...(named
    ? [
        { id: 'name', value: named.name },
        { id: 'other_name', value: named.isOther },
        { id: 'code', value: named.isCode },
      ]
    : []),
  ...(query.type_strict === 'should' ? [{ id: 'type', value: isTyped }] : []),
  ...agreements.map(({ pid, value }) => ({ id: `property:${pid}`, value: roundScore(value) })),
]

const roundScore = (value: number): number => Math.round(value * 100) / 100

function scoreName(entity: ComparableEntity, query: string) {
  const isCode =
    query.toLowerCase() === entity.id ||
    query.toLowerCase() === entity.slug ||
    entity.names.some(
      ({ what, name }) => (what === 'number' || what === 'identifier') && isSameCode(name, query),
    )
  let name = 0
  let isOther = false
  for (const one of entity.names) {
    if (one.what !== 'name' && one.what !== 'alias') continue
    const similarity = compareNames(query, one.name)
    if (similarity <= name) continue
    name = similarity
    isOther = one.what === 'alias'
  }
  if (entity.actorType === 'state' && entity.country && findCountry(query) === entity.country)
    name = 100
  return { name, isOther, isCode, score: isCode ? 100 : name }
}

/** How well what the entity says agrees with what was asked, 0 to 1. */
function scoreAgreement(
  pid: string,
  values: readonly EntityValue[],
  requested: PropertyInput,
): number {
  const text = toText(requested)
  const scores = values.map((value) => {
    if ('text' in value) {
      if (pid === 'country') return (findCountry(text) ?? text.toUpperCase()) === value.text ? 1 : 0
      if (pid === 'name' || pid === 'aliases') return compareNames(text, value.text) / 100
      return isSameCode(text, value.text) ? 1 : 0
    }
    if (value.id === text || value.slug === text) return 1
    const country = findCountry(text)
    return Math.max(
      ...value.names.map((name) => compareNames(text, name) / 100),
      country !== null && value.names.some((name) => findCountry(name) === country) ? 1 : 0,
    )
  })
  return Math.max(0, ...scores)
}
