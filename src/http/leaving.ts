import type { FastifyReply } from 'fastify'

/** Fires when the client goes away before its answer is at its end; has fired when it is gone already. */
export function leaving({ raw }: { raw: FastifyReply['raw'] }): AbortSignal {
  const left = new AbortController()
  const leave = () => {
    if (!raw.writableFinished) left.abort()
  }
  if (raw.closed) leave()
  else raw.once('close', leave)
  return left.signal
}
