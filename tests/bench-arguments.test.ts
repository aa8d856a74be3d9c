import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { baseEnvironment } from './process/program.ts'

test.each([
  ['soak.ts', '14.9', 15],
  ['soak.ts', 'ten', 15],
  ['overload.ts', '0', 1],
  ['plans.ts', 'many', 1_000],
  ['register-import.ts', '-4', 100],
])('bench/%s %s is refused in one line with the allowed range', (script, given, least) => {
  const args = ['--disable-warning=ExperimentalWarning', `bench/${script}`, given]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: baseEnvironment,
  })
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(
    new RegExp(`^error: [^\\n]*'${given}'[^\\n]* from ${least} to [^\\n]+\\n$`),
  )
})
