import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** Answers a request before routing. Returns false for a request that it leaves to the routes. */
export type EarlyResponder = (request: IncomingMessage, response: ServerResponse) => boolean

/** Milliseconds. Longer than the 60 s of common proxies, which would otherwise meet a connection that is just closing. */
const keepAliveTimeout = 72_000

/**
 * The `serverFactory` of Fastify: an HTTP server whose requests first meet `respondEarly`.
 *
 * @param respondEarly undefined: every request goes to the routes
 */
export function createServerFactory(respondEarly: EarlyResponder | undefined) {
  return (handleRequest: (request: IncomingMessage, response: ServerResponse) => void): Server => {
    // Imported, it would load undici as well, a twentieth of a start.
    const { createServer } = process.getBuiltinModule('node:http')
    const options: ServerOptions = { optimizeEmptyRequests: true, keepAliveTimeout }
    return createServer(options, (request, response) => {
      removeTypeOfMissingBody(request)
      if (!respondEarly?.(request, response)) handleRequest(request, response)
    })
  }
}

/**
 * A request with neither length nor chunks has an empty body (RFC 9112, 6.3). With a `Content-Type`, Fastify would wait
 * for a body that never comes.
 */
function removeTypeOfMissingBody({ headers }: IncomingMessage): void {
  if (headers['content-type'] === undefined) return
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)
    delete headers['content-type']
}

/**
 * Makes `app.close()` wait for requests in flight. Fastify closes a server of a `serverFactory` only if it opened the port.
 * Call it after all plugins are registered: `onClose` hooks run in reverse order, so theirs run when no request is left.
 */
export function closeServerWithApp(app: FastifyInstance): void {
  app.addHook('onClose', ({ server }, done) => {
    server.close(() => done())
  })
}
