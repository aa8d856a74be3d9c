import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { describeFailure } from '../../src/database/command-failures.ts'
import { FatalError } from '../../src/fatal-error.ts'
import { Problem } from '../../src/problem.ts'

const fromDatabase = (code: string, message: string) =>
  Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code })
const fromSystem = (code: string, message: string, path?: string) =>
  Object.assign(new Error(message), { code, ...(path !== undefined && { path }) })

describe('a command ends with one line', () => {
  test.each([
    ['a reason of its own', new FatalError('No such map.'), /^No such map\.$/],
    [
      'a lost database',
      fromSystem('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'),
      /^The database went away/,
    ],
    [
      'a connection that ended',
      new Error('Connection terminated unexpectedly'),
      /^The database went away/,
    ],
    [
      'a database that shuts down',
      fromDatabase('57P01', 'terminating connection'),
      /^The database went away/,
    ],
    [
      'several addresses that refuse',
      new AggregateError([fromSystem('ECONNREFUSED', 'connect ECONNREFUSED ::1')]),
      /^The database went away/,
    ],
    [
      'a full disk of the database',
      fromDatabase('53100', 'could not extend file "base/5/1"'),
      /^No room is left on the disk: could not extend/,
    ],
    [
      'a full disk here',
      fromSystem('ENOSPC', 'ENOSPC: no space left on device, write'),
      /^No room is left on the disk: ENOSPC/,
    ],
    [
      'a time limit',
      fromDatabase('57014', 'canceling statement due to statement timeout'),
      /time limit.*statement_timeout/,
    ],
    [
      'a file that may not be written',
      fromSystem('EACCES', 'permission denied', '/root/x'),
      /^\/root\/x cannot be read or written/,
    ],
    ['a problem', new Problem('not-found', 'No case has the slug "x".'), /^No case has/],
    [
      'a cause within another error',
      new Error('import failed', { cause: fromDatabase('53100', 'disk full') }),
      /^No room/,
    ],
  ])('for %s', (_what, error, line) => {
    const text = describeFailure(error)
    expect(text).toMatch(line)
    expect(text).not.toContain('\n')
  })

  test('a bug is shown whole', () => {
    expect(describeFailure(new TypeError('x is not a function'))).toBeNull()
  })
})
