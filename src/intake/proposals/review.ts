import type { z } from 'zod'
import type { Db } from '../../database/database.ts'
import { Problem, RecordMovedError } from '../../problem.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { resolveRecordId } from '../../records/model/list-queries.ts'
import { CitationInput, type Reference } from '../../records/model/schema.ts'
import { mergePatch } from '../../records/model/snapshots.ts'
import { addCitation } from '../../records/write/cite.ts'
import type { WriteSession } from '../../records/write/commit.ts'
import { buildNewRecord, type NewRecord } from '../../records/write/create.ts'
import { findSlugsWithPrefix } from '../documents/queries.ts'
import { findFreeSlug } from '../documents/rules.ts'
import type { HashedProposal } from './propose.ts'
import { findReference, findReviews, type Review, storeReview } from './queries.ts'
import type { Acceptance, Reviewed } from './schema.ts'

type Kind = HashedProposal['kind']
type Author = { name: string; keyId: string | null }
/** A proposal to decide on. `articleProposals` are all proposals of its article, to look up those that it needs. */
export type ProposalDecision = {
  articleId: string
  proposal: HashedProposal
  articleProposals: readonly HashedProposal[]
  author: Author
}
/** `recordId` is empty for a rejection. */
type DecisionResult = {
  recordId: string
  neededRecordIds: string[]
  decision: Review['decision']
  reason: string | null
}

/** Splits the id of a proposal. */
export const parseProposalId = (id: string) => ({ articleId: id.slice(0, 36), hash: id.slice(37) })

/**
 * Creates the record of a proposal, as a `POST` of its draft would, or adds its passages to the existing record.
 *
 * @throws {Problem} proposal-decided, invalid-request, and the problems of a write of the record
 */
export async function acceptProposal(
  session: WriteSession,
  { articleId, proposal, articleProposals, author }: ProposalDecision,
  { edits, withNeeded }: z.infer<typeof Acceptance>,
): Promise<DecisionResult> {
  await requireUndecided(session, articleId, proposal)
  if (proposal.record && proposal.state === 'known')
    throw createDecidedProblem(
      `The record ${proposal.record.slug} already cites this passage.`,
      proposal.record,
    )
  const draft = mergePatch(proposal.draft, edits) as Record<string, unknown>
  if (proposal.record && proposal.state === 'open') {
    const citations = parseCitations(draft.citations)
    const id = await addCitations(session, proposal, proposal.record.slug, citations)
    await storeDecision(session, articleId, proposal, 'accepted', id, null, author)
    return { recordId: id, neededRecordIds: [], decision: 'accepted', reason: null }
  }
  const needed = withNeeded ? collectNeededProposals(proposal, articleProposals) : []
  const drafts = await nameDrafts(session, [
    ...needed.map(({ kind, draft: own }) => ({ kind, draft: own, isEdited: false })),
    { kind: proposal.kind, draft, isEdited: draft.slug !== proposal.draft.slug },
  ])
  const accepted = renameReferences(drafts, listRenamed(proposal, articleProposals))
  const pointerOf = (index: number) => (index < needed.length ? '/body/needs' : '/body/edits')
  const ids = await session.create(
    accepted.map((one, index) => buildRecord(one.kind, one.draft, pointerOf(index))),
  )
  for (const [index, one] of [...needed, proposal].entries())
    await storeDecision(session, articleId, one, 'accepted', ids[index] ?? '', null, author)
  return {
    recordId: ids.at(-1) ?? '',
    neededRecordIds: ids.slice(0, -1),
    decision: 'accepted',
    reason: null,
  }
}

/** Stores a rejection. No record changes. */
export async function rejectProposal(
  session: WriteSession,
  { articleId, proposal, author }: ProposalDecision,
  reason: string | null,
): Promise<DecisionResult> {
  await requireUndecided(session, articleId, proposal)
  await storeDecision(session, articleId, proposal, 'rejected', null, reason, author)
  return { recordId: '', neededRecordIds: [], decision: 'rejected', reason }
}

/**
 * Adds the passages of a proposal to an existing record.
 *
 * @throws {Problem} proposal-decided, unknown-reference
 */
export async function mergeProposal(
  session: WriteSession,
  { articleId, proposal, author }: ProposalDecision,
  targetRef: string,
): Promise<DecisionResult> {
  await requireUndecided(session, articleId, proposal)
  const citations = prepareMergedCitations(parseCitations(proposal.draft.citations))
  const id = await addCitations(session, proposal, targetRef, citations)
  await storeDecision(session, articleId, proposal, 'merged', id, null, author)
  return { recordId: id, neededRecordIds: [], decision: 'merged', reason: null }
}

/** Drops the field of entries in lists, because lists of draft and record differ in order; then drops duplicates. */
function prepareMergedCitations(citations: readonly CitationInput[]): CitationInput[] {
  const merged = new Map<string, CitationInput>()
  for (const citation of citations) {
    const field = isScalarField(citation.field) ? citation.field : null
    const key = `${field}|${citation.quote}`
    if (!merged.has(key)) merged.set(key, { ...citation, field })
  }
  return [...merged.values()]
}

const isScalarField = (field: CitationInput['field']): boolean =>
  field !== null &&
  /^[a-zA-Z]+$/.test(field) &&
  !/^(participants|effects|goods|items|aliases)$/.test(field)

/** Builds the response to a decision. */
export async function buildReview(
  { tx, revision, hasChanged }: WriteSession,
  id: string,
  { recordId, neededRecordIds, decision, reason }: DecisionResult,
): Promise<Reviewed> {
  const db = tx.db
  const alsoMade: Reference[] = []
  for (const neededRecordId of neededRecordIds) {
    const reference = await findReference(db, neededRecordId)
    if (reference) alsoMade.push(reference)
  }
  return {
    id,
    state: decision,
    reason,
    record: recordId === '' ? null : await findReference(db, recordId),
    alsoMade,
    revision: recordId !== '' && hasChanged(recordId) ? Number(revision) : null,
  }
}

async function requireUndecided(
  { tx }: WriteSession,
  articleId: string,
  proposal: HashedProposal,
): Promise<void> {
  await requireUndecidedHashes(tx.db, articleId, proposal.hashes)
}

/**
 * Checks an id that is no longer proposed: an accepted actor or good has a record, so it is not proposed again.
 *
 * @throws {Problem} proposal-decided
 */
export async function requireUndecidedId(db: Db, id: string): Promise<void> {
  const { articleId, hash } = parseProposalId(id)
  await requireUndecidedHashes(db, articleId, [hash])
}

/** A rejected proposal counts as undecided: it can still be accepted. */
async function requireUndecidedHashes(
  db: Db,
  articleId: string,
  hashes: readonly string[],
): Promise<void> {
  const review = (await findReviews(db, articleId)).find(
    ({ hash, decision }) => hashes.includes(hash) && decision !== 'rejected',
  )
  if (review)
    throw createDecidedProblem(`The proposal was already ${review.decision}.`, review.record)
}

const createDecidedProblem = (message: string, record: Reference | null) =>
  new Problem('proposal-decided', message, record ? { references: [record] } : {})

function storeDecision(
  { tx }: WriteSession,
  articleId: string,
  { hashes }: HashedProposal,
  decision: Review['decision'],
  recordId: string | null,
  reason: string | null,
  author: Author,
) {
  return storeReview(tx.db, { articleId, hashes, decision, recordId, reason, author })
}

/** The open proposals that a draft refers to, directly and indirectly. */
function collectNeededProposals(
  proposal: HashedProposal,
  articleProposals: readonly HashedProposal[],
): HashedProposal[] {
  const byId = new Map(articleProposals.map((candidate) => [candidate.id, candidate]))
  const collected = new Set<HashedProposal>()
  const visit = ({ needs }: HashedProposal): void => {
    for (const id of needs) {
      const needed = byId.get(id)
      if (needed && needed.record === null && needed !== proposal && !collected.has(needed)) {
        collected.add(needed)
        visit(needed)
      }
    }
  }
  visit(proposal)
  return [...collected]
}

type Renamed = { kind: Kind; from: string; to: string }
type NewDraft = { kind: Kind; draft: Record<string, unknown>; slug: string }

/** Gives every draft a slug that no record of its kind has, except where a person chose it. */
async function nameDrafts(
  session: WriteSession,
  drafts: readonly (Omit<NewDraft, 'slug'> & { isEdited: boolean })[],
): Promise<(NewDraft & { renamed: Renamed | null })[]> {
  const named: (NewDraft & { renamed: Renamed | null })[] = []
  for (const { kind, draft, isEdited } of drafts) {
    const from = String(draft.slug)
    const taken = new Set(named.filter((one) => one.kind === kind).map(({ slug }) => slug))
    const stored = await findSlugsWithPrefix(session.tx.db, kind, from)
    const slug = isEdited ? from : findFreeSlug(from, new Set([...stored, ...taken]))
    named.push({
      kind,
      draft: { ...draft, slug },
      slug,
      renamed: slug === from ? null : { kind, from, to: slug },
    })
  }
  return named
}

/** Needed records that were accepted under another slug than their draft has. */
function listRenamed(
  { needs }: HashedProposal,
  articleProposals: readonly HashedProposal[],
): Renamed[] {
  return articleProposals.flatMap(({ id, kind, record, draft }) =>
    record && needs.includes(id) && draft.slug !== undefined && draft.slug !== record.slug
      ? { kind, from: String(draft.slug), to: record.slug }
      : [],
  )
}

/** Members whose values are references, and to which kind: to change a slug in a title or a quote would be wrong. */
const referredKinds: ReadonlyMap<string, Kind> = new Map([
  ...['actor', 'organisation', 'issuer', 'exporter', 'consignee', 'endUser', 'destination'].map(
    (name) => [name, 'actor'] as const,
  ),
  ...['destinations', 'imposer', 'target', 'targets', 'manufacturer', 'voices', 'from', 'to'].map(
    (name) => [name, 'actor'] as const,
  ),
  ...['good', 'goods', 'family'].map((name) => [name, 'good'] as const),
  ['permit', 'permit'],
  ['measure', 'measure'],
])

function renameReferences(
  drafts: Awaited<ReturnType<typeof nameDrafts>>,
  accepted: readonly Renamed[],
): NewDraft[] {
  const renamed = new Map(
    [...accepted, ...drafts.flatMap((one) => one.renamed ?? [])].map(({ kind, from, to }) => [
      `${kind}|${from}`,
      to,
    ]),
  )
  if (renamed.size === 0) return drafts
  const rename = (value: unknown, kind: Kind | undefined): unknown => {
    if (typeof value === 'string') return kind ? (renamed.get(`${kind}|${value}`) ?? value) : value
    if (Array.isArray(value)) return value.map((entry) => rename(entry, kind))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        rename(member, referredKinds.get(name)),
      ]),
    )
  }
  return drafts.map(({ kind, slug, draft }) => ({
    kind,
    slug,
    draft: rename(draft, undefined) as Record<string, unknown>,
  }))
}

function buildRecord(kind: Kind, draft: Record<string, unknown>, pointer: string): NewRecord {
  const { writer } = kinds[kind]
  const { citations, ...record } = draft
  const parsed = writer.input.safeParse(record)
  if (!parsed.success) throw invalidDraftProblem(parsed.error, pointer)
  return buildNewRecord(writer, parsed.data, parseCitations(citations), pointer)
}

function parseCitations(citations: unknown): CitationInput[] {
  const parsed = CitationInput.array().max(1_000).safeParse(citations)
  if (parsed.success) return parsed.data
  throw invalidDraftProblem(parsed.error, '/body/edits/citations')
}

function invalidDraftProblem({ issues }: z.ZodError, pointer: string): Problem {
  const errors = issues.map(({ path, message }) => ({
    pointer: [pointer, ...path].join('/'),
    detail: message,
  }))
  const detail = errors.map((error) => `${error.pointer}: ${error.detail}`).join('; ')
  return new Problem('invalid-request', detail, { errors })
}

async function addCitations(
  session: WriteSession,
  { kind }: HashedProposal,
  ref: string,
  citations: readonly CitationInput[],
): Promise<string> {
  const db = session.tx.db
  let id: string
  try {
    id = await resolveRecordId(db, kind, ref)
  } catch (error) {
    if (!(error instanceof Problem || error instanceof RecordMovedError)) throw error
    const errors = [{ pointer: '/body/into', detail: error.message }]
    throw new Problem('unknown-reference', `/body/into: ${error.message}`, { cause: error, errors })
  }
  for (const [index, input] of citations.entries())
    await addCitation(session, { kind, ref: id, input, pointer: `/body/edits/citations/${index}` })
  return id
}
