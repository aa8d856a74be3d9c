import pino, { type Logger } from 'pino'
import type { Config } from './config.ts'

/** Pretty on a terminal, JSON lines otherwise, both on stdout. Header values and bodies are never logged. */
export async function createLogger({ LOG_LEVEL, LOG_FORMAT }: Config): Promise<Logger> {
  const options = {
    level: LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // The default logs headers and address of a request, and so its key.
    serializers: { req: () => undefined, res: () => undefined, err: pino.stdSerializers.err },
  }
  const isPretty = LOG_FORMAT === 'pretty' || (LOG_FORMAT === 'auto' && process.stdout.isTTY)
  return isPretty ? pino(options, await createPrettyStream()) : pino(options)
}

/** A request is shown as `200 GET /v1/permits 4.2 ms (request id)`. */
async function createPrettyStream() {
  const { default: pretty } = await import('pino-pretty')
  return pretty({
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'method,route,path,status,ms,reqId',
    messageFormat: ({ msg, status, method, path, ms, reqId }) =>
      msg === 'request' ? `${status} ${method} ${path} ${ms} ms (${reqId})` : `${msg}`,
    singleLine: true,
    sync: true,
  })
}
