import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test.each(['5', '14.9', 'ten'])(
  'npm run bench:soak -- %s is refused in a line: too short to compare its thirds',
  (seconds) => {
    const args = ['--disable-warning=ExperimentalWarning', 'bench/soak.ts', seconds]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(new RegExp(`^Give at least 15 seconds, not "${seconds}": [^\\n]+\\n$`))
  },
)
