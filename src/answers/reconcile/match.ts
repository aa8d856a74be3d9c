import type { Db } from '../../database/database.ts'
import { type BadValue, Problem } from '../../problem.ts'
import {
  alikeOf,
  type Compared,
  candidatesOf,
  descriptionsOf,
  type Lookup,
  relatedTo,
  type Value,
  valuesOf,
} from './queries.ts'
import {
  compareNames,
  coreOf,
  countryOf,
  likestMisspelt,
  lookupOf,
  matchLead,
  matchThreshold,
  sameCode,
} from './rules.ts'
import { type Candidate, QueryBatch, type ReconcileQuery, type ResultBatch } from './schema.ts'
import { isType, kindOf, properties, typesOf } from './vocabulary.ts'

export const batchMax = 50
const limitStandard = 5
const limitMax = 50

/**
 * Candidates for each query of a batch.
 *
 * @throws {Problem} invalid-request, batch-too-large
 */
export const match = (db: Db, text: string): Promise<ResultBatch> =>
  matchOf(text, {
    candidates: (lookups) => candidatesOf(db, lookups),
    alike: (lookups) => alikeOf(db, lookups),
    withoutName: (query) => byValues(db, query),
    values: (ids, pids) => valuesOf(db, ids, pids),
    descriptions: (ids) => descriptionsOf(db, ids),
  })

type Reads = {
  candidates(lookups: readonly Lookup[]): Promise<Compared[][]>
  /** Those whose name is spelt a little otherwise. */
  alike(lookups: readonly Lookup[]): Promise<Compared[][]>
  withoutName(query: ReconcileQuery): Promise<Compared[]>
  values(
    ids: readonly string[],
    pids: readonly string[],
  ): Promise<Map<string, Record<string, Value[]>>>
  descriptions(ids: readonly string[]): Promise<Map<string, string | null>>
}

/** As `match`, wherever candidates and values come from. */
export async function matchOf(text: string, reads: Reads): Promise<ResultBatch> {
  const batch = Object.entries(readJson(text, 'queries', QueryBatch))
  if (batch.length > batchMax)
    throw new Problem(
      'batch-too-large',
      `A batch has at most ${batchMax} queries; this one has ${batch.length}.`,
    )
  refuseUnknown(batch)
  const found = await reads.candidates(batch.map(([, query]) => lookup(query)))
  const results: Candidate[][] = []
  for (const [index, [, query]] of batch.entries()) {
    const more = hasName(query) ? [] : await reads.withoutName(query)
    results.push(await ranked(reads, query, [...(found[index] ?? []), ...more]))
  }
  const open = batch.flatMap(([, query], index) =>
    hasName(query) && !isSettled(query, results[index]?.[0]) ? [{ query, index }] : [],
  )
  const alike = open.length > 0 ? await reads.alike(open.map(({ query }) => lookup(query))) : []
  for (const [number, { query, index }] of open.entries())
    results[index] = await ranked(reads, query, [...(found[index] ?? []), ...(alike[number] ?? [])])
  const ids = new Set(results.flat().map(({ id }) => id))
  const descriptions = ids.size > 0 ? await reads.descriptions([...ids]) : new Map()
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
export function readJson<T>(
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
    throw bad([{ pointer: `/${name}`, detail: 'not JSON' }], error)
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw bad(
    result.error.issues.slice(0, 20).map(({ path, message }) => ({
      pointer: [`/${name}`, ...path.map(String)].join('/').toWellFormed(),
      detail: message.toWellFormed(),
    })),
  )
}

export const bad = (errors: BadValue[], cause?: unknown): Problem =>
  new Problem(
    'invalid-request',
    errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '),
    { errors, cause },
  )

const typesAsked = ({ type }: ReconcileQuery): string[] => (type === undefined ? [] : [type].flat())
const hasName = ({ query }: ReconcileQuery): boolean => (query?.trim() ?? '') !== ''

function refuseUnknown(batch: readonly (readonly [string, ReconcileQuery])[]): void {
  const errors = batch.flatMap(([key, query]): BadValue[] => [
    ...typesAsked(query)
      .filter((type) => !isType(type))
      .map((type) => ({ pointer: `/queries/${key}/type`, detail: `there is no type "${type}"` })),
    ...(query.properties ?? [])
      .filter(({ pid }) => !properties.some(({ id }) => id === pid))
      .map(({ pid }) => ({
        pointer: `/queries/${key}/properties`,
        detail: `there is no property "${pid}"`,
      })),
  ])
  if (errors.length > 0) throw bad(errors.slice(0, 20))
}

/** Whether the best candidate is so far ahead of any with a misspelt name that none of these could come between. */
const isSettled = (query: ReconcileQuery, best: Candidate | undefined): boolean =>
  best !== undefined && best.score - likestMisspelt(query.query?.trim() ?? '') >= matchLead

const everyKind = ['actor', 'permit', 'measure', 'good']

function lookup(query: ReconcileQuery): Lookup {
  const asked = query.type_strict === 'should' ? [] : typesAsked(query).map(kindOf)
  const whole = query.query?.trim() ?? ''
  return { ...lookupOfText(whole), kinds: asked.length > 0 ? asked : everyKind }
}

const lookupOfText = (whole: string): Omit<Lookup, 'kinds'> => ({
  ...{ words: lookupOf(whole), core: coreOf(whole), whole, country: countryOf(whole) },
})

/** Candidates for a query of properties alone: by their values as names and numbers, and by the parties they name. */
async function byValues(db: Db, query: ReconcileQuery): Promise<Compared[]> {
  const { kinds } = lookup(query)
  const values = (query.properties ?? []).flatMap(({ pid, v }) =>
    [v].flat().map((value) => ({ pid, text: textOf(value) })),
  )
  const refers = (pid: string) => properties.find(({ id }) => id === pid)?.values !== undefined
  const lookups = values.map(({ pid, text }) => ({
    ...lookupOfText(text),
    kinds: refers(pid) ? ['actor', 'good'] : kinds,
  }))
  const named = await candidatesOf(db, lookups)
  const alike = await alikeOf(db, lookups)
  const found = named.map((entities, index) => [...entities, ...(alike[index] ?? [])])
  const parties = values.flatMap(({ pid, text }, index) =>
    refers(pid)
      ? (found[index] ?? []).filter((entity) => isNamed(entity, text)).map(({ id }) => id)
      : [],
  )
  const direct = values.flatMap(({ pid }, index) => (refers(pid) ? [] : (found[index] ?? [])))
  return parties.length > 0 ? [...direct, ...(await relatedTo(db, parties, kinds))] : direct
}

type PropertyInput = string | number | boolean | { id: string }
const textOf = (value: PropertyInput): string =>
  typeof value === 'object' ? value.id : String(value)

const isNamed = (entity: Compared, text: string): boolean =>
  entity.id === text ||
  entity.slug === text ||
  entity.names.some(({ name }) => compareNames(text, name) >= matchThreshold)

/** What a candidate's score comes of. */
type Scored = {
  entity: Compared
  named: ReturnType<typeof nameScore> | null
  agreements: { pid: string; value: number }[]
  isTyped: boolean
  score: number
}

async function ranked(
  reads: Reads,
  query: ReconcileQuery,
  entities: Compared[],
): Promise<Candidate[]> {
  const distinct = [...new Map(entities.map((entity) => [entity.id, entity])).values()]
  const asked = query.properties ?? []
  const pids = [...new Set(asked.map(({ pid }) => pid))]
  const values =
    pids.length > 0 && distinct.length > 0
      ? await reads.values(
          distinct.map(({ id }) => id),
          pids,
        )
      : new Map<string, Record<string, Value[]>>()
  const scored = distinct
    .filter((entity) => query.type_strict === 'should' || fitsTypes(entity, query))
    .map((entity) => scoreOf(entity, query, values.get(entity.id) ?? {}))
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
    .slice(0, Math.min(query.limit ?? limitStandard, limitMax))
    .map((candidate, index) => {
      const lead = rounded(candidate.score - (scored[index + 1]?.score ?? 0))
      const isSure = candidate.score >= matchThreshold && lead >= matchLead
      return {
        ...{ id: candidate.entity.id, name: candidate.entity.name, description: '' },
        ...{ type: typesOf(candidate.entity.kind, candidate.entity.actorType) },
        ...{ score: candidate.score, match: index === 0 && candidate.isTyped && isSure },
        features: [...featuresOf(candidate, query), { id: 'lead', value: lead }],
      }
    })
}

/** With `all` every type that was asked for, otherwise any. */
function fitsTypes(entity: Compared, query: ReconcileQuery): boolean {
  const wanted = typesAsked(query)
  if (wanted.length === 0) return true
  const own = typesOf(entity.kind, entity.actorType).map(({ id }) => id)
  return query.type_strict === 'all'
    ? wanted.every((type) => own.includes(type))
    : wanted.some((type) => own.includes(type))
}

const otherTypeCosts = 0.25
const disagreementCosts = 0.5

function scoreOf(entity: Compared, query: ReconcileQuery, values: Record<string, Value[]>): Scored {
  const named = hasName(query) ? nameScore(entity, query.query?.trim() ?? '') : null
  const agreements = (query.properties ?? []).flatMap(({ pid, v }) => {
    const own = values[pid] ?? []
    if (own.length === 0) return []
    return [{ pid, value: Math.max(...[v].flat().map((one) => agreement(pid, own, one))) }]
  })
  const mean = agreements.reduce((sum, { value }) => sum + value, 0) / agreements.length
  const agreed = agreements.length === 0 ? 1 : 1 - disagreementCosts * (1 - mean)
  const isTyped = fitsTypes(entity, query)
  const base = named?.score ?? (agreements.length === 0 ? 0 : 100 * mean)
  const score = base * (named ? agreed : 1) * (isTyped ? 1 : 1 - otherTypeCosts)
  return { entity, named, agreements, isTyped, score: rounded(score) }
}

const featuresOf = ({ named, agreements, isTyped }: Scored, query: ReconcileQuery) => [
  ...(named
    ? [
        { id: 'name', value: named.name },
        { id: 'other_name', value: named.isOther },
        { id: 'code', value: named.isCode },
      ]
    : []),
  ...(query.type_strict === 'should' ? [{ id: 'type', value: isTyped }] : []),
  ...agreements.map(({ pid, value }) => ({ id: `property:${pid}`, value: rounded(value) })),
]

const rounded = (value: number): number => Math.round(value * 100) / 100

function nameScore(entity: Compared, query: string) {
  const isCode =
    query.toLowerCase() === entity.id ||
    query.toLowerCase() === entity.slug ||
    entity.names.some(
      ({ what, name }) => (what === 'number' || what === 'identifier') && sameCode(name, query),
    )
  let name = 0
  let isOther = false
  for (const one of entity.names) {
    if (one.what !== 'name' && one.what !== 'alias') continue
    const alike = compareNames(query, one.name)
    if (alike <= name) continue
    name = alike
    isOther = one.what === 'alias'
  }
  if (entity.actorType === 'state' && entity.country && countryOf(query) === entity.country)
    name = 100
  return { name, isOther, isCode, score: isCode ? 100 : name }
}

/** How well what the entity says agrees with what was asked, 0 to 1. */
function agreement(pid: string, own: readonly Value[], asked: PropertyInput): number {
  const text = textOf(asked)
  const all = own.map((value) => {
    if ('text' in value) {
      if (pid === 'country') return (countryOf(text) ?? text.toUpperCase()) === value.text ? 1 : 0
      if (pid === 'name' || pid === 'aliases') return compareNames(text, value.text) / 100
      return sameCode(text, value.text) ? 1 : 0
    }
    if (value.id === text || value.slug === text) return 1
    const country = countryOf(text)
    return Math.max(
      ...value.names.map((name) => compareNames(text, name) / 100),
      country !== null && value.names.some((name) => countryOf(name) === country) ? 1 : 0,
    )
  })
  return Math.max(0, ...all)
}
