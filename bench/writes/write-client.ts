import { Agent, request } from 'node:http'
import type { LoadResult } from '../load-messages.ts'

export type WriteTarget = { url: string; key: string | null }

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** The text of the answer; rejects unless the status is 2xx. */
export function sendPost({ url, key }: WriteTarget, path: string, body: object): Promise<string> {
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, {
      agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...(key !== null && { authorization: `Bearer ${key}` }),
      },
    })
    sent.on('response', (response) => {
      let answer = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        answer += chunk
      })
      response.on('end', () =>
        (response.statusCode ?? 500) < 300
          ? resolve(answer)
          : reject(new Error(`${response.statusCode} ${answer}`)),
      )
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

/** So many clients, each sending one write after the other. */
export async function runWriteClients(
  connections: number,
  seconds: number,
  send: () => Promise<string>,
): Promise<LoadResult> {
  const latenciesMs: number[] = []
  let bytes = 0
  const begin = performance.now()
  const runClient = async () => {
    do {
      const sent = performance.now()
      bytes += (await send()).length
      latenciesMs.push(performance.now() - sent)
    } while (performance.now() - begin < seconds * 1_000)
  }
  await Promise.all(Array.from({ length: connections }, runClient))
  const rps = (latenciesMs.length / (performance.now() - begin)) * 1_000
  return {
    rps,
    p50Ms: computePercentile(latenciesMs, 0.5),
    p99Ms: computePercentile(latenciesMs, 0.99),
    answers: latenciesMs.length,
    bytes,
  }
}

/** The number below which this share of them lies. */
export function computePercentile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}
