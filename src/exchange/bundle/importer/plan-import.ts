import type { Tx } from '../../../database/transaction.ts'
import { formatCanonicalJson } from '../../../ledger/canonical-json.ts'
import type { Kind } from '../../../records/model/schema.ts'
import { createReader, loadStoredRecords } from '../queries.ts'
import type { Bundle } from '../reader/read-bundle.ts'
import { collectReferencedIds, estimateWeight, toBundledRecord } from '../record-lines.ts'
import type { BundledRecord } from '../schema.ts'
import { batchByWeight } from './batches.ts'
import { findTakenKeys, findTakenRegisterKeys, findTakenSlugs } from './queries.ts'

/** What could not be taken over, and why; what is here was left as it is. */
export type ImportConflict = { kind: string; id: string; slug: string; why: string }

/** What becomes of the records of a bundle, by id. */
export type ImportPlan = {
  /** Added. */
  newRecords: ReadonlyMap<string, { kind: Kind; state: BundledRecord['state'] }>
  /** Here already and the same, but for citations that they have in the bundle only. */
  withNewCitations: ReadonlyMap<string, { kind: Kind }>
  /** How many are here and the same. */
  unchangedCount: number
  /** Of those that are here: of which register they are, where only the bundle says so. */
  registerUpdates: ReadonlyMap<string, NonNullable<BundledRecord['register']>>
  conflicts: ImportConflict[]
}

/** Of a record until it is clear what becomes of it: little, for all of them are in memory. */
type PendingRecord = {
  kind: Kind
  slug: string
  state: BundledRecord['state']
  referencedIds: readonly string[]
}

/** Sorts the records of a bundle by what is here. */
export async function planImport(tx: Tx, bundle: Bundle): Promise<ImportPlan> {
  const storedIds = new Set<string>()
  const conflicts: ImportConflict[] = []
  const newRecords = new Map<string, PendingRecord>()
  const withNewCitations = new Map<string, PendingRecord>()
  const registerUpdates = new Map<string, NonNullable<BundledRecord['register']>>()
  let unchangedCount = 0
  const intern = createStringInterner()
  const toPendingRecord = (
    record: BundledRecord,
    of: Pick<BundledRecord, 'record' | 'citations'>,
  ) => ({
    kind: record.kind,
    slug: record.record.slug,
    state: record.state,
    referencedIds: collectReferencedIds({ ...record, ...of }).map(intern),
  })
  for await (const batch of batchByWeight(bundle.readRecords(), estimateWeight)) {
    const ids = batch.map(({ id }) => id)
    const stored = await loadStoredRecords(tx.db, createReader(tx.db), ids)
    const storedById = new Map(stored.map((one) => [one.id, toBundledRecord(one)]))
    const findTakenKey = await createTakenKeyCheck(
      tx,
      batch.filter(({ id }) => !storedById.has(id)),
    )
    const findTakenRegisterKey = await createRegisterKeyCheck(
      tx,
      batch.filter(({ id }) => storedById.get(id)?.register === undefined),
    )
    for (const record of batch) {
      const ours = storedById.get(record.id)
      const why =
        (ours === undefined ? findTakenKey(record) : describeDifference(record, ours)) ??
        findTakenRegisterKey(record)
      if (ours !== undefined) storedIds.add(intern(record.id))
      if (why !== undefined) {
        conflicts.push(buildConflict(record.id, toPendingRecord(record, record), why))
        continue
      }
      if (ours === undefined) {
        newRecords.set(intern(record.id), toPendingRecord(record, record))
        continue
      }
      if (record.register && !ours.register) registerUpdates.set(intern(record.id), record.register)
      const addedCitations = findNewCitations(record, ours)
      if (addedCitations.length === 0) unchangedCount += 1
      else {
        const emptyRecord = { slug: record.record.slug }
        withNewCitations.set(
          intern(record.id),
          toPendingRecord(record, { record: emptyRecord, citations: addedCitations }),
        )
      }
    }
  }
  const isAvailable = (id: string) => storedIds.has(id) || newRecords.has(id)
  const rejectUnresolved = (candidates: Map<string, PendingRecord>): number => {
    const before = candidates.size
    for (const [id, wanted] of candidates) {
      const missing = wanted.referencedIds.find((ref) => !isAvailable(ref))
      if (missing === undefined) continue
      candidates.delete(id)
      conflicts.push(buildConflict(id, wanted, `it refers to ${missing}, which was not taken over`))
    }
    return before - candidates.size
  }
  while (rejectUnresolved(newRecords) > 0);
  rejectUnresolved(withNewCitations)
  return { newRecords, withNewCitations, unchangedCount, registerUpdates, conflicts }
}

const buildConflict = (
  id: string,
  { kind, slug }: Pick<PendingRecord, 'kind' | 'slug'>,
  why: string,
) => ({
  kind,
  id,
  slug,
  why,
})

/** The citations that a record has in the bundle and not here. */
export function findNewCitations(theirs: BundledRecord, ours: BundledRecord) {
  const ids = new Set(ours.citations.map(({ id }) => id))
  return theirs.citations.filter(({ id }) => !ids.has(id))
}

/** Whether it says something else here, beyond citations and a register that it lacks. */
function describeDifference(theirs: BundledRecord, ours: BundledRecord): string | undefined {
  const { citations: theirCitations, register, ...theirFields } = theirs
  const { citations: ourCitations, register: ourRegister, ...ourFields } = ours
  const ids = new Set(ourCitations.map(({ id }) => id))
  const common = theirCitations.filter(({ id }) => ids.has(id))
  const inCommon = new Set(common.map(({ id }) => id))
  const isSame =
    formatCanonicalJson(theirFields) === formatCanonicalJson(ourFields) &&
    (!register ||
      !ourRegister ||
      formatCanonicalJson(register) === formatCanonicalJson(ourRegister)) &&
    formatCanonicalJson(common) ===
      formatCanonicalJson(ourCitations.filter(({ id }) => inCommon.has(id)))
  return isSame ? undefined : 'it says something else here'
}

/** Tells why one of these new records cannot be added: others have its slug, its number, its bytes or the like. */
async function createTakenKeyCheck(tx: Tx, records: readonly BundledRecord[]) {
  const slugs = await findTakenSlugs(
    tx,
    records.map(({ kind, record: { slug } }) => ({ kind, slug })),
  )
  const idBySlug = new Map(slugs.map(({ kind, slug, id }) => [`${kind}/${slug}`, id]))
  const keys = await findTakenKeys(tx, collectKeys(records))
  return (one: BundledRecord): string | undefined => {
    const other = idBySlug.get(`${one.kind}/${one.record.slug}`)
    if (other !== undefined) return `its slug is that of another ${one.kind} here (${other})`
    const key = formatKeys(one).find((name) => keys.has(name))
    return key && `another record here has its ${key.replace(' ', ' "')}"`
  }
}

/** Tells why one of these records cannot be of the register that the bundle says: another permit here has its key. */
async function createRegisterKeyCheck(tx: Tx, records: readonly BundledRecord[]) {
  const keys = records.flatMap(({ id, register }) => (register?.key ? [{ id, ...register }] : []))
  const taken = await findTakenRegisterKeys(tx, keys)
  return ({ register }: BundledRecord): string | undefined =>
    register && taken.has(`${register.name} ${register.key}`)
      ? `another permit here has its key in the register ${register.name}`
      : undefined
}

type UniqueKeyFields = {
  identifiers?: { scheme: string; value: string }[]
  issuer?: string
  number?: string | null
  case?: string
  sourceSha256?: string
}

const collectKeys = (records: readonly BundledRecord[]) => {
  const keyFields = records.map(({ record }) => record as UniqueKeyFields)
  return {
    identifiers: keyFields.flatMap(({ identifiers = [] }) => identifiers),
    numbers: keyFields.flatMap(({ issuer, number }) =>
      issuer && number ? [{ issuer, number }] : [],
    ),
    sources: keyFields.flatMap(({ case: caseId, sourceSha256: sha256 }) =>
      caseId && sha256 ? [{ caseId, sha256 }] : [],
    ),
    citations: records.flatMap(({ citations }) => citations.map(({ id }) => id)),
  }
}

/** As `takenKeys` names them. */
function formatKeys(one: BundledRecord): string[] {
  const { identifiers, numbers, sources, citations } = collectKeys([one])
  return [
    ...identifiers.map(({ scheme, value }) => `identifier ${scheme} ${value}`),
    ...numbers.map(({ issuer, number }) => `number ${issuer} ${number}`),
    ...sources.map(({ caseId, sha256 }) => `source ${caseId} ${sha256}`),
    ...citations.map((id) => `citation ${id}`),
  ]
}

/** Gives each text once: an id that a million records refer to is one in memory. */
function createStringInterner() {
  const texts = new Map<string, string>()
  return (text: string): string => {
    const known = texts.get(text)
    if (known === undefined) texts.set(text, text)
    return known ?? text
  }
}
