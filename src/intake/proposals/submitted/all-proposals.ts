import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { Db } from '../../../database/database.ts'
import { indexText } from '../../../evidence/text.ts'
import { buildProposals, type HashedProposal } from '../propose.ts'
import { findArticleBody, findCitedPassages, findReviews } from '../queries.ts'
import { findQuote, identifyDraft } from './check-draft.ts'
import { findRecordsByName, findSubmittedDrafts, type StoredDraft, toQuoteKey } from './queries.ts'

/**
 * The proposals of the rules and of other programs. Equal ones are one proposal with all proposers. A quote that cannot be
 * cited any more, because spans were corrected, is left out; a draft without any quote as well.
 *
 * @throws {Problem} not-found, busy
 */
export async function buildAllProposals(db: Db, articleId: string) {
  const byRules = await buildProposals(db, articleId)
  const drafts = await findSubmittedDrafts(db, articleId)
  if (drafts.length === 0) return byRules
  const context = await loadContext(db, articleId, drafts)
  const proposals = [...byRules.proposals]
  for (const draft of drafts) {
    await yieldToEventLoop()
    const submitted = buildSubmitted(articleId, draft, context)
    if (submitted === null) continue
    const equal = proposals.findIndex((proposal) => isEqual(proposal, submitted, draft))
    const known = proposals[equal]
    if (known === undefined) proposals.push(submitted)
    else proposals[equal] = joinProposals(known, submitted)
  }
  return { ...byRules, proposals: addNeeds(proposals) }
}

type Context = Awaited<ReturnType<typeof loadContext>>

async function loadContext(db: Db, articleId: string, drafts: readonly StoredDraft[]) {
  const article = await findArticleBody(db, articleId)
  const names = drafts.flatMap(({ kind, draft }) => {
    const name = kind === 'actor' ? draft.name : kind === 'good' ? draft.designation : undefined
    return typeof name === 'string' ? [name] : []
  })
  const text = indexText(article?.body ?? '')
  const kinds = [...new Set(drafts.map(({ kind }) => kind))]
  return {
    text,
    uncitable: article?.uncitable ?? [],
    records: await findRecordsByName(db, names),
    reviews: new Map((await findReviews(db, articleId)).map((review) => [review.hash, review])),
    citedPassages: await findCitedPassages(db, articleId, kinds, text.length),
  }
}

/** Null when none of its quotes can be cited any more. */
function buildSubmitted(
  articleId: string,
  { hash, kind, draft, score, reasons, proposers }: StoredDraft,
  { text, uncitable, records, reviews, citedPassages }: Context,
): HashedProposal | null {
  const found = draft.citations.flatMap((citation) => {
    const result = findQuote(citation, { text, uncitable }, '')
    return 'passage' in result ? [{ citation, passage: result.passage }] : []
  })
  if (found.length === 0) return null
  const citations = found.map(({ citation }) => citation)
  const passages = found.map(({ passage: { start, end, quote } }) => ({ start, end, quote }))
  const name = String(kind === 'actor' ? draft.name : draft.designation).toLowerCase()
  const record = records.find((one) => one.kind === kind && one.key === name)
  const isCited =
    record !== undefined &&
    passages.every(({ start, end }) =>
      citedPassages.some(
        (cited) => cited.record.id === record.id && cited.start <= start && cited.end >= end,
      ),
    )
  const review = reviews.get(hash)
  return {
    id: `${articleId}-${hash}`,
    hashes: [hash],
    kind,
    state: review?.decision ?? (isCited ? 'known' : 'open'),
    record:
      review?.record ??
      (record ? { id: record.id, slug: record.slug, name: record.name, href: record.href } : null),
    draft: record ? { citations } : { ...draft, citations },
    passages: passages.toSorted((a, b) => a.start - b.start),
    score,
    reasons,
    needs: [],
    proposedBy: proposers,
  }
}

/** Equal by name or facts; events and decisions also by type and a common passage. */
function isEqual(
  known: HashedProposal,
  submitted: HashedProposal,
  { draft }: StoredDraft,
): boolean {
  if (known.kind !== submitted.kind) return false
  if (known.record && submitted.record) return known.record.id === submitted.record.id
  if (identifyDraft(known.kind, known.draft) === identifyDraft(submitted.kind, draft)) return true
  if (known.kind === 'actor' || known.kind === 'good' || known.record || submitted.record)
    return false
  const date = (record: Readonly<Record<string, unknown>>): unknown =>
    (record.on as { edtf?: unknown } | null | undefined)?.edtf
  const overlaps = known.passages.some((one) =>
    submitted.passages.some((other) => one.start < other.end && other.start < one.end),
  )
  return (
    overlaps &&
    known.draft.type === draft.type &&
    date(known.draft) === date(draft) &&
    formatParticipants(known.draft) === formatParticipants(draft)
  )
}

const formatParticipants = ({ participants }: Readonly<Record<string, unknown>>): string =>
  Array.isArray(participants)
    ? participants
        .map((one: { actor?: unknown; role?: unknown }) => `${one.role} ${one.actor}`)
        .toSorted()
        .join('\n')
    : ''

function joinProposals(known: HashedProposal, submitted: HashedProposal): HashedProposal {
  const quotes = new Set(known.draft.citations.map(toQuoteKey))
  const added = submitted.draft.citations.filter((citation) => !quotes.has(toQuoteKey(citation)))
  const starts = new Set(known.passages.map(({ start, end }) => `${start}-${end}`))
  return {
    ...known,
    hashes: [...known.hashes, ...submitted.hashes],
    state: known.state === 'open' ? submitted.state : known.state,
    record: known.record ?? submitted.record,
    draft: { ...known.draft, citations: [...known.draft.citations, ...added] },
    passages: [
      ...known.passages,
      ...submitted.passages.filter(({ start, end }) => !starts.has(`${start}-${end}`)),
    ].toSorted((a, b) => a.start - b.start),
    score: Math.max(known.score, submitted.score),
    proposedBy: [...known.proposedBy, ...submitted.proposedBy],
  }
}

/** A draft needs those whose slugs it refers to. */
function addNeeds(proposals: readonly HashedProposal[]): HashedProposal[] {
  const idBySlug = new Map(
    proposals.flatMap(({ draft, id, record }): [string, string][] =>
      typeof draft.slug === 'string' && record === null ? [[draft.slug, id]] : [],
    ),
  )
  return proposals.map((proposal) => {
    const { citations, slug, ...fields } = proposal.draft
    const needed = collectTexts(fields).flatMap((text) => idBySlug.get(text) ?? [])
    const others = needed.filter((id) => id !== proposal.id && !proposal.needs.includes(id))
    return others.length === 0
      ? proposal
      : { ...proposal, needs: [...new Set([...proposal.needs, ...others])] }
  })
}

/** All texts in a JSON value. */
function collectTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(collectTexts)
}
