import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** These start processes and wait for them: begun first, they do not keep everybody at the end. */
const slowFirst = [
  'faults/',
  'process/',
  'cli/',
  'database/',
  'exchange/bundle',
  'exchange/interrupted',
  'examples',
  'docs-commands',
  'intake/register',
  'intake/interrupted',
  'intake/ingest',
  'intake/documents',
  'http/openapi',
  'http/load-shedding-at',
  'answers/search',
  'evidence/nearest-passage',
  'records/paging',
  'recovery',
  'shared-use',
]

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = slowFirst.findIndex((part) => moduleId.includes(`tests/${part}`))
      return at < 0 ? slowFirst.length : at
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    globalSetup: ['tests/harness/global-setup.ts'],
    include: ['tests/**/*.test.ts', 'packages/*/tests/**/*.test.ts'],
    // Far more than any takes alone: how busy the machine is otherwise decides nothing.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    execArgv: ['--disable-warning=ExperimentalWarning', '--no-parallel-scavenge'],
    // Each file makes what it needs and puts back what it changes, so they may share a process: what they import is
    // loaded once a process instead of once a file.
    isolate: false,
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowFirst },
  },
})
