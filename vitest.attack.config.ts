import { defineConfig, mergeConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** `npm run test:attack`: the long form of the attacks, one file after the other, so that each has the machine to itself. */
process.env.ATTACK = 'full'
process.env.FAULTS_SECONDS ??= '60'

export default mergeConfig(
  base,
  defineConfig({
    test: {
      // Replaces the list of the base, which `mergeConfig` would extend.
      dir: 'tests',
      exclude: ['**/tests/!(attack|faults)/**', '**/tests/*.test.ts', '**/packages/**'],
      fileParallelism: false,
      testTimeout: 1_800_000,
      hookTimeout: 600_000,
      env: { ATTACK: 'full', FAULTS_SECONDS: process.env.FAULTS_SECONDS },
    },
  }),
)
