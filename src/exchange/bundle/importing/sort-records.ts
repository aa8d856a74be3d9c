import type { Tx } from '../../../database/transaction.ts'
import { canonical } from '../../../ledger/canonical.ts'
import type { Kind } from '../../../records/model/schema.ts'
import { lineOf, refersTo, weightOf } from '../lines.ts'
import { readerOf, storedRecords } from '../queries.ts'
import type { Bundle } from '../reading/read-bundle.ts'
import type { BundledRecord } from '../schema.ts'
import { groupsOf } from './groups.ts'
import { takenInRegisters, takenKeys, takenSlugs } from './queries.ts'

/** What could not be taken over, and why; what is here was left as it is. */
export type Conflict = { kind: string; id: string; slug: string; why: string }

/** What becomes of the records of a bundle, by id. */
export type Sorted = {
  /** Added. */
  fresh: ReadonlyMap<string, { kind: Kind; state: BundledRecord['state'] }>
  /** Here already and the same, but for citations that they have in the bundle only. */
  joining: ReadonlyMap<string, { kind: Kind }>
  /** How many are here and the same. */
  same: number
  /** Of those that are here: of which register they are, where only the bundle says so. */
  registered: ReadonlyMap<string, NonNullable<BundledRecord['register']>>
  conflicts: Conflict[]
}

/** Of a record until it is clear what becomes of it: little, for all of them are in memory. */
type Wanted = { kind: Kind; slug: string; state: BundledRecord['state']; refs: readonly string[] }

/** Sorts the records of a bundle by what is here. */
export async function sortRecords(tx: Tx, bundle: Bundle): Promise<Sorted> {
  const here = new Set<string>()
  const conflicts: Conflict[] = []
  const fresh = new Map<string, Wanted>()
  const joining = new Map<string, Wanted>()
  const registered = new Map<string, NonNullable<BundledRecord['register']>>()
  let same = 0
  const shared = interning()
  const wantedOf = (record: BundledRecord, of: Pick<BundledRecord, 'record' | 'citations'>) => ({
    ...{ kind: record.kind, slug: record.record.slug, state: record.state },
    refs: refersTo({ ...record, ...of }).map(shared),
  })
  for await (const group of groupsOf(bundle.records(), weightOf)) {
    const ids = group.map(({ id }) => id)
    const stored = await storedRecords(tx.$kysely, readerOf(tx.$kysely), ids)
    const known = new Map(stored.map((one) => [one.id, lineOf(one)]))
    const isFree = await freedom(
      tx,
      group.filter(({ id }) => !known.has(id)),
    )
    const takenKeyOf = await registerKeys(
      tx,
      group.filter(({ id }) => known.get(id)?.register === undefined),
    )
    for (const record of group) {
      const ours = known.get(record.id)
      const why =
        (ours === undefined ? isFree(record) : differs(record, ours)) ?? takenKeyOf(record)
      if (ours !== undefined) here.add(shared(record.id))
      if (why !== undefined) {
        conflicts.push(conflictOf(record.id, wantedOf(record, record), why))
        continue
      }
      if (ours === undefined) {
        fresh.set(shared(record.id), wantedOf(record, record))
        continue
      }
      if (record.register && !ours.register) registered.set(shared(record.id), record.register)
      const more = newCitations(record, ours)
      if (more.length === 0) same += 1
      else {
        const nothing = { slug: record.record.slug }
        joining.set(shared(record.id), wantedOf(record, { record: nothing, citations: more }))
      }
    }
  }
  const isThere = (id: string) => here.has(id) || fresh.has(id)
  const refuse = (from: Map<string, Wanted>): number => {
    const before = from.size
    for (const [id, wanted] of from) {
      const missing = wanted.refs.find((ref) => !isThere(ref))
      if (missing === undefined) continue
      from.delete(id)
      conflicts.push(conflictOf(id, wanted, `it refers to ${missing}, which was not taken over`))
    }
    return before - from.size
  }
  while (refuse(fresh) > 0);
  refuse(joining)
  return { fresh, joining, same, registered, conflicts }
}

const conflictOf = (id: string, { kind, slug }: Pick<Wanted, 'kind' | 'slug'>, why: string) => ({
  ...{ kind, id, slug, why },
})

/** The citations that a record has in the bundle and not here. */
export function newCitations(theirs: BundledRecord, ours: BundledRecord) {
  const ids = new Set(ours.citations.map(({ id }) => id))
  return theirs.citations.filter(({ id }) => !ids.has(id))
}

/** Whether it says something else here, beyond citations and a register that it lacks. */
function differs(theirs: BundledRecord, ours: BundledRecord): string | undefined {
  const { citations: given, register, ...own } = theirs
  const { citations: kept, register: registerHere, ...ownHere } = ours
  const ids = new Set(kept.map(({ id }) => id))
  const common = given.filter(({ id }) => ids.has(id))
  const inCommon = new Set(common.map(({ id }) => id))
  const isSame =
    canonical(own) === canonical(ownHere) &&
    (!register || !registerHere || canonical(register) === canonical(registerHere)) &&
    canonical(common) === canonical(kept.filter(({ id }) => inCommon.has(id)))
  return isSame ? undefined : 'it says something else here'
}

/** Tells why one of these new records cannot be added: others have its slug, its number, its bytes or the like. */
async function freedom(tx: Tx, records: readonly BundledRecord[]) {
  const slugs = await takenSlugs(
    tx,
    records.map(({ kind, record: { slug } }) => ({ kind, slug })),
  )
  const taken = new Map(slugs.map(({ kind, slug, id }) => [`${kind}/${slug}`, id]))
  const keys = await takenKeys(tx, keysOf(records))
  return (one: BundledRecord): string | undefined => {
    const other = taken.get(`${one.kind}/${one.record.slug}`)
    if (other !== undefined) return `its slug is that of another ${one.kind} here (${other})`
    const key = keyNames(one).find((name) => keys.has(name))
    return key && `another record here has its ${key.replace(' ', ' "')}"`
  }
}

/** Tells why one of these records cannot be of the register that the bundle says: another permit here has its key. */
async function registerKeys(tx: Tx, records: readonly BundledRecord[]) {
  const keys = records.flatMap(({ id, register }) => (register?.key ? [{ id, ...register }] : []))
  const taken = await takenInRegisters(tx, keys)
  return ({ register }: BundledRecord): string | undefined =>
    register && taken.has(`${register.name} ${register.key}`)
      ? `another permit here has its key in the register ${register.name}`
      : undefined
}

type Keyed = {
  identifiers?: { scheme: string; value: string }[]
  issuer?: string
  number?: string | null
  case?: string
  sourceSha256?: string
}

const keysOf = (records: readonly BundledRecord[]) => {
  const given = records.map(({ record }) => record as Keyed)
  return {
    identifiers: given.flatMap(({ identifiers = [] }) => identifiers),
    numbers: given.flatMap(({ issuer, number }) => (issuer && number ? [{ issuer, number }] : [])),
    sources: given.flatMap(({ case: caseId, sourceSha256: sha256 }) =>
      caseId && sha256 ? [{ caseId, sha256 }] : [],
    ),
    citations: records.flatMap(({ citations }) => citations.map(({ id }) => id)),
  }
}

/** As `takenKeys` names them. */
function keyNames(one: BundledRecord): string[] {
  const { identifiers, numbers, sources, citations } = keysOf([one])
  return [
    ...identifiers.map(({ scheme, value }) => `identifier ${scheme} ${value}`),
    ...numbers.map(({ issuer, number }) => `number ${issuer} ${number}`),
    ...sources.map(({ caseId, sha256 }) => `source ${caseId} ${sha256}`),
    ...citations.map((id) => `citation ${id}`),
  ]
}

/** Gives each text once: an id that a million records refer to is one in memory. */
function interning() {
  const texts = new Map<string, string>()
  return (text: string): string => {
    const known = texts.get(text)
    if (known === undefined) texts.set(text, text)
    return known ?? text
  }
}
