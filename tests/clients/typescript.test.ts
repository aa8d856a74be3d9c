import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runInNewContext } from 'node:vm'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { CasefileError, casefile, type Shapes } from '../../clients/typescript/src/client.ts'
import { retryRequests } from '../../clients/typescript/src/retry.ts'
import { createKey } from '../../src/access/queries.ts'
import { useApp } from '../harness/app.ts'
import { readEntries } from '../harness/record-reader.ts'

const t = useApp()

let server: string
beforeAll(async () => {
  await t.app.listen({ port: 0, host: '127.0.0.1' })
  server = `http://127.0.0.1:${(t.app.server.address() as AddressInfo).port}`
})

/** A client, and the status of each answer that came over the wire. */
function watched(options: object = {}) {
  const statuses: number[] = []
  const fetched = async (request: Request) => {
    const response = await fetch(request)
    statuses.push(response.status)
    return response
  }
  return { api: casefile({ server, fetch: fetched, ...options }), statuses }
}

describe('GET', () => {
  test('reads a record with the types of the API', async () => {
    const { data, error } = await casefile({ server }).GET('/v1/permits/{ref}', {
      params: { path: { ref: 'wescam-mx15d-baykar-2020' } },
    })
    expectTypeOf(data).toEqualTypeOf<Shapes['Permit'] | undefined>()
    expect(error).toBeUndefined()
    expect(data?.items[0]).toMatchObject({ good: { slug: 'mx-15d' }, quantity: 7 })
    expect(data?.citations.map(({ quote }) => quote)).toContain(
      'seven MX-15D air-strike targeting systems',
    )
  })

  test('returns the problem document of an error response', async () => {
    const { data, error, response } = await casefile({ server }).GET('/v1/permits/{ref}', {
      params: { path: { ref: 'nowhere' } },
    })
    expectTypeOf(error).toEqualTypeOf<Shapes['Problem'] | undefined>()
    expect([data, response.status, error?.type]).toEqual([undefined, 404, '/problems/not-found'])
  })
})

describe('each', () => {
  test('yields every entry of all pages once, in order', async () => {
    const { api, statuses } = watched()
    const seen: string[] = []
    for await (const citation of api.each('/v1/citations', { params: { query: { limit: 40 } } })) {
      expectTypeOf(citation.quote).toBeString()
      seen.push(citation.id)
    }
    const all = await readEntries(t, '/v1/citations')
    expect(seen).toEqual(all.map(({ id }) => id))
    expect(statuses).toHaveLength(Math.ceil(all.length / 40))
  })

  test('keeps filters and sort from page to page', async () => {
    const query = { type: 'report', sort: '-on', limit: 1 } as const
    const seen: string[] = []
    for await (const { slug } of casefile({ server }).each('/v1/events', { params: { query } }))
      seen.push(slug)
    const all = await readEntries(t, '/v1/events?type=report&sort=-on')
    expect(seen).toEqual(all.map(({ slug }) => slug))
    expect(seen.length).toBeGreaterThan(1)
  })

  test('requests no further page after a break', async () => {
    const { api, statuses } = watched()
    for await (const _citation of api.each('/v1/citations', { params: { query: { limit: 1 } } }))
      if (statuses.length === 3) break
    expect(statuses).toEqual([200, 200, 200])
  })

  test('throws the problem of an error response', async () => {
    const { api } = watched()
    const refused = async () => {
      for await (const _permit of api.each('/v1/permits', {
        params: { query: { destination: 'turky' } },
      }));
    }
    const error = await refused().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CasefileError)
    expect(error).toMatchObject({
      status: 400,
      message: 'No actor has the slug "turky". Did you mean "turkey"?',
      problem: { type: '/problems/unknown-reference' },
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    })
  })
})

describe('pages', () => {
  test('yields the pages of changes', async () => {
    const sizes: number[] = []
    for await (const page of casefile({ server }).pages('/v1/changes', {
      params: { query: { limit: 30 } },
    })) {
      expectTypeOf(page.revision).toBeNumber()
      sizes.push(page.data.length)
    }
    expect(sizes).toEqual([30, 13])
  })
})

describe('a cached response', () => {
  const path = { ref: 'baykar' }

  test('is requested conditionally, and replaced when it has changed', async () => {
    const key = await createKey(t.database.db, { name: 'client', scope: 'write', expiresAt: null })
    const { api, statuses } = watched({ key: key?.text })
    const first = await api.GET('/v1/actors/{ref}', { params: { path } })
    const second = await api.GET('/v1/actors/{ref}', { params: { path } })
    expect(statuses).toEqual([200, 304])
    expect(second.data).toEqual(first.data)
    expect(second.response.status).toBe(200)

    const tag = second.response.headers.get('ETag') ?? ''
    const { data: corrected } = await api.PATCH('/v1/actors/{ref}', {
      params: { path, header: { 'if-match': tag } },
      body: { country: null },
    })
    expect(corrected?.country).toBeNull()
    const third = await api.GET('/v1/actors/{ref}', { params: { path } })
    expect(third.data?.country).toBeNull()
    expect(statuses).toEqual([200, 304, 200, 200])
  })

  test('is used for the same key only', async () => {
    const { api, statuses } = watched()
    await api.GET('/v1/cases')
    await api.GET('/v1/cases', { headers: { Authorization: 'Bearer wrong' } })
    expect(statuses).toEqual([200, 401])
  })

  test('is not kept with cachedResponsesMax 0, nor beyond the limit', async () => {
    const forgetful = watched({ cachedResponsesMax: 0 })
    for (const _time of [1, 2]) await forgetful.api.GET('/v1/cases')
    expect(forgetful.statuses).toEqual([200, 200])
    const small = watched({ cachedResponsesMax: 1 })
    for (const path of ['/v1/cases', '/v1/goods', '/v1/goods', '/v1/cases'] as const)
      await small.api.GET(path)
    expect(small.statuses).toEqual([200, 200, 304, 200])
  })
})

describe('a busy server', () => {
  afterEach(() => vi.useRealTimers())

  const answer = (status: number, headers = {}) => new Response(null, { status, headers })
  const get = () => new Request('http://server/v1/permits')
  const post = (headers = {}) => new Request('http://server/', { method: 'POST', headers })

  /** Sends through the retries against these answers; gives the final one and the seconds that were waited. */
  async function sent(request: Request, answers: (Response | Error)[], options = {}) {
    vi.useFakeTimers({ now: Date.parse('2026-11-25T12:00:00Z') })
    const began = Date.now()
    const at: number[] = []
    const send = retryRequests(
      async () => {
        at.push((Date.now() - began) / 1_000)
        const next = answers.shift()
        if (next instanceof Error) throw next
        return next ?? answer(200)
      },
      { retries: 4, waitSecondsMax: 60, ...options },
    )
    const result = send(request).then(
      ({ status }) => status,
      (error: Error) => error.message,
    )
    await vi.runAllTimersAsync()
    return { result: await result, at }
  }

  test('is retried after the seconds of Retry-After', async () => {
    const answers = [answer(429, { 'Retry-After': '7' }), answer(503, { 'Retry-After': '2' })]
    expect(await sent(get(), answers)).toEqual({ result: 200, at: [0, 7, 9] })
  })

  test('is retried at the date of Retry-After', async () => {
    const answers = [answer(503, { 'Retry-After': 'Wed, 25 Nov 2026 12:00:30 GMT' })]
    expect(await sent(get(), answers)).toEqual({ result: 200, at: [0, 30] })
  })

  test('is retried after growing waits without Retry-After', async () => {
    const answers = [answer(503), answer(502), new Error('fetch failed')]
    expect(await sent(get(), answers)).toEqual({ result: 200, at: [0, 1, 3, 7] })
  })

  test('is given up after the maximum number of retries, with the last response', async () => {
    const always = () => Array.from({ length: 9 }, () => answer(503, { 'Retry-After': '1' }))
    expect(await sent(get(), always())).toEqual({ result: 503, at: [0, 1, 2, 3, 4] })
    expect(await sent(get(), always(), { retries: 0 })).toEqual({ result: 503, at: [0] })
    expect(await sent(get(), [new Error('away')], { retries: 0 })).toEqual({
      result: 'away',
      at: [0],
    })
  })

  test('is not retried when the wait is longer than waitSecondsMax', async () => {
    const answers = [answer(429, { 'Retry-After': '61' })]
    expect(await sent(get(), answers)).toEqual({ result: 429, at: [0] })
  })

  test('a write is retried only after 429 or with an Idempotency-Key', async () => {
    const away = () => [answer(503, { 'Retry-After': '1' })]
    expect(await sent(post(), away())).toEqual({ result: 503, at: [0] })
    expect(await sent(post(), [new Error('broken off')])).toEqual({ result: 'broken off', at: [0] })
    expect(await sent(post({ 'Idempotency-Key': 'k' }), away())).toEqual({
      result: 200,
      at: [0, 1],
    })
    const limited = [answer(429, { 'Retry-After': '1' })]
    expect(await sent(post(), limited)).toEqual({ result: 200, at: [0, 1] })
  })

  test('other error responses are returned at once', async () => {
    for (const status of [400, 401, 404, 409, 412, 422, 500])
      expect(await sent(get(), [answer(status)])).toEqual({ result: status, at: [0] })
  })

  test('aborting the request ends the wait', async () => {
    const stop = new AbortController()
    const send = retryRequests(async () => answer(503), { retries: 4, waitSecondsMax: 60 })
    const sending = send(new Request('http://server/', { signal: stop.signal }))
    stop.abort(new Error('enough'))
    await expect(sending).rejects.toThrow('enough')
  })
})

test('the published package can be imported by its name', async () => {
  await promisify(execFile)('npm', ['run', 'build', '--workspace', '@casefile/client'])
  const name = '@casefile/client'
  const published = (await import(name)) as { casefile: typeof casefile }
  const { data } = await published.casefile({ server }).GET('/v1/goods/{ref}', {
    params: { path: { ref: 'mx-15d' } },
  })
  expect(data?.designation).toBe('MX-15D')
})

describe('the package as a tarball', () => {
  const run = promisify(execFile)
  const root = join(import.meta.dirname, '../..')
  let project: string

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'client-'))
    // Its dependencies are packed as well, so that nothing is asked of a registry.
    const packages = ['@casefile/client', 'openapi-fetch', 'openapi-typescript-helpers']
    for (const name of packages)
      await run('npm', ['pack', '--pack-destination', project, join(root, 'node_modules', name)], {
        cwd: root,
      })
    await writeFile(join(project, 'package.json'), '{"private":true,"type":"module"}')
    const tarballs = (await readdir(project)).filter((name) => name.endsWith('.tgz'))
    expect(tarballs).toHaveLength(packages.length)
    const files = tarballs.map((name) => `./${name}`)
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...files], {
      cwd: project,
    })
  })
  afterAll(() => rm(project, { recursive: true }))

  const program = `
    import { casefile } from '@casefile/client'
    const api = casefile({ server: SERVER })
    const { data } = await api.GET('/v1/goods/{ref}', { params: { path: { ref: 'mx-15d' } } })
  `

  test('runs in an empty project', async () => {
    const file = join(project, 'run.js')
    const source = program.replace('SERVER', JSON.stringify(server))
    await writeFile(file, `${source}\nconsole.log(data.designation)`)
    expect((await run(process.execPath, [file])).stdout.trim()).toBe('MX-15D')
  })

  test('compiles under strict, and `citations` is a boolean there', async () => {
    const file = join(project, 'check.ts')
    await writeFile(
      file,
      `import { casefile } from '@casefile/client'
      const api = casefile({ server: 'http://localhost:3000' })
      const path = { ref: 'a' }
      await api.GET('/v1/articles/{ref}/body', { params: { path, query: { citations: true } } })
      // @ts-expect-error It is no text.
      await api.GET('/v1/articles/{ref}/body', { params: { path, query: { citations: 'yes' } } })
      // @ts-expect-error There is no such path.
      await api.GET('/v1/nowhere')`,
    )
    const options = '--strict --noEmit --target es2022 --module nodenext --lib es2022,dom --types'
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = await run(process.execPath, [compiler, ...options.split(' '), '', file], {
      cwd: project,
    })
    expect(stdout).toBe('')
  })

  test('is bundled for a browser', async () => {
    const outfile = join(project, 'bundle.js')
    await build({
      stdin: {
        contents: `import { casefile } from '@casefile/client'
          const api = casefile({ server: SERVER })
          globalThis.result = api.GET('/v1/goods/{ref}', { params: { path: { ref: 'mx-15d' } } })`,
        resolveDir: project,
      },
      define: { SERVER: JSON.stringify(server) },
      bundle: true,
      platform: 'browser',
      format: 'iife',
      outfile,
      logLevel: 'silent',
    })
    // What a browser has, and no Node.
    const browser: Record<string, unknown> = { fetch, Request, Response, Headers, URL, AbortSignal }
    browser.URLSearchParams = URLSearchParams
    browser.setTimeout = setTimeout
    runInNewContext(await readFile(outfile, 'utf8'), browser)
    const { data } = (await browser.result) as { data: { designation: string } }
    expect(data.designation).toBe('MX-15D')
  })
})
