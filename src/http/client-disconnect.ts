import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ExportRequester } from '../database/database.ts'
import { getClient } from './client-address.ts'

/** A signal that is aborted when the client disconnects before its response is complete. */
function abortOnDisconnect({ raw }: { raw: FastifyReply['raw'] }): AbortSignal {
  const controller = new AbortController()
  const abortUnfinished = () => {
    if (!raw.writableFinished) controller.abort()
  }
  if (raw.closed) abortUnfinished()
  else raw.once('close', abortUnfinished)
  return controller.signal
}

/** Who reads an export, for its limits, and for ending its query when the client disconnects. */
export const getExportRequester = (
  request: FastifyRequest,
  reply: FastifyReply,
): Required<ExportRequester> => ({
  signal: abortOnDisconnect(reply),
  client: getClient(request),
})
