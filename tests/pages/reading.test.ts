import { JSDOM } from 'jsdom'
import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { useWriteClient } from '../harness/write-client.ts'

/** Pages for readers, over HTTP. tests/pages/browser.test.ts opens them in a browser. */

const t = useApp()
const client = useWriteClient(t)
const html = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const getPage = (path: string) => t.api.get(path).set('Accept', html)
const casePath = '/cases/canada-turkey-wescam'
const permitPath = '/permits/wescam-mx15d-baykar-2020'

/** The links of a page to this server, without anchors. */
const linksOf = (page: string): string[] => {
  const hrefs = [...page.matchAll(/\b(?:href|src)="([^"]*)"/g)].map(([, url = '']) =>
    url.replaceAll('&amp;', '&').replaceAll('&#39;', "'"),
  )
  return [
    ...new Set(hrefs.filter((url) => url.startsWith('/')).map((url) => url.split('#')[0] ?? '')),
  ]
}

describe('every page', () => {
  test('links only to what exists, and is reached from the start page', async () => {
    const seen = new Set<string>()
    const isPage = (url: string) =>
      !/^\/(v1|docs|assets|oembed|review|openapi|changes\.atom)/.test(url)
    const pending = ['/']
    for (let url = pending.shift(); url !== undefined; url = pending.shift()) {
      if (seen.has(url)) continue
      seen.add(url)
      const response = await getPage(url).redirects(2)
      expect(response.status, url).toBe(200)
      expect(response.text, url).toMatch(/^<!doctype html>\n<html lang="en">/)
      for (const link of linksOf(response.text)) if (isPage(link)) pending.push(link)
    }
    expect(seen.size).toBeGreaterThan(80)
    for (const start of [
      casePath,
      permitPath,
      '/citations/',
      '/articles/',
      '/actors/',
      '/measures/',
      '/events/',
      '/goods/',
      '/findings/',
      '/search',
      '/changes',
      '/about',
    ])
      expect(
        [...seen].some((url) => url.startsWith(start)),
        start,
      ).toBe(true)
  })

  test.each(['/', casePath, permitPath, '/search?q=turkey', '/no-such-page'])(
    '%s has a strict content security policy and may not be framed',
    async (path) => {
      const { headers, text } = await getPage(path)
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'self'; script-src 'self';.* frame-ancestors 'none'$/,
      )
      expect(text).not.toMatch(
        /<style|\sstyle=|\son\w+=|<script(?! type="(module|application\/ld\+json)")/,
      )
    },
  )

  test('is kept by its revision, and a write changes its tag', async () => {
    const { etag } = (await getPage(permitPath).expect(200)).headers
    await getPage(permitPath)
      .set('If-None-Match', etag ?? '')
      .expect(304)
    await client.createActor('a-new-firm')
    const { headers } = await getPage(permitPath)
      .set('If-None-Match', etag ?? '')
      .expect(200)
    expect(headers.etag).not.toBe(etag)
  })

  test('files have a hash in their URL and are kept for ever', async () => {
    const { text } = await getPage('/').expect(200)
    const files = linksOf(text).filter((url) => url.startsWith('/assets/'))
    expect(files.length).toBeGreaterThan(1)
    for (const file of files) {
      expect(file).toMatch(/\.[0-9a-f]{10}\.(css|js|svg)$/)
      const { headers } = await t.api.get(file).expect(200)
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    }
  })
})

describe('GET /changes.atom', () => {
  test('has an entry for each revision, with links to the records', async () => {
    const { text, headers } = await t.api.get('/changes.atom').expect(200)
    expect(headers['content-type']).toBe('application/atom+xml; charset=utf-8')
    const document = new JSDOM(text, { contentType: 'application/xml' }).window.document
    const entries = [...document.querySelectorAll('entry')]
    const { body } = await t.api.get('/v1/changes?limit=1').expect(200)
    expect(entries.length).toBe(body.revision)
    for (const entry of entries)
      for (const name of ['id', 'title', 'updated', 'content'])
        expect(entry.querySelector(name)?.textContent).not.toBe('')
    expect(entries.at(-1)?.querySelector('content')?.textContent).toContain(casePath)
  })
})

describe('pages and JSON', () => {
  test('a program that asks for JSON is sent to the API', async () => {
    const { headers } = await t.api.get(permitPath).set('Accept', 'application/json').expect(303)
    expect(headers.location).toBe(`/v1${permitPath}`)
  })

  test('JSON names its page, and the page its JSON', async () => {
    const { headers } = await t.api.get(`/v1${permitPath}`).expect(200)
    expect(headers.link).toBe(`<${permitPath}>; rel="alternate"; type="text/html"`)
    const { text } = await getPage(permitPath).expect(200)
    expect(text).toContain(`<link rel="alternate" type="application/json" href="/v1${permitPath}"`)
  })
})

describe('what a reader sees', () => {
  test('the dossier has findings with their certainty, events, permits and sources', async () => {
    const { text } = await getPage(casePath).expect(200)
    const { body } = await t.api.get(`/v1${casePath}/dossier`).expect(200)
    expect(body.findings.data.length).toBeGreaterThan(2)
    for (const { id, certainty } of body.findings.data) {
      expect(text).toContain(`/findings/${id}`)
      expect(text).toContain(`certainty-${certainty}`)
    }
    for (const { href } of [...body.timeline.data, ...body.permits.data, ...body.articles.data])
      expect(text).toContain(`href="${href.replace('/v1', '')}"`)
  })

  test('a record shows each field with the numbers of its passages, which stand below', async () => {
    const { text } = await getPage(permitPath).expect(200)
    const { body } = await t.api.get(`/v1${permitPath}`).expect(200)
    for (const { id, quote } of body.citations) {
      expect(text).toContain(quote.replaceAll("'", '&#39;').replaceAll('"', '&quot;'))
      expect(typeof id).toBe('string')
    }
    const markers = [...text.matchAll(/href="#passage-(\d+)"/g)].map(([, number]) => number)
    expect(markers.length).toBeGreaterThan(3)
    for (const number of markers) expect(text).toContain(`id="passage-${number}"`)
  })

  test('every mark of an article leads to its facts, and every fact to its mark', async () => {
    const { text } = await getPage('/articles/turkey-pressed-canada').expect(200)
    const toFacts = [...text.matchAll(/href="#facts-(\d+)"/g)].map(([, number]) => number)
    const toMarks = [...text.matchAll(/href="#mark-(\d+)"/g)].map(([, number]) => number)
    expect(toFacts.length).toBeGreaterThan(20)
    expect(toFacts.toSorted()).toEqual(toMarks.toSorted())
    for (const number of toFacts) {
      expect(text).toContain(`id="mark-${number}"`)
      expect(text).toContain(`id="facts-${number}"`)
    }
  })

  test('the marked text of an article is its body', async () => {
    const { text } = await getPage('/articles/turkey-pressed-canada').expect(200)
    const [, marked = ''] = /<div class="marked-text">(.*?)<\/div>/s.exec(text) ?? []
    const words = marked
      .replaceAll(/<sup.*?<\/sup>/gs, '')
      .replaceAll(/<\/p>\s*<p>/g, '\n')
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&')
    const { body } = await t.api.get('/v1/articles/turkey-pressed-canada').expect(200)
    const squeeze = (long: string) => long.replaceAll(/\s+/g, ' ').trim()
    expect(squeeze(words)).toBe(squeeze(body.body))
  })

  test('a passage says who speaks, what it supports, and whether it holds', async () => {
    const { body } = await t.api.get('/v1/citations?limit=1&voice=kelsey-gallagher').expect(200)
    const [citation] = body.data
    const { text } = await getPage(`/citations/${citation.id}`).expect(200)
    expect(text).toContain('Kelsey Gallagher')
    expect(text).toContain('The quote stands in the stored text, word for word.')
    expect(text).toContain(citation.record.name)
  })

  test('a contradicted assurance is a ClaimReview', async () => {
    const { body } = await t.api.get('/v1/findings?rule=assurance-contradicted').expect(200)
    const { text } = await getPage(`/findings/${body.data[0].id}`).expect(200)
    const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text) ?? []
    expect(JSON.parse(json)).toMatchObject({
      '@type': 'ClaimReview',
      reviewBody: expect.stringContaining(body.data[0].sentence),
    })
  })
})

describe('records that changed or are gone', () => {
  test('a retracted record says so and why, with its history', async () => {
    await client.createActor('wrong-firm')
    await client.del('/v1/actors/wrong-firm', { reason: 'Confused with another firm.' })
    const { text } = await getPage('/actors/wrong-firm').expect(410)
    expect(text).toContain('Confused with another firm.')
    expect(text).toContain('/actors/wrong-firm/history')
    await getPage('/actors/wrong-firm/history').expect(200)
  })

  test('a merged record leads to the one that stays', async () => {
    await client.createActor('firm-one')
    await client.createActor('firm-two')
    const etag = await client.readEtag('/v1/actors/firm-two')
    await client.post('/v1/actors/firm-two/merge', { into: 'firm-one' }, { 'if-match': etag })
    const { headers } = await getPage('/actors/firm-two').expect(308)
    expect(headers.location).toBe('/actors/firm-one')
  })

  test('an earlier state names its revision and day', async () => {
    const { body } = await t.api.get('/v1/changes?limit=1').expect(200)
    const { text } = await getPage(`${permitPath}?revision=1`).expect(200)
    expect(text).toContain('You read this page as it was at revision 1, written on')
    expect(text).toContain(String(new Date(body.data[0].committedAt).getUTCFullYear()))
    const dossier = await getPage(`${casePath}?revision=1`).expect(200)
    expect(dossier.text).toContain('You read this page as it was at revision 1')
    expect(dossier.text).toContain('/permits/wescam-mx15d-baykar-2020?revision=1')
  })

  test('an id leads to the record of any kind', async () => {
    const { body } = await t.api.get(`/v1${permitPath}`).expect(200)
    const { headers } = await getPage(`/records/${body.id}/history`).expect(303)
    expect(headers.location).toBe(`${permitPath}/history`)
  })

  test('a missing page is a page for browsers and JSON for programs', async () => {
    const page = await getPage('/permits/no-such-permit').expect(404)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    const elsewhere = await getPage('/nowhere').expect(404)
    expect(elsewhere.headers['content-type']).toBe('text/html; charset=utf-8')
    const problem = await t.api.get('/nowhere').expect(404)
    expect(problem.headers['content-type']).toMatch(/^application\/problem\+json/)
  })
})

describe('markup in data is text', () => {
  const attack = `<script>alert(1)</script><img src=x onerror=alert(2)> " ' & </title>`

  test('in a name', async () => {
    await client.createActor('attacker', { name: attack, aliases: [{ name: attack }] })
    for (const path of ['/actors/attacker', '/actors', '/search?q=alert', '/changes', casePath]) {
      const { text } = await getPage(path).expect(200)
      expect(text, path).not.toMatch(/<script>|<img src=x/)
    }
    const { text } = await getPage('/actors/attacker').expect(200)
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  test('in a query', async () => {
    const { text } = await getPage(`/search?q=${encodeURIComponent(attack)}`).expect(200)
    expect(text).not.toMatch(/<script>|<img src=x/)
  })

  test('an address that is not of the web is no link', async () => {
    await client.post('/v1/articles', {
      slug: 'odd-address',
      title: attack,
      case: 'canada-turkey-wescam',
      url: 'javascript:alert(1)',
      text: attack,
    })
    const { text } = await getPage('/articles/odd-address').expect(200)
    expect(text).not.toMatch(/href="javascript:|<script>|<img src=x/)
    expect(text).toContain('&lt;img src=x onerror=alert(2)&gt;')
  })
})
test('the statements of a dossier have notes with the words on which they rest', async () => {
  const { text } = await t.api.get('/cases/canada-turkey-wescam').set('Accept', 'text/html')
  const { document } = new JSDOM(text).window
  const { body: dossier } = await t.api.get('/v1/cases/canada-turkey-wescam/dossier')
  const items = [...document.querySelectorAll('.finding')]
  expect(items).toHaveLength(dossier.findings.data.length)
  for (const [index, finding] of dossier.findings.data.entries()) {
    const links = [...(items[index]?.querySelectorAll('.markers a') ?? [])]
    const notes = links.flatMap((link) => {
      const [first = 0, last = first] = (link.textContent ?? '').split('–').map(Number)
      expect(link.getAttribute('href')).toBe(`#note-${first}`)
      return Array.from({ length: last - first + 1 }, (_, offset) =>
        document.querySelector(`#note-${first + offset}`),
      )
    })
    const quotes = finding.records.flatMap((one: { citations: { quote: string }[] }) =>
      one.citations.map(({ quote }) => quote),
    )
    expect(new Set(notes.map((note) => note?.querySelector('q')?.textContent))).toEqual(
      new Set(quotes),
    )
    for (const note of notes) expect(note?.textContent).toMatch(/\/citations\/[0-9a-f-]{36}/)
  }
  expect(document.querySelectorAll('.event .markers a').length).toBeGreaterThan(0)
})
