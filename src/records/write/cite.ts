import type { z } from 'zod'
import { Problem } from '../../problem.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { resolve } from '../model/list-queries.ts'
import { references } from '../model/references.ts'
import { CitationInput, Kind } from '../model/schema.ts'
import { mergePatch } from '../model/snapshots.ts'
import { misfit } from '../model/validation-errors.ts'
import type { Session } from './commit.ts'
import type { Precondition } from './correct.ts'
import { citationMissing, citer } from './create.ts'

/**
 * Adds a passage to a record.
 *
 * @returns the id of the record
 * @throws {Problem} when the quote does not stand exactly once where it may be cited
 */
export async function addCitation(
  session: Session,
  target: { kind: Kind; ref: string; input: z.infer<typeof CitationInput>; pointer: string },
): Promise<string> {
  const { tx } = session
  const id = await resolve(tx.$kysely, target.kind, target.ref)
  const last = await tx.citation.aggregate({ where: { recordId: id }, _max: { position: true } })
  const citing = citer(tx, references(tx, session.locals))
  await citing.add(id, (last._max.position ?? -1) + 1, target.input, target.pointer)
  await citing.write()
  await session.touch(target.kind, id, 'update')
  return id
}

/** The citation, with the kind of its live record, after the precondition was held against that record. */
async function open({ tx, revision }: Session, id: string, mayChange: Precondition) {
  const citation = await tx.citation.findUnique({
    where: { id },
    include: { record: true, voices: { orderBy: { position: 'asc' } } },
  })
  if (citation === null || citation.record.state !== 'live')
    throw new Problem('not-found', `No citation has the id ${id}.`)
  mayChange(Number(citation.record.revision), Number(revision) - 1)
  return { ...citation, kind: Kind.parse(citation.record.kind) }
}

/**
 * Corrects a citation by a JSON Merge Patch of what it was made from; the quote is looked up again. It keeps its place
 * in the record and gets a new id, for what it says is another claim.
 *
 * @returns kind and id of the record
 */
export async function correctCitation(
  session: Session,
  target: { id: string; patch: unknown; pointer: string },
  mayChange: Precondition,
): Promise<{ kind: Kind; id: string }> {
  const { tx } = session
  const { kind, voices, ...old } = await open(session, target.id, mayChange)
  const before = {
    article: old.articleId,
    quote: old.quote,
    prefix: old.prefix,
    suffix: old.suffix,
    field: old.field,
    ...(old.value !== null && { value: old.value }),
    voices: voices.map(({ actorId, document }) => actorId ?? { document }),
    confidence: old.confidence,
    fragment: old.fragment,
  }
  // The words beside the old quote say nothing of another one.
  const { patch } = target
  const moved =
    typeof patch === 'object' && patch !== null && ('quote' in patch || 'article' in patch)
  const { prefix, suffix, fragment, ...unmoved } = before
  const result = CitationInput.safeParse(mergePatch(moved ? unmoved : before, patch))
  if (!result.success) throw misfit(result.error, target.pointer)
  await remove(session, old.id)
  const citing = citer(tx, references(tx, session.locals))
  await citing.add(old.recordId, old.position, result.data, target.pointer)
  await citing.write()
  await session.touch(kind, old.recordId, 'update')
  return { kind, id: old.recordId }
}

/**
 * Removes a citation from its record.
 *
 * @returns kind and id of the record
 * @throws {Problem} citation-missing when it is the last one of a record that needs one
 */
export async function removeCitation(
  session: Session,
  id: string,
  mayChange: Precondition,
): Promise<{ kind: Kind; id: string }> {
  const { kind, recordId } = await open(session, id, mayChange)
  await remove(session, id)
  const left = await session.tx.citation.count({ where: { recordId } })
  if (left === 0 && !kinds[kind].writer.uncited) throw citationMissing(kind, '')
  await session.touch(kind, recordId, 'update')
  return { kind, id: recordId }
}

async function remove({ tx }: Session, id: string): Promise<void> {
  await tx.citationVoice.deleteMany({ where: { citationId: id } })
  await tx.citation.delete({ where: { id } })
}
