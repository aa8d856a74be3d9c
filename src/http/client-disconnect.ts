import type { FastifyReply } from 'fastify'

/** A signal that is aborted when the client disconnects before its response is complete. */
export function abortOnDisconnect({ raw }: { raw: FastifyReply['raw'] }): AbortSignal {
  const controller = new AbortController()
  const abortUnfinished = () => {
    if (!raw.writableFinished) controller.abort()
  }
  if (raw.closed) abortUnfinished()
  else raw.once('close', abortUnfinished)
  return controller.signal
}
