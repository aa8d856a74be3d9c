import type { FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import { parseEtagRevision } from './conditional-requests.ts'

/** Throws {Problem} precondition-failed when the record has changed. */
type PreconditionCheck = (recordRevision: number, newestRevision: number) => void

/**
 * Checks `If-Match` (RFC 9110, 13.1.1). A tag matches while the record has not changed since the revision of the tag,
 * whatever else has changed. A revision beyond the newest one does not match.
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
  const revisions = tag.split(',').map((member) => parseEtagRevision(member.trim()))
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

function describeTag(tagRevision: number, newestRevision: number): string {
  if (tagRevision < 0) return 'the tag is not one of this server'
  if (tagRevision <= newestRevision) return `the tag is of revision ${tagRevision}`
  return `the tag is of revision ${tagRevision}, and the newest is ${newestRevision}`
}
