import type { Test } from 'supertest'
import { beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { requestExamples } from '../../src/http/request-examples.ts'
import { buildOpenApiDescription } from '../../src/serve.ts'
import { useApp } from '../harness/app.ts'
import { exampleRecords } from '../harness/openapi-routes.ts'
import { storeExampleFigure } from '../harness/record-builders.ts'
import { useWriteClient } from '../harness/write-client.ts'

const t = useApp()

beforeAll(() => storeExampleFigure(t.database))
const w = useWriteClient(t)

type Body = object & { slug?: string }
type Operation = {
  requestBody?: { content: Record<string, { example?: Body }> }
  responses: Record<string, unknown>
}
const { paths } = (await buildOpenApiDescription(readConfig({}))) as unknown as {
  paths: Record<string, Record<string, Operation>>
}
/** Every request body of the description. */
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

test('every request body has an example, and every example a request body', () => {
  expect(Object.keys(requestExamples).sort()).toEqual(bodies.map(({ name }) => name).sort())
  expect(bodies.filter(({ example }) => example === undefined)).toEqual([])
})

/** Creates a record from the example of `POST`, with its own slug, and for an article with its own text. */
async function createRecord(plural: string, method: string): Promise<string> {
  const slug = `to-${method}-${plural}`
  const example = requestExamples[`POST /v1/${plural}`]
  const uniqueMembers = plural === 'articles' ? { slug, text: slug } : { slug }
  await w.post(`/v1/${plural}`, { ...example, ...uniqueMembers }).expect(201)
  return slug
}

/** The event of the proposal for each decision. */
const proposedEvents: Readonly<Record<string, string>> = {
  accept: 'morgan-memo-recommends-export',
  reject: 'reports-of-drone-use-in-nagorno-karabakh',
  merge: 'canada-issues-permits-for-baykar',
}

/** The id of a proposal. The proposal to accept is open, because its event is retracted first. */
async function findProposalId(decision: string): Promise<string> {
  const { body } = await t.api.get('/v1/articles/turkey-pressed-canada/proposals?state=all')
  const { id, record } = body.data.find(
    ({ record }: { record: Body | null }) => record?.slug === proposedEvents[decision],
  )
  if (decision === 'accept') await w.del(record.href, { reason: 'To be read again.' })
  return id
}

/** The URL for the example of an operation. */
async function buildUrl(path: string, method: string): Promise<string> {
  const [, , plural = '', , action = ''] = path.split('/')
  if (plural === 'proposals') return path.replace('{id}', await findProposalId(action))
  if (plural === 'citations') {
    const { body } = await t.api.get(
      `/v1/citations?record=permit/${exampleRecords.permits}&field=exporter`,
    )
    return path.replace('{id}', body.data[0].id)
  }
  if (!path.includes('{ref}')) return path
  const removesRecord = method === 'delete' || action === 'merge'
  const ref = removesRecord ? await createRecord(plural, action || method) : exampleRecords[plural]
  return path.replace('{ref}', ref ?? '')
}

/** Sends an example in its media type. */
function sendBody(request: Test, mediaType: string, example: object): Test {
  if (mediaType !== 'multipart/form-data') return request.type(mediaType).send(example)
  for (const [name, value] of Object.entries(example))
    if (name === 'file') request.attach(name, Buffer.from(value), 'document.txt')
    else if (name === 'map') request.attach(name, Buffer.from(value), 'map.yaml')
    else request.field(name, value)
  return request
}

describe('a seeded server accepts', () => {
  test.each(bodies)('$name', async ({ path, method, mediaType, example = {}, success }) => {
    const url = await buildUrl(path, method)
    const request = t.api[method](url).set('authorization', `Bearer ${w.keys.write}`)
    if (path.includes('{ref}') || path.includes('/citations/'))
      request.set('if-match', await w.readEtag(url.replace(/\/(merge|citations|spans)$/, '')))
    const { status, body } = await sendBody(request, mediaType, example)
    expect({ status, detail: body.detail, errors: body.errors }).toEqual({ status: success })
  })
})
