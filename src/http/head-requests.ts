import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'

/** Media types that are compressed for clients that accept it. A stream of events is not: it would arrive late. */
export const compressibleTypes = /^text\/(?!event-stream)|json(;|$)|xml(;|$)/

/**
 * HEAD responses (RFC 9110, 9.3.2). A stream is not read: its export would run to its end, and a stream of changes has none.
 * When the response to GET may be compressed, its length is not known, so `Content-Length` is left out.
 */
export function registerHeadResponses(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    // Also where nothing is compressed, so that HEAD and GET agree (RFC 9110, 9.3.2 and 12.5.5).
    if (!reply.hasHeader('vary') && compressibleTypes.test(String(reply.getHeader('content-type'))))
      reply.header('Vary', 'accept-encoding')
    if (request.method !== 'HEAD') return done(null, payload)
    const isStream = payload instanceof Readable
    if (isStream) payload.on('error', () => undefined).destroy()
    const encodings = request.headers['accept-encoding'] ?? 'identity'
    done(null, isStream || encodings !== 'identity' ? Readable.from([]) : payload)
  })
}
