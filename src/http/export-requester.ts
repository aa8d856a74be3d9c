import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ExportRequester } from '../database/database.ts'
import { getClient } from './client-address.ts'

/** Who reads an export, for its limits, and for ending its query when nobody reads on. */
export const getExportRequester = (
  request: FastifyRequest,
  reply: FastifyReply,
): Required<ExportRequester> => ({
  signal: abortWhenUnread(request, reply),
  client: getClient(request),
})

/** A signal that is aborted when the client disconnects before the response is complete, and after a HEAD request. */
function abortWhenUnread({ method }: FastifyRequest, { raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  const abortIfUnread = () => {
    if (!raw.writableFinished || method === 'HEAD') controller.abort()
  }
  if (raw.closed) abortIfUnread()
  else raw.once('close', abortIfUnread)
  return controller.signal
}
