import { readFileSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { addHelpExamples } from '../../cli/help.ts'
import { createProgressReporter } from '../../cli/progress-reporter.ts'
import type { Config } from '../../config.ts'
import { FatalError } from '../../fatal-error.ts'

type BackupOptions = { recipient: string[]; json?: true }
type RestoreOptions = { identity?: string; json?: true }

/** `casefile backup` and `restore`. */
export function addBackupCommands(program: Command, loadConfig: () => Promise<Config>): void {
  const backup = program
    .command('backup')
    .argument('<file>', 'the file to write')
    .option('--recipient <key>', 'encrypt for this public key of age; may be repeated', collect, [])
    .option('--json', 'print the result as JSON')
    .description('write the whole database into a file; works while a server runs')
    .action(async (file: string, options: BackupOptions) => runBackup(file, options, loadConfig))
  addHelpExamples(backup, [
    'casefile backup casefile-2026-12-01.backup',
    'casefile backup casefile.backup.age --recipient age1...',
  ])
  const restore = program
    .command('restore')
    .argument('<file>', 'a file that casefile backup wrote')
    .option('--identity <file>', 'file with the private key of age, for an encrypted backup')
    .option('--json', 'print the result as JSON')
    .description('load a backup into an empty database, verify it, and begin a new epoch')
    .action(async (file: string, options: RestoreOptions) => runRestore(file, options, loadConfig))
  addHelpExamples(
    restore,
    ['DATA_DIR=.data-new casefile restore casefile-2026-12-01.backup'],
    'the backup cannot be restored or does not hold: stderr says why',
  )
}

const collect = (value: string, previous: string[]): string[] => [...previous, value]

async function runBackup(
  file: string,
  { recipient, json }: BackupOptions,
  loadConfig: () => Promise<Config>,
): Promise<void> {
  const [{ openConfiguredDatabase }, { dumpTables }, { writeBackupFile }] = await Promise.all([
    import('../../database/database-from-config.ts'),
    import('../../database/backup/dump-tables.ts'),
    import('./backup-file.ts'),
  ])
  const reporter = createProgressReporter({ json })
  const opened = await openConfiguredDatabase(await loadConfig(), 'command', console.error)
  try {
    let rows = 0
    const frames = dumpTables(opened.database.url, (table, count) => {
      rows += count
      reporter.reportProgress(table, count, count)
    })
    await writeBackupFile(file, frames, recipient)
    const { size } = statSync(file)
    reporter.printLine(`Wrote ${file}: ${rows} rows, ${size} bytes.`)
    reporter.printResult({ wrote: file, rows, bytes: size })
  } finally {
    await opened.close()
  }
}

async function runRestore(
  file: string,
  { identity, json }: RestoreOptions,
  loadConfig: () => Promise<Config>,
): Promise<void> {
  const [
    { openConfiguredDatabase },
    { loadTables },
    { BadBackupError },
    { readBackupFile },
    { beginEpoch },
    { verifyAll, VerificationError },
    { completeLedger },
  ] = await Promise.all([
    import('../../database/database-from-config.ts'),
    import('../../database/backup/load-tables.ts'),
    import('../../database/backup/frames.ts'),
    import('./backup-file.ts'),
    import('../../ledger/ledger-writer.ts'),
    import('../../answers/verification/verify-all.ts'),
    import('../../records/write/complete-ledger.ts'),
  ])
  const identities = identity === undefined ? [] : readIdentities(identity)
  const reporter = createProgressReporter({ json })
  const opened = await openConfiguredDatabase(await loadConfig(), 'command', console.error)
  const { database } = opened
  try {
    const { header, isMigrated } = await loadTables(
      database.url,
      readBackupFile(file, identities),
      (table, count) => reporter.reportProgress(table, count, count),
    )
    if (isMigrated) await completeLedger(database)
    const revision = await database.write((tx) => beginEpoch(tx))
    const { revisions, hash } = await verifyAll(database, { progress: reporter.printLine })
    reporter.printLine(
      `Restored ${file} of ${header.createdAt}. Its newest revision is ${header.head?.revision ?? 0}; revision ${revision} begins a new epoch.`,
    )
    reporter.printResult({ restored: file, backup: header, revisions, hash })
  } catch (error) {
    if (error instanceof BadBackupError)
      throw new FatalError(`${file} cannot be restored: ${error.message}.`, { cause: error })
    if (error instanceof VerificationError)
      throw new FatalError(`${file} was restored, but DOES NOT HOLD. ${error.message}`, {
        cause: error,
      })
    throw error
  } finally {
    await opened.close()
  }
}

/** The keys of a file of `age-keygen`, without its comments. */
const readIdentities = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
