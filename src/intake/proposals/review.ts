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

type Author = { name: string; keyId: string | null }
/** A proposal that is to be decided, and all of its article, for those that it needs. */
export type ProposalDecision = {
  articleId: string
  proposal: HashedProposal
  articleProposals: readonly HashedProposal[]
  author: Author
}
type DecisionResult = {
  recordId: string
  neededRecords: { id: string }[]
  decision: Review['decision']
  reason: string | null
}

/** The article and the rest of an id. */
export const parseProposalId = (id: string) => ({ articleId: id.slice(0, 36), hash: id.slice(37) })

/**
 * Makes the record of a proposal, as a `POST` of it would; of one for a record that there is, adds its passages.
 *
 * @throws {Problem} proposal-decided, invalid-request, and whatever a write of the record can meet
 */
export async function acceptProposal(
  session: WriteSession,
  { articleId, proposal, articleProposals, author }: ProposalDecision,
  { edits, withNeeded }: z.infer<typeof Acceptance>,
): Promise<DecisionResult> {
  await requireUndecided(session, articleId, proposal)
  if (proposal.record && proposal.state === 'known')
    throw createDecidedProblem(
      `The record ${proposal.record.slug} cites this passage already.`,
      proposal.record,
    )
  if (proposal.record && proposal.state === 'open') {
    const patched = mergePatch(proposal.draft, edits) as { citations?: unknown }
    const id = await addCitations(
      session,
      proposal,
      proposal.record.slug,
      parseCitations(patched.citations),
    )
    await storeDecision(session, articleId, proposal, 'accepted', id, null, author)
    return { recordId: id, neededRecords: [], decision: 'accepted', reason: null }
  }
  const needed = withNeeded ? collectNeededProposals(proposal, articleProposals) : []
  const own = mergePatch(proposal.draft, edits) as Record<string, unknown>
  if (own.slug === proposal.draft.slug)
    own.slug = await findUnusedSlug(session, proposal.kind, String(own.slug))
  const records = [
    ...needed.map((one) => buildRecord(one, one.draft, '/body/needs')),
    buildRecord(proposal, own, '/body/edits'),
  ]
  const ids = await session.create(records)
  for (const [index, one] of [...needed, proposal].entries())
    await storeDecision(session, articleId, one, 'accepted', ids[index] ?? '', null, author)
  const made = ids.pop() ?? ''
  return {
    recordId: made,
    neededRecords: ids.map((id) => ({ id })),
    decision: 'accepted',
    reason: null,
  }
}

/** Remembers that nobody wants it. */
export async function rejectProposal(
  session: WriteSession,
  { articleId, proposal, author }: ProposalDecision,
  reason: string | null,
): Promise<DecisionResult> {
  await requireUndecided(session, articleId, proposal)
  await storeDecision(session, articleId, proposal, 'rejected', null, reason, author)
  return { recordId: '', neededRecords: [], decision: 'rejected', reason }
}

/**
 * Adds the passages of a proposal to a record that there is.
 *
 * @throws {Problem} proposal-decided, unknown-reference
 */
export async function mergeProposal(
  session: WriteSession,
  { articleId, proposal, author }: ProposalDecision,
  targetRef: string,
): Promise<DecisionResult> {
  await requireUndecided(session, articleId, proposal)
  const seen = new Set<string>()
  // A field of the draft by number is another one of the record.
  const citations = parseCitations(proposal.draft.citations).flatMap((citation) => {
    const field =
      citation.field !== null &&
      /^[a-zA-Z]+$/.test(citation.field) &&
      !/^(participants|effects|goods|items|aliases)$/.test(citation.field)
        ? citation.field
        : null
    const key = `${field}|${citation.quote}`
    if (seen.has(key)) return []
    seen.add(key)
    return [{ ...citation, field }]
  })
  const id = await addCitations(session, proposal, targetRef, citations)
  await storeDecision(session, articleId, proposal, 'merged', id, null, author)
  return { recordId: id, neededRecords: [], decision: 'merged', reason: null }
}

/** What a decision is answered with. */
export async function buildReview(
  { tx, revision, hasChanged: hasTouched }: WriteSession,
  id: string,
  { recordId, neededRecords, decision, reason }: DecisionResult,
): Promise<Reviewed> {
  const reference = (one: string) => findReference(tx.db, one)
  const others: Reference[] = []
  for (const one of neededRecords) {
    const found = await reference(one.id)
    if (found) others.push(found)
  }
  return {
    id,
    state: decision,
    reason,
    record: recordId === '' ? null : await reference(recordId),
    alsoMade: others,
    revision: recordId !== '' && hasTouched(recordId) ? Number(revision) : null,
  }
}

async function requireUndecided(
  { tx }: WriteSession,
  articleId: string,
  proposal: HashedProposal,
): Promise<void> {
  const before = (await findReviews(tx.db, articleId)).find(
    ({ hash, decision }) => proposal.hashes.includes(hash) && decision !== 'rejected',
  )
  if (before)
    throw createDecidedProblem(`The proposal was ${before.decision} already.`, before.record)
}

/**
 * An actor or a good is proposed no more once there is a record of it.
 *
 * @throws {Problem} proposal-decided
 */
export async function requireUndecidedId(db: Db, id: string): Promise<void> {
  const { articleId, hash } = parseProposalId(id)
  const before = (await findReviews(db, articleId)).find(
    (one) => one.hash === hash && one.decision !== 'rejected',
  )
  if (before)
    throw createDecidedProblem(`The proposal was ${before.decision} already.`, before.record)
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

/** The open proposals that a draft refers to, and those that these refer to, each before what needs it. */
function collectNeededProposals(
  proposal: HashedProposal,
  articleProposals: readonly HashedProposal[],
): HashedProposal[] {
  const byId = new Map(articleProposals.map((one) => [one.id, one]))
  const found = new Set<HashedProposal>()
  const visit = (one: HashedProposal): void => {
    for (const id of one.needs) {
      const needed = byId.get(id)
      if (needed && needed.record === null && needed !== proposal && !found.has(needed)) {
        found.add(needed)
        visit(needed)
      }
    }
  }
  visit(proposal)
  return [...found]
}

function buildRecord(
  { kind }: HashedProposal,
  given: Record<string, unknown>,
  pointer: string,
): NewRecord {
  const { writer } = kinds[kind]
  const { citations, ...record } = given
  const parsed = writer.input.safeParse(record)
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({
      pointer: [pointer, ...path].join('/'),
      detail: message,
    }))
    throw new Problem(
      'invalid-request',
      errors.map((bad) => `${bad.pointer}: ${bad.detail}`).join('; '),
      { errors },
    )
  }
  return buildNewRecord(writer, parsed.data, parseCitations(citations), pointer)
}

function parseCitations(given: unknown): CitationInput[] {
  const parsed = CitationInput.array().max(1_000).safeParse(given)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: ['/body/edits/citations', ...path].join('/'),
    detail: message,
  }))
  throw new Problem(
    'invalid-request',
    errors.map((bad) => `${bad.pointer}: ${bad.detail}`).join('; '),
    { errors },
  )
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

async function findUnusedSlug({ tx }: WriteSession, kind: string, slug: string): Promise<string> {
  return findFreeSlug(slug, await findSlugsWithPrefix(tx.db, kind, slug))
}
