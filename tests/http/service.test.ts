import { describe, expect, test } from 'vitest'
import { problems } from '../../src/problem.ts'
import { useApp } from '../harness/app.ts'
import { buildGood, storeRecords } from '../harness/record-builders.ts'

/** Routes of the server itself: entry page, health, problems, docs. */

const t = useApp()
const codes = Object.keys(problems) as (keyof typeof problems)[]
const html = 'text/html, application/xhtml+xml, */*;q=0.8'

/** The URLs of all links and resources of a page. */
const linksOf = (page: string) =>
  [...page.matchAll(/\b(?:src|href|action|data)="([^"]*)"/g)].map(([, url = '']) =>
    url.replaceAll('&amp;', '&'),
  )

describe('GET /', () => {
  test('returns JSON links that all work', async () => {
    const { body, headers } = await t.api.get('/').expect(200)
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    expect(body).toEqual({
      name: 'Casefile',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      description: expect.any(String),
      links: expect.arrayContaining([
        { href: '/docs', description: expect.any(String) },
        { href: '/v1/permits', description: expect.any(String) },
      ]),
    })
    for (const { href } of body.links) await t.api.get(href).expect(200)
  })

  test('links every route without required parameters', async () => {
    const { paths } = (await t.api.get('/openapi.json').expect(200)).body
    const { links } = (await t.api.get('/').expect(200)).body as { links: { href: string }[] }
    const linked = new Set(links.map(({ href }) => href.split('?', 1)[0]))
    type Parameter = { required?: boolean }
    const needsNoParameters = ([path, { get }]: [string, { get?: { parameters?: Parameter[] } }]) =>
      get !== undefined &&
      !path.includes('{') &&
      !(get.parameters ?? []).some(({ required }) => required)
    const exceptions = new Set([
      '/',
      '/v1/changes/stream',
      '/v1/network',
      // Clients of the reconciliation protocol find it in the manifest.
      '/reconcile/properties',
    ])
    const expectedPaths = (Object.entries(paths) as Parameters<typeof needsNoParameters>[0][])
      .filter(needsNoParameters)
      .map(([path]) => path)
      .filter((path) => !exceptions.has(path))
    expect(expectedPaths.length).toBeGreaterThan(15)
    expect(expectedPaths.filter((path) => !linked.has(path))).toEqual([])
  })

  test('returns an HTML page whose links all work', async () => {
    const { text, headers } = await t.api.get('/').set('Accept', html).expect(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/)
    const links = linksOf(text).filter((link) => !link.startsWith('#'))
    expect(links.length).toBeGreaterThan(15)
    for (const link of links) {
      const { body } = await t.api.get(link).redirects(1).expect(200)
      if (Array.isArray(body.data)) expect(body.data, link).not.toEqual([])
    }
  })

  test('the page loads nothing from other hosts', async () => {
    const { text } = await t.api.get('/').set('Accept', html).expect(200)
    expect(text).not.toMatch(/<style|<img|@import|url\(|https?:/)
  })

  test('406 for an unavailable format', async () => {
    await t.api.get('/').set('Accept', 'text/csv').expect(406)
  })
})

describe('GET /healthz', () => {
  test('200 when the process runs', async () => {
    const { body } = await t.api.get('/healthz').expect(200)
    expect(body).toEqual({ status: 'ok' })
  })
})

describe('GET /readyz', () => {
  test('200 with the newest revision', async () => {
    const { body, headers } = await t.api.get('/readyz').expect(200)
    expect(body).toEqual({ status: 'ready', revision: expect.any(Number) })
    expect(headers['cache-control']).toBe('no-store')
    const revision = await storeRecords(t.database, buildGood())
    expect(revision).toBe(body.revision + 1)
  })
})

describe('GET /problems', () => {
  test('lists all problems', async () => {
    const { body } = await t.api.get('/problems').expect(200)
    expect(body).toEqual({ data: codes.map((code) => ({ code, ...problems[code] })) })
  })

  test('as HTML with a link to each problem', async () => {
    const { text } = await t.api.get('/problems').set('Accept', html).expect(200)
    expect(linksOf(text).filter((link) => link.startsWith('/problems/'))).toEqual(
      codes.map((code) => `/problems/${code}`),
    )
  })
})

describe('GET /problems/:code', () => {
  test.each(codes)('%s is explained as JSON and as HTML', async (code) => {
    const { body } = await t.api.get(`/problems/${code}`).expect(200)
    expect(body).toEqual({ code, ...problems[code] })
    const { text } = await t.api.get(`/problems/${code}`).set('Accept', html).expect(200)
    expect(text).toContain(`<code>${code}</code>, status ${problems[code].status}`)
    expect(text).not.toMatch(/<style|<img|@import|url\(|https?:/)
  })

  test('404 for an unknown code', async () => {
    const { body } = await t.api.get('/problems/no-such-thing').expect(404)
    expect(body.detail).toBe('There is no such problem code. GET /problems lists them.')
  })
})

describe('GET /docs', () => {
  const pages = ['/docs', '/docs/']
  const local = (page: string, link: string) => new URL(link, `http://here${page}`)

  test.each(pages)('%s loads only existing resources of this server', async (page) => {
    const { text } = await t.api.get(page).expect(200)
    const links = linksOf(text)
    expect(links.filter((link) => link.endsWith('.js')).length).toBeGreaterThan(0)
    for (const link of links) {
      const url = local(page, link)
      expect(url.host).toBe('here')
      await t.api.get(url.pathname).buffer(true).expect(200)
    }
  })

  test('the content security policy allows no other host', async () => {
    const { headers } = await t.api.get('/docs').expect(200)
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toMatch(/https?:|\*|\w\.\w|upgrade-insecure-requests/)
  })

  test('style sheets and scripts load nothing from other hosts', async () => {
    const { text: page } = await t.api.get('/docs').expect(200)
    for (const link of linksOf(page)) {
      const { pathname } = local('/docs', link)
      if (pathname.endsWith('.css')) {
        const { text } = await t.api.get(pathname).expect(200)
        expect(text).not.toMatch(/@import|url\(\s*["']?(https?:)?\/\//)
      }
      if (pathname.endsWith('swagger-initializer.js')) {
        const { text } = await t.api.get(pathname).buffer(true).expect(200)
        expect(text).not.toMatch(/validatorUrl"?:\s*"|(?<!\/\/.*)["'`]https?:/)
        expect(text).toContain("resolveUrl('./json')")
      }
    }
  })

  test('shows /openapi.json', async () => {
    const { body } = await t.api.get('/docs/json').expect(200)
    expect(body).toEqual((await t.api.get('/openapi.json').expect(200)).body)
  })
})
