import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../../../database/database.ts'
import { columnRef, jsonObject } from '../../../database/sql-fragments.ts'
import { Problem, RecordMovedError } from '../../../problem.ts'
import { loadTextRange } from '../../model/article-texts.ts'
import { citationMembers } from '../../model/citation-fields.ts'
import { byEnum, byExactText, byReference, byRelation, type Filter } from '../../model/filters.ts'
import { type ListDefinition, resolveRecordId } from '../../model/list-queries.ts'
import { isId, Kind, RecordCitation } from '../../model/schema.ts'
import { referenceJson, referenceMembers, uncitableSpansJson } from '../../model/sql-json.ts'
import type { StoredCitation } from './rules.ts'

const citationListMembers = {
  ...citationMembers,
  record: jsonObject(referenceMembers('record')),
  recordKind: columnRef('record.kind'),
  href: sql`'/v1/citations/' || citation.id`,
}

const from = sql`citation JOIN record ON record.id = citation.record_id`

const recordFilterPattern = new RegExp(`^(?:(${Kind.options.join('|')})s?/)?([a-z0-9-]+)$`, 'i')

/** The record by id, by `kind/slug` (`permit/wescam-mx15d-baykar-2020`), or by a slug of any kind. */
const byRecord: Filter = {
  schema: z
    .string()
    .regex(
      recordFilterPattern,
      'give an id, a slug, or kind/slug, e.g. permit/wescam-mx15d-baykar-2020',
    )
    .max(200)
    .optional()
    .describe('Cited for this record: its id, or its slug, or `kind/slug` to tell apart.'),
  variant: (value) => (isId(value) ? 'id' : parseFilterKinds(value).join('-')),
  value: (value) => recordFilterPattern.exec(String(value))?.[2],
  where: (slot, given, name) =>
    isId(given[name])
      ? sql`citation.record_id = ${slot(name)}::uuid`
      : sql`citation.record_id IN (SELECT id FROM record WHERE kind IN (${sql.join(
          parseFilterKinds(given[name]).map((kind) => sql.lit(kind)),
        )}) AND slug = ${slot(name)})`,
  assertExists: assertRecordExists,
}

/** In the kind of the value, or in any kind if it has none. */
async function assertRecordExists(db: Db, value: string): Promise<void> {
  const ref = recordFilterPattern.exec(value)?.[2] ?? value
  let missing: unknown
  for (const kind of parseFilterKinds(value))
    try {
      await resolveRecordId(db, kind, ref)
      return
    } catch (error) {
      if (!(error instanceof Problem || error instanceof RecordMovedError)) throw error
      missing = error
    }
  if (parseFilterKinds(value).length === 1) throw missing
  throw new Problem('not-found', `No record has the slug or id "${ref}".`)
}

/** The kinds that a `record` filter may mean. */
function parseFilterKinds(value: unknown): readonly Kind[] {
  const named = Kind.safeParse(recordFilterPattern.exec(String(value))?.[1]?.toLowerCase())
  return named.success ? [named.data] : Kind.options
}

export const citationList: ListDefinition = {
  noun: 'citation',
  from,
  key: columnRef('citation.id'),
  baseCondition: sql`record.state = 'live'`,
  members: citationListMembers,
  filters: {
    case: byRelation(
      'case',
      'Only passages of the articles of this case.',
      (id) =>
        sql`citation.article_id IN (
          SELECT article.id
          FROM article
          WHERE article.case_id = ${id}
        )`,
    ),
    record: byRecord,
    kind: byEnum(Kind, 'Cited for a record of this kind.', (anyOf) => sql`record.kind = ${anyOf}`),
    article: byReference('article', 'citation.article_id', 'Passages of this article.'),
    field: {
      ...byExactText(
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
        sql`citation.id IN (
          SELECT citation_voice.citation_id
          FROM citation_voice
          WHERE citation_voice.actor_id = ${id}
        )`,
    ),
    state: byEnum(
      RecordCitation.shape.state,
      'Whether the quote holds.',
      (anyOf) => sql`citation.state = ${anyOf}`,
    ),
  },
  sorts: {
    recorded: { expression: columnRef('citation.id'), cast: 'uuid' },
    start: { expression: columnRef('citation.start_at'), cast: 'int' },
  },
  defaultSort: 'recorded',
}

/**
 * A citation by its id, as JSON text.
 *
 * @throws {Problem} not-found
 */
export async function readCitationJson(db: Db, id: string): Promise<string> {
  const { rows } = await sql<{ document: string }>`SELECT ${jsonObject(
    citationListMembers,
  )}::text AS document FROM ${from} WHERE citation.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new Problem('not-found', `No citation has the id ${id}.`)
  return row.document
}

/**
 * A citation with the text that is needed to verify it: of a long body, only the part that contains it.
 *
 * @throws {Problem} not-found
 */
export async function loadStoredCitation(db: Db, id: string): Promise<StoredCitation> {
  const { rows } = await sql<Omit<StoredCitation, 'textRange'>>`
    SELECT ${referenceJson('citation.article_id')} AS article, start_at AS start, end_at AS end,
      quote, prefix, suffix, ${uncitableSpansJson} AS uncitable
    FROM citation JOIN article ON article.id = citation.article_id
    WHERE citation.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new Problem('not-found', `No citation has the id ${id}.`)
  const stretch = await loadTextRange(db, row.article.id, row.start, row.end)
  return { ...row, textRange: stretch }
}
