import type { z } from 'zod'
import type { Db } from '../../database/database.ts'
import { Moved, Problem } from '../../problem.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { resolve } from '../../records/model/list-queries.ts'
import { CitationInput, type Reference } from '../../records/model/schema.ts'
import { mergePatch } from '../../records/model/snapshots.ts'
import { addCitation } from '../../records/write/cite.ts'
import type { Session } from '../../records/write/commit.ts'
import { type NewRecord, newRecord } from '../../records/write/create.ts'
import { slugsLike } from '../documents/queries.ts'
import { freeSlug } from '../documents/rules.ts'
import type { OwnProposal } from './propose.ts'
import { type Review, referenceOf, reviewsOf, storeReview } from './queries.ts'
import type { Acceptance, Reviewed } from './schema.ts'

type Author = { name: string; keyId: string | null }
/** A proposal that is to be decided, and all of its article, for those that it needs. */
export type Case = {
  articleId: string
  proposal: OwnProposal
  all: readonly OwnProposal[]
  author: Author
}
type Decided = {
  made: string
  also: { id: string }[]
  decision: Review['decision']
  reason: string | null
}

/** The article and the rest of an id. */
export const partsOf = (id: string) => ({ articleId: id.slice(0, 36), hash: id.slice(37) })

/**
 * Makes the record of a proposal, as a `POST` of it would; of one for a record that there is, adds its passages.
 *
 * @throws {Problem} proposal-decided, invalid-request, and whatever a write of the record can meet
 */
export async function accept(
  session: Session,
  { articleId, proposal, all, author }: Case,
  { edits, withNeeded }: z.infer<typeof Acceptance>,
): Promise<Decided> {
  await refuseDecided(session, articleId, proposal)
  if (proposal.record && proposal.state === 'known')
    throw decided(`The record ${proposal.record.slug} cites this passage already.`, proposal.record)
  if (proposal.record && proposal.state === 'open') {
    const patched = mergePatch(proposal.draft, edits) as { citations?: unknown }
    const id = await addAll(session, proposal, proposal.record.slug, citationsOf(patched.citations))
    await remember(session, articleId, proposal, 'accepted', id, null, author)
    return { made: id, also: [], decision: 'accepted', reason: null }
  }
  const needed = withNeeded ? neededBy(proposal, all) : []
  const own = mergePatch(proposal.draft, edits) as Record<string, unknown>
  if (own.slug === proposal.draft.slug)
    own.slug = await unusedSlug(session, proposal.kind, String(own.slug))
  const records = [
    ...needed.map((one) => recordOf(one, one.draft, '/body/needs')),
    recordOf(proposal, own, '/body/edits'),
  ]
  const ids = await session.create(records)
  for (const [index, one] of [...needed, proposal].entries())
    await remember(session, articleId, one, 'accepted', ids[index] ?? '', null, author)
  const made = ids.pop() ?? ''
  return { made, also: ids.map((id) => ({ id })), decision: 'accepted', reason: null }
}

/** Remembers that nobody wants it. */
export async function reject(
  session: Session,
  { articleId, proposal, author }: Case,
  reason: string | null,
): Promise<Decided> {
  await refuseDecided(session, articleId, proposal)
  await remember(session, articleId, proposal, 'rejected', null, reason, author)
  return { made: '', also: [], decision: 'rejected', reason }
}

/**
 * Adds the passages of a proposal to a record that there is.
 *
 * @throws {Problem} proposal-decided, unknown-reference
 */
export async function mergeInto(
  session: Session,
  { articleId, proposal, author }: Case,
  into: string,
): Promise<Decided> {
  await refuseDecided(session, articleId, proposal)
  const seen = new Set<string>()
  // A field of the draft by number is another one of the record.
  const citations = citationsOf(proposal.draft.citations).flatMap((citation) => {
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
  const id = await addAll(session, proposal, into, citations)
  await remember(session, articleId, proposal, 'merged', id, null, author)
  return { made: id, also: [], decision: 'merged', reason: null }
}

/** What a decision is answered with. */
export async function reviewed(
  { tx, revision, hasTouched }: Session,
  id: string,
  { made, also, decision, reason }: Decided,
): Promise<Reviewed> {
  const reference = (one: string) => referenceOf(tx.$kysely, one)
  const others: Reference[] = []
  for (const one of also) {
    const found = await reference(one.id)
    if (found) others.push(found)
  }
  return {
    ...{ id, state: decision, reason },
    record: made === '' ? null : await reference(made),
    alsoMade: others,
    revision: made !== '' && hasTouched(made) ? Number(revision) : null,
  }
}

async function refuseDecided(
  { tx }: Session,
  articleId: string,
  proposal: OwnProposal,
): Promise<void> {
  const before = (await reviewsOf(tx.$kysely, articleId)).find(
    ({ hash, decision }) => proposal.hashes.includes(hash) && decision !== 'rejected',
  )
  if (before) throw decided(`The proposal was ${before.decision} already.`, before.record)
}

/**
 * An actor or a good is proposed no more once there is a record of it.
 *
 * @throws {Problem} proposal-decided
 */
export async function refuseGone(db: Db, id: string): Promise<void> {
  const { articleId, hash } = partsOf(id)
  const before = (await reviewsOf(db, articleId)).find(
    (one) => one.hash === hash && one.decision !== 'rejected',
  )
  if (before) throw decided(`The proposal was ${before.decision} already.`, before.record)
}

const decided = (message: string, record: Reference | null) =>
  new Problem('proposal-decided', message, record ? { references: [record] } : {})

function remember(
  { tx }: Session,
  articleId: string,
  { hashes }: OwnProposal,
  decision: Review['decision'],
  recordId: string | null,
  reason: string | null,
  author: Author,
) {
  return storeReview(tx.$kysely, { articleId, hashes, decision, recordId, reason, author })
}

/** The open proposals that a draft refers to, and those that these refer to, each before what needs it. */
function neededBy(proposal: OwnProposal, all: readonly OwnProposal[]): OwnProposal[] {
  const byId = new Map(all.map((one) => [one.id, one]))
  const found = new Set<OwnProposal>()
  const visit = (one: OwnProposal): void => {
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

function recordOf(
  { kind }: OwnProposal,
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
  return newRecord(writer, parsed.data, citationsOf(citations), pointer)
}

function citationsOf(given: unknown): CitationInput[] {
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

async function addAll(
  session: Session,
  { kind }: OwnProposal,
  ref: string,
  citations: readonly CitationInput[],
): Promise<string> {
  const db = session.tx.$kysely
  let id: string
  try {
    id = await resolve(db, kind, ref)
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Moved)) throw error
    const errors = [{ pointer: '/body/into', detail: error.message }]
    throw new Problem('unknown-reference', `/body/into: ${error.message}`, { cause: error, errors })
  }
  for (const [index, input] of citations.entries())
    await addCitation(session, { kind, ref: id, input, pointer: `/body/edits/citations/${index}` })
  return id
}

async function unusedSlug({ tx }: Session, kind: string, slug: string): Promise<string> {
  return freeSlug(slug, await slugsLike(tx.$kysely, kind, slug))
}
