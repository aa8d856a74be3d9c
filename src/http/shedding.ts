import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the answer goes on for as long as the client likes: it holds no place among the requests at once. */
    lasting?: boolean
  }
}

/** Mean time by which the event loop is late, over a sample, from which on nothing new is taken. */
const lateMsMax = 500
const sampleMs = 250

/**
 * Sheds what is more than can be answered in time: beyond `atOnceMax` requests in flight, or when the process does not
 * keep up, the rest is answered 503 with `Retry-After` at once, so that those within stay quick and a client learns
 * soon. Health checks are always answered.
 */
export async function shedLoad(app: FastifyInstance, atOnceMax: number): Promise<void> {
  if (atOnceMax === 0) return
  let inFlight = 0
  app.addHook('onRequest', async (request, reply) => {
    if (isHealth(request) || request.routeOptions.config.lasting) return
    if (inFlight >= atOnceMax)
      throw new Problem('overloaded', `${atOnceMax} requests are being answered already.`)
    inFlight += 1
    reply.raw.once('close', () => {
      inFlight -= 1
    })
  })
  await app.register(underPressure, {
    ...{ maxEventLoopDelay: lateMsMax, sampleInterval: sampleMs },
    pressureHandler(request) {
      if (!isHealth(request)) throw new Problem('overloaded', 'The process does not keep up.')
    },
  })
}

const isHealth = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.url === '/healthz' || routeOptions.url === '/readyz'
