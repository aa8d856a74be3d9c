import type { Session } from './commit.ts'
import { kinds } from './kinds.ts'
import { readMany } from './reading.ts'
import type { Kind } from './schema.ts'

/** A record as it stands at the end of a write: the body of the answer, and where it can be read again. */
export async function answerWith(session: Session, kind: Kind, id: string) {
  // A row that was changed still has the revision before; it is set for good when the write is done.
  if (session.hasTouched(id))
    await session.tx.record.update({ where: { id }, data: { revision: session.revision } })
  const { single } = kinds[kind]
  const wire = (await readMany(session.tx.$kysely, single.from, single.members, [id])).get(id)
  return { body: JSON.stringify(wire), location: `/v1/${kind}s/${String(wire?.slug)}` }
}

/** The slugs of these records, in their order. */
export async function slugsOf({ tx }: Session, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.record.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, slug: true },
  })
  const slugs = new Map(rows.map(({ id, slug }) => [id, slug]))
  return ids.map((id) => slugs.get(id) ?? '')
}
