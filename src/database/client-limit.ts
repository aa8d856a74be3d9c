/** Counts what each client holds at the moment: connections, bodies, exports or streams. */
export class ClientLimit {
  readonly #maxPerClient: number
  readonly #maxTotal: number
  readonly #counts = new Map<string, number>()
  #total = 0

  /** @param maxTotal over all clients; 0 is no limit, for both */
  constructor(maxPerClient: number, maxTotal = 0) {
    this.#maxPerClient = maxPerClient
    this.#maxTotal = maxTotal
  }

  /** Takes a place. Returns the function that releases it, or which limit is reached. */
  acquire(client: string): (() => void) | 'client' | 'total' {
    const count = this.#counts.get(client) ?? 0
    if (this.#maxPerClient > 0 && count >= this.#maxPerClient) return 'client'
    if (this.#maxTotal > 0 && this.#total >= this.#maxTotal) return 'total'
    this.#counts.set(client, count + 1)
    this.#total += 1
    let isReleased = false
    return () => {
      if (isReleased) return
      isReleased = true
      this.#total -= 1
      const rest = (this.#counts.get(client) ?? 1) - 1
      if (rest > 0) this.#counts.set(client, rest)
      else this.#counts.delete(client)
    }
  }
}
