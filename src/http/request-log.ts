import { type FastifyInstance, LogController } from 'fastify'

/**
 * One line a request when its answer is sent or broken off: id, method, route, path, status, milliseconds. The query is
 * left out, for what a journalist searches for is nobody's business; so are headers (keys), addresses and bodies.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.raw.once('close', () => {
      request.log.info(
        {
          method: request.method,
          route: request.routeOptions.url ?? 'none',
          path: request.url.split('?', 1)[0],
          status: reply.raw.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          ...(!reply.raw.writableFinished && { brokenOff: true }),
        },
        'request',
      )
    })
  })
}

/** Silences Fastify's own lines about requests, except when an answer breaks off because its source failed. */
export class FaultsOnly extends LogController {
  constructor() {
    super({ disableRequestLogging: true })
  }

  override streamError(...[error, , reply]: Parameters<LogController['streamError']>): void {
    if (!('code' in error) || error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
      reply.log.warn({ err: error }, 'answer broken off')
  }
}
