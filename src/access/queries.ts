import { sql } from 'kysely'
import type { Db } from '../database/database.ts'
import { insertDigestedRow } from '../database/digested-row.ts'
import { generateKey, parseScope, type Scope } from './keys.ts'

export type AccessKey = {
  id: string
  name: string
  scope: Scope
  createdAt: string
  /** ISO instants; null means never. */
  expiresAt: string | null
  revokedAt: string | null
  /** Up to a minute old. */
  lastUsedAt: string | null
}

/**
 * Creates a key and returns its text, which is not stored.
 *
 * @returns null when another key has the name
 */
export async function createKey(
  db: Db,
  newKey: { name: string; scope: Scope; expiresAt: Date | null },
): Promise<{ id: string; text: string } | null> {
  const { id, text, hash } = generateKey()
  const columns = {
    id,
    hash,
    name: newKey.name,
    scope: newKey.scope,
    created_at: new Date(),
    expires_at: newKey.expiresAt,
  }
  const onConflict = sql`ON CONFLICT (name) DO NOTHING`
  const isInserted = await insertDigestedRow(db, 'access_key', columns, onConflict)
  return isInserted ? { id, text } : null
}

/** All keys, oldest first. */
export async function listKeys(db: Db): Promise<AccessKey[]> {
  const rows = await db.selectFrom('access_key').select(accessKeyColumns).orderBy('id').execute()
  return rows.map(toAccessKey)
}

/** @returns the revoked key; null when no active key has this name or id */
export async function revokeKey(
  db: Db,
  nameOrId: string,
): Promise<{ id: string; name: string } | null> {
  const { rows } = await sql<{ id: string; name: string }>`
    UPDATE access_key
    SET revoked_at = next.revoked_at, digest = row_digest(next)
    FROM
      access_key AS before,
      jsonb_populate_record(before, jsonb_build_object('revoked_at', now())) AS next
    WHERE before.revoked_at IS NULL
      AND (before.name = ${nameOrId} OR before.id::text = ${nameOrId})
      AND access_key.id = before.id
    RETURNING access_key.id, access_key.name`.execute(db)
  return rows[0] ?? null
}

/** The key with its hash. `stale`: `last_used_at` is more than a minute old. */
export async function findKey(db: Db, id: string) {
  const row = await db
    .selectFrom('access_key')
    .select(['id', 'name', 'scope', 'hash'])
    .select(sql<boolean>`revoked_at IS NOT NULL`.as('revoked'))
    .select(sql<boolean>`COALESCE(expires_at <= now(), false)`.as('expired'))
    .select(
      sql<boolean>`last_used_at IS NULL OR last_used_at < now() - interval '1 minute'`.as('stale'),
    )
    .where('id', '=', id)
    .executeTakeFirst()
  return row && { ...row, scope: parseScope(row.scope) }
}

/** Those of the keys that are revoked or expired. */
export async function findUnusableKeys(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id
    FROM access_key
    WHERE id = ANY(${[...ids]}::uuid[]) AND (revoked_at IS NOT NULL OR expires_at <= now())`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

export async function updateLastUsed(db: Db, id: string): Promise<void> {
  await db
    .updateTable('access_key')
    .set({ last_used_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

const accessKeyColumns = [
  'id',
  'name',
  'scope',
  'created_at',
  'expires_at',
  'revoked_at',
  'last_used_at',
] as const

type AccessKeyRow = {
  id: string
  name: string
  scope: string
  created_at: Date
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
}

const toAccessKey = (row: AccessKeyRow): AccessKey => ({
  id: row.id,
  name: row.name,
  scope: parseScope(row.scope),
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
})
