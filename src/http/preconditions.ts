import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import { parseEtag } from './etag.ts'
import type { RevisionSource } from './revision-source.ts'

/** Throws {Problem} precondition-failed when the record has changed. */
type PreconditionCheck = (recordRevision: number, newestRevision: number) => void

/**
 * Checks `If-Match` (RFC 9110, 13.1.1). A tag matches while the record has not changed since the revision of the tag,
 * whatever else has changed. A revision beyond the newest one does not match, and neither does a weak tag: the comparison is
 * strong.
 *
 * @throws {Problem} precondition-required when the header is missing
 */
export function createIfMatchCheck(request: FastifyRequest): PreconditionCheck {
  const ifMatch = request.headers['if-match']
  return createEtagCheck(ifMatch, 'send the ETag of the record, as it was read, in If-Match')
}

/** The same check for an item of a batch, which has its own tag. */
export function createEtagCheck(tag: string | undefined, instruction: string): PreconditionCheck {
  if (tag === undefined) throw new Problem('precondition-required', `Missing: ${instruction}.`)
  if (tag.trim() === '*') return () => {}
  const revisions = splitTags(tag).map((member) => parseEtag(member)?.revision ?? -1)
  const newestTag = Math.max(...revisions)
  return (recordRevision, newestRevision) => {
    if (revisions.some((revision) => recordRevision <= revision && revision <= newestRevision))
      return
    throw new Problem(
      'precondition-failed',
      `The record was last changed in revision ${recordRevision}; ${describeTag(newestTag, newestRevision)}.`,
    )
  }
}

const splitTags = (tags: string): string[] => tags.split(',').map((tag) => tag.trim())

function describeTag(tagRevision: number, newestRevision: number): string {
  if (tagRevision < 0) return 'the tag is not a strong tag of this server'
  if (tagRevision <= newestRevision) return `the tag is of revision ${tagRevision}`
  return `the tag is of revision ${tagRevision}, and the newest is ${newestRevision}`
}

/** Checks the history of `If-Match` before a route checks the rest. */
export function registerIfMatchHistory(app: FastifyInstance, source: RevisionSource): void {
  app.addHook('preValidation', async ({ headers }) => {
    const ifMatch = headers['if-match']
    if (ifMatch !== undefined) headers['if-match'] = await selectTagsOfHistory(source, ifMatch)
  })
}

/**
 * Removes the tags whose revision has another epoch in the history of this server, as after a restore of a backup. Tags of
 * revisions beyond the newest one stay: `createEtagCheck` refuses them.
 *
 * @throws {Problem} precondition-failed when no tag is left
 */
export async function selectTagsOfHistory(source: RevisionSource, tags: string): Promise<string> {
  const selected: string[] = []
  for (const tag of splitTags(tags)) {
    const parsed = parseEtag(tag)
    const epoch = parsed?.epoch && (await source.getEpoch(parsed.revision))
    if (!epoch || epoch === parsed.epoch) selected.push(tag)
  }
  if (selected.length > 0) return selected.join(', ')
  throw new Problem(
    'precondition-failed',
    'The tag is of a revision that is not in the history of this server. Read the record again.',
  )
}
