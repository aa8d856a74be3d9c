import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'

/**
 * One line a request when its answer is sent or broken off: id, method, route, path, status, milliseconds. The query is
 * left out, for what a journalist searches for is nobody's business; so are headers (keys), addresses and bodies.
 */
export function registerRequestLog(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const route = () => request.routeOptions.url ?? 'none'
    if (isInfoEnabled(request.log)) logOnClose(request.log, request.raw, reply.raw, null, route)
    done()
  })
}

/** Whether lines about requests are written at all. Fastify's type of a logger has pino's levels, and not this. */
export const isInfoEnabled = (log: FastifyBaseLogger): boolean =>
  (log as Partial<Pick<Logger, 'isLevelEnabled'>>).isLevelEnabled?.('info') ?? true

/** @param id of the request, where the log does not know it */
export function logOnClose(
  log: FastifyBaseLogger,
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
  id: string | null,
  route: () => string,
): void {
  const begin = performance.now()
  response.once('close', () => {
    log.info(
      {
        ...(id !== null && { reqId: id }),
        method,
        route: route(),
        path: url.split('?', 1)[0],
        status: response.statusCode,
        ms: Math.round((performance.now() - begin) * 10) / 10,
        ...(!response.writableFinished && { brokenOff: true }),
      },
      'request',
    )
  })
}

/** The client's own id where it is a plain word, else a new one. */
export function getRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.-]{1,100}$/.test(given) ? given : randomUUID()
}

/** Silences Fastify's own lines about requests, except when an answer breaks off because its source failed. */
export class StreamErrorLogController extends LogController {
  constructor() {
    super({ disableRequestLogging: true })
  }

  override streamError(...[error, , reply]: Parameters<LogController['streamError']>): void {
    if (!('code' in error) || error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
      reply.log.warn({ err: error }, 'answer broken off')
  }
}
