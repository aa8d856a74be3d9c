import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { ClientLimit } from '../database/client-limit.ts'
import { Problem } from '../problem.ts'
import { toClient } from './client-address.ts'
import { sendRawProblem } from './problems.ts'

/** Answers a request before routing. Returns false for a request that it leaves to the routes. */
export type EarlyResponder = (request: IncomingMessage, response: ServerResponse) => boolean

type HttpServerOptions = {
  /** Undefined: every request goes to the routes. */
  respondEarly: EarlyResponder | undefined
  headersTimeoutSeconds: number
  requestTimeoutSeconds: number
  /** Time without progress after which a client that does not read is disconnected. */
  sendTimeoutSeconds: number
  /** 0 is no limit. */
  maxConnectionsPerClient: number
  /** Whether an address is a proxy of ours, through which many clients come. */
  isProxy(address: string): boolean
}

/** Milliseconds. Longer than the 60 s of common proxies, which would otherwise meet a connection that is just closing. */
const keepAliveTimeout = 72_000

/** The `serverFactory` of Fastify. */
export function createServerFactory(options: HttpServerOptions) {
  const { respondEarly, headersTimeoutSeconds, requestTimeoutSeconds } = options
  return (handleRequest: (request: IncomingMessage, response: ServerResponse) => void): Server => {
    // Imported, it would load undici as well, a twentieth of a start.
    const { createServer } = process.getBuiltinModule('node:http')
    const serverOptions: ServerOptions = {
      optimizeEmptyRequests: true,
      keepAliveTimeout,
      headersTimeout: Math.min(headersTimeoutSeconds, requestTimeoutSeconds) * 1_000,
      requestTimeout: requestTimeoutSeconds * 1_000,
      connectionsCheckingInterval: 1_000,
    }
    const lastResponses = new WeakMap<Socket, ServerResponse>()
    const server = createServer(serverOptions, (request, response) => {
      removeTypeOfMissingBody(request)
      lastResponses.set(request.socket, response)
      if (hasOneHost(request) && respondEarly?.(request, response)) return
      handleRequest(request, response)
    })
    disconnectStalledReaders(server, options.sendTimeoutSeconds * 1_000, lastResponses)
    if (options.maxConnectionsPerClient > 0) limitConnections(server, options)
    return server
  }
}

/**
 * Closes a connection when nothing was read or written on it for `timeoutMs`, unless the server itself is late: then a response
 * is being made and nothing waits to be sent. Closing it ends the export or stream, and its query.
 */
function disconnectStalledReaders(
  server: Server,
  timeoutMs: number,
  lastResponses: WeakMap<Socket, ServerResponse>,
): void {
  server.setTimeout(timeoutMs, (socket) => {
    const isServerLate = lastResponses.get(socket)?.writableEnded === false
    if (socket.writableLength > 0 || !isServerLate) socket.destroy()
  })
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

/** A request with several `Host` headers is a 400 (RFC 9112, 3.2). Node itself refuses one without. */
export function hasOneHost({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts <= 1
}

function limitConnections(
  server: Server,
  { maxConnectionsPerClient, isProxy }: HttpServerOptions,
): void {
  const connections = new ClientLimit(maxConnectionsPerClient)
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket
    if (remoteAddress === undefined || isProxy(remoteAddress)) return
    const release = connections.acquire(toClient(remoteAddress))
    if (typeof release === 'function') return socket.once('close', release)
    const detail = `This client already has ${maxConnectionsPerClient} open connections.`
    sendRawProblem(socket, new Problem('too-many-requests', detail))
  })
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
