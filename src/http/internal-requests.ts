import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/**
 * The pages read and write through the routes of the API, in the same process (`app.inject`). A random value that no client
 * knows marks these requests: they are part of a request that was counted, limited and logged already.
 */
const secretHeader = 'x-casefile-internal'
const keyIdHeader = 'x-casefile-key-id'
const secret = randomUUID()

/** @param keyId the access key of the session for which the request is made; null when nobody is signed in */
export const buildInternalHeaders = (keyId: string | null): Record<string, string> => ({
  [secretHeader]: secret,
  ...(keyId !== null && { [keyIdHeader]: keyId }),
})

export const isInternalRequest = (request: { headers: IncomingHttpHeaders }): boolean =>
  request.headers[secretHeader] === secret

/** The id of the access key of an internal request; null for all other requests. */
export function getInternalKeyId(request: { headers: IncomingHttpHeaders }): string | null {
  const keyId = request.headers[keyIdHeader]
  return isInternalRequest(request) && typeof keyId === 'string' ? keyId : null
}
