import { availableParallelism } from 'node:os'
import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether an answer keeps a processor for long, a hundred times as long as a single record: it waits for a turn. */
    inTurns?: boolean
  }
}

/** After so long the next one begins beside it: nobody waits for a question that takes seconds. */
const slotTimeoutMs = 100

/**
 * Long questions take turns: as many are worked on at once as there are processors, in the order in which they came. All at
 * once each would have its part of a processor, and all would be done when the last is. A turn ends when the answer is
 * made, or when it has taken its time.
 *
 * @param maxConcurrent 0 is one for each processor
 */
export function registerConcurrencyLimit(app: FastifyInstance, maxConcurrent: number): void {
  const limit = new ConcurrencyLimit(maxConcurrent || availableParallelism())
  const releaseByRequest = new WeakMap<FastifyRequest, () => void>()
  app.addHook('preHandler', async (request, reply) => {
    if (!request.routeOptions.config.inTurns) return
    const releaseSlot = await limit.acquireSlot()
    releaseByRequest.set(request, releaseSlot)
    if (!reply.raw.closed) return
    // Whoever asked has left meanwhile.
    releaseSlot()
    return reply.hijack()
  })
  app.addHook('onSend', (request, _reply, payload, done) => {
    releaseByRequest.get(request)?.()
    done(null, payload)
  })
}

class ConcurrencyLimit {
  readonly #waitQueue: (() => void)[] = []
  #freeSlots: number

  constructor(maxConcurrent: number) {
    this.#freeSlots = maxConcurrent
  }

  /** Waits for a turn; what it gives ends it. */
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
