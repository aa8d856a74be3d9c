/**
 * Imports one register that was sent to the server, as a process of its own: reading and writing a hundred thousand rows
 * would hold up other requests.
 */
import { openDatabase } from '../../../database/database.ts'
import { FatalError } from '../../../fatal-error.ts'
import type { RejectedRow } from '../batches.ts'
import { type ImportRequest, type ImportResult, importRegister } from '../import-register.ts'

export type ImportTask = Pick<
  ImportRequest,
  'file' | 'map' | 'isDryRun' | 'withdrawAtMost' | 'author'
> & {
  databaseUrl: string
  /** How many rejected rows to report. */
  rejectsMax: number
}
export type Reject = { row: number; line: number; column: string; reason: string; text: string }
export type ImportMessage =
  | { result: ImportResult; rejects: Reject[] }
  | { refused: string }
  | { failed: string }

async function runTask({
  databaseUrl,
  rejectsMax,
  ...request
}: ImportTask): Promise<ImportMessage> {
  const database = openDatabase({
    url: databaseUrl,
    poolSize: 2,
    statementTimeoutMs: 0,
    onConnectionLost: () => undefined,
  })
  const rejects: Reject[] = []
  const onReject = ({ row, column, reason }: RejectedRow) => {
    if (rejects.length < rejectsMax)
      rejects.push({ row: row.number, line: row.line, column, reason, text: row.text })
  }
  try {
    const result = await importRegister(database, {
      ...request,
      isConfined: true,
      onReject,
      onProgress: () => undefined,
    })
    return { result, rejects }
  } catch (error) {
    if (error instanceof FatalError) return { refused: error.message }
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  } finally {
    await database.close()
  }
}

process.once('message', async (task: ImportTask) => {
  const message = await runTask(task)
  process.send?.(message, () => process.disconnect())
})
// The server is gone: the import can be repeated.
process.once('disconnect', () => process.exit())
