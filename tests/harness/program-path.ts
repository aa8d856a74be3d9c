import { spawnSync } from 'node:child_process'
import { delimiter } from 'node:path'

/** Where `python3` itself lies; null where there is none. */
const { stdout } = spawnSync(
  'python3',
  ['-c', 'import os, sys; print(os.path.dirname(sys.executable))'],
  { encoding: 'utf8' },
)

/**
 * PATH for the programs that tests start. A manager of versions puts a script of its own before `python3`, which takes
 * several times as long to start as `python3` does.
 */
export const programPath = [stdout?.trim(), process.env.PATH].filter(Boolean).join(delimiter)
