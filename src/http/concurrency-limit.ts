import { availableParallelism } from 'node:os'
import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the response takes much processor time (a hundred times that of a single record), so that it needs a slot. */
    isConcurrencyLimited?: boolean
  }
}

/** A request that computes for longer gives up its slot, so that none waits for one that takes seconds. */
const slotTimeoutMs = 100

/**
 * Limits how many expensive requests are computed at the same time; the others wait in order of arrival. Without the limit
 * they would share the processors and all finish with the slowest. A slot is free again when the response is made, or after
 * `slotTimeoutMs`.
 *
 * @param maxConcurrent 0: one per processor
 * @returns the number of requests that wait at the moment
 */
export function registerConcurrencyLimit(
  app: FastifyInstance,
  maxConcurrent: number,
): () => number {
  const limit = new ConcurrencyLimit(maxConcurrent || availableParallelism())
  const releaseByRequest = new WeakMap<FastifyRequest, () => void>()
  app.addHook('preHandler', async (request, reply) => {
    if (!request.routeOptions.config.isConcurrencyLimited) return
    const releaseSlot = await limit.acquireSlot()
    releaseByRequest.set(request, releaseSlot)
    if (!reply.raw.closed) return
    // The client disconnected while it waited.
    releaseSlot()
    return reply.hijack()
  })
  app.addHook('onSend', (request, _reply, payload, done) => {
    releaseByRequest.get(request)?.()
    done(null, payload)
  })
  return () => limit.waitingCount
}

class ConcurrencyLimit {
  readonly #waitQueue: (() => void)[] = []
  #freeSlots: number

  constructor(maxConcurrent: number) {
    this.#freeSlots = maxConcurrent
  }

  get waitingCount(): number {
    return this.#waitQueue.length
  }

  /** Waits for a slot. Returns a function that releases it. */
  async acquireSlot(): Promise<() => void> {
    if (this.#freeSlots > 0) this.#freeSlots -= 1
    else await new Promise<void>((resolve) => this.#waitQueue.push(resolve))
    let isReleased = false
    const releaseSlot = () => {
      if (isReleased) return
      isReleased = true
      clearTimeout(slotTimer)
      const nextInQueue = this.#waitQueue.shift()
      if (nextInQueue) nextInQueue()
      else this.#freeSlots += 1
    }
    const slotTimer = setTimeout(releaseSlot, slotTimeoutMs)
    return releaseSlot
  }
}
