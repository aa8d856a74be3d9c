import type { FastifyReply } from 'fastify'

/** Fires when the client goes away before its answer is at its end; has fired when it is gone already. */
export function abortOnDisconnect({ raw }: { raw: FastifyReply['raw'] }): AbortSignal {
  const controller = new AbortController()
  const abortUnfinished = () => {
    if (!raw.writableFinished) controller.abort()
  }
  if (raw.closed) abortUnfinished()
  else raw.once('close', abortUnfinished)
  return controller.signal
}
