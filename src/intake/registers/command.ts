import { closeSync, openSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { addHelpExamples } from '../../cli/help.ts'
import { createProgressReporter } from '../../cli/progress-reporter.ts'
import type { Database } from '../../database/database.ts'
import type { ImportResult } from './import-register.ts'

type WithDatabase = (work: (database: Database) => Promise<void>) => Promise<void>

type ImportOptions = {
  map: string
  dryRun?: true
  json?: true
  rejects?: string
  withdrawAtMost: number
  batchRows?: number
}

/** `casefile import-register`. */
export function addImportRegisterCommand(program: Command, withDatabase: WithDatabase): void {
  const command = program
    .command('import-register')
    .argument(
      '<file>',
      "a government's register of permits: CSV, XLSX, XLS, ODS, JSON, NDJSON, or a document with a table",
    )
    .description(
      'make permits, events and figures of the rows of a register; run again, it goes on where it was',
    )
    .requiredOption('--map <file>', 'what its columns mean (docs/registers.md)')
    .option('--dry-run', 'read and check everything, write nothing')
    .option('--json', 'give the result as JSON')
    .option('--rejects <file>', 'where to write the rows that are not taken, and why')
    .option(
      '--withdraw-at-most <percent>',
      'withdraw no permit when more of them than this are no longer in the register',
      parsePercent,
      20,
    )
    .option(
      '--batch-rows <n>',
      'rows that are written together, as one revision (4000); with fewer, others wait less to write beside it',
      parseRowCount,
    )
    .action((file: string, options: ImportOptions) =>
      withDatabase((database) => runImport(database, file, options)),
    )
  addHelpExamples(command, [
    'casefile import-register licences.csv --map registers/nl/military-exports.yaml --dry-run',
    'casefile import-register licences.csv --map registers/nl/military-exports.yaml',
  ])
}

function parsePercent(text: string): number {
  const number = Number(text)
  if (!Number.isFinite(number) || number < 0 || number > 100)
    throw new InvalidArgumentError('give a number from 0 to 100.')
  return number
}

function parseRowCount(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 100_000)
    throw new InvalidArgumentError('give a whole number from 1 to 100000.')
  return number
}

async function runImport(database: Database, file: string, options: ImportOptions): Promise<void> {
  const { importRegister } = await import('./import-register.ts')
  const path = options.rejects ?? `${basename(file)}.rejects.csv`
  const rejects = openRejectsFile(path)
  let lastReportAt = performance.now()
  const reporter = createProgressReporter(options)
  try {
    const result = await importRegister(database, {
      file,
      map: options.map,
      isDryRun: options.dryRun === true,
      withdrawAtMost: options.withdrawAtMost,
      ...(options.batchRows !== undefined && { batchRows: options.batchRows }),
      onReject: ({ row, column, reason }) =>
        rejects.add([String(row.number), String(row.line), column, reason, row.text]),
      onIndexed(records) {
        if (performance.now() - lastReportAt < 1_000) return
        lastReportAt = performance.now()
        console.error(`${records} new records can be searched`)
      },
      onProgress({ bytes, ofBytes, rows, seconds }) {
        if (process.stderr.isTTY) return reporter.reportProgress('bytes', bytes, ofBytes)
        if (performance.now() - lastReportAt < 1_000) return
        lastReportAt = performance.now()
        const left = Math.ceil((seconds * (ofBytes - bytes)) / Math.max(1, bytes))
        const rate = Math.round(rows / seconds)
        const share = Math.floor((100 * bytes) / ofBytes)
        console.error(`${share} %, ${rows} rows, ${rate} rows/s, about ${left} s left`)
      },
    })
    reporter.printResult(result)
    for (const line of formatResult(result, path, options.dryRun === true)) reporter.printLine(line)
  } finally {
    rejects.close()
  }
}

const kindNames: Record<string, string> = {
  permit: 'Permits',
  event: 'Events',
  figure: 'Figures',
}

function* formatResult(
  result: ImportResult,
  rejects: string,
  isDryRun: boolean,
): Generator<string> {
  const { rows, seconds, encoding, records, withdrawn, skipped } = result
  const rate = Math.round(rows / Math.max(seconds, 0.001))
  if (isDryRun)
    yield `Dry run at revision ${result.baseRevision}: nothing was written. It would be:`
  yield `${result.article}: ${rows} rows (${encoding}) in ${seconds.toFixed(1)} s, ${rate} rows/s; then ${result.indexSeconds.toFixed(1)} s for the search index.`
  for (const [kind, counts] of Object.entries(records)) {
    const { added, changed, renewed, unchanged } = counts
    if (added + changed + renewed + unchanged > 0)
      yield `${kindNames[kind]}: ${added} added, ${changed} changed, ${renewed} renewed; ${unchanged} say nothing new.`
  }
  if (withdrawn > 0) yield `${withdrawn} records are withdrawn.`
  if (skipped > 0) yield `${skipped} rows are none of the records of the map.`
  for (const { row, of, stated, sum, isEqual } of result.totals)
    yield isEqual
      ? `Row ${row} states the total of its figures: ${sum} (${of}).`
      : `Row ${row} states a total of ${stated} (${of}), and its figures are ${sum}.`
  for (const warning of result.warnings) yield `Warning: ${warning}`
  if (result.otherRevisions > 0)
    yield `Others wrote ${result.otherRevisions} revisions meanwhile, so the result can differ from that of a dry run.`
  if (result.rejected > 0) yield `${result.rejected} rows are not taken; ${rejects} says why.`
  const open = result.leftOpen.reduce((sum, { rows: count }) => sum + count, 0)
  if (open > 0) {
    const most = result.leftOpen
      .slice(0, isDryRun ? 50 : 5)
      .map(({ cell, rows: count, suggestions }) => {
        const hint = suggestions.length === 0 ? '' : `: ${suggestions.join(' or ')}?`
        return `${cell} (${count}${hint})`
      })
    yield `${open} cells are left open, because they name no single state or actor: ${most.join(', ')}${result.leftOpen.length > most.length ? ', ...' : ''}.`
  }
  yield* result.notes
  if (result.notWithdrawn !== null) yield `Not withdrawn: ${result.notWithdrawn}`
  if (result.kept.length > 0)
    yield `No longer in the register, but others speak of them: ${result.kept.join(', ')}.`
}

/** A CSV file that is created with its first row. */
function openRejectsFile(path: string) {
  let descriptor: number | undefined
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const write = (cells: readonly string[]) =>
    writeSync(descriptor ?? 0, `${cells.map(cell).join(',')}\r\n`)
  return {
    add(cells: readonly string[]) {
      if (descriptor === undefined) {
        descriptor = openSync(path, 'w')
        write(['row', 'line', 'column', 'reason', 'text'])
      }
      write(cells)
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor)
    },
  }
}
