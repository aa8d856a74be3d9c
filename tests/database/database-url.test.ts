import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { findUrlFault, toDriverUrl } from '../../src/database-url.ts'

const base = 'postgres://me:secret@db.example.org/casefile'

test.each([
  ['?schema=other', 'its parameter "schema" is not supported: use options=-c%20search_path%3Dname'],
  ['?pgbouncer=true', 'its parameter "pgbouncer" is not supported: set DATABASE_PREPARED=false'],
  ['?connection_limit=3', 'its parameter "connection_limit" is not supported: set POOL_SIZE'],
  [
    '?sslmode=prefer',
    'its sslmode "prefer" is not supported: use disable, require, verify-ca, verify-full',
  ],
  [
    '?sslmode=no-verify',
    'its sslmode "no-verify" is not supported: use disable, require, verify-ca, verify-full',
  ],
  ['?sslmode=require&sslmode=disable', 'its parameter "sslmode" is there twice'],
  [
    '?sslmode=verify-ca',
    'its sslmode "verify-ca" needs sslrootcert, a file with the certificate of the authority',
  ],
  ['?sslmode=require&sslrootcert=system', 'its sslrootcert "system" needs sslmode=verify-full'],
  ['?sslrootcert=/etc/ca.pem', 'it names certificates without sslmode: add sslmode=verify-full'],
  ['', null],
  ['?sslmode=require', null],
  ['?sslmode=verify-full&sslrootcert=system', null],
  ['?host=/run/postgresql&port=5433', null],
  ['?options=-c%20search_path%3Dother', null],
])('%s: %s', (query, fault) => {
  expect(findUrlFault(base + query)).toBe(fault)
})

test('a URL with sslmode asks the driver for the meaning of libpq', () => {
  expect(toDriverUrl(base)).toBe(base)
  expect(toDriverUrl(`${base}?sslmode=require`)).toBe(`${base}?sslmode=require&uselibpqcompat=true`)
  expect(toDriverUrl(`${base}?sslmode=verify-full&sslrootcert=system`)).toBe(
    `${base}?sslmode=verify-full&uselibpqcompat=true`,
  )
})

test('a wrong parameter is reported with the setting and without the URL', () => {
  expect(() => readConfig({ DATABASE_URL: `${base}?schema=other` })).toThrow(
    'Wrong settings. DATABASE_URL: its parameter "schema" is not supported: use options=-c%20search_path%3Dname',
  )
})

test('a file that cannot be read, or a value beside it, is refused', () => {
  expect(() => readConfig({ DATABASE_URL_FILE: '/nowhere/url' })).toThrow(
    'Wrong settings. DATABASE_URL_FILE: /nowhere/url cannot be read (ENOENT)',
  )
  expect(() => readConfig({ DATABASE_URL: base, DATABASE_URL_FILE: '/nowhere/url' })).toThrow(
    'Wrong settings. Set DATABASE_URL or DATABASE_URL_FILE, not both',
  )
})
