import type { WriteStream } from 'node:tty'

/** Hears how far something has come; the total is null where nobody knows it beforehand. */
export type Counted = (what: string, done: number, total: number | null) => void

/** How a command tells what it does. */
export type Telling = {
  /** Something that is done, for a person. */
  line(text: string): void
  counted: Counted
  /** What came of it, for a machine. */
  result(value: object): void
}

type Screen = Pick<WriteStream, 'write'> & { isTTY?: boolean; columns?: number }

const redrawMs = 80
const barWidth = 30
/** Below that many a plain line for every tenth would only be in the way. */
const manyFrom = 1_000

/**
 * On a terminal a bar that is drawn over and over; otherwise plain lines, one for each tenth of what is much. Both go to
 * stderr, so that stdout has only what was asked for: lines for a person, or with `--json` one JSON value.
 */
export function telling(
  { json = false }: { json?: boolean | undefined },
  { out, screen, now }: { out: Screen; screen: Screen; now: () => number } = {
    ...{ out: process.stdout, screen: process.stderr, now: Date.now },
  },
): Telling {
  let drawnAt = Number.NEGATIVE_INFINITY
  let isDrawn = false
  let tenth = 0
  let counting = ''
  const wipe = () => {
    if (isDrawn) screen.write('\r\u001b[K')
    isDrawn = false
  }
  return {
    line(text) {
      wipe()
      if (!json) out.write(`${text}\n`)
    },
    counted(what, done, total) {
      if (what !== counting) [counting, tenth, drawnAt] = [what, 0, Number.NEGATIVE_INFINITY]
      const isWhole = total !== null && done >= total
      if (screen.isTTY) {
        if (isWhole) return wipe()
        if (now() - drawnAt < redrawMs) return
        drawnAt = now()
        isDrawn = true
        screen.write(`\r\u001b[K${bar(what, done, total).slice(0, (screen.columns || 80) - 1)}`)
        return
      }
      if (json || total === null || total < manyFrom) return
      const reached = Math.floor((done / total) * 10)
      if (reached <= tenth) return
      tenth = reached
      screen.write(`${what}: ${reached * 10} % (${amount(done)} of ${amount(total)})\n`)
    },
    result(value) {
      wipe()
      if (json) out.write(`${JSON.stringify(value)}\n`)
    },
  }
}

function bar(what: string, done: number, total: number | null): string {
  if (total === null || total === 0) return `${what}: ${amount(done)}`
  const share = Math.min(1, done / total)
  const full = Math.floor(share * barWidth)
  const cells = '█'.repeat(full).padEnd(barWidth, '░')
  return `${cells} ${Math.floor(share * 100)} %  ${what}: ${amount(done)} of ${amount(total)}`
}

const amount = (count: number): string => count.toLocaleString('en')
