import type { FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import { revisionOfTag } from './conditional.ts'

/**
 * What `If-Match` demands of the record that is to be changed (RFC 9110, 13.1.1): a tag holds as long as the record has
 * not changed since the revision at which the tag was given out, whatever else has.
 *
 * @throws {Problem} precondition-required at once when the header is missing
 */
export function ifMatch(request: FastifyRequest): (recordRevision: number) => void {
  const given = request.headers['if-match']
  return precondition(given, 'send the ETag of the record, as it was read, in If-Match')
}

/** The same for an item of a batch, which carries the tag itself. */
export function precondition(tag: string | undefined, otherwise: string) {
  if (tag === undefined) throw new Problem('precondition-required', `Missing: ${otherwise}.`)
  const revisions = tag.split(',').map((one) => revisionOfTag(one.trim()))
  const newest = tag.trim() === '*' ? Number.POSITIVE_INFINITY : Math.max(...revisions)
  return (recordRevision: number) => {
    if (recordRevision <= newest) return
    const known =
      newest < 0 ? 'the tag is not one of this server' : `the tag is of revision ${newest}`
    throw new Problem(
      'precondition-failed',
      `The record was last changed in revision ${recordRevision}; ${known}.`,
    )
  }
}
