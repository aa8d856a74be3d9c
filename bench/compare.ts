import { get } from './http.ts'
import type { LoadRequest } from './load-messages.ts'
import type { Workload } from './workloads/workload.ts'

const maxComparedRequests = 40
/** Of a streamed list, only the beginning is compared. */
const maxStreamBytes = 2_000_000

/**
 * Checks that a yardstick returns the same JSON as the server. The order of members does not matter. Cursors may differ,
 * but must both be strings or both be null.
 *
 * @throws {Error} with the first difference
 */
export async function compareAnswers(
  { name, stream }: Workload,
  requests: readonly LoadRequest[],
  server: string,
  yardstick: string,
): Promise<void> {
  if (stream?.firstByteMsMost !== undefined) return
  const step = Math.max(1, Math.floor(requests.length / maxComparedRequests))
  for (const { path } of requests.filter((_, index) => index % step === 0)) {
    const bytesMax = stream ? maxStreamBytes : undefined
    const [serverLines, yardstickLines] = await Promise.all(
      [server, yardstick].map(async (url) => {
        const { status, text } = await get(`${url}${path}`, {}, bytesMax)
        if (status !== 200) throw new Error(`${name}: ${url}${path} returns ${status}: ${text}`)
        return stream ? splitLines(text) : [text]
      }),
    )
    const lineCount = Math.min(serverLines?.length ?? 0, yardstickLines?.length ?? 0)
    if (lineCount === 0) throw new Error(`${name}: ${path} returns nothing to compare.`)
    for (let line = 0; line < lineCount; line++) {
      const firstDifference = findDifference(
        JSON.parse(serverLines?.[line] ?? ''),
        JSON.parse(yardstickLines?.[line] ?? ''),
      )
      if (firstDifference)
        throw new Error(
          `${name}: the hand-written yardstick (bench/yardsticks/) and the server differ for ${path}. ${firstDifference}`,
        )
    }
  }
}

/** Complete lines only: the last one may be truncated. */
const splitLines = (text: string): string[] => text.split('\n').slice(0, -1)

function findDifference(server: unknown, yardstick: unknown, pointer = ''): string | null {
  if (pointer === '/next' && typeof server === 'string' && typeof yardstick === 'string')
    return null
  if (
    !isObject(server) ||
    !isObject(yardstick) ||
    Array.isArray(server) !== Array.isArray(yardstick)
  ) {
    if (server === yardstick) return null
    return `At ${pointer}: the server has ${JSON.stringify(server)}, the yardstick ${JSON.stringify(yardstick)}.`
  }
  for (const key of new Set([...Object.keys(server), ...Object.keys(yardstick)])) {
    const difference = findDifference(server[key], yardstick[key], `${pointer}/${key}`)
    if (difference) return difference
  }
  return null
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
