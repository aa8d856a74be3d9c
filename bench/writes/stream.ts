import { buildEvent } from './events.ts'
import { sendPost, type WriteTarget } from './write-client.ts'

export const subscriberCount = 100
const deliveryTimeoutMs = 5_000

/** Milliseconds from the answer to a write until each subscriber has the change; below 0 when it had it before. */
export async function measureDeliveries(api: WriteTarget, changes: number): Promise<number[]> {
  const arrivalsByRevision = new Map<number, number[]>()
  const unsubscribe = new AbortController()
  await Promise.all(
    Array.from({ length: subscriberCount }, () =>
      subscribe(api, arrivalsByRevision, unsubscribe.signal),
    ),
  )
  const deliveriesMs: number[] = []
  for (let change = 0; change < changes; change += 1) {
    const last = JSON.parse(await sendPost(api, '/v1/events', buildEvent())) as { revision: number }
    const times: number[] = []
    arrivalsByRevision.set(last.revision + 1, times)
    await sendPost(api, '/v1/events', buildEvent())
    const committedAt = performance.now()
    while (times.length < subscriberCount) {
      if (performance.now() - committedAt > deliveryTimeoutMs)
        throw new Error(
          `Only ${times.length} of ${subscriberCount} heard of revision ${last.revision + 1}.`,
        )
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    deliveriesMs.push(...times.map((time) => time - committedAt))
  }
  unsubscribe.abort()
  return deliveriesMs
}

async function subscribe(
  { url }: WriteTarget,
  arrivalsByRevision: ReadonlyMap<number, number[]>,
  signal: AbortSignal,
): Promise<void> {
  const answer = await fetch(`${url}/v1/changes/stream`, { signal })
  const reader = answer.body?.getReader()
  if (!reader) throw new Error('The stream of changes has no body.')
  await reader.read()
  const listen = async () => {
    const decoder = new TextDecoder()
    for (let text = ''; ; ) {
      const { value, done } = await reader.read()
      if (done) return
      text += decoder.decode(value, { stream: true })
      const end = text.lastIndexOf('\n\n') + 2
      for (const [, id] of text.slice(0, end).matchAll(/^id: (\d+)$/gm))
        arrivalsByRevision.get(Number(id))?.push(performance.now())
      text = text.slice(end)
    }
  }
  // It ends when the subscriber leaves.
  void listen().catch(() => undefined)
}
