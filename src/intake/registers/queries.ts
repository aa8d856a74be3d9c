import { sql } from 'kysely'
import type pg from 'pg'
import { CopyBuffer, copyRows, formatCopyLine } from '../../database/copy.ts'
import type { Db } from '../../database/database.ts'
import { sha256 } from '../../evidence/sha256.ts'
import type { Kind } from '../../records/model/schema.ts'

/** A permit of an earlier import of the register. */
export type ImportedPermit = {
  id: string
  key: string
  state: 'live' | 'retracted' | 'merged'
  /** The rows that it cites, oldest citation first. */
  rows: { citation: string; article: string; quote: string; position: number }[]
}

/** The permits of these keys. */
export async function findImportedPermits(
  db: Db,
  register: string,
  keys: readonly string[],
): Promise<Map<string, ImportedPermit>> {
  const { rows } = await sql<ImportedPermit>`
    SELECT permit.id, permit.register_key AS key, record.state,
      COALESCE((
        SELECT json_agg(
          json_build_object(
            'citation', citation.id,
            'article', article.id,
            'quote', citation.quote,
            'position', citation.position
          ) ORDER BY citation.position
        )
        FROM citation JOIN article ON article.id = citation.article_id
        WHERE citation.record_id = permit.id AND article.register = ${register}
      ), '[]'::json) AS rows
    FROM permit JOIN record ON record.id = permit.id
    WHERE permit.register = ${register} AND permit.register_key = ANY(${[...keys]}::text[])`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.key, row]))
}

/** An event or figure with the slug of one of the register. */
export type ImportedRecord = {
  id: string
  kind: 'event' | 'figure'
  slug: string
  state: 'live' | 'retracted' | 'merged'
  /** Whether it cites no release of the register. */
  isForeign: boolean
  /** The rows of the register that it cites. */
  rows: { citation: string; quote: string }[]
}

/** The events and figures of these slugs, by kind and slug. */
export async function findImportedRecords(
  db: Db,
  register: string,
  names: readonly { kind: string; slug: string }[],
): Promise<Map<string, ImportedRecord>> {
  if (names.length === 0) return new Map()
  const kinds = names.map(({ kind }) => kind)
  const slugs = names.map(({ slug }) => slug)
  const { rows } = await sql<Omit<ImportedRecord, 'isForeign'>>`
    SELECT record.id, record.kind, record.slug, record.state,
      COALESCE((
        SELECT json_agg(
          json_build_object('citation', citation.id, 'quote', citation.quote)
          ORDER BY citation.position
        )
        FROM citation JOIN article ON article.id = citation.article_id
        WHERE citation.record_id = record.id AND article.register = ${register}
      ), '[]'::json) AS rows
    FROM unnest(${kinds}::text[], ${slugs}::text[]) AS wanted(kind, slug)
      CROSS JOIN LATERAL (
        SELECT id, kind, slug, state FROM record
        WHERE kind = wanted.kind AND slug = wanted.slug LIMIT 1
      ) AS record`.execute(db)
  return new Map(
    rows.map((row) => [`${row.kind} ${row.slug}`, { ...row, isForeign: row.rows.length === 0 }]),
  )
}

/** Ids by slug of the records of a kind. For a merged record, the id of its target; null for a retracted one. */
export async function findIdsBySlug(
  db: Db,
  kind: Kind,
  slugs: readonly string[],
): Promise<Map<string, string | null>> {
  if (slugs.length === 0) return new Map()
  const { rows } = await sql<{ slug: string; id: string | null }>`
    SELECT slug,
      CASE state
        WHEN 'live' THEN id
        WHEN 'merged' THEN (
          SELECT id FROM record AS target
          WHERE target.id = record.merged_into_id AND target.state = 'live'
        )
      END AS id
    FROM record WHERE kind = ${kind} AND slug = ANY(${[...slugs]}::text[])`.execute(db)
  return new Map(rows.map(({ slug, id }) => [slug, id]))
}

/**
 * Permits outside the register with one of these slugs, or with the issuer and number of one of these rows. LATERAL forces
 * single look-ups: PostgreSQL still takes the tables for small and would read them completely for every batch.
 */
export async function findForeignPermits(
  db: Db,
  register: string,
  slugs: readonly string[],
  numbers: readonly { issuer: string; number: string }[],
): Promise<{ slug: string; issuer: string; number: string | null }[]> {
  const issuers = numbers.map(({ issuer }) => issuer)
  const issuedNumbers = numbers.map(({ number }) => number)
  const { rows } = await sql<{ slug: string; issuer: string; number: string | null }>`
    SELECT record.slug, permit.issuer_id AS issuer, permit.number
    FROM permit JOIN record ON record.id = permit.id
    WHERE permit.register IS DISTINCT FROM ${register} AND permit.id IN (
      SELECT found.id
      FROM unnest(${[...slugs]}::text[]) AS wanted(slug)
        CROSS JOIN LATERAL (
          SELECT id FROM record WHERE kind = 'permit' AND slug = wanted.slug LIMIT 1
        ) AS found
      UNION ALL
      SELECT found.id
      FROM unnest(${issuers}::uuid[], ${issuedNumbers}::text[]) AS wanted(issuer, number)
        CROSS JOIN LATERAL (
          SELECT id FROM permit
          WHERE issuer_id = wanted.issuer AND number = wanted.number LIMIT 1
        ) AS found
    )`.execute(db)
  return rows
}

/** Updates the statistics, without which PostgreSQL plans for the tables as they were before the import. */
export const analyseTables = (db: Db) =>
  sql`
    ANALYZE record, permit, permit_item, event, event_effect, figure, citation, ledger_document`.execute(
    db,
  )

/**
 * Actors and goods that were merged or retracted in these revisions, with the live target of each merge, if any: the target
 * can have been retracted since.
 */
export async function findGoneRecords(
  db: Db,
  after: bigint,
  until: bigint,
): Promise<{ id: string; into: string | null }[]> {
  const { rows } = await sql<{ id: string; into: string | null }>`
    WITH gone AS (
      SELECT record_id AS id
      FROM ledger_document
      WHERE revision > ${String(after)}::bigint AND revision <= ${String(until)}::bigint
        AND change IN ('merge', 'retract')
    )
    SELECT record.id,
      (
        SELECT id FROM record AS target
        WHERE target.id = record.merged_into_id AND target.state = 'live'
      ) AS into
    FROM record
    WHERE record.kind IN ('actor', 'good') AND record.state <> 'live'
      AND (record.id IN (SELECT id FROM gone) OR record.merged_into_id IN (SELECT id FROM gone))`.execute(
    db,
  )
  return rows
}

/** The newest revision. */
export async function findLatestRevision(db: Db): Promise<bigint> {
  const { rows } = await sql<{
    number: string
  }>`SELECT COALESCE(max(number), 0) AS number FROM revision`.execute(db)
  return BigInt(rows[0]?.number ?? 0)
}

export type ImportedRelease = { id: string; slug: string; sourceSha256: string; state: string }

/** The imported releases of a register, newest first. */
export async function findReleases(db: Db, register: string): Promise<ImportedRelease[]> {
  const { rows } = await sql<ImportedRelease>`
    SELECT article.id, record.slug, article.source_sha256 AS "sourceSha256", record.state
    FROM article JOIN record ON record.id = article.id WHERE article.register = ${register} ORDER BY article.id DESC`.execute(
    db,
  )
  return rows
}

/** Live permits of a register after a key, by key. */
export async function listLivePermits(db: Db, register: string, after: string, limit: number) {
  const { rows } = await sql<{ id: string; key: string; slug: string }>`
    SELECT permit.id, permit.register_key AS key, record.slug FROM permit JOIN record ON record.id = permit.id
    WHERE permit.register = ${register} AND permit.register_key > ${after} AND record.state = 'live'
    ORDER BY permit.register_key LIMIT ${limit}`.execute(db)
  return rows
}

/** Live figures of a register, and its live events that are no decisions about permits. */
export async function listLiveRecords(
  db: Db,
  register: string,
): Promise<{ id: string; kind: 'event' | 'figure'; slug: string }[]> {
  const { rows } = await sql<{ id: string; kind: 'event' | 'figure'; slug: string }>`
    SELECT DISTINCT record.id, record.kind, record.slug
    FROM citation
      JOIN article ON article.id = citation.article_id
      JOIN record ON record.id = citation.record_id
      LEFT JOIN event ON event.id = record.id
    WHERE article.register = ${register} AND record.state = 'live'
      AND record.slug LIKE ${`${register}-%`}
      AND (record.kind = 'figure' OR (record.kind = 'event' AND event.type <> 'permit-decision'))
    ORDER BY record.slug`.execute(db)
  return rows
}

/** Writes the parts of the text of an article. */
export type TextWriter = {
  add(part: { start: number; length: number; text: string; source: Buffer }): Promise<void>
}

/** Copies parts as they come; at most 32 are in memory. */
export function createTextWriter(
  client: pg.ClientBase,
  articleId: string,
): TextWriter & { end(): Promise<void> } {
  let lines = new CopyBuffer()
  let parts = 0
  const flush = async () => {
    await copyRows(client, {
      table: 'article_part',
      columns: ['article_id', 'start_at', 'length', 'text', 'sha256', 'source'],
      lines,
    })
    lines = new CopyBuffer()
    parts = 0
  }
  return {
    async add({ start, length, text, source }) {
      lines.push(formatCopyLine([articleId, start, length, text, sha256(text), source]))
      parts += 1
      if (parts >= 32) await flush()
    },
    end: flush,
  }
}
