/**
 * The command `npm run bench:plans`: sends every documented query to a large data set and fails when PostgreSQL plans a
 * sequential scan of a big table. Argument: permits, default 100,000.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { runCommand } from './cleanup.ts'
import { openDataSet } from './data-set/data-set-cache.ts'
import { readNumberArguments } from './options.ts'

const { permits: scale } = readNumberArguments('bench:plans', {
  permits: { description: 'in the data set', min: 1_000, defaultValue: 100_000 },
})
const root = join(import.meta.dirname, '..')
const logProgress = (line: string) => console.error(line)

async function checkPlans(): Promise<void> {
  const url = await openDataSet(scale, logProgress)
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'tests/database/query-plans.test.ts'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, PLANS_DATABASE_URL: url } },
  )
  const [code] = await once(child, 'exit')
  process.exitCode = code ?? 1
}

await runCommand(checkPlans)
