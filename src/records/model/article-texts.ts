import { sql } from 'kysely'
import type { Database, Db, ExportRequester } from '../../database/database.ts'
import { sha256 } from '../../evidence/sha256.ts'
import { normaliseText } from '../../evidence/text.ts'
import { Problem } from '../../problem.ts'

/**
 * Texts of articles. A short text is in `article`. A long text, such as a register, is in consecutive parts without gaps
 * (docs/decisions/0010-long-texts.md), so that it never has to be in memory as a whole.
 */

/** Number of parts in memory while a text is streamed; a part has some ten thousand characters. */
const partBatchSize = 16

/** A range of a body. `start` is in code points; `intact` is whether it still has the stored hash. */
export type TextRange = {
  text: string
  start: number
  /** SHA-256 of this range, computed when it was read. */
  sha256: string
  intact: boolean
}

type StoredTextPart = { startAt: number; length: number; text: string; sha256: string }

/** The parts of a long body, in order. */
const streamTextParts = (
  database: Database,
  articleId: string,
  requester?: ExportRequester,
): AsyncGenerator<StoredTextPart> =>
  database.stream(
    sql<StoredTextPart>`
      SELECT start_at AS "startAt", length, text, sha256 FROM article_part
      WHERE article_id = ${articleId} ORDER BY start_at`.compile(database.db),
    partBatchSize,
    requester,
  )

/** The whole body: one text, or the parts of a long one. @throws {Problem} not-found */
export async function readArticleBody(
  database: Database,
  articleId: string,
  requester?: ExportRequester,
): Promise<string | AsyncGenerator<string>> {
  const row = await database.db
    .selectFrom('article')
    .select('body')
    .where('id', '=', articleId)
    .executeTakeFirst()
  if (row === undefined) throw new Problem('not-found', `No article has the id ${articleId}.`)
  return row.body ?? streamBody(database, articleId, requester)
}

async function* streamBody(
  database: Database,
  articleId: string,
  requester?: ExportRequester,
): AsyncGenerator<string> {
  for await (const { text } of streamTextParts(database, articleId, requester)) yield text
}

/** The bytes as received: one buffer, or the parts of a long document. @throws {Problem} not-found */
export async function readArticleSource(
  database: Database,
  articleId: string,
  requester?: ExportRequester,
): Promise<{
  mediaType: string
  sha256: string
  bytes: Buffer | AsyncGenerator<Buffer>
}> {
  const row = await database.db
    .selectFrom('article')
    .select(['source', 'source_media_type', 'source_sha256'])
    .where('id', '=', articleId)
    .executeTakeFirst()
  if (row === undefined) throw new Problem('not-found', `No article has the id ${articleId}.`)
  const bytes =
    row.source === null ? streamSource(database, articleId, requester) : Buffer.from(row.source)
  return { mediaType: row.source_media_type, sha256: row.source_sha256, bytes }
}

async function* streamSource(
  database: Database,
  articleId: string,
  requester?: ExportRequester,
): AsyncGenerator<Buffer> {
  const statement = sql<{ source: Buffer }>`
    SELECT source FROM article_part WHERE article_id = ${articleId} ORDER BY start_at`
  const query = statement.compile(database.db)
  for await (const { source } of database.stream(query, partBatchSize, requester)) yield source
}

/**
 * The range of a body that contains the code points from `start` to `end` and their context: all of a short body, or the
 * parts of a long one. Empty if there is none.
 */
export async function loadTextRange(
  db: Db,
  articleId: string,
  start: number,
  end: number,
): Promise<TextRange> {
  const { rows } = await sql<{ body: string | null; bodySha256: string }>`
    SELECT body, body_sha256 AS "bodySha256" FROM article WHERE id = ${articleId}`.execute(db)
  const [whole] = rows
  if (typeof whole?.body === 'string') {
    const bodyHash = sha256(whole.body)
    return {
      text: whole.body,
      start: 0,
      sha256: bodyHash,
      intact: bodyHash === whole.bodySha256,
    }
  }
  const { rows: parts } = await sql<StoredTextPart>`
    SELECT start_at AS "startAt", length, text, sha256 FROM article_part WHERE article_id = ${articleId}
      AND start_at < ${end + contextLength} AND start_at >= COALESCE((SELECT max(start_at) FROM article_part
        WHERE article_id = ${articleId} AND start_at <= ${Math.max(0, start - contextLength)}), 0)
    ORDER BY start_at`.execute(db)
  const text = parts.map((part) => part.text).join('')
  return {
    text,
    start: parts[0]?.startAt ?? 0,
    sha256: sha256(text),
    intact: parts.every((part) => sha256(part.text) === part.sha256),
  }
}

/** Up to two parts of a long body that contain these words. */
export async function findPartsContaining(
  db: Db,
  articleId: string,
  words: string,
): Promise<{ start: number; end: number }[]> {
  const { rows } = await sql<{ start: number; end: number }>`
    SELECT start_at AS start, start_at + length AS end FROM article_part
    WHERE article_id = ${articleId} AND strpos(text, ${normaliseOrEmpty(words)}) > 0 ORDER BY start_at LIMIT 2`.execute(
    db,
  )
  return rows
}

/** The normal form of bodies. Words that no body can contain become empty; the check of the quote rejects them. */
function normaliseOrEmpty(words: string): string {
  try {
    return normaliseText(words)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return ''
  }
}

/** Code points; more than the prefix or suffix of a citation has. */
const contextLength = 64
