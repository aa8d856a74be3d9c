import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'

/**
 * HEAD responses (RFC 9110, 9.3.2). A stream is not read: its export would run to its end, and a stream of changes has none.
 * When the response to GET may be compressed, its length is not known, so `Content-Length` is left out.
 */
export function registerHeadResponses(app: FastifyInstance): void {
  app.addHook('onSend', (request, _reply, payload, done) => {
    if (request.method !== 'HEAD') return done(null, payload)
    const isStream = payload instanceof Readable
    if (isStream) payload.on('error', () => undefined).destroy()
    const encodings = request.headers['accept-encoding'] ?? 'identity'
    done(null, isStream || encodings !== 'identity' ? Readable.from([]) : payload)
  })
}
