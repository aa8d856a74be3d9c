import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Format } from './formats.ts'
import { formatProblem } from './problems.ts'

/** Formats with a JSON text per line: a problem can be the last line. */
const lineFormats: readonly Format[] = ['ndjson', 'ftm']

/**
 * The URL of the server for the client: `PUBLIC_URL`, or the host of the request. Send responses that contain it as a
 * stream: the cache would give them to clients that use another host.
 */
export const getBaseUrl = (
  { protocol, host }: FastifyRequest,
  publicUrl: string | undefined,
): string => publicUrl?.replace(/\/$/, '') ?? `${protocol}://${host}`

/**
 * Waits for the first item, so that an error before it becomes a problem response. Leaving the loop over the result ends
 * `items`.
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
 * Sends a response in chunks. An error aborts the connection, so that no client takes a part for the complete response. In a
 * format of lines a problem is the last line before that.
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
      // A client that disconnects is no error.
      if (!reply.raw.destroyed) request.log.warn({ err: error }, 'export aborted')
      if (lineFormats.includes(format)) {
        yield `${formatProblem(error, request)}\n`
        // Lets the line be written before the connection is aborted.
        await setImmediate()
      }
      throw error
    }
  }
  // A stream that nobody reads, as after HEAD, still emits its error, which would end the process.
  if (chunks instanceof Readable) chunks.on('error', () => undefined)
  return reply.send(Readable.from(withErrorReport(), { objectMode: true, highWaterMark: 1 }))
}
