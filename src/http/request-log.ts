import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import { isInternalRequest } from './internal-requests.ts'

/**
 * Logs a line per request when its response is sent or aborted: id, method, route, path, status, milliseconds. It leaves out
 * the query (the searches of journalists are confidential), headers (they hold keys), addresses and bodies.
 */
export function registerRequestLog(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const route = () => request.routeOptions.url ?? 'none'
    if (isInfoEnabled(request.log) && !isInternalRequest(request))
      logOnClose(request.log, request.raw, reply.raw, null, route)
    done()
  })
}

/** Whether request lines are logged. `isLevelEnabled` is missing in Fastify's type of pino. */
export const isInfoEnabled = (log: FastifyBaseLogger): boolean =>
  (log as Partial<Pick<Logger, 'isLevelEnabled'>>).isLevelEnabled?.('info') ?? true

/** @param id request id; null when `log` adds it already */
export function logOnClose(
  log: FastifyBaseLogger,
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
  id: string | null,
  route: () => string,
): void {
  const startedAt = performance.now()
  response.once('close', () => {
    log.info(
      {
        ...(id !== null && { reqId: id }),
        method,
        route: route(),
        path: url.split('?', 1)[0],
        status: response.statusCode,
        ms: Math.round((performance.now() - startedAt) * 10) / 10,
        ...(!response.writableFinished && { aborted: true }),
      },
      'request',
    )
  })
}

/** The `X-Request-Id` of the client if it is a plain word, otherwise a new id. */
export function getRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const clientId = headers['x-request-id']
  return typeof clientId === 'string' && /^[\w.-]{1,100}$/.test(clientId) ? clientId : randomUUID()
}

/** Turns off Fastify's request lines, except for a response that is aborted because its source failed. */
export class StreamErrorLogController extends LogController {
  constructor() {
    super({ disableRequestLogging: true })
  }

  override streamError(...[error, , reply]: Parameters<LogController['streamError']>): void {
    if (!('code' in error) || error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
      reply.log.warn({ err: error }, 'response aborted')
  }
}
