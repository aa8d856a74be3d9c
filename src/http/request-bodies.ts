import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { ClientLimit } from '../database/client-limit.ts'
import { Problem } from '../problem.ts'
import { getClient } from './client-address.ts'
import { isInternalRequest } from './internal-requests.ts'

type BodyLimits = {
  /** 0 is no limit. */
  maxPerClient: number
  /** 0 is no minimum. */
  minBytesPerSecond: number
  /** Bytes that are read and discarded so that a client which is still sending sees its response. */
  maxDrainBytes: number
}

/** The rate is the mean over this time. */
const rateWindowMs = 5_000
const checkIntervalMs = 1_000

/**
 * Protects the server from slow and unwanted bodies: limits the bodies that a client sends at the same time, ends those that
 * are too slow with 408, and reads the rest of an unread body before the response. Node closes a connection with unread data,
 * and a client that is still sending would see a broken connection instead of its 413.
 */
export function registerBodyLimits(app: FastifyInstance, limits: BodyLimits): void {
  const openBodies = new ClientLimit(limits.maxPerClient)
  const rateCheck = createRateCheck(app, limits.minBytesPerSecond)
  app.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request
    if (!isReceiving(raw)) return done()
    const release = openBodies.acquire(getClient(request))
    if (typeof release !== 'function')
      return done(
        new Problem(
          'too-many-requests',
          `This client already sends ${limits.maxPerClient} request bodies at the same time.`,
        ),
      )
    rateCheck.watch(raw)
    raw.once('close', () => {
      release()
      rateCheck.unwatch(raw)
    })
    done()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    if (!isReceiving(request.raw)) return done(null, payload)
    void drain(request.raw, limits.maxDrainBytes).then(() => {
      if (!request.raw.complete) reply.header('Connection', 'close')
      done(null, payload)
    })
  })
}

/** Whether the request has a body that has not arrived completely. The body of an internal request is there at once. */
const isReceiving = ({ complete, headers }: IncomingMessage): boolean =>
  !complete &&
  !isInternalRequest({ headers }) &&
  (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)

type ReceivedBytes = { since: number; bytes: number }

function createRateCheck(app: FastifyInstance, minBytesPerSecond: number) {
  const bodies = new Map<IncomingMessage, ReceivedBytes>()
  const minBytes = (minBytesPerSecond * rateWindowMs) / 1_000
  const check = () => {
    const now = performance.now()
    for (const [request, last] of bodies) {
      if (now - last.since < rateWindowMs) continue
      const { bytesRead } = request.socket
      // What has arrived and nobody has read holds the client back: then the server is slow, for example its database.
      const isServerLate = request.readableLength > 0
      if (!isServerLate && bytesRead - last.bytes < minBytes) timeOut(app, request)
      else bodies.set(request, { since: now, bytes: bytesRead })
    }
  }
  const timer = minBytesPerSecond > 0 ? setInterval(check, checkIntervalMs).unref() : undefined
  app.addHook('onClose', async () => clearInterval(timer))
  return {
    watch(request: IncomingMessage) {
      bodies.set(request, { since: performance.now(), bytes: request.socket.bytesRead })
    },
    unwatch: (request: IncomingMessage) => void bodies.delete(request),
  }
}

/** The same as for a request that exceeds Node's `requestTimeout`. */
function timeOut(app: FastifyInstance, { socket }: IncomingMessage): void {
  const error = Object.assign(new Error('The request body arrives too slowly.'), {
    code: 'ERR_HTTP_REQUEST_TIMEOUT',
  })
  app.server.emit('clientError', error, socket)
}

/** Reads and discards the body. Resolves at its end, at `maxBytes`, or when the connection is closed. */
function drain(request: IncomingMessage, maxBytes: number): Promise<void> {
  return new Promise((resolve) => {
    if (request.destroyed || Number(request.headers['content-length'] ?? 0) > maxBytes)
      return resolve()
    let drainedBytes = 0
    const stop = () => {
      request.off('data', count)
      resolve()
    }
    const count = (chunk: Buffer) => {
      drainedBytes += chunk.length
      if (drainedBytes > maxBytes) stop()
    }
    request.unpipe()
    request.once('end', stop).once('error', stop).once('close', stop)
    request.on('data', count).resume()
  })
}
