import type { Tx } from '../../../database/transaction.ts'
import { formatCanonicalJson } from '../../../ledger/canonical-json.ts'
import type { ActorInput } from '../../../records/kinds/actors/schema.ts'
import type { Kind } from '../../../records/model/schema.ts'
import { createSameStateFinder } from '../../../records/write/distinct-states.ts'
import { createReader, loadStoredRecords } from '../queries.ts'
import type { Bundle } from '../reader/read-bundle.ts'
import { collectReferencedIds, estimateWeight, toBundledRecord } from '../record-lines.ts'
import type { BundledRecord } from '../schema.ts'
import { batchByWeight } from './batches.ts'
import { findTakenKeys, findTakenRegisterKeys, findTakenSlugs } from './queries.ts'

/** A record or place that cannot be imported. */
export type ImportConflict = { kind: string; id: string; slug: string; why: string }

/** What to do with the records of a bundle. Maps are by record id. */
export type ImportPlan = {
  newRecords: ReadonlyMap<string, { kind: Kind; state: BundledRecord['state'] }>
  /** Existing records with the same content, that have more citations in the bundle. */
  withNewCitations: ReadonlyMap<string, { kind: Kind }>
  /** Number of existing records with the same content and citations. */
  unchangedCount: number
  /** Existing records whose register only the bundle knows. */
  registerUpdates: ReadonlyMap<string, NonNullable<BundledRecord['register']>>
  conflicts: ImportConflict[]
}

/** Kept small: all new records of a bundle are in memory. */
type PendingRecord = {
  kind: Kind
  slug: string
  state: BundledRecord['state']
  referencedIds: readonly string[]
}

/** The plan while it is being made. */
type Draft = {
  existingIds: Set<string>
  newRecords: Map<string, PendingRecord>
  withNewCitations: Map<string, PendingRecord>
  unchangedCount: number
  registerUpdates: Map<string, NonNullable<BundledRecord['register']>>
  conflicts: ImportConflict[]
  intern: (text: string) => string
}

/** Compares the records of a bundle with the existing ones. */
export async function planImport(tx: Tx, bundle: Bundle): Promise<ImportPlan> {
  const draft: Draft = {
    existingIds: new Set(),
    newRecords: new Map(),
    withNewCitations: new Map(),
    unchangedCount: 0,
    registerUpdates: new Map(),
    conflicts: [],
    intern: createStringInterner(),
  }
  for await (const batch of batchByWeight(bundle.readRecords(), estimateWeight))
    await planBatch(tx, draft, batch)
  rejectUnresolved(draft)
  const { newRecords, withNewCitations, unchangedCount, registerUpdates, conflicts } = draft
  return { newRecords, withNewCitations, unchangedCount, registerUpdates, conflicts }
}

async function planBatch(tx: Tx, draft: Draft, batch: readonly BundledRecord[]): Promise<void> {
  const ids = batch.map(({ id }) => id)
  const stored = await loadStoredRecords(tx.db, createReader(tx.db), ids)
  const existingById = new Map(stored.map((record) => [record.id, toBundledRecord(record)]))
  const findTakenKey = await createTakenKeyCheck(
    tx,
    batch.filter(({ id }) => !existingById.has(id)),
  )
  const findTakenRegisterKey = await createRegisterKeyCheck(
    tx,
    batch.filter(({ id }) => existingById.get(id)?.register === undefined),
  )
  for (const record of batch) {
    const existing = existingById.get(record.id)
    if (existing) draft.existingIds.add(draft.intern(record.id))
    const why =
      (existing ? describeDifference(record, existing) : findTakenKey(record)) ??
      findTakenRegisterKey(record)
    if (why === undefined) planRecord(draft, record, existing)
    else draft.conflicts.push(buildConflict(record.id, record.kind, record.record.slug, why))
  }
}

function planRecord(
  draft: Draft,
  record: BundledRecord,
  existing: BundledRecord | undefined,
): void {
  const { intern, newRecords, withNewCitations, registerUpdates } = draft
  const { id, kind, state, register } = record
  const { slug } = record.record
  const listReferences = (content: BundledRecord) => collectReferencedIds(content).map(intern)
  if (existing === undefined) {
    newRecords.set(intern(id), { kind, slug, state, referencedIds: listReferences(record) })
    return
  }
  if (register && !existing.register) registerUpdates.set(intern(id), register)
  const citations = findNewCitations(record, existing)
  if (citations.length === 0) {
    draft.unchangedCount += 1
    return
  }
  const referencedIds = listReferences({ ...record, record: { slug }, citations })
  withNewCitations.set(intern(id), { kind, slug, state, referencedIds })
}

/** Turns records with references to records that are not imported into conflicts, again until none is left. */
function rejectUnresolved({ existingIds, newRecords, withNewCitations, conflicts }: Draft): void {
  const isAvailable = (id: string) => existingIds.has(id) || newRecords.has(id)
  const rejectFrom = (records: Map<string, PendingRecord>): number => {
    const sizeBefore = records.size
    for (const [id, { kind, slug, referencedIds }] of records) {
      const missingId = referencedIds.find((referencedId) => !isAvailable(referencedId))
      if (missingId === undefined) continue
      records.delete(id)
      const why = `it refers to ${missingId}, which was not imported`
      conflicts.push(buildConflict(id, kind, slug, why))
    }
    return sizeBefore - records.size
  }
  while (rejectFrom(newRecords) > 0);
  rejectFrom(withNewCitations)
}

const buildConflict = (id: string, kind: Kind, slug: string, why: string): ImportConflict => ({
  kind,
  id,
  slug,
  why,
})

/** The citations that a record has in the bundle only. */
export function findNewCitations(bundled: BundledRecord, existing: BundledRecord) {
  const ids = new Set(existing.citations.map(({ id }) => id))
  return bundled.citations.filter(({ id }) => !ids.has(id))
}

/** Undefined if the records are equal, apart from citations or a register that only one of them has. */
function describeDifference(bundled: BundledRecord, existing: BundledRecord): string | undefined {
  const { citations: bundledCitations, register: bundledRegister, ...bundledFields } = bundled
  const { citations: existingCitations, register: existingRegister, ...existingFields } = existing
  const bundledIds = new Set(bundledCitations.map(({ id }) => id))
  const existingIds = new Set(existingCitations.map(({ id }) => id))
  const isSame =
    isSameContent(bundledFields, existingFields) &&
    (!bundledRegister || !existingRegister || isSameContent(bundledRegister, existingRegister)) &&
    isSameContent(
      bundledCitations.filter(({ id }) => existingIds.has(id)),
      existingCitations.filter(({ id }) => bundledIds.has(id)),
    )
  return isSame ? undefined : 'the record here has other content'
}

const isSameContent = (a: unknown, b: unknown): boolean =>
  formatCanonicalJson(a) === formatCanonicalJson(b)

/**
 * Creates a function that returns the reason why a new record cannot be added: another record here has its slug, identifier,
 * permit number, source bytes or citation. Undefined: it can be added.
 */
async function createTakenKeyCheck(tx: Tx, records: readonly BundledRecord[]) {
  const slugs = await findTakenSlugs(
    tx,
    records.map(({ kind, record: { slug } }) => ({ kind, slug })),
  )
  const idBySlug = new Map(slugs.map(({ kind, slug, id }) => [`${kind}/${slug}`, id]))
  const keys = await findTakenKeys(tx, collectKeys(records))
  const findSameState = records.some(isLiveState) ? await createSameStateFinder(tx.db) : () => null
  return (record: BundledRecord): string | undefined => {
    const { kind } = record
    const otherId = idBySlug.get(`${kind}/${record.record.slug}`)
    if (otherId !== undefined) return `its slug is that of another ${kind} here (${otherId})`
    const state = isLiveState(record) ? findSameState(record.record) : null
    if (state !== null) return `the state is there already as ${state.href} (${state.id})`
    const key = formatKeys(record).find((formattedKey) => keys.has(formattedKey))
    return key && `another record here has its ${key.replace(' ', ' "')}"`
  }
}

type LiveState = BundledRecord & { record: ActorInput }

const isLiveState = (bundled: BundledRecord): bundled is LiveState =>
  bundled.kind === 'actor' && bundled.state === 'live' && bundled.record.type === 'state'

/** The same for the key of a permit in its register. */
async function createRegisterKeyCheck(tx: Tx, records: readonly BundledRecord[]) {
  const keys = records.flatMap(({ id, register }) => (register?.key ? [{ id, ...register }] : []))
  const takenKeys = await findTakenRegisterKeys(tx, keys)
  return ({ register }: BundledRecord): string | undefined =>
    register && takenKeys.has(`${register.name} ${register.key}`)
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

/** In the form of `findTakenKeys`. */
function formatKeys(record: BundledRecord): string[] {
  const { identifiers, numbers, sources, citations } = collectKeys([record])
  return [
    ...identifiers.map(({ scheme, value }) => `identifier ${scheme} ${value}`),
    ...numbers.map(({ issuer, number }) => `number ${issuer} ${number}`),
    ...sources.map(({ caseId, sha256 }) => `source ${caseId} ${sha256}`),
    ...citations.map((id) => `citation ${id}`),
  ]
}

/** Returns one string object for equal strings: an id that a million records refer to is in memory once. */
function createStringInterner() {
  const texts = new Map<string, string>()
  return (text: string): string => {
    const interned = texts.get(text)
    if (interned === undefined) texts.set(text, text)
    return interned ?? text
  }
}
