import type { WriteStream } from 'node:tty'

/** Receives progress. `total` is null when it is not known beforehand. */
export type ProgressCallback = (label: string, done: number, total: number | null) => void

/** Output of a command. */
export type ProgressReporter = {
  /** A line for people; left out with `--json`. */
  printLine(text: string): void
  reportProgress: ProgressCallback
  /** The result as one JSON value; written only with `--json`. */
  printResult(value: object): void
}

type Screen = Pick<WriteStream, 'write'> & { isTTY?: boolean; columns?: number }

const redrawIntervalMs = 80
const barWidth = 30
/** Smaller totals have no progress lines. */
const minTotalForLines = 1_000

/**
 * Shows progress as a bar on a terminal, and otherwise as a line for each tenth of a large total. Progress goes to stderr;
 * stdout has only the output: lines for people, or with `--json` one JSON value.
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

function formatBar(label: string, done: number, total: number | null): string {
  if (total === null || total === 0) return `${label}: ${formatCount(done)}`
  const share = Math.min(1, done / total)
  const filledCells = Math.floor(share * barWidth)
  const cells = '█'.repeat(filledCells).padEnd(barWidth, '░')
  return `${cells} ${Math.floor(share * 100)} %  ${label}: ${formatCount(done)} of ${formatCount(total)}`
}

const formatCount = (count: number): string => count.toLocaleString('en')
