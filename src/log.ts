import pino, { type Logger } from 'pino'
import type { Config } from './config.ts'

/** Pretty on a terminal, JSON lines otherwise, both on stdout. Header values and bodies are never logged. */
export async function openLog({ LOG_LEVEL, LOG_FORMAT }: Config): Promise<Logger> {
  const pretty = LOG_FORMAT === 'pretty' || (LOG_FORMAT === 'auto' && process.stdout.isTTY)
  const options = {
    level: LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // The default would log headers and address of a request, and so the key that it carries.
    serializers: { req: () => undefined, res: () => undefined, err: pino.stdSerializers.err },
  }
  if (!pretty) return pino(options)
  const { default: prettyStream } = await import('pino-pretty')
  return pino(
    options,
    prettyStream({ translateTime: 'SYS:HH:MM:ss.l', sync: true, singleLine: true }),
  )
}
