import { buildHref, type Kind } from '../model/schema.ts'
import type { WireRecordReader, WriteSession } from './commit.ts'

/** A record at the end of a write: the body of the answer, and its path. */
export async function buildWriteResponse(readWire: WireRecordReader, kind: Kind, id: string) {
  return buildWireResponse(kind, await readWire(kind, id))
}

export const buildWireResponse = (kind: Kind, wire: Record<string, unknown>) => ({
  body: JSON.stringify(wire),
  location: buildHref(kind, String(wire.slug)),
})

/** The slugs of these records, in their order. */
export async function loadSlugs({ tx }: WriteSession, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await tx.db
    .selectFrom('record')
    .select(['id', 'slug'])
    .where('id', 'in', [...ids])
    .execute()
  const slugs = new Map(rows.map(({ id, slug }) => [id, slug]))
  return ids.map((id) => slugs.get(id) ?? '')
}
