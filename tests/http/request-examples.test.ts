import type { Test } from 'supertest'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { requestExamples } from '../../src/http/request-examples.ts'
import { buildOpenApiDescription } from '../../src/serve.ts'
import { useApp } from '../harness/app.ts'
import { exampleRecords } from '../harness/openapi-routes.ts'
import { useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

type Body = object & { slug?: string }
type Operation = {
  requestBody?: { content: Record<string, { example?: Body }> }
  responses: Record<string, unknown>
}
const { paths } = (await buildOpenApiDescription(readConfig({}))) as unknown as {
  paths: Record<string, Record<string, Operation>>
}
/** Every body that the document says can be sent. */
const bodies = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).flatMap(([method, { requestBody, responses }]) =>
    Object.entries(requestBody?.content ?? {}).map(([mediaType, { example }]) => ({
      method: method as 'post' | 'patch' | 'delete',
      path,
      mediaType,
      example,
      name: [method.toUpperCase(), path, mediaType].join(' ').replace(' application/json', ''),
      success: Number(Object.keys(responses).findLast((status) => status.startsWith('2'))),
    })),
  ),
)

test('every body that can be sent has an example, and every example such a body', () => {
  expect(Object.keys(requestExamples).sort()).toEqual(bodies.map(({ name }) => name).sort())
  expect(bodies.filter(({ example }) => example === undefined)).toEqual([])
})

/** A record of its own, made with the body that `POST` of its kind shows; of an article the bytes are its own too. */
async function made(plural: string, method: string): Promise<string> {
  const slug = `to-${method}-${plural}`
  const example = requestExamples[`POST /v1/${plural}`]
  const own = plural === 'articles' ? { slug, text: slug } : { slug }
  await w.post(`/v1/${plural}`, { ...example, ...own }).expect(201)
  return slug
}

/** The event that each decision on a proposal is about. */
const reviewed: Readonly<Record<string, string>> = {
  accept: 'morgan-memo-recommends-export',
  reject: 'reports-of-drone-use-in-nagorno-karabakh',
  merge: 'canada-issues-permits-for-baykar',
}

/** A proposal of that event; the one to accept is open, for its event is withdrawn. */
async function proposed(decision: string): Promise<string> {
  const { body } = await t.api.get('/v1/articles/turkey-pressed-canada/proposals?state=all')
  const { id, record } = body.data.find(
    ({ record }: { record: Body | null }) => record?.slug === reviewed[decision],
  )
  if (decision === 'accept') await w.del(record.href, { reason: 'To be read again.' })
  return id
}

/** Where to send the example of an operation. */
async function urlOf(path: string, method: string): Promise<string> {
  const [, , plural = '', , more = ''] = path.split('/')
  if (plural === 'proposals') return path.replace('{id}', await proposed(more))
  if (plural === 'citations') {
    const { body } = await t.api.get(
      `/v1/citations?record=permit/${exampleRecords.permits}&field=exporter`,
    )
    return path.replace('{id}', body.data[0].id)
  }
  if (!path.includes('{ref}')) return path
  const isLeaving = method === 'delete' || more === 'merge'
  return path.replace(
    '{ref}',
    (isLeaving ? await made(plural, more || method) : exampleRecords[plural]) ?? '',
  )
}

/** The request with a body in its media type. */
function sending(request: Test, mediaType: string, example: object): Test {
  if (mediaType !== 'multipart/form-data') return request.type(mediaType).send(example)
  for (const [name, value] of Object.entries(example))
    if (name === 'file') request.attach(name, Buffer.from(value), 'document.txt')
    else request.field(name, value)
  return request
}

describe('a seeded server accepts', () => {
  test.each(bodies)('$name', async ({ path, method, mediaType, example = {}, success }) => {
    const url = await urlOf(path, method)
    const request = t.api[method](url).set('authorization', `Bearer ${w.keys.write}`)
    if (path.includes('{ref}') || path.includes('/citations/'))
      request.set('if-match', await w.readEtag(url.replace(/\/(merge|citations)$/, '')))
    const { status, body } = await sending(request, mediaType, example)
    expect({ status, detail: body.detail, errors: body.errors }).toEqual({ status: success })
  })
})
