import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Format } from './formats.ts'
import { formatProblem } from './problems.ts'

/** Formats of one JSON text a line: a fault can be told in a line of its own. */
const lineFormats: readonly Format[] = ['ndjson', 'ftm']

/**
 * The address of the server as the client sees it: `PUBLIC_URL`, or what the request was sent to. What is made with it
 * goes out as a stream, for the cache would hand it to clients that came by another name.
 */
export const getBaseUrl = (
  { protocol, host }: FastifyRequest,
  publicUrl: string | undefined,
): string => publicUrl?.replace(/\/$/, '') ?? `${protocol}://${host}`

/**
 * Awaits the first of what is to be sent, so that a fault until then is answered as a problem. Give up `items` by leaving
 * the loop over what this returns.
 */
export async function awaitFirstItem<T>(items: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await items.next()
  return (async function* () {
    try {
      if (!first.done) yield first.value
      yield* items
    } finally {
      await items.return(undefined)
    }
  })()
}

/**
 * Sends a file piece by piece. A fault on the way breaks the connection off, so that no client takes a part for the whole;
 * where the format is one of lines, a problem document is the last line before that.
 */
export function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  format: Format,
  chunks: AsyncIterable<string | Uint8Array>,
): FastifyReply {
  async function* withErrorReport() {
    try {
      yield* chunks
    } catch (error) {
      // Of a client that went away it is no fault.
      if (!reply.raw.destroyed) request.log.warn({ err: error }, 'export broken off')
      if (lineFormats.includes(format)) {
        yield `${formatProblem(error, request)}\n`
        // Until the line is on its way.
        await setImmediate()
      }
      throw error
    }
  }
  return reply.send(Readable.from(withErrorReport(), { objectMode: true, highWaterMark: 1 }))
}
