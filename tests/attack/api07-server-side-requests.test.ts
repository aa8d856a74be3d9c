import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

/**
 * OWASP API7:2023, Server Side Request Forgery. The server sends no requests: every place in which a client can name an address is
 * tried with the address of a listener, which must stay alone.
 */

const t = useApp()
const w = useWriteClient(t)
let connections = 0
const listener = createServer((_request, response) => response.end('fetched'))
listener.on('connection', () => {
  connections += 1
})
let url = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/secret`
})
afterAll(() => void listener.close())

const documents = (): [string, string, string][] => [
  [
    'page.html',
    'text/html',
    `<!DOCTYPE html><html><head><base href="${url}"><link rel="stylesheet" href="${url}"><link rel="canonical" href="${url}"><meta http-equiv="refresh" content="0;url=${url}"><script src="${url}"></script></head><body><article><h1>A page</h1><p>A page with pictures and frames, long enough to be the article of the page.</p><img src="${url}"><iframe src="${url}"></iframe><object data="${url}"></object></article></body></html>`,
  ],
  [
    'entities.html',
    'application/xhtml+xml',
    `<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a SYSTEM "${url}"><!ENTITY % b SYSTEM "${url}"> %b;]><html><body><p>An entity: &a;</p></body></html>`,
  ],
  ['note.txt', 'text/plain', `A plain note that names ${url} and nothing else.`],
]

test('documents are read, and what they name is not fetched', async () => {
  for (const [name, type, text] of documents()) {
    const response = await t.api
      .post('/v1/articles')
      .set('Authorization', `Bearer ${w.keys.write}`)
      .field({ case: 'canada-turkey-wescam', slug: name.replace('.', '-'), title: name })
      .attach('file', Buffer.from(text), { filename: name, contentType: type })
    expect([201, 415, 422]).toContain(response.status)
    expect(response.text).not.toContain('fetched')
  }
  expect(connections).toBe(0)
})

test('addresses in members, headers and queries are not fetched', async () => {
  const article = {
    slug: 'with-an-address',
    title: 'With an address',
    case: 'canada-turkey-wescam',
    url,
    text: 'With an address.',
  }
  await w.post('/v1/articles', article).expect(201)
  const identifiers = [{ scheme: 'wikidata', value: url }]
  await w.post('/v1/actors', {
    slug: 'named-by-an-address',
    type: 'company',
    name: url,
    identifiers,
    citations: [citationBody()],
  })
  const host = url.replace(/^http:\/\/|\/secret$/g, '')
  for (const path of [
    '/v1/articles/with-an-address',
    '/v1/articles/with-an-address/proposals',
    `/v1/search?q=${encodeURIComponent(url)}`,
    '/v1/articles?format=jsonld',
    '/v1/cases/canada-turkey-wescam/export?format=jsonld',
    `/reconcile/preview?id=${encodeURIComponent(url)}`,
  ])
    await t.api.get(path).set({ host, 'x-forwarded-host': host, origin: url, referer: url })
  await t.api
    .post('/v1/actors')
    .set({ authorization: `Bearer ${w.keys.write}`, 'content-type': 'application/ld+json' })
    .send(JSON.stringify({ '@context': url }))
  expect(connections).toBe(0)
})
