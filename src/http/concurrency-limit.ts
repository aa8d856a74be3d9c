import { availableParallelism } from 'node:os'
import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether an answer keeps a processor for long, a hundred times as long as a single record: it waits for a turn. */
    inTurns?: boolean
  }
}

/** After so long the next one begins beside it: nobody waits for a question that takes seconds. */
const turnMs = 100

/**
 * Long questions take turns: as many are worked on at once as there are processors, in the order in which they came. All at
 * once each would have its part of a processor, and all would be done when the last is. A turn ends when the answer is
 * made, or when it has taken its time.
 *
 * @param atOnce 0 is one for each processor
 */
export function takeTurns(app: FastifyInstance, atOnce: number): void {
  const turns = new Turns(atOnce || availableParallelism())
  const ends = new WeakMap<FastifyRequest, () => void>()
  app.addHook('preHandler', async (request, reply) => {
    if (!request.routeOptions.config.inTurns) return
    const end = await turns.next()
    ends.set(request, end)
    if (!reply.raw.closed) return
    // Whoever asked has left meanwhile.
    end()
    return reply.hijack()
  })
  app.addHook('onSend', (request, _reply, payload, done) => {
    ends.get(request)?.()
    done(null, payload)
  })
}

class Turns {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  /** Waits for a turn; what it gives ends it. */
  async next(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      clearTimeout(late)
      const first = this.#waiting.shift()
      if (first) first()
      else this.#free += 1
    }
    const late = setTimeout(end, turnMs)
    return end
  }
}
