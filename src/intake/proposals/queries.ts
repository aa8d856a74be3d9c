import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { insertDigestedRow } from '../../database/digested-row.ts'
import { jsonObject } from '../../database/sql-fragments.ts'
import type { ActorInput } from '../../records/kinds/actors/schema.ts'
import type { Reference } from '../../records/model/schema.ts'
import { referenceMembers, uncitableSpansJson } from '../../records/model/sql-json.ts'
import type { ProposalKind } from './schema.ts'

export type ArticleBody = {
  article: Reference
  /** Null for a long text that is stored in parts, such as a register: it has no proposals. */
  body: string | null
  /** Of the whole body, in code points. */
  bodyLength: number
  /** BCP 47; null where nobody said it. */
  language: string | null
  /** Parts that cannot be cited, in code points. */
  uncitable: { start: number; end: number }[]
  earliest: string | null
  latest: string | null
  hasDate: boolean
}

/**
 * The text of a live article and the bounds of its publication date. At most `lengthMax` code points of the text, or all of
 * it.
 */
export async function findArticleBody(
  db: Db,
  id: string,
  lengthMax?: number,
): Promise<ArticleBody | undefined> {
  const body =
    lengthMax === undefined ? sql`article.body` : sql`left(article.body, ${lengthMax}::int)`
  const { rows } = await sql<ArticleBody>`
    SELECT
      ${jsonObject(referenceMembers('record'))} AS article,
      ${body} AS body,
      article.body_length AS "bodyLength",
      article.language,
      ${uncitableSpansJson} AS uncitable,
      published_earliest::text AS earliest,
      published_latest::text AS latest,
      published_edtf IS NOT NULL AS "hasDate"
    FROM article
    JOIN record ON record.id = article.id
    WHERE article.id = ${id} AND record.state = 'live'
  `.execute(db)
  return rows[0]
}

export type NamedRecord = {
  id: string
  revision: number
  isLive: boolean
  kind: 'actor' | 'good'
  slug: string
  name: string
  aliases: string[]
  type: ActorInput['type'] | null
  country: string | null
}

/** Actors and goods that changed after a revision, those that are no longer live included. */
export async function findChangedNames(db: Db, revision: number): Promise<NamedRecord[]> {
  const { rows } = await sql<NamedRecord>`
    SELECT
      record.id,
      record.revision::int AS revision,
      record.state = 'live' AS "isLive",
      record.kind,
      record.slug,
      record.name,
      actor.type,
      actor.country,
      ARRAY(
        SELECT actor_alias.name
        FROM actor_alias
        WHERE actor_alias.actor_id = record.id
        ORDER BY position
      ) AS aliases
    FROM record
    LEFT JOIN actor ON actor.id = record.id
    WHERE record.kind IN ('actor', 'good') AND record.revision > ${revision}
  `.execute(db)
  return rows
}

/** A permit with a number. `issuer` is a slug. */
export type KnownPermit = { id: string; slug: string; name: string; number: string; issuer: string }

/** Live permits that have one of these numbers. */
export async function findPermitsByNumber(
  db: Db,
  numbers: readonly string[],
): Promise<KnownPermit[]> {
  if (numbers.length === 0) return []
  const { rows } = await sql<KnownPermit>`
    SELECT
      record.id,
      record.slug,
      record.name,
      permit.number,
      issuer.slug AS issuer
    FROM permit
    JOIN record ON record.id = permit.id AND record.state = 'live'
    JOIN record AS issuer ON issuer.id = permit.issuer_id
    WHERE permit.number = ANY(${[...numbers]}::text[])
    ORDER BY permit.number, record.id
    LIMIT 1000
  `.execute(db)
  return rows
}

export type CitedPassage = {
  kind: ProposalKind
  record: Reference
  /** The type of an event; null for other kinds. */
  type: string | null
  start: number
  end: number
}

/**
 * The passages of an article before `end`, in code points, that live records of these kinds cite. A register has a passage
 * for each of its permits, so that asking for all would be much.
 */
export async function findCitedPassages(
  db: Db,
  articleId: string,
  kinds: readonly ProposalKind[],
  end: number,
): Promise<CitedPassage[]> {
  if (kinds.length === 0) return []
  const { rows } = await sql<CitedPassage>`
    SELECT
      record.kind,
      ${jsonObject(referenceMembers('record'))} AS record,
      event.type,
      citation.start_at AS start,
      citation.end_at AS end
    FROM citation
    JOIN record ON record.id = citation.record_id
    LEFT JOIN event ON event.id = record.id
    WHERE citation.article_id = ${articleId}
      AND citation.start_at < ${end}
      AND record.kind::text = ANY(${kinds}::text[])
      AND record.state = 'live'
    ORDER BY citation.start_at, citation.id
  `.execute(db)
  return rows
}

export type Review = {
  hash: string
  decision: 'accepted' | 'rejected' | 'merged'
  record: Reference | null
}

export async function findReviews(db: Db, articleId: string): Promise<Review[]> {
  const { rows } = await sql<Review>`
    SELECT
      hash,
      decision,
      (
        SELECT ${jsonObject(referenceMembers('record'))}
        FROM record
        WHERE record.id = record_id AND record.state = 'live'
      ) AS record
    FROM proposal_review
    WHERE article_id = ${articleId}
  `.execute(db)
  return rows
}

/** Stores a decision for each hash, replacing an earlier one. */
export async function storeReview(
  db: Db,
  review: {
    articleId: string
    hashes: readonly string[]
    decision: Review['decision']
    recordId: string | null
    reason: string | null
    author: { name: string; keyId: string | null }
  },
): Promise<void> {
  const { articleId, hashes, decision, recordId, reason, author } = review
  const columns = {
    article_id: articleId,
    decision,
    record_id: recordId,
    reason,
    author: author.name,
    key_id: author.keyId,
    decided_at: new Date(),
  }
  for (const hash of hashes)
    await insertDigestedRow(
      db,
      'proposal_review',
      { ...columns, hash },
      sql`
        ON CONFLICT (article_id, hash) DO UPDATE SET
          decision = excluded.decision,
          record_id = excluded.record_id,
          reason = excluded.reason,
          author = excluded.author,
          key_id = excluded.key_id,
          decided_at = excluded.decided_at,
          digest = excluded.digest`,
    )
}

export async function findReference(db: Db, id: string): Promise<Reference | null> {
  const { rows } = await sql<{ reference: Reference }>`
    SELECT ${jsonObject(referenceMembers('record'))} AS reference
    FROM record
    WHERE id = ${id}
  `.execute(db)
  return rows[0]?.reference ?? null
}
