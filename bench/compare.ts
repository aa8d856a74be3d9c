import { get } from './http.ts'
import type { LoadRequest } from './load-messages.ts'
import type { Workload } from './workloads/workload.ts'

const maxComparedRequests = 40
/** Of lists that are streamed as a whole, only their beginning is compared. */
const maxStreamBytes = 2_000_000

/**
 * A yardstick counts only where it gives the same answer: the same JSON, in whatever order of members; cursors need not
 * be the same, but either both or neither must be there.
 *
 * @throws {Error} that shows the first difference
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
    const [ours, theirs] = await Promise.all(
      [server, yardstick].map(async (url) => {
        const { status, text } = await get(`${url}${path}`, {}, bytesMax)
        if (status !== 200) throw new Error(`${name}: ${url}${path} answers ${status}: ${text}`)
        return stream ? splitLines(text) : [text]
      }),
    )
    const lines = Math.min(ours?.length ?? 0, theirs?.length ?? 0)
    if (lines === 0) throw new Error(`${name}: ${path} gives nothing to compare.`)
    for (let line = 0; line < lines; line++) {
      const firstDifference = findDifference(
        JSON.parse(ours?.[line] ?? ''),
        JSON.parse(theirs?.[line] ?? ''),
      )
      if (firstDifference)
        throw new Error(
          `${name}: the hand-written yardstick answers ${path} otherwise, so there is nothing to measure by (bench/yardsticks/). ${firstDifference}`,
        )
    }
  }
}

/** Complete lines only: the last one may have been cut. */
const splitLines = (text: string): string[] => text.split('\n').slice(0, -1)

function findDifference(ours: unknown, theirs: unknown, pointer = ''): string | null {
  if (pointer === '/next' && typeof ours === 'string' && typeof theirs === 'string') return null
  if (!isObject(ours) || !isObject(theirs) || Array.isArray(ours) !== Array.isArray(theirs))
    return ours === theirs
      ? null
      : `At ${pointer}: the server has ${JSON.stringify(ours)}, the yardstick ${JSON.stringify(theirs)}.`
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const found = findDifference(ours[key], theirs[key], `${pointer}/${key}`)
    if (found) return found
  }
  return null
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
