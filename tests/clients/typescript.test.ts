import { execFile } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterEach, beforeAll, describe, expect, expectTypeOf, test, vi } from 'vitest'
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
  test('reads a record in the types of the API', async () => {
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

  test('gives the problem document of a refusal', async () => {
    const { data, error, response } = await casefile({ server }).GET('/v1/permits/{ref}', {
      params: { path: { ref: 'nowhere' } },
    })
    expectTypeOf(error).toEqualTypeOf<Shapes['Problem'] | undefined>()
    expect([data, response.status, error?.type]).toEqual([undefined, 404, '/problems/not-found'])
  })
})

describe('each', () => {
  test('gives every entry over all pages, once, in order', async () => {
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

  test('asks for no page that is not wanted', async () => {
    const { api, statuses } = watched()
    for await (const _citation of api.each('/v1/citations', { params: { query: { limit: 1 } } }))
      if (statuses.length === 3) break
    expect(statuses).toEqual([200, 200, 200])
  })

  test('throws the problem when the server refuses', async () => {
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
  test('gives the changes page by page', async () => {
    const sizes: number[] = []
    for await (const page of casefile({ server }).pages('/v1/changes', {
      params: { query: { limit: 30 } },
    })) {
      expectTypeOf(page.revision).toBeNumber()
      sizes.push(page.data.length)
    }
    expect(sizes).toEqual([30, 9])
  })
})

describe('an answer that was read before', () => {
  const path = { ref: 'baykar' }

  test('is asked for conditionally, and read anew when it changed', async () => {
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

  test('is kept for the one key that read it', async () => {
    const { api, statuses } = watched()
    await api.GET('/v1/cases')
    await api.GET('/v1/cases', { headers: { Authorization: 'Bearer wrong' } })
    expect(statuses).toEqual([200, 401])
  })

  test('is not kept when nothing is to be remembered, nor beyond the limit', async () => {
    const forgetful = watched({ cachedResponsesMax: 0 })
    for (const _time of [1, 2]) await forgetful.api.GET('/v1/cases')
    expect(forgetful.statuses).toEqual([200, 200])
    const small = watched({ cachedResponsesMax: 1 })
    for (const path of ['/v1/cases', '/v1/goods', '/v1/goods', '/v1/cases'] as const)
      await small.api.GET(path)
    expect(small.statuses).toEqual([200, 200, 304, 200])
  })
})

describe('a server that is too busy', () => {
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

  test('is asked again after the seconds in Retry-After', async () => {
    const answers = [answer(429, { 'Retry-After': '7' }), answer(503, { 'Retry-After': '2' })]
    expect(await sent(get(), answers)).toEqual({ result: 200, at: [0, 7, 9] })
  })

  test('is asked again at the date in Retry-After', async () => {
    const answers = [answer(503, { 'Retry-After': 'Wed, 25 Nov 2026 12:00:30 GMT' })]
    expect(await sent(get(), answers)).toEqual({ result: 200, at: [0, 30] })
  })

  test('is given more and more time when it names none', async () => {
    const answers = [answer(503), answer(502), new Error('fetch failed')]
    expect(await sent(get(), answers)).toEqual({ result: 200, at: [0, 1, 3, 7] })
  })

  test('is given up on after so many times, with its last answer', async () => {
    const always = () => Array.from({ length: 9 }, () => answer(503, { 'Retry-After': '1' }))
    expect(await sent(get(), always())).toEqual({ result: 503, at: [0, 1, 2, 3, 4] })
    expect(await sent(get(), always(), { retries: 0 })).toEqual({ result: 503, at: [0] })
    expect(await sent(get(), [new Error('away')], { retries: 0 })).toEqual({
      result: 'away',
      at: [0],
    })
  })

  test('is not waited for longer than was asked', async () => {
    const answers = [answer(429, { 'Retry-After': '61' })]
    expect(await sent(get(), answers)).toEqual({ result: 429, at: [0] })
  })

  test('is not asked to write twice, but with an Idempotency-Key or when it certainly did nothing', async () => {
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

  test('other refusals are given at once', async () => {
    for (const status of [400, 401, 404, 409, 412, 422, 500])
      expect(await sent(get(), [answer(status)])).toEqual({ result: status, at: [0] })
  })

  test('a wait ends when the request is taken back', async () => {
    const stop = new AbortController()
    const send = retryRequests(async () => answer(503), { retries: 4, waitSecondsMax: 60 })
    const sending = send(new Request('http://server/', { signal: stop.signal }))
    stop.abort(new Error('enough'))
    await expect(sending).rejects.toThrow('enough')
  })
})

test('the package as it is published works by its name', async () => {
  await promisify(execFile)('npm', ['run', 'build', '--workspace', '@casefile/client'])
  const name = '@casefile/client'
  const published = (await import(name)) as { casefile: typeof casefile }
  const { data } = await published.casefile({ server }).GET('/v1/goods/{ref}', {
    params: { path: { ref: 'mx-15d' } },
  })
  expect(data?.designation).toBe('MX-15D')
})
