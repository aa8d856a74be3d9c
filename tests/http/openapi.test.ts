import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { getRegisteredRoutes } from '../../src/http/problems.ts'
import { problems } from '../../src/problem.ts'
import { useApp } from '../harness/app.ts'
import { addRequiredQuery, exampleRecords } from '../harness/openapi-routes.ts'
import { storeExampleFigure } from '../harness/record-builders.ts'
import { readEntries } from '../harness/record-reader.ts'

const t = useApp()
const limited = useApp({ RATE_LIMIT_PER_MINUTE: 100 })

beforeAll(() => storeExampleFigure(t.database))

type Media = Record<string, { schema?: unknown; example?: unknown; examples?: unknown }>
type Operation = {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: { name: string; in: string; schema: unknown; description?: string }[]
  responses: Record<
    string,
    { description: string; content?: Media; headers: Record<string, unknown> }
  >
}
type Document = {
  openapi: string
  info: { version: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown>; headers: Record<string, unknown> }
}
let document: Document
let operations: [string, Operation][]

beforeAll(async () => {
  const { body } = await t.api.get('/openapi.json').expect(200)
  document = body
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        [`${method.toUpperCase()} ${path}`, operation] as [string, Operation],
    ),
  )
})

/** A validator of a schema of the description. The components become definitions of the schema. */
function validator(schema: unknown): z.ZodType {
  const useDefinitions = (node: unknown): unknown =>
    JSON.parse(JSON.stringify(node).replaceAll('#/components/schemas/', '#/$defs/'))
  const standalone = {
    ...(useDefinitions(schema) as object),
    $defs: useDefinitions(document.components.schemas),
  }
  return z.fromJSONSchema(standalone as Parameters<typeof z.fromJSONSchema>[0])
}

/** Every object of the description with its path. */
function* nodes(node: unknown, path = '#'): Generator<[string, Record<string, unknown>]> {
  if (typeof node !== 'object' || node === null) return
  if (!Array.isArray(node)) yield [path, node as Record<string, unknown>]
  for (const [name, member] of Object.entries(node)) yield* nodes(member, `${path}/${name}`)
}

describe('GET /openapi.json', () => {
  test('is OpenAPI 3.1', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
  })

  test('has exactly the existing routes, except the pages', () => {
    const registered = getRegisteredRoutes(t.app)
      .filter(
        ({ method, url, isHidden }) =>
          method !== 'HEAD' && method !== 'OPTIONS' && !/^\/docs\b/.test(url) && !isHidden,
      )
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(operations.map(([name]) => name).sort()).toEqual(registered.sort())
  })

  test('every operation has a summary, a description and a described tag', () => {
    const tags = new Map(document.tags.map(({ name, description }) => [name, description]))
    for (const [name, { summary, description, tags: operationTags = [] }] of operations) {
      expect(summary, name).toMatch(/^[A-Z].{5,}[^.]$/)
      expect(description, name).toMatch(/^[A-Z`].{5,}\.$/s)
      expect(operationTags, name).toHaveLength(1)
      expect(tags.get(operationTags[0] ?? ''), name).toMatch(/\w/)
    }
    for (const tag of tags.keys())
      expect(
        operations.some(([, { tags: operationTags = [] }]) => operationTags.includes(tag)),
        tag,
      ).toBe(true)
  })

  test('every parameter has a description', () => {
    for (const [name, { parameters = [] }] of operations)
      for (const parameter of parameters)
        if (parameter.in === 'query')
          expect(parameter.description, `${name} ${parameter.name}`).toMatch(/\w{3,}/)
  })

  test('every response has a description; errors are problem documents', () => {
    const statuses = new Set(Object.values(problems).map(({ status }) => String(status)))
    for (const [name, { responses }] of operations)
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(description, `${name} ${status}`).toMatch(/\w{3,}/)
        if (Number(status) >= 400) {
          expect(statuses, `${name} ${status}`).toContain(status)
          expect(Object.keys(content ?? {}), `${name} ${status}`).toEqual([
            'application/problem+json',
          ])
        } else if (Number(status) >= 300) expect(content, `${name} ${status}`).toBeUndefined()
        else expect(Object.keys(content ?? {}), `${name} ${status}`).not.toEqual([])
      }
  })

  test('every operation has the responses that all routes share', () => {
    for (const [name, { responses }] of operations) {
      const declared = Object.keys(responses)
      expect(declared, name).toEqual(
        expect.arrayContaining(['400', '401', '414', '429', '500', '503']),
      )
      if (name.includes('{')) expect(declared, name).toContain('404')
      if (name.includes('{ref}'))
        expect(declared, name).toEqual(expect.arrayContaining(['308', '410']))
    }
  })

  test('operation ids are valid method names', () => {
    const names = new Map(operations.map(([name, { operationId }]) => [name, operationId]))
    expect(names.get('GET /v1/permits')).toBe('listPermits')
    expect(names.get('POST /v1/permits')).toBe('createPermit')
    expect(names.get('GET /v1/permits/{ref}')).toBe('getPermit')
    expect(names.get('PATCH /v1/permits/{ref}')).toBe('updatePermit')
    expect(names.get('DELETE /v1/permits/{ref}')).toBe('retractPermit')
    expect(names.get('GET /v1/permits/{ref}/history')).toBe('getPermitHistory')
    expect(names.get('POST /v1/permits/{ref}/citations')).toBe('addPermitCitation')
    expect(names.get('POST /v1/actors/{ref}/merge')).toBe('mergeActor')
    for (const name of names.values()) expect(name).toMatch(/^[a-z][A-Za-z0-9]+$/)
    expect(new Set(names.values()).size).toBe(names.size)
  })

  test('describes the headers of responses', async () => {
    const operationsByName = new Map(operations)
    const requests = [
      ['GET /v1/permits', limited.api.get('/v1/permits?limit=1'), 200],
      ['GET /v1/events', limited.api.get('/v1/events?limit=1&format=csv&count=true'), 200],
      ['GET /v1/events', limited.api.get('/v1/events').set('If-None-Match', '*'), 304],
      ['POST /v1/events', limited.api.post('/v1/events'), 401],
    ] as const
    for (const [name, request, status] of requests) {
      const sentHeaders = Object.keys((await request.expect(status)).headers)
      const { headers = {} } = operationsByName.get(name)?.responses[status] ?? {}
      const declaredHeaders = Object.keys(headers).map((header) => header.toLowerCase())
      const requiredHeaders = declaredHeaders.filter(
        (header) => !['link', 'x-total-count'].includes(header),
      )
      expect(sentHeaders, name).toEqual(expect.arrayContaining(requiredHeaders))
      for (const header of ['link', 'x-total-count', 'etag', 'retry-after', 'location'])
        if (sentHeaders.includes(header)) expect(declaredHeaders, name).toContain(header)
    }
  })

  test('every referenced component exists, and every component is referenced', () => {
    const referenced = new Set(
      [...nodes(document)].flatMap(([, { $ref }]) => (typeof $ref === 'string' ? [$ref] : [])),
    )
    const components = (['schemas', 'headers'] as const).flatMap((type) =>
      Object.keys(document.components[type]).map((name) => `#/components/${type}/${name}`),
    )
    expect([...referenced].sort()).toEqual(components.sort())
  })

  test('requires no request member that has a default', () => {
    const requestSchemas = Object.entries(document.components.schemas).filter(([name]) =>
      name.startsWith('New'),
    )
    expect(requestSchemas.map(([name]) => name)).toContain('NewCitation')
    for (const [name, schema] of requestSchemas) {
      const { properties = {}, required = [] } = schema as {
        properties?: Record<string, object>
        required?: string[]
      }
      const optional = Object.keys(properties).filter(
        (member) => 'default' in (properties[member] ?? {}),
      )
      expect(
        required.filter((member) => optional.includes(member)),
        name,
      ).toEqual([])
    }
  })

  test('its examples match its schemas', () => {
    let exampleCount = 0
    for (const [path, node] of nodes(document)) {
      const schema = 'schema' in node ? node.schema : node
      const examples = Array.isArray(node.examples) ? node.examples : []
      for (const example of 'example' in node ? [node.example, ...examples] : examples) {
        exampleCount += 1
        const result = validator(schema).safeParse(example)
        expect(result.success ? '' : z.prettifyError(result.error), path).toBe('')
      }
    }
    expect(exampleCount).toBeGreaterThan(2)
  })

  test('responses of the seed match its schemas', async () => {
    for (const [name, { responses }] of operations) {
      const [method = '', path = ''] = name.split(' ')
      const schema = responses[200]?.content?.['application/json']?.schema
      if (method !== 'GET' || schema === undefined) continue
      const [, list] = /^\/v1\/(\w+)\/\{/.exec(path) ?? []
      const kind = list === 'records' ? 'permits' : list
      const first = kind === undefined ? undefined : (await readEntries(t, `/v1/${kind}`))[0]
      const [, , plural = ''] = path.split('/')
      const url = path
        .replace('{ref}', first?.slug ?? exampleRecords[plural] ?? '')
        .replace('{id}', first?.id ?? '')
        .replace('{code}', 'not-found')
      const { body } = await t.api
        .get(addRequiredQuery(path, url))
        .set('Accept', 'application/json')
        .expect(200)
      const result = validator(schema).safeParse(body)
      expect(result.success ? '' : z.prettifyError(result.error), name).toBe('')
    }
  })
})
