import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { indexText } from '../../evidence/text.ts'
import { computeFingerprints } from '../../evidence/text-overlap.ts'
import { Problem } from '../../problem.ts'
import { extractCitableText } from '../kinds/articles/queries.ts'
import { type CorrectedSpan, isUncitable, type SpanType } from '../kinds/articles/schema.ts'
import { findRecordRow, resolveRecordId } from '../model/list-queries.ts'
import { buildHref, type Reference } from '../model/schema.ts'
import type { WriteSession } from './commit.ts'
import type { Precondition } from './correct.ts'

/** Spans that say where text is from, not what it is: the reader writes them, and a correction leaves them alone. */
const readerTypes: ReadonlySet<SpanType> = new Set<SpanType>(['page', 'ocr'])

type StoredSpan = {
  type: SpanType
  start: number
  end: number
  page: number | null
  note: string | null
  confidence: number | null
}

/**
 * Replaces the spans of an article, except those of pages and of text recognition.
 *
 * @returns its id
 * @throws {Problem} invalid-request for a span outside the text; span-cited if a citation would be in a span that nothing
 * may cite
 */
export async function correctSpans(
  session: WriteSession,
  target: { ref: string; spans: readonly CorrectedSpan[] },
  checkPrecondition: Precondition,
): Promise<string> {
  const { db } = session.tx
  const id = await resolveRecordId(db, 'article', target.ref)
  const row = await findRecordRow(db, 'article', id)
  if (row) checkPrecondition(Number(row.revision), Number(session.revision) - 1)
  const article = await db
    .selectFrom('article')
    .select(['body', 'body_length'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const stored = await loadSpans(db, id)
  const kept = stored.filter(({ type }) => readerTypes.has(type))
  requireWithinText(target.spans, article.body_length)
  const corrected = target.spans
    .filter(({ type }) => !readerTypes.has(type))
    .map((span) => ({ ...span, confidence: null }))
  const spans = [...kept, ...corrected].toSorted((a, b) => a.start - b.start || b.end - a.end)
  if (JSON.stringify(spans.map(toKey)) === JSON.stringify(stored.map(toKey))) return id
  await requireUncited(db, id, spans)
  await session.markChanged('article', id, 'update')
  await replaceSpans(session, id, spans)
  // A long text has none.
  if (article.body !== null) {
    const fingerprints = computeFingerprints(extractCitableText(indexText(article.body), spans))
    await sql`UPDATE article SET fingerprints = ${fingerprints}::bigint[] WHERE id = ${id}`.execute(
      db,
    )
  }
  await session.markChanged('article', id, 'update')
  return id
}

const toKey = ({ type, start, end, page, note }: StoredSpan) => [type, start, end, page, note]

const loadSpans = async (db: Db, articleId: string): Promise<StoredSpan[]> => {
  const rows = await db
    .selectFrom('article_span')
    .select(['type', 'start_at as start', 'end_at as end', 'page', 'note', 'confidence'])
    .where('article_id', '=', articleId)
    .orderBy('position')
    .execute()
  return rows as StoredSpan[]
}

function requireWithinText(spans: readonly CorrectedSpan[], length: number): void {
  const errors = spans.flatMap(({ end }, index) =>
    end <= length
      ? []
      : [
          {
            pointer: `/body/spans/${index}/end`,
            detail: `the text has ${length} code points`,
          },
        ],
  )
  const [first] = errors
  if (first) throw new Problem('invalid-request', `${first.pointer}: ${first.detail}`, { errors })
}

type CitedSpan = {
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  id: string
  kind: string
  slug: string
  name: string
}

/** Citations of retracted records count as well: `casefile verify` checks them. */
async function requireUncited(
  db: Db,
  articleId: string,
  spans: readonly StoredSpan[],
): Promise<void> {
  const uncitable = spans.filter(isUncitable).map(({ start, end }) => ({ start, end }))
  if (uncitable.length === 0) return
  const { rows } = await sql<CitedSpan>`
    SELECT DISTINCT ON (citation.start_at, citation.id)
      citation.start_at AS start, citation.end_at AS end, citation.quote, citation.prefix, citation.suffix,
      record.id, record.kind, record.slug, record.name
    FROM citation
    JOIN record ON record.id = citation.record_id
    JOIN jsonb_to_recordset(${JSON.stringify(uncitable)}::jsonb) AS span(start int, "end" int)
      ON citation.start_at < span.end AND citation.end_at > span.start
    WHERE citation.article_id = ${articleId} AND citation.state = 'anchored'
    ORDER BY citation.start_at, citation.id
    LIMIT 100`.execute(db)
  if (rows.length === 0) return
  const references = new Map<string, Reference>(
    rows.map(({ id, kind, slug, name }) => [id, { id, slug, name, href: buildHref(kind, slug) }]),
  )
  throw new Problem(
    'span-cited',
    `${rows.length} citation(s) quote words of the span: ${[...references.values()].map(({ href }) => href).join(', ')}`,
    {
      references: [...references.values()],
      passages: rows.map(({ start, end, quote, prefix, suffix }) => ({
        start,
        end,
        quote,
        prefix,
        suffix,
      })),
    },
  )
}

async function replaceSpans(
  { tx }: WriteSession,
  articleId: string,
  spans: readonly StoredSpan[],
): Promise<void> {
  await tx.db.deleteFrom('article_span').where('article_id', '=', articleId).execute()
  const articleSpan = spans.map(({ type, start, end, page, note, confidence }, position) => ({
    articleId,
    position,
    type,
    startAt: start,
    endAt: end,
    page,
    note,
    confidence,
  }))
  await tx.insert({ articleSpan })
}
