/**
 * The command `npm run bench:plans`: asks every documented question of a large data set and fails when PostgreSQL, left to
 * plan as it always does, reads a big table from end to end. Argument: permits, standard 100,000.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { openEmbedded } from '../src/database/embedded.ts'
import { atEnd, closeAll, closeOnSignals } from './closing.ts'
import { cachedDataSet } from './data-set/cached.ts'

const scale = Number(process.argv[2] ?? 100_000)
const root = join(import.meta.dirname, '..')
const say = (line: string) => console.error(line)

async function readPlans(): Promise<void> {
  const { DATABASE_URL } = process.env
  const embedded = DATABASE_URL
    ? undefined
    : await openEmbedded({ dataDir: join(root, '.bench'), purpose: 'command', log: say })
  if (embedded) atEnd(embedded.close)
  const url = await cachedDataSet(DATABASE_URL ?? embedded?.url ?? '', scale, say)
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'tests/database/plans.test.ts'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, PLANS_DATABASE_URL: url } },
  )
  const [code] = await once(child, 'exit')
  process.exitCode = code ?? 1
}

closeOnSignals()
try {
  await readPlans()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
} finally {
  await closeAll()
}
process.exit()
