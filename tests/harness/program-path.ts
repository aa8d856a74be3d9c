import { spawnSync } from 'node:child_process'
import { delimiter } from 'node:path'

/** The folder of the `python3` executable; null if there is none. */
const { stdout } = spawnSync(
  'python3',
  ['-c', 'import os, sys; print(os.path.dirname(sys.executable))'],
  { encoding: 'utf8' },
)

/**
 * PATH for the programs that tests start. It skips the wrapper scripts of version managers, which take several times as
 * long to start as `python3` itself.
 */
export const programPath = [stdout?.trim(), process.env.PATH].filter(Boolean).join(delimiter)
