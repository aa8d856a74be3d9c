import { request as sendRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createZstdDecompress } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { mediaTypes } from '../../src/http/formats.ts'
import { useApp } from '../harness/app.ts'
import {
  addRequiredQuery,
  insertExample,
  listDescribedRoutes,
  readExampleId,
} from '../harness/openapi-routes.ts'
import { storeExampleFigure, storeExamplePage } from '../harness/record-builders.ts'

/** Each reading operation in every format that it declares: the description is held against what the server sends. */

const t = useApp()

beforeAll(() => storeExampleFigure(t.database))
beforeAll(() => storeExamplePage(t.database))

type Media = Record<string, { schema?: unknown }>
type Operation = {
  parameters?: { name: string; in: string }[]
  responses: Record<string, { content?: Media }>
}
type Description = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}
type Answer = { status: number; type: string; encoding: string; body: Buffer }

let description: Description
let port: number

beforeAll(async () => {
  await t.app.listen({ port: 0, host: '127.0.0.1' })
  port = (t.app.server.address() as AddressInfo).port
  description = (await t.api.get('/openapi.json').expect(200)).body
})

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/** What the server sends, decoded. An event stream never ends, so only its head is read. */
function fetchAnswer(
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = sendRequest({ port, host: '127.0.0.1', method, path, headers }, (response) => {
      const head = {
        status: response.statusCode ?? 0,
        type: String(response.headers['content-type'] ?? '').split(';')[0] ?? '',
        encoding: String(response.headers['content-encoding'] ?? ''),
      }
      if (head.type === 'text/event-stream') {
        resolve({ ...head, body: Buffer.alloc(0) })
        response.destroy()
        return
      }
      const decoder = method === 'HEAD' ? undefined : decoders[head.encoding]?.()
      const body: Readable = decoder ? response.pipe(decoder) : response
      const chunks: Buffer[] = []
      body.on('data', (chunk) => chunks.push(chunk))
      body.on('end', () => resolve({ ...head, body: Buffer.concat(chunks) }))
      body.on('error', reject)
    })
    request.on('error', reject)
    request.end()
  })
}

/** A schema of the document as one that validates: its components become definitions of its own. */
function toValidator(schema: unknown): z.ZodType {
  const local = (node: unknown): unknown =>
    JSON.parse(JSON.stringify(node).replaceAll('#/components/schemas/', '#/$defs/'))
  const whole = { ...(local(schema) as object), $defs: local(description.components.schemas) }
  return z.fromJSONSchema(whole as Parameters<typeof z.fromJSONSchema>[0])
}

async function buildUrl(path: string): Promise<string> {
  return addRequiredQuery(
    path,
    insertExample(path)
      .replace('{id}', await readExampleId(t.api, path))
      .replace('{code}', 'not-found'),
  )
}

/** Requests of every format: by its word, and by the media type where that says which one is meant. */
function listRequests(url: string, { parameters = [], responses }: Operation) {
  const content = responses[200]?.content ?? {}
  const hasFormats = parameters.some(({ name }) => name === 'format')
  const separator = url.includes('?') ? '&' : '?'
  const words = hasFormats ? Object.keys(mediaTypes) : []
  return [
    ...words.map((word) => ({
      url: `${url}${separator}format=${word}`,
      accept: '*/*',
      mayBeRefused: true,
    })),
    ...Object.keys(content).map((type) =>
      type === 'text/javascript'
        ? // JSONP is asked for by its parameter.
          { url: `${url}${separator}callback=show`, accept: '*/*', mayBeRefused: false }
        : // A format that shares its type with another one is only chosen by its word.
          { url, accept: type, mayBeRefused: hasFormats },
    ),
  ]
}

async function checkAnswer(operation: Operation, url: string, accept: string) {
  const content = operation.responses[200]?.content ?? {}
  const plain = await fetchAnswer('GET', url, { accept })
  if (plain.status === 406) return null
  expect(plain.status, url).toBe(200)
  const media = content[plain.type] ?? content['*/*']
  expect(media, `${url}: ${plain.type} is not declared`).toBeDefined()
  if (/[/+]json$/.test(plain.type)) {
    expect(media?.schema, url).not.toHaveProperty('type', 'string')
    const result = toValidator(media?.schema).safeParse(JSON.parse(plain.body.toString()))
    expect(result.success ? '' : z.prettifyError(result.error), `${url} ${plain.type}`).toBe('')
  } else expect(media?.schema, url).toMatchObject({ type: 'string' })
  const head = await fetchAnswer('HEAD', url, { accept })
  expect([head.status, head.type, head.body.length], `HEAD ${url}`).toEqual([200, plain.type, 0])
  for (const encoding of ['gzip', 'br']) {
    const packed = await fetchAnswer('GET', url, { accept, 'accept-encoding': encoding })
    expect([packed.status, packed.type], `${encoding} ${url}`).toEqual([200, plain.type])
    // Files with a time of their making differ; their length does not.
    if (/json|text|csv|xml/.test(plain.type))
      expect(packed.body.length, `${encoding} ${url}`).toBe(plain.body.length)
  }
  return plain.type
}

const paths = (await listDescribedRoutes())
  .filter(({ method, statuses }) => method === 'GET' && statuses.includes(200))
  .map(({ path }) => path)

describe('every reading operation sends what it declares', () => {
  test.each(paths)('%s', async (path) => {
    const operation = description.paths[path]?.get
    if (operation === undefined) throw new Error(`${path} is not described`)
    const seen = new Set<string>()
    for (const { url, accept, mayBeRefused } of listRequests(await buildUrl(path), operation)) {
      const type = await checkAnswer(operation, url, accept)
      if (type === null) expect(mayBeRefused, `${url} refuses ${accept}`).toBe(true)
      else seen.add(type)
    }
    const declared = Object.keys(operation.responses[200]?.content ?? {})
    // An article or its page has one media type; the others are those that it could have.
    if (!/\/source$|\{page\}$/.test(path)) expect([...seen].sort()).toEqual(declared.sort())
    else expect(declared).toEqual(expect.arrayContaining([...seen]))
  })
})
