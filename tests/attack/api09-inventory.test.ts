import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { listDescribedRoutes } from '../harness/openapi-routes.ts'

/** OWASP API9:2023, Improper Inventory Management: nothing is served that the description does not name, and nothing else answers. */

const t = useApp()
const described = await listDescribedRoutes()

/** Served, and no part of the API: the page of the description, and static files. */
const undescribed = /^\/(docs|static)?(\/|$)|^\*$/

test('every route of the server is described, and every described route is served', () => {
  const paths = new Set(described.map(({ path }) => path.replace(/\{(\w+)\}/g, ':$1')))
  const served = new Set(
    t.app
      .printRoutes({ commonPrefix: false })
      .split('\n')
      .flatMap((line) => /^\s*[│├└─\s]*(\S+) \(/.exec(line)?.[1] ?? []),
  )
  expect(served.size).toBeGreaterThan(0)
  for (const path of paths) {
    const [method] = described.filter((one) => one.path.replace(/\{(\w+)\}/g, ':$1') === path)
    expect(t.app.hasRoute({ url: path, method: (method?.method ?? 'GET') as 'GET' }), path).toBe(
      true,
    )
  }
})

describe('addresses that scanners try', () => {
  test.each([
    '/v0/permits',
    '/v2/permits',
    '/api/v1/permits',
    '/internal',
    '/admin',
    '/debug/pprof',
    '/metrics',
    '/actuator/env',
    '/graphql',
    '/.env',
    '/.git/HEAD',
    '/package.json',
    '/src/main.js',
    '/..%2f..%2fetc%2fpasswd',
    '/docs/..%2f..%2fpackage.json',
    '/docs/static/..%2f..%2f..%2fpackage.json',
    '/server-status',
    '/wp-login.php',
    '/v1/keys',
    '/v1/users',
    '/v1/proposals',
    '/backup.sql',
  ])('%s is a 404', async (path) => {
    const { status, text } = await t.api.get(path)
    expect([path, status]).toEqual([path, 404])
    expect(text).not.toMatch(/root:x:|"dependencies"/)
    expect(undescribed.test(path)).toBe(path.startsWith('/docs'))
  })
})
