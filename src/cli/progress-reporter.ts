import type { WriteStream } from 'node:tty'

/** Hears how far something has come; the total is null where nobody knows it beforehand. */
export type ProgressCallback = (what: string, done: number, total: number | null) => void

/** How a command tells what it does. */
export type ProgressReporter = {
  /** Something that is done, for a person. */
  printLine(text: string): void
  reportProgress: ProgressCallback
  /** What came of it, for a machine. */
  printResult(value: object): void
}

type Screen = Pick<WriteStream, 'write'> & { isTTY?: boolean; columns?: number }

const redrawIntervalMs = 80
const barWidth = 30
/** Below that many a plain line for every tenth would only be in the way. */
const minTotalForLines = 1_000

/**
 * On a terminal a bar that is drawn over and over; otherwise plain lines, one for each tenth of what is much. Both go to
 * stderr, so that stdout has only what was asked for: lines for a person, or with `--json` one JSON value.
 */
export function createProgressReporter(
  { json = false }: { json?: boolean | undefined },
  { out, screen, now }: { out: Screen; screen: Screen; now: () => number } = {
    out: process.stdout,
    screen: process.stderr,
    now: Date.now,
  },
): ProgressReporter {
  let lastDrawnAt = Number.NEGATIVE_INFINITY
  let isDrawn = false
  let reportedTenth = 0
  let currentLabel = ''
  const clearBar = () => {
    if (isDrawn) screen.write('\r\u001b[K')
    isDrawn = false
  }
  return {
    printLine(text) {
      clearBar()
      if (!json) out.write(`${text}\n`)
    },
    reportProgress(label, done, total) {
      if (label !== currentLabel)
        [currentLabel, reportedTenth, lastDrawnAt] = [label, 0, Number.NEGATIVE_INFINITY]
      const isComplete = total !== null && done >= total
      if (screen.isTTY) {
        if (isComplete) return clearBar()
        if (now() - lastDrawnAt < redrawIntervalMs) return
        lastDrawnAt = now()
        isDrawn = true
        screen.write(
          `\r\u001b[K${formatBar(label, done, total).slice(0, (screen.columns || 80) - 1)}`,
        )
        return
      }
      if (json || total === null || total < minTotalForLines) return
      const currentTenth = Math.floor((done / total) * 10)
      if (currentTenth <= reportedTenth) return
      reportedTenth = currentTenth
      screen.write(
        `${label}: ${currentTenth * 10} % (${formatCount(done)} of ${formatCount(total)})\n`,
      )
    },
    printResult(value) {
      clearBar()
      if (json) out.write(`${JSON.stringify(value)}\n`)
    },
  }
}

function formatBar(what: string, done: number, total: number | null): string {
  if (total === null || total === 0) return `${what}: ${formatCount(done)}`
  const share = Math.min(1, done / total)
  const full = Math.floor(share * barWidth)
  const cells = '█'.repeat(full).padEnd(barWidth, '░')
  return `${cells} ${Math.floor(share * 100)} %  ${what}: ${formatCount(done)} of ${formatCount(total)}`
}

const formatCount = (count: number): string => count.toLocaleString('en')
