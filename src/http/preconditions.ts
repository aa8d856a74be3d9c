import type { FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import { parseEtagRevision } from './conditional-requests.ts'

/**
 * What `If-Match` demands of the record that is to be changed (RFC 9110, 13.1.1): a tag holds as long as the record has
 * not changed since the revision at which the tag was given out, whatever else has. One of a revision that is not there
 * yet was not given out.
 *
 * @throws {Problem} precondition-required at once when the header is missing
 */
export function createIfMatchCheck(
  request: FastifyRequest,
): (recordRevision: number, newest: number) => void {
  const given = request.headers['if-match']
  return createEtagCheck(given, 'send the ETag of the record, as it was read, in If-Match')
}

/** The same for an item of a batch, which carries the tag itself. */
export function createEtagCheck(
  tag: string | undefined,
  instruction: string,
): (recordRevision: number, newest: number) => void {
  if (tag === undefined) throw new Problem('precondition-required', `Missing: ${instruction}.`)
  if (tag.trim() === '*') return () => {}
  const revisions = tag.split(',').map((one) => parseEtagRevision(one.trim()))
  const latest = Math.max(...revisions)
  return (recordRevision, newest) => {
    if (revisions.some((revision) => recordRevision <= revision && revision <= newest)) return
    const tagDescription =
      latest < 0
        ? 'the tag is not one of this server'
        : latest > newest
          ? `the tag is of revision ${latest}, and the newest is ${newest}`
          : `the tag is of revision ${latest}`
    throw new Problem(
      'precondition-failed',
      `The record was last changed in revision ${recordRevision}; ${tagDescription}.`,
    )
  }
}
