import type { IncomingMessage } from 'node:http'
import underPressure from '@fastify/under-pressure'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import { isInternalRequest } from './internal-requests.ts'
import { sendProblem } from './problems.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the response stays open for as long as the client likes. It does not count as a concurrent request. */
    isLongLived?: boolean
  }
}

/** Mean delay of the event loop over a sample above which new requests are refused. */
const maxEventLoopDelayMs = 500
const sampleIntervalMs = 250
const logIntervalMs = 1_000
/** Health checks are always answered. */
const exemptPaths = /^\/(healthz|readyz)$/

/** One for all refusals: an error with its stack would cost more than the rest of the response. */
const overloaded = new Problem('overloaded', 'The server is answering as many requests as it can.')

/**
 * Refuses requests with 503 and `Retry-After` when `maxConcurrent` requests are being answered, or when the event loop is
 * late, so that the accepted ones stay fast. A request counts once its body has been read: until then it costs little, and a
 * slow client takes no place. It is refused before its body is read when there is no place already.
 *
 * A late event loop with no request in flight has another cause than requests, so the next request is accepted.
 *
 * @param maxConcurrent 0 is no limit
 */
export async function registerLoadShedding(
  app: FastifyInstance,
  maxConcurrent: number,
  log: FastifyBaseLogger,
): Promise<void> {
  if (maxConcurrent === 0) return
  await app.register(underPressure, {
    maxEventLoopDelay: maxEventLoopDelayMs,
    sampleInterval: sampleIntervalMs,
    // The plugin only measures. The hooks below decide.
    pressureHandler: () => undefined,
  })
  const isEventLoopLate = createLatenessCheck(app)
  const logRefusal = createRefusalLog(log)
  const inFlight = new Set<IncomingMessage>()
  const isFull = () => inFlight.size >= maxConcurrent || (inFlight.size > 0 && isEventLoopLate())
  const refuse = (reply: FastifyReply) => {
    logRefusal()
    return sendProblem(reply, overloaded)
  }

  app.addHook('onRequest', (request, reply, done) => {
    if (isExempt(request) || !isFull()) done()
    else void refuse(reply)
  })
  app.addHook('preHandler', (request, reply, done) => {
    if (isExempt(request)) return done()
    if (isFull()) return void refuse(reply)
    if (!reply.raw.closed) {
      inFlight.add(request.raw)
      reply.raw.once('close', () => inFlight.delete(request.raw))
    }
    done()
  })
}

const isExempt = (request: FastifyRequest): boolean =>
  request.method === 'OPTIONS' ||
  request.routeOptions.config?.isLongLived === true ||
  exemptPaths.test(request.routeOptions.url ?? '') ||
  isInternalRequest(request)

/** Work before the port opens delays the event loop too, but says nothing about requests: it is not counted. */
function createLatenessCheck(app: FastifyInstance): () => boolean {
  let measuredFrom = Number.POSITIVE_INFINITY
  app.server.on('listening', () => {
    measuredFrom = performance.now() + 2 * sampleIntervalMs
  })
  return () => app.isUnderPressure() && performance.now() >= measuredFrom
}

/** One line for all refusals of a second: a line for each would be work at the worst moment. */
function createRefusalLog(log: FastifyBaseLogger): () => void {
  let refused = 0
  const logRefused = () => {
    log.warn({ refused }, 'overloaded: requests got a 503')
    refused = 0
  }
  return () => {
    if (refused === 0) setTimeout(logRefused, logIntervalMs).unref()
    refused += 1
  }
}
