/**
 * The command `npm run bench:plans`: asks every documented question of a large data set and fails when PostgreSQL, left to
 * plan as it always does, reads a big table from end to end. Argument: permits, standard 100,000.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { runCommand } from './closing.ts'
import { cachedDataSet } from './data-set/cached.ts'
import { readNumbers } from './options.ts'

const { permits: scale } = readNumbers('bench:plans', {
  permits: { means: 'in the data set', least: 1_000, standard: 100_000 },
})
const root = join(import.meta.dirname, '..')
const say = (line: string) => console.error(line)

async function readPlans(): Promise<void> {
  const url = await cachedDataSet(scale, say)
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'tests/database/plans.test.ts'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, PLANS_DATABASE_URL: url } },
  )
  const [code] = await once(child, 'exit')
  process.exitCode = code ?? 1
}

await runCommand(readPlans)
