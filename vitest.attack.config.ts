import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

const environment = { ATTACK: 'full', FAULTS_SECONDS: process.env.FAULTS_SECONDS ?? '60' }

/** `npm run test:attack`: the long form of the attacks, one file after the other, so that each has the machine to itself. */
export default defineConfig({
  test: {
    ...base.test,
    include: ['tests/attack/**/*.test.ts', 'tests/faults/**/*.test.ts'],
    env: environment,
    fileParallelism: false,
    // Minutes: the fuzzer and the large case take that long.
    testTimeout: 1_800_000,
    hookTimeout: 900_000,
  },
})
