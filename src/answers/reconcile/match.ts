import type { Db } from '../../database/database.ts'
import { compareNames, likestMisspelt } from '../../evidence/names/compare.ts'
import { isSameCode, keysOf } from '../../evidence/names/keys.ts'
import { stateOf } from '../../evidence/names/states.ts'
import {
  matchLead,
  matchThreshold,
  type NameKind,
  type Verdict,
  verdict,
} from '../../evidence/names/verdict.ts'
import { type BadValue, Problem } from '../../problem.ts'
import {
  type CandidateLookup,
  type ComparableEntity,
  type EntityValue,
  findCandidates,
  findEntities,
  findRelatedEntities,
  findSimilarEntities,
  loadDescriptions,
  loadValues,
} from './queries.ts'
import { type Candidate, QueryBatch, ReconcileQuery, type ResultBatch } from './schema.ts'
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
    entities: (ids) => findEntities(db, ids),
  })

type CandidateReader = {
  candidates(lookups: readonly CandidateLookup[]): Promise<ComparableEntity[][]>
  /** Candidates with a similar spelling of the name. */
  similar(lookups: readonly CandidateLookup[]): Promise<ComparableEntity[][]>
  byProperties(query: ReconcileQuery): Promise<ComparableEntity[]>
  values(
    ids: readonly string[],
    pids: readonly string[],
  ): Promise<Map<string, Record<string, EntityValue[]>>>
  descriptions(ids: readonly string[]): Promise<Map<string, string | null>>
  /** Entities by id, or by kind and slug. */
  entities(
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Pick<ComparableEntity, 'name' | 'country'>>>
}

export async function matchBatchWith(text: string, reader: CandidateReader): Promise<ResultBatch> {
  const members = Object.entries(parseJson(text, 'queries', QueryBatch))
  if (members.length > batchMax)
    throw new Problem(
      'batch-too-large',
      `A batch has at most ${batchMax} queries; this one has ${members.length}.`,
    )
  const read = members.flatMap(([key, member]) => {
    const query = readQuery(member)
    return query ? [[key, query] as const] : []
  })
  const batch = await resolveEntities(reader, read)
  const results = batch.length > 0 ? await matchQueries(reader, batch) : []
  const byKey = new Map(batch.map(([key], index) => [key, results[index] ?? []]))
  return Object.fromEntries(members.map(([key]) => [key, { result: byKey.get(key) ?? [] }]))
}

type QueryByKey = readonly [key: string, query: ReconcileQuery]

async function matchQueries(
  reader: CandidateReader,
  batch: readonly QueryByKey[],
): Promise<Candidate[][]> {
  const exactMatches = await reader.candidates(batch.map(([, query]) => buildLookup(query)))
  const results: Candidate[][] = []
  const scored = batch.map(() => new Map<string, ScoredCandidate>())
  for (const [index, [, query]] of batch.entries()) {
    const more = hasName(query) ? [] : await reader.byProperties(query)
    const entities = [...(exactMatches[index] ?? []), ...more]
    results.push(await rankCandidates(reader, query, entities, scored[index]))
  }
  const undecided = batch.flatMap(([, query], index) =>
    hasName(query) && !isDecided(query, results[index]?.[0]) ? [{ query, index }] : [],
  )
  const similar =
    undecided.length > 0
      ? await reader.similar(undecided.map(({ query }) => buildLookup(query)))
      : []
  for (const [number, { query, index }] of undecided.entries())
    results[index] = await rankCandidates(reader, query, similar[number] ?? [], scored[index])
  const ids = new Set(results.flat().map(({ id }) => id))
  const descriptions = ids.size > 0 ? await reader.descriptions([...ids]) : new Map()
  return results.map((result) =>
    result.map((one) => ({ ...one, description: descriptions.get(one.id) ?? '' })),
  )
}

/** What stands in a cell of which the value is not known. */
const unknownValue =
  /^\s*(?:n\/?a|n\.\s*a\.?|null|none|nil|nan|unknown|not available|not known|[-–—?.]*)\s*$/i
const isUnknown = (value: PropertyInput | null): boolean =>
  value === null || unknownValue.test(toText(value))

/**
 * A query without what this service does not know: types, properties, values that stand for "not known". Null when nothing
 * is left to look for, or when it is no query at all.
 */
function readQuery(member: unknown): ReconcileQuery | null {
  const { data } = ReconcileQuery.safeParse(member)
  if (data === undefined) return null
  const types = listRequestedTypes(data)
  const known = types.filter(isKnownType)
  const isTyped = data.type_strict === 'all' ? known.length === types.length : known.length > 0
  if (types.length > 0 && !isTyped && data.type_strict !== 'should') return null
  const properties = (data.properties ?? []).flatMap(({ pid, v = null }) => {
    const values = [v].flat().filter((value) => value !== null && !isUnknown(value))
    const isKnown = entityProperties.some(({ id }) => id === pid)
    return isKnown && values.length > 0 ? [{ pid, v: values }] : []
  })
  if (!hasName(data) && properties.length === 0) return null
  const { type: _type, properties: _properties, ...rest } = data
  return { ...rest, properties, ...(known.length > 0 && { type: known }) }
}

const hasEntities = (pid: string): boolean =>
  entityProperties.find(({ id }) => id === pid)?.valueKind !== undefined

/** Entities that stand where a text is compared, by id, become that text: Canada is the country `CA`. */
async function resolveEntities(
  reader: CandidateReader,
  batch: readonly QueryByKey[],
): Promise<QueryByKey[]> {
  const isReference = (pid: string, value: PropertyInput | null) =>
    typeof value === 'object' && value !== null && !hasEntities(pid)
  const ids = batch.flatMap(([, { properties = [] }]) =>
    properties.flatMap(({ pid, v = null }) =>
      [v].flat().flatMap((value) => (isReference(pid, value) ? [toText(value)] : [])),
    ),
  )
  if (ids.length === 0) return [...batch]
  const entities = await reader.entities([...new Set(ids)])
  return batch.map(([key, query]) => {
    const properties = (query.properties ?? []).map(({ pid, v = null }) => ({
      pid,
      v: [v].flat().map((value) => {
        const entity = isReference(pid, value) ? entities.get(toText(value)) : undefined
        if (entity === undefined) return value
        return pid === 'country' ? (entity.country ?? entity.name) : entity.name
      }),
    }))
    return [key, { ...query, properties }] as const
  })
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

/** Whether the best candidate is so far ahead of any with a misspelt name that none of these could come between. */
const isDecided = (query: ReconcileQuery, best: Candidate | undefined): boolean =>
  best !== undefined && best.score - likestMisspelt(query.query?.trim() ?? '') >= matchLead

/** Figures are found when they are asked for: their titles name states and goods. */
const allKinds = ['actor', 'permit', 'measure', 'good']

function buildLookup(query: ReconcileQuery): CandidateLookup {
  const requestedKinds =
    query.type_strict === 'should' ? [] : listRequestedTypes(query).map(toMatchKind)
  const text = query.query?.trim() ?? ''
  const kinds = requestedKinds.length > 0 ? requestedKinds : allKinds
  return { keys: keysOf(text), text, kinds }
}

/** Candidates for a query of properties alone: by their values as names and numbers, and by the parties they name. */
async function findByProperties(db: Db, query: ReconcileQuery): Promise<ComparableEntity[]> {
  const { kinds } = buildLookup(query)
  const values = (query.properties ?? []).flatMap(({ pid, v }) =>
    [v ?? []].flat().map((value) => ({ pid, text: toText(value) })),
  )
  const lookups = values.map(({ pid, text }) => ({
    keys: keysOf(text),
    text,
    kinds: hasEntities(pid) ? ['actor', 'good'] : kinds,
  }))
  const nameMatches = await findCandidates(db, lookups)
  const similar = await findSimilarEntities(db, lookups)
  const found = nameMatches.map((entities, index) => [...entities, ...(similar[index] ?? [])])
  const parties = values.flatMap(({ pid, text }, index) =>
    hasEntities(pid)
      ? (found[index] ?? []).filter((entity) => hasSimilarName(entity, text)).map(({ id }) => id)
      : [],
  )
  const direct = values.flatMap(({ pid }, index) => (hasEntities(pid) ? [] : (found[index] ?? [])))
  return parties.length > 0
    ? [...direct, ...(await findRelatedEntities(db, parties, kinds))]
    : direct
}

type PropertyInput = string | number | boolean | { id: string }
const toText = (value: PropertyInput | null): string =>
  typeof value === 'object' ? (value?.id ?? '') : String(value)

const hasSimilarName = (entity: ComparableEntity, text: string): boolean =>
  entity.id === text ||
  entity.slug === text ||
  entity.names.some(
    ({ name }) => compareNames(text, name, nameKindOf(entity)).score >= matchThreshold,
  )

const nameKindOf = ({ kind, actorType }: ComparableEntity): NameKind => {
  if (kind === 'good') return 'good'
  return actorType === 'person' || actorType === 'state' ? actorType : 'organisation'
}

/** The features of which the score of a candidate consists. */
type ScoredCandidate = {
  entity: ComparableEntity
  nameMatch: ReturnType<typeof scoreName> | null
  agreements: { pid: string; value: number }[]
  hasRequestedType: boolean
  score: number
}

/** The best of these and of those that were scored before; adds these to them. */
async function rankCandidates(
  reader: CandidateReader,
  query: ReconcileQuery,
  entities: readonly ComparableEntity[],
  scoredById = new Map<string, ScoredCandidate>(),
): Promise<Candidate[]> {
  const added = new Map(entities.map((entity) => [entity.id, entity]))
  const distinct = [...added.values()].filter(({ id }) => !scoredById.has(id))
  const requested = query.properties ?? []
  const pids = [...new Set(requested.map(({ pid }) => pid))]
  const values =
    pids.length > 0 && distinct.length > 0
      ? await reader.values(
          distinct.map(({ id }) => id),
          pids,
        )
      : new Map<string, Record<string, EntityValue[]>>()
  for (const entity of distinct)
    if (query.type_strict === 'should' || matchesTypes(entity, query))
      scoredById.set(entity.id, scoreCandidate(entity, query, values.get(entity.id) ?? {}))
  const scored = [...scoredById.values()]
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

/** With `all`, the entity must have all requested types, otherwise one of them. */
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
    const scores = [v ?? []].flat().map((one) => scoreAgreement(pid, own, one))
    return [{ pid, value: Math.max(0, ...scores) }]
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
        ...named.reasons.map((reason) => ({ id: `reason:${reason}`, value: true })),
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
  let best: Verdict = verdict(0)
  let isOther = false
  for (const one of entity.names) {
    if (one.what !== 'name' && one.what !== 'alias') continue
    const compared = compareNames(query, one.name, nameKindOf(entity))
    if (compared.score <= best.score) continue
    best = compared
    isOther = one.what === 'alias'
  }
  if (entity.actorType === 'state' && entity.country && stateOf(query) === entity.country)
    best = verdict(100, ['same-state'])
  return {
    name: best.score,
    isOther,
    isCode,
    reasons: best.reasons,
    score: isCode ? 100 : best.score,
  }
}

/** How well the values of the entity agree with those of the query, 0 to 1. */
function scoreAgreement(
  pid: string,
  values: readonly EntityValue[],
  requested: PropertyInput | null,
): number {
  const text = toText(requested)
  const scores = values.map((value) => {
    if ('text' in value) {
      if (pid === 'country') return (stateOf(text) ?? text.toUpperCase()) === value.text ? 1 : 0
      if (pid === 'name' || pid === 'aliases') return compareNames(text, value.text).score / 100
      return isSameCode(text, value.text) ? 1 : 0
    }
    if (value.id === text || value.slug === text) return 1
    const country = stateOf(text)
    return Math.max(
      ...value.names.map((name) => compareNames(text, name).score / 100),
      country !== null && value.names.some((name) => stateOf(name) === country) ? 1 : 0,
    )
  })
  return Math.max(0, ...scores)
}
