import { describe, expect, test } from 'vitest'
import { problems } from '../../src/problem.ts'
import { useApp } from '../harness/app.ts'
import { buildGood, storeRecords } from '../harness/record-builders.ts'

/** The server itself: entrance, health, pages about problems, docs. */

const t = useApp()
const codes = Object.keys(problems) as (keyof typeof problems)[]
const html = 'text/html, application/xhtml+xml, */*;q=0.8'

/** Whatever a page would load or offer to follow. */
const linksOf = (page: string) =>
  [...page.matchAll(/\b(?:src|href|action|data)="([^"]*)"/g)].map(([, url = '']) =>
    url.replaceAll('&amp;', '&'),
  )

describe('GET /', () => {
  test('gives a program links, each with an answer behind it', async () => {
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

  test('forgets no route that needs nothing to be asked', async () => {
    const { paths } = (await t.api.get('/openapi.json').expect(200)).body
    const { links } = (await t.api.get('/').expect(200)).body as { links: { href: string }[] }
    const linked = new Set(links.map(({ href }) => href.split('?', 1)[0]))
    type Parameter = { required?: boolean }
    const asksNothing = ([path, { get }]: [string, { get?: { parameters?: Parameter[] } }]) =>
      get !== undefined &&
      !path.includes('{') &&
      !(get.parameters ?? []).some(({ required }) => required)
    const elsewhere = new Set([
      '/',
      '/v1/changes/stream',
      '/v1/network',
      // Stands in the manifest, for those who speak that protocol.
      '/reconcile/properties',
    ])
    const all = (Object.entries(paths) as Parameters<typeof asksNothing>[0][])
      .filter(asksNothing)
      .map(([path]) => path)
      .filter((path) => !elsewhere.has(path))
    expect(all.length).toBeGreaterThan(15)
    expect(all.filter((path) => !linked.has(path))).toEqual([])
  })

  test('gives a person a page, each link of which has an answer behind it', async () => {
    const { text, headers } = await t.api.get('/').set('Accept', html).expect(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/)
    const links = linksOf(text)
    expect(links.length).toBeGreaterThan(15)
    for (const link of links) {
      const { body } = await t.api.get(link).expect(200)
      if (Array.isArray(body.data)) expect(body.data, link).not.toEqual([])
    }
  })

  test('the page loads nothing from anywhere', async () => {
    const { text } = await t.api.get('/').set('Accept', html).expect(200)
    expect(text).not.toMatch(/<script|<img|<link|@import|url\(|https?:/)
  })

  test('406 for what it does not have', async () => {
    await t.api.get('/').set('Accept', 'text/csv').expect(406)
  })
})

describe('GET /healthz', () => {
  test('says that the process runs', async () => {
    const { body } = await t.api.get('/healthz').expect(200)
    expect(body).toEqual({ status: 'ok' })
  })
})

describe('GET /readyz', () => {
  test('says that it can answer, and at which revision it is', async () => {
    const { body, headers } = await t.api.get('/readyz').expect(200)
    expect(body).toEqual({ status: 'ready', revision: expect.any(Number) })
    expect(headers['cache-control']).toBe('no-store')
    const revision = await storeRecords(t.database, buildGood())
    expect(revision).toBe(body.revision + 1)
  })
})

describe('GET /problems', () => {
  test('lists all of them, and only these', async () => {
    const { body } = await t.api.get('/problems').expect(200)
    expect(body).toEqual({ data: codes.map((code) => ({ code, ...problems[code] })) })
  })

  test('as a page with a link to each', async () => {
    const { text } = await t.api.get('/problems').set('Accept', html).expect(200)
    expect(linksOf(text)).toEqual(codes.map((code) => `/problems/${code}`))
  })
})

describe('GET /problems/:code', () => {
  test.each(codes)('%s is explained to a program and to a person', async (code) => {
    const { body } = await t.api.get(`/problems/${code}`).expect(200)
    expect(body).toEqual({ code, ...problems[code] })
    const { text } = await t.api.get(`/problems/${code}`).set('Accept', html).expect(200)
    expect(text).toContain(`<code>${code}</code>, status ${problems[code].status}`)
    expect(text).not.toMatch(/<script|<img|<link|@import|url\(|https?:/)
  })

  test('404 for one that there is not', async () => {
    const { body } = await t.api.get('/problems/no-such-thing').expect(404)
    expect(body.detail).toBe('There is no such problem code. GET /problems lists them.')
  })
})

describe('GET /docs', () => {
  const pages = ['/docs', '/docs/']
  const local = (page: string, link: string) => new URL(link, `http://here${page}`)

  test.each(pages)('%s loads only from this server, and all of it is there', async (page) => {
    const { text } = await t.api.get(page).expect(200)
    const links = linksOf(text)
    expect(links.filter((link) => link.endsWith('.js')).length).toBeGreaterThan(0)
    for (const link of links) {
      const url = local(page, link)
      expect(url.host).toBe('here')
      await t.api.get(url.pathname).buffer(true).expect(200)
    }
  })

  test('a browser is told to load nothing from elsewhere', async () => {
    const { headers } = await t.api.get('/docs').expect(200)
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toMatch(/https?:|\*|\w\.\w|upgrade-insecure-requests/)
  })

  test('its own style sheets and scripts name no other host to load from', async () => {
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

  test('shows the document that /openapi.json is', async () => {
    const { body } = await t.api.get('/docs/json').expect(200)
    expect(body).toEqual((await t.api.get('/openapi.json').expect(200)).body)
  })
})
