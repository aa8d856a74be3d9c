import { sql } from 'kysely'
import { z } from 'zod'
import { column, jsonObject } from '../../../database/columns.ts'
import type { Db } from '../../../database/database.ts'
import { Problem } from '../../../problem.ts'
import { byReference, byRelation, byText, byWord, type Filter } from '../../model/filters.ts'
import { type Listing, resolve } from '../../model/list-queries.ts'
import { isId, Kind, RecordCitation } from '../../model/schema.ts'
import {
  citationMembers,
  reference,
  referenceMembers,
  uncitableSpan,
} from '../../model/sql-json.ts'
import { stretchAround } from '../../model/texts.ts'
import type { StoredCitation } from './rules.ts'

const members = {
  ...citationMembers,
  record: jsonObject(referenceMembers('record')),
  recordKind: column('record.kind'),
  href: sql`'/v1/citations/' || citation.id`,
}

const from = sql`citation JOIN record ON record.id = citation.record_id`

const RecordRef = new RegExp(`^(?:(${Kind.options.join('|')})s?/)?([a-z0-9-]+)$`, 'i')

/** The record by id, by `kind/slug` (`permit/wescam-mx15d-baykar-2020`), or by a slug in whatever kind has it. */
const byRecord: Filter = {
  schema: z
    .string()
    .regex(RecordRef, 'give an id, a slug, or kind/slug, e.g. permit/wescam-mx15d-baykar-2020')
    .max(200)
    .optional()
    .describe('Cited for this record: its id, or its slug, or `kind/slug` to tell apart.'),
  variant: (value) => (isId(value) ? 'id' : kindOf(value).join('-')),
  value: (value) => RecordRef.exec(String(value))?.[2],
  where: (slot, given, name) =>
    isId(given[name])
      ? sql`citation.record_id = ${slot(name)}::uuid`
      : sql`citation.record_id IN (SELECT id FROM record WHERE kind IN (${sql.join(
          kindOf(given[name]).map((kind) => sql.lit(kind)),
        )}) AND slug = ${slot(name)})`,
  mustExist: requireRecord,
}

/** In the kind that is named, or else in any. */
async function requireRecord(db: Db, value: string): Promise<void> {
  const ref = RecordRef.exec(value)?.[2] ?? value
  let missing: unknown
  for (const kind of kindOf(value))
    try {
      await resolve(db, kind, ref)
      return
    } catch (error) {
      missing = error
    }
  if (kindOf(value).length === 1) throw missing
  throw new Problem('not-found', `No record has the slug or id "${ref}".`)
}

/** The kinds that a `record` filter may mean. */
function kindOf(value: unknown): readonly Kind[] {
  const named = Kind.safeParse(RecordRef.exec(String(value))?.[1]?.toLowerCase())
  return named.success ? [named.data] : Kind.options
}

export const citationListing: Listing = {
  noun: 'citation',
  from,
  key: column('citation.id'),
  always: sql`record.state = 'live'`,
  members,
  filters: {
    case: byRelation(
      'case',
      'Only passages of the articles of this case.',
      (id) =>
        sql`citation.article_id IN (SELECT article.id FROM article WHERE article.case_id = ${id})`,
    ),
    record: byRecord,
    kind: byWord(Kind, 'Cited for a record of this kind.', (anyOf) => sql`record.kind = ${anyOf}`),
    article: byReference('article', 'citation.article_id', 'Passages of this article.'),
    field: {
      ...byText(
        'citation.field',
        'Supports this field or a part of it: `items`, `items.0.quantity`.',
      ),
      where: (slot, _given, name) =>
        sql`(citation.field = ${slot(name)} OR starts_with(citation.field, ${slot(name)} || '.'))`,
    },
    voice: byRelation(
      'actor',
      'This actor is in the chain of reported speech.',
      (id) =>
        sql`citation.id IN (SELECT citation_voice.citation_id FROM citation_voice WHERE citation_voice.actor_id = ${id})`,
    ),
    state: byWord(
      RecordCitation.shape.state,
      'Whether the quote holds.',
      (anyOf) => sql`citation.state = ${anyOf}`,
    ),
  },
  sorts: {
    recorded: { by: column('citation.id'), cast: 'uuid' },
    start: { by: column('citation.start_at'), cast: 'int' },
  },
  defaultSort: 'recorded',
}

/**
 * A citation by its id, as JSON text.
 *
 * @throws {Problem} not-found
 */
export async function getCitation(db: Db, id: string): Promise<string> {
  const { rows } = await sql<{ document: string }>`SELECT ${jsonObject(
    members,
  )}::text AS document FROM ${from} WHERE citation.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new Problem('not-found', `No citation has the id ${id}.`)
  return row.document
}

/**
 * What is needed to hold a citation against the stored body once more: of a long one, only the part it stands in.
 *
 * @throws {Problem} not-found
 */
export async function getStoredCitation(db: Db, id: string): Promise<StoredCitation> {
  const { rows } = await sql<Omit<StoredCitation, 'stretch'>>`
    SELECT ${reference('citation.article_id')} AS article, start_at AS start, end_at AS end, quote, prefix, suffix,
      COALESCE((SELECT json_agg(json_build_object('start', article_span.start_at, 'end', article_span.end_at)) FROM article_span
        WHERE article_span.article_id = article.id AND ${uncitableSpan}), '[]'::json) AS uncitable
    FROM citation JOIN article ON article.id = citation.article_id WHERE citation.id = ${id}`.execute(
    db,
  )
  const row = rows[0]
  if (row === undefined) throw new Problem('not-found', `No citation has the id ${id}.`)
  const stretch = await stretchAround(db, row.article.id, row.start, row.end)
  return { ...row, stretch }
}
