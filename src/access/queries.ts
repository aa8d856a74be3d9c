import { sql } from 'kysely'
import type { Db } from '../database/database.ts'
import { insertDigestedRow } from '../database/digested-row.ts'
import { generateKey, parseScope, type Scope } from './keys.ts'

export type AccessKey = {
  id: string
  name: string
  scope: Scope
  createdAt: string
  /** ISO instants; null is never. */
  expiresAt: string | null
  revokedAt: string | null
  /** To the minute. */
  lastUsedAt: string | null
}

/**
 * Makes a key and gives its text, the only time it can be had.
 *
 * @returns null when another key has the name
 */
export async function createKey(
  db: Db,
  newKey: { name: string; scope: Scope; expiresAt: Date | null },
): Promise<{ id: string; text: string } | null> {
  const { id, text, hash } = generateKey()
  const isInserted = await insertDigestedRow(
    db,
    'access_key',
    {
      id,
      hash,
      name: newKey.name,
      scope: newKey.scope,
      created_at: new Date(),
      expires_at: newKey.expiresAt,
    },
    sql`ON CONFLICT (name) DO NOTHING`,
  )
  return isInserted ? { id, text } : null
}

/** All keys, oldest first. */
export async function listKeys(db: Db): Promise<AccessKey[]> {
  const rows = await db.selectFrom('access_key').select(accessKeyColumns).orderBy('id').execute()
  return rows.map(toAccessKey)
}

/** @returns whether there is such a key (by name or id) that was not revoked before */
export async function revokeKey(db: Db, nameOrId: string): Promise<boolean> {
  const { rows: revoked } = await sql`
    UPDATE access_key
    SET revoked_at = next.revoked_at, digest = row_digest(next)
    FROM
      access_key AS before,
      jsonb_populate_record(before, jsonb_build_object('revoked_at', now())) AS next
    WHERE before.revoked_at IS NULL
      AND (before.name = ${nameOrId} OR before.id::text = ${nameOrId})
      AND access_key.id = before.id
    RETURNING access_key.id`.execute(db)
  return revoked.length > 0
}

/** The key with its hash, and whether it can be used now; notes its use at most once a minute. */
export async function findUsableKey(db: Db, id: string) {
  const row = await db
    .selectFrom('access_key')
    .select(['id', 'name', 'scope', 'hash'])
    .select(
      sql<boolean>`revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`.as('usable'),
    )
    .select(
      sql<boolean>`last_used_at IS NULL OR last_used_at < now() - interval '1 minute'`.as('stale'),
    )
    .where('id', '=', id)
    .executeTakeFirst()
  return row && { ...row, scope: parseScope(row.scope) }
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
