import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import { getRequestId } from './request-log.ts'

/** An answer for any number of requests. */
export type Refusal = {
  /** Names and values by turns, as `writeHead` takes them. */
  headers: readonly string[]
  body: string
}

/** Refusals a second that are sent at once. */
const promptASecond = 100
/** They wait for between a half and one and a half of this: sent together, they would ask again together. */
const heldMs = 1_000
/** Beyond it they are sent at once again, and the connection is closed. */
const heldMax = 4_000
const logEveryMs = 1_000

type Unsent = { response: ServerResponse; headers: string[]; body: string }

/**
 * Sends the same 503 to many. Whoever gets more than some a second asks again without heeding `Retry-After`, and would by
 * number alone keep the process from what it has taken on: these wait a moment for their refusal.
 */
export class Refusing {
  readonly #log: FastifyBaseLogger
  readonly #held = new Map<NodeJS.Timeout, Unsent>()
  #logging: NodeJS.Timeout | undefined
  #second = Number.NEGATIVE_INFINITY
  #prompt = 0
  #unlogged = 0

  constructor(log: FastifyBaseLogger) {
    this.#log = log
  }

  /** Whether more is refused than is sent at once. */
  get isFlooded(): boolean {
    return this.#held.size > 0
  }

  refuse({ headers, body }: Refusal, request: IncomingMessage, response: ServerResponse): void {
    this.#note()
    const now = performance.now()
    if (now - this.#second >= 1_000) {
      this.#second = now
      this.#prompt = 0
    }
    const own = [...headers, 'x-request-id', getRequestId(request)]
    const isFull = this.#held.size >= heldMax
    if (this.#prompt < promptASecond || isFull) {
      this.#prompt += 1
      send({ response, headers: isFull ? [...own, 'connection', 'close'] : own, body })
      return
    }
    const unsent = { response, headers: own, body }
    const timer = setTimeout(
      () => {
        this.#held.delete(timer)
        send(unsent)
      },
      heldMs * (0.5 + Math.random()),
    )
    this.#held.set(timer, unsent)
  }

  /** Sends what is still held. */
  close(): void {
    for (const [timer, unsent] of this.#held) {
      clearTimeout(timer)
      send(unsent)
    }
    this.#held.clear()
    clearTimeout(this.#logging)
  }

  /** One line for all of a second: a line each would be work when there is too much of it. */
  #note(): void {
    this.#unlogged += 1
    this.#logging ??= setTimeout(() => {
      this.#log.warn({ refused: this.#unlogged }, 'overloaded: requests were answered 503')
      this.#unlogged = 0
      this.#logging = undefined
    }, logEveryMs).unref()
  }
}

function send({ response, headers, body }: Unsent): void {
  if (response.destroyed) return
  response.writeHead(503, headers)
  response.end(body)
}
