import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Slow test files, which start processes. They run first, so that they do not delay the end of the run. */
const slowFiles = [
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
  'http/stalled',
  'http/hostile',
  'answers/search',
  'evidence/nearest-passage',
  'records/paging',
  'recovery',
  'shared-use',
]

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = slowFiles.findIndex((path) => moduleId.includes(`tests/${path}`))
      return index < 0 ? slowFiles.length : index
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    globalSetup: ['tests/harness/global-setup.ts'],
    include: ['tests/**/*.test.ts', 'packages/*/tests/**/*.test.ts'],
    // Far more than any test needs, so that a busy machine fails no test.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    execArgv: ['--disable-warning=ExperimentalWarning', '--no-parallel-scavenge'],
    // Test files create what they need and restore what they change, so several share a process, which loads each
    // module once.
    isolate: false,
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowFirst },
  },
})
