import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import underPressure from '@fastify/under-pressure'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { Problem } from '../problem.ts'
import { type Refusal, Refusing } from './refusing.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the answer goes on for as long as the client likes: it holds no place among the requests at once. */
    lasting?: boolean
  }
}

/** Mean time by which the event loop is late, over a sample, from which on nothing new is taken. */
const maxEventLoopDelayMs = 500
const sampleIntervalMs = 250
/** Of the places, those that are given while hundreds a second are refused: each of those within waits for all others. */
const floodedCapacityShare = 1 / 16

/**
 * Sheds what is more than can be answered in time: beyond `atOnceMax` requests in flight, or when the process does not
 * keep up, the rest is answered 503 with `Retry-After`, so that those within stay quick and a client learns soon. Health
 * checks are always answered, and so is whoever asks when nobody else does: what holds the process up then is no request.
 *
 * A refusal has to cost next to nothing, for it is sent when there is nothing to spare: the first one goes the whole way,
 * and its bytes are sent to all others, before routing and hooks.
 */
export async function registerLoadShedding(
  app: FastifyInstance,
  maxConcurrent: number,
  log: FastifyBaseLogger,
): Promise<void> {
  if (maxConcurrent === 0) return
  /** Paths that are always let in, and hold no place. */
  const exemptPaths = new Set(['/healthz', '/readyz'])
  app.addHook('onRoute', ({ url, config }) => {
    if (config?.lasting) exemptPaths.add(url)
  })
  let inFlight = 0
  let cachedRejection: Refusal | undefined
  const rejectedRequests = new WeakSet<IncomingMessage>()
  const refusing = new Refusing(log)
  app.addHook('preClose', async () => refusing.close())

  app.addHook('onRequest', async ({ raw }) => {
    if (rejectedRequests.has(raw))
      throw new Problem('overloaded', 'More is being answered already than can be in time.')
  })
  app.addHook('onSend', ({ raw, method }, reply, payload, done) => {
    if (rejectedRequests.has(raw) && method === 'GET' && typeof payload === 'string')
      cachedRejection ??= {
        headers: selectSharedHeaders(reply.getHeaders(), payload),
        body: payload,
      }
    done(null, payload)
  })
  await app.register(underPressure, {
    maxEventLoopDelay: maxEventLoopDelayMs,
    sampleInterval: sampleIntervalMs,
    // It measures; who is let in is decided before.
    pressureHandler: () => undefined,
  })

  const { server } = app
  // What was loaded before held the event loop up, and says nothing of the requests.
  let measuredFrom = Number.POSITIVE_INFINITY
  server.on('listening', () => {
    measuredFrom = performance.now() + 2 * sampleIntervalMs
  })
  const isEventLoopLate = () => app.isUnderPressure() && performance.now() >= measuredFrom
  const maxWhenFlooded = Math.ceil(maxConcurrent * floodedCapacityShare)
  const [handleRequest] = server.listeners('request') as RequestListener[]
  if (handleRequest === undefined) throw new Error('The server has no listener of requests.')
  server.removeListener('request', handleRequest)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { url = '', method } = request
    if (exemptPaths.has(url.split('?', 1)[0] ?? '') || method === 'OPTIONS') {
      handleRequest(request, response)
    } else if (
      inFlight >= (refusing.isFlooded ? maxWhenFlooded : maxConcurrent) ||
      (inFlight > 0 && isEventLoopLate())
    ) {
      if (cachedRejection !== undefined) return refusing.refuse(cachedRejection, request, response)
      rejectedRequests.add(request)
      handleRequest(request, response)
    } else {
      inFlight += 1
      response.once('close', () => {
        inFlight -= 1
      })
      handleRequest(request, response)
    }
  })
}

/** Of one request, and so made anew for each. */
const perRequestHeaders =
  /^(x-request-id|content-length|transfer-encoding|connection|keep-alive|date|(x-)?ratelimit.*)$/i

function selectSharedHeaders(
  sent: Readonly<Record<string, number | string | string[] | undefined>>,
  payload: string,
): string[] {
  const kept = Object.entries(sent).filter(([name]) => !perRequestHeaders.test(name))
  return [...kept, ['content-length', Buffer.byteLength(payload)] as const].flatMap(
    ([name, value]) => (value === undefined ? [] : [name, String(value)]),
  )
}
