import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  type RunningServer,
  root,
  runProgram,
  startServer,
  stopAllPrograms,
  waitUntil,
} from '../process/program.ts'
import { copySeededDatabase } from '../process/test-database.ts'

let databaseUrl = ''
beforeAll(async () => {
  databaseUrl = await copySeededDatabase()
})
afterAll(stopAllPrograms)

const metricsUrl = (server: RunningServer): string =>
  /Metrics: (http:\/\/[^"\s]+)/.exec(server.stdout())?.[1] ?? ''

/** Samples by name and labels: `name{label="value"}`. */
async function readSamples(server: RunningServer): Promise<Map<string, number>> {
  const response = await fetch(metricsUrl(server))
  expect(response.headers.get('content-type')).toContain('text/plain')
  const lines = (await response.text()).split('\n').filter((line) => !/^(#|$)/.test(line))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))]
    }),
  )
}

const requests = (method: string, route: string, status: number): string =>
  `casefile_http_requests_total{method="${method}",route="${route}",status="${status}"}`

describe('metrics', () => {
  test('count requests by route and status, problems, the cache, connections and the revision', async () => {
    const server = await startServer({ DATABASE_URL: databaseUrl, METRICS_PORT: '0' })
    for (const path of ['/v1/permits', '/v1/permits', '/v1/permits/nobody', '/v1/permits?x=1'])
      await server.get(path)
    await server.get('/v1/permits?format=csv')
    const { body } = await server.get('/readyz')
    const samples = await readSamples(server)
    const { revision } = body as { revision: number }
    // A response is kept only once the server knows the revision, so that the second may not come from the cache.
    const cached = samples.get('casefile_cached_responses_total') ?? Number.NaN
    const answered = samples.get(requests('GET', '/v1/permits', 200)) ?? Number.NaN
    expect(answered + cached).toBe(3)
    expect([0, 1]).toContain(cached)
    expect(samples.get(requests('GET', '/v1/permits', 400))).toBe(1)
    expect(samples.get(requests('GET', '/v1/permits/:ref', 404))).toBe(1)
    expect(samples.get('casefile_problems_total{code="not-found"}')).toBe(1)
    expect(samples.get('casefile_problems_total{code="invalid-request"}')).toBe(1)
    const count = 'casefile_http_request_seconds_count{method="GET",route="/v1/permits"}'
    expect(samples.get(count)).toBe(4 - cached)
    expect(samples.get('casefile_revision')).toBe(revision)
    expect(samples.get('casefile_import_backlog_revisions')).toBe(0)
    expect(samples.get('casefile_queries_waiting')).toBe(0)
    for (const pool of ['read', 'write', 'export'])
      expect(samples.get(`casefile_database_connections_waiting{pool="${pool}"}`), pool).toBe(0)
    await waitUntil('a response comes from the cache', async () => {
      await server.get('/v1/permits')
      return ((await readSamples(server)).get('casefile_cached_responses_total') ?? 0) > 0
    })
    expect((await server.get('/metrics')).status).toBe(404)
    expect((await fetch(new URL('/', metricsUrl(server)))).status).toBe(404)
    expect(await server.stop()).toBe(0)
  })

  test('of several workers are added up', async () => {
    const settings = { DATABASE_URL: databaseUrl, METRICS_PORT: '0', WORKERS: '2' }
    const server = await startServer(settings)
    const paths = Array.from({ length: 12 }, (_, index) => `/v1/permits?limit=${index + 1}`)
    for (const path of paths) await fetch(server.url + path, { headers: { Connection: 'close' } })
    expect((await readSamples(server)).get(requests('GET', '/v1/permits', 200))).toBe(12)
    expect(await server.stop()).toBe(0)
  })

  test('on a port in use stop the start', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const METRICS_PORT = String((other.address() as AddressInfo).port)
    const settings = { DATABASE_URL: databaseUrl, METRICS_PORT, METRICS_HOST: '127.0.0.1' }
    const program = runProgram(['serve'], { ...settings, PORT: '0' })
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toMatch(/^METRICS_PORT \d+ on 127\.0\.0\.1 cannot be used: .*\n$/)
    other.close()
  })
})

type Span = { traceId: string; parentSpanId?: string; name: string }
type Export = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }

test('a collector gets the trace of a request, whose id is in the log', async () => {
  const spans: Span[] = []
  const collector = createServer(async (request, response) => {
    const { resourceSpans } = (await json(request)) as Export
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)))
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const { port } = collector.address() as AddressInfo
  const server = await startServer({
    DATABASE_URL: databaseUrl,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`
  await server.get('/v1/permits?limit=1', { traceparent })
  await server.get('/v1/permits?limit=2')
  // The spans that wait are sent when the server stops.
  expect(await server.stop()).toBe(0)
  collector.close()
  const lines = server
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const logged = lines.filter(({ msg, route }) => msg === 'request' && route === '/v1/permits')
  expect(logged).toHaveLength(2)
  expect(logged[0].traceId).toBe(traceId)
  const traceIds = new Set(spans.map((span) => span.traceId))
  for (const line of logged) expect(traceIds).toContain(line.traceId)
  expect(spans.find((span) => span.parentSpanId === 'b7ad6b7169203331')?.traceId).toBe(traceId)
})

test('without a collector, a log line has no trace', async () => {
  const server = await startServer({ DATABASE_URL: databaseUrl })
  await server.get('/v1/permits?limit=1')
  await waitUntil('the request is logged', () => server.stdout().includes('"msg":"request"'))
  expect(await server.stop()).toBe(0)
  expect(server.stdout()).not.toContain('traceId')
})

test('dashboard and alerts use only metrics that exist', async () => {
  const server = await startServer({ DATABASE_URL: databaseUrl, METRICS_PORT: '0' })
  const text = await (await fetch(metricsUrl(server))).text()
  expect(await server.stop()).toBe(0)
  const exported = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
  const files = ['grafana-dashboard.json', 'alerts.yaml'].map((name) =>
    readFileSync(join(root, 'deploy/monitoring', name), 'utf8'),
  )
  const [dashboard = '', alerts = ''] = files
  expect(JSON.parse(dashboard).panels.length).toBeGreaterThan(5)
  const { groups } = parse(alerts) as { groups: { rules: { alert: string; expr: string }[] }[] }
  expect(groups.flatMap(({ rules }) => rules).length).toBeGreaterThan(5)
  const used = files.flatMap((file) => file.match(/\b(casefile|process|nodejs)_\w+/g) ?? [])
  expect(used.length).toBeGreaterThan(20)
  for (const name of used) expect(exported).toContain(name.replace(/_(bucket|count|sum)$/, ''))
})
