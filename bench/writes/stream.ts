import { post, type Target } from './drive.ts'
import { newEvent } from './events.ts'

export const subscribers = 100
const patienceMs = 5_000

/** Milliseconds from the answer to a write until each subscriber has the change; below 0 when it had it before. */
export async function deliveries(api: Target, changes: number): Promise<number[]> {
  const heard = new Map<number, number[]>()
  const leaving = new AbortController()
  await Promise.all(
    Array.from({ length: subscribers }, () => subscribe(api, heard, leaving.signal)),
  )
  const took: number[] = []
  for (let change = 0; change < changes; change += 1) {
    const last = JSON.parse(await post(api, '/v1/events', newEvent())) as { revision: number }
    const times: number[] = []
    heard.set(last.revision + 1, times)
    await post(api, '/v1/events', newEvent())
    const committed = performance.now()
    while (times.length < subscribers) {
      if (performance.now() - committed > patienceMs)
        throw new Error(
          `Only ${times.length} of ${subscribers} heard of revision ${last.revision + 1}.`,
        )
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    took.push(...times.map((time) => time - committed))
  }
  leaving.abort()
  return took
}

async function subscribe(
  { url }: Target,
  heard: ReadonlyMap<number, number[]>,
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
        heard.get(Number(id))?.push(performance.now())
      text = text.slice(end)
    }
  }
  // It ends when the subscriber leaves.
  void listen().catch(() => undefined)
}
