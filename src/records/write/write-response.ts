import type { Kind } from '../model/schema.ts'
import type { WireRecordReader, WriteSession } from './commit.ts'

/** A record as it stands at the end of a write: the body of the answer, and where it can be read again. */
export async function buildWriteResponse(readWire: WireRecordReader, kind: Kind, id: string) {
  const wire = await readWire(kind, id)
  return { body: JSON.stringify(wire), location: `/v1/${kind}s/${String(wire.slug)}` }
}

/** The slugs of these records, in their order. */
export async function loadSlugs({ tx }: WriteSession, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.record.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, slug: true },
  })
  const slugs = new Map(rows.map(({ id, slug }) => [id, slug]))
  return ids.map((id) => slugs.get(id) ?? '')
}
