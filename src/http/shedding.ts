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
const lateMsMax = 500
const sampleMs = 250
/** Of the places, those that are given while hundreds a second are refused: each of those within waits for all others. */
const shareWhenFlooded = 1 / 16

/**
 * Sheds what is more than can be answered in time: beyond `atOnceMax` requests in flight, or when the process does not
 * keep up, the rest is answered 503 with `Retry-After`, so that those within stay quick and a client learns soon. Health
 * checks are always answered, and so is whoever asks when nobody else does: what holds the process up then is no request.
 *
 * A refusal has to cost next to nothing, for it is sent when there is nothing to spare: the first one goes the whole way,
 * and its bytes are sent to all others, before routing and hooks.
 */
export async function shedLoad(
  app: FastifyInstance,
  atOnceMax: number,
  log: FastifyBaseLogger,
): Promise<void> {
  if (atOnceMax === 0) return
  /** Paths that are always let in, and hold no place. */
  const open = new Set(['/healthz', '/readyz'])
  app.addHook('onRoute', ({ url, config }) => {
    if (config?.lasting) open.add(url)
  })
  let inFlight = 0
  let refusal: Refusal | undefined
  const refused = new WeakSet<IncomingMessage>()
  const refusing = new Refusing(log)
  app.addHook('preClose', async () => refusing.close())

  app.addHook('onRequest', async ({ raw }) => {
    if (refused.has(raw))
      throw new Problem('overloaded', 'More is being answered already than can be in time.')
  })
  app.addHook('onSend', ({ raw, method }, reply, payload, done) => {
    if (refused.has(raw) && method === 'GET' && typeof payload === 'string')
      refusal ??= { headers: headersOf(reply.getHeaders(), payload), body: payload }
    done(null, payload)
  })
  await app.register(underPressure, {
    ...{ maxEventLoopDelay: lateMsMax, sampleInterval: sampleMs },
    // It measures; who is let in is decided before.
    pressureHandler: () => undefined,
  })

  const { server } = app
  // What was loaded before held the event loop up, and says nothing of the requests.
  let measuredFrom = Number.POSITIVE_INFINITY
  server.on('listening', () => {
    measuredFrom = performance.now() + 2 * sampleMs
  })
  const isLate = () => app.isUnderPressure() && performance.now() >= measuredFrom
  const whenFlooded = Math.ceil(atOnceMax * shareWhenFlooded)
  const [whole] = server.listeners('request') as RequestListener[]
  if (whole === undefined) throw new Error('The server has no listener of requests.')
  server.removeListener('request', whole)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { url = '', method } = request
    if (open.has(url.split('?', 1)[0] ?? '') || method === 'OPTIONS') {
      whole(request, response)
    } else if (
      inFlight >= (refusing.isFlooded ? whenFlooded : atOnceMax) ||
      (inFlight > 0 && isLate())
    ) {
      if (refusal !== undefined) return refusing.refuse(refusal, request, response)
      refused.add(request)
      whole(request, response)
    } else {
      inFlight += 1
      response.once('close', () => {
        inFlight -= 1
      })
      whole(request, response)
    }
  })
}

/** Of one request, and so made anew for each. */
const ofOne =
  /^(x-request-id|content-length|transfer-encoding|connection|keep-alive|date|(x-)?ratelimit.*)$/i

function headersOf(
  sent: Readonly<Record<string, number | string | string[] | undefined>>,
  payload: string,
): string[] {
  const kept = Object.entries(sent).filter(([name]) => !ofOne.test(name))
  return [...kept, ['content-length', Buffer.byteLength(payload)] as const].flatMap(
    ([name, value]) => (value === undefined ? [] : [name, String(value)]),
  )
}
