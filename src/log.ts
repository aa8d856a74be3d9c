import pino, { type Logger } from 'pino'
import type { Config } from './config.ts'

/** Pretty on a terminal, JSON lines otherwise. Header values and bodies are never logged. */
export async function createLogger(
  { LOG_LEVEL, LOG_FORMAT }: Config,
  output: 'stdout' | 'stderr' = 'stdout',
): Promise<Logger> {
  const { fd, isTTY } = process[output]
  const options = {
    level: LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // The default logs headers and address of a request, and so its key.
    serializers: { req: () => undefined, res: () => undefined, err: pino.stdSerializers.err },
  }
  const isPretty = LOG_FORMAT === 'pretty' || (LOG_FORMAT === 'auto' && isTTY)
  return pino(
    options,
    isPretty ? await createPrettyStream(fd) : pino.destination({ fd, sync: true }),
  )
}

/** A request is shown as `200 GET /v1/permits 4.2 ms (request id)`. */
async function createPrettyStream(destination: number) {
  const { default: pretty } = await import('pino-pretty')
  return pretty({
    destination,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'method,route,path,status,ms,reqId',
    messageFormat: ({ msg, status, method, path, ms, reqId }) =>
      msg === 'request' ? `${status} ${method} ${path} ${ms} ms (${reqId})` : `${msg}`,
    singleLine: true,
    sync: true,
  })
}
