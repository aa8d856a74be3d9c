import { expect, test } from 'vitest'
import { computeReadPoolSize } from '../../src/database/connection-limits.ts'

test.each([
  [1, 10, 97, 10],
  [1, 200, 97, 76],
  [4, 10, 97, 10],
  [5, 10, 97, 6],
  [6, 10, 97, 3],
  [7, 10, 97, null],
  [1, 1, 97, 1],
  [1, 10, 20, null],
  [16, 20, 1_000, 20],
])(
  '%i processes with pools of %i on %i connections: %j each',
  (processes, pool, connections, each) => {
    expect(computeReadPoolSize({ processes, poolSize: pool, exports: 4 }, connections)).toBe(each)
    if (each !== null) expect(processes * (each + 11) + 10).toBeLessThanOrEqual(connections)
  },
)

test('more exports leave fewer connections for reading', () => {
  const sizes = [1, 4, 20].map((exports) =>
    computeReadPoolSize({ processes: 2, poolSize: 100, exports }, 97),
  )
  expect(sizes).toEqual([35, 32, 16])
})
