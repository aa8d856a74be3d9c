import { sql } from 'kysely'
import type { Db } from '../../../database/database.ts'
import { insertDigestedRow } from '../../../database/digested-row.ts'
import { jsonObject } from '../../../database/sql-fragments.ts'
import type { CitationInput, Reference } from '../../../records/model/schema.ts'
import { referenceMembers } from '../../../records/model/sql-json.ts'
import type { ProposalKind, Proposer } from '../schema.ts'
import type { CheckedDraft } from './schema.ts'

export type StoredDraft = {
  hash: string
  kind: ProposalKind
  draft: Record<string, unknown> & { slug: string; citations: CitationInput[] }
  score: number
  reasons: string[]
  proposers: Proposer[]
}

/** The drafts that programs proposed for an article, in an order in which they can be accepted. */
export async function findSubmittedDrafts(db: Db, articleId: string): Promise<StoredDraft[]> {
  const { rows } = await sql<StoredDraft>`
    SELECT hash, kind, draft, score, reasons, proposers
    FROM submitted_draft
    WHERE article_id = ${articleId}
    ORDER BY
      array_position(ARRAY['actor', 'good', 'affiliation', 'permit', 'measure', 'event'], kind),
      draft ->> 'slug',
      hash`.execute(db)
  return rows
}

export async function countSubmittedDrafts(db: Db, articleId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM submitted_draft WHERE article_id = ${articleId}`.execute(db)
  return rows[0]?.count ?? 0
}

/** Stores a draft, or adds its proposer and its quotes to an equal one. Returns whether it is new. */
export async function storeDraft(
  db: Db,
  articleId: string,
  { hash, kind, record, score, reasons }: CheckedDraft,
  proposer: Proposer,
): Promise<boolean> {
  const { rows } = await sql<Pick<StoredDraft, 'draft' | 'proposers' | 'score' | 'reasons'>>`
    SELECT draft, proposers, score, reasons
    FROM submitted_draft
    WHERE article_id = ${articleId} AND hash = ${hash}
    FOR UPDATE`.execute(db)
  const [known] = rows
  if (known === undefined) {
    const columns = { article_id: articleId, hash, kind, draft: record, score, reasons }
    await insertDigestedRow(db, 'submitted_draft', { ...columns, proposers: [proposer] })
    return true
  }
  const quotes = new Set(known.draft.citations.map(toQuoteKey))
  const citations = [
    ...known.draft.citations,
    ...record.citations.filter((citation) => !quotes.has(toQuoteKey(citation))),
  ].slice(0, 100)
  const isKnownProposer = known.proposers.some(
    ({ name, version, model, key }) =>
      name === proposer.name &&
      version === proposer.version &&
      model === proposer.model &&
      key === proposer.key,
  )
  const proposers = isKnownProposer ? known.proposers : [...known.proposers, proposer].slice(0, 100)
  await insertDigestedRow(
    db,
    'submitted_draft',
    {
      article_id: articleId,
      hash,
      kind,
      draft: { ...known.draft, citations },
      score: Math.max(known.score, score),
      reasons: known.reasons,
      proposers,
    },
    sql`
      ON CONFLICT (article_id, hash) DO UPDATE SET
        draft = excluded.draft,
        score = excluded.score,
        proposers = excluded.proposers,
        digest = excluded.digest`,
  )
  return false
}

export const toQuoteKey = ({ field, quote, prefix }: CitationInput): string =>
  JSON.stringify([field ?? null, quote, prefix ?? null])

/** Live actors and goods with one of these names, upper and lower case alike. */
export async function findRecordsByName(
  db: Db,
  names: readonly string[],
): Promise<(Reference & { kind: string; key: string })[]> {
  if (names.length === 0) return []
  const { rows } = await sql<{ reference: Reference; kind: string; key: string }>`
    SELECT ${jsonObject(referenceMembers('record'))} AS reference, record.kind, lower(record.name) AS key
    FROM record
    WHERE record.kind IN ('actor', 'good')
      AND record.state = 'live'
      AND lower(record.name) = ANY(${names.map((name) => name.toLowerCase())}::text[])
    ORDER BY record.id`.execute(db)
  return rows.map(({ reference, kind, key }) => ({ ...reference, kind, key }))
}
