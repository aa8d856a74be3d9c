import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import { requestId } from './request-log.ts'

/** An answer as bytes, for any number of requests. */
export type Refusal = {
  /** Names and values by turns, as `writeHead` takes them. */
  headers: readonly string[]
  body: Buffer
}

/** Refusals a second that are sent at once. */
const promptASecond = 100
const heldMs = 1_000
/** Beyond it they are sent at once again, and the connection is closed. */
const heldMax = 4_000
const sweepMs = 100
const logEveryMs = 1_000

type Held = { response: ServerResponse; headers: string[]; body: Buffer; until: number }

/**
 * Sends the same 503 to many. Whoever gets more than some a second asks again without heeding `Retry-After`, and would by
 * number alone keep the process from what it has taken on: these wait a moment for their refusal.
 */
export class Refusing {
  readonly #log: FastifyBaseLogger
  readonly #held: Held[] = []
  #sweeping: NodeJS.Timeout | undefined
  #logging: NodeJS.Timeout | undefined
  #second = Number.NEGATIVE_INFINITY
  #prompt = 0
  #unlogged = 0

  constructor(log: FastifyBaseLogger) {
    this.#log = log
  }

  refuse({ headers, body }: Refusal, request: IncomingMessage, response: ServerResponse): void {
    this.#note()
    const now = performance.now()
    if (now - this.#second >= 1_000) {
      this.#second = now
      this.#prompt = 0
    }
    const own = [...headers, 'x-request-id', requestId(request)]
    const isFull = this.#held.length >= heldMax
    if (this.#prompt < promptASecond || isFull) {
      this.#prompt += 1
      send({ response, headers: isFull ? [...own, 'connection', 'close'] : own, body })
      return
    }
    this.#held.push({ response, headers: own, body, until: now + heldMs })
    this.#sweeping ??= setInterval(() => this.#sweep(performance.now()), sweepMs)
  }

  /** Sends what is still held. */
  close(): void {
    this.#sweep(Number.POSITIVE_INFINITY)
    clearTimeout(this.#logging)
  }

  /** Oldest first. */
  #sweep(now: number): void {
    const left = this.#held.findIndex(({ until }) => until > now)
    for (const one of this.#held.splice(0, left < 0 ? this.#held.length : left)) send(one)
    if (this.#held.length > 0) return
    clearInterval(this.#sweeping)
    this.#sweeping = undefined
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

function send({ response, headers, body }: Omit<Held, 'until'>): void {
  if (response.destroyed) return
  response.writeHead(503, headers)
  response.end(body)
}
