import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { listenOnFreePort } from '../harness/raw-client.ts'
import { useWriteClient } from '../harness/write-client.ts'
import { type Description, type Operation, readDescription } from './described-operations.ts'
import { Choices, KnownRecords, RequestGenerator } from './request-generator.ts'
import { scaled } from './scale.ts'
import { type PlainResponse, type SentRequest, sendRequest } from './send-request.ts'

/**
 * Requests that are made from the OpenAPI description, valid ones and broken ones, one after the other. Every response must be
 * one that the description declares, also compressed and to HEAD.
 */

const requests = Number(process.env.ATTACK_REQUESTS ?? scaled(10_000, 250))
const seed = Number(process.env.ATTACK_SEED ?? Date.now() % 2 ** 31)
const minWriteShare = 0.2

const t = useApp()
const w = useWriteClient(t)
let description: Description
let port: number

beforeAll(async () => {
  description = await readDescription()
  port = await listenOnFreePort(t)
})

/** What no response may tell. */
const leaks =
  /node_modules|\bat (async )?[\w.]+ \(|\/src\/|secret_hash|casefile_[0-9a-f]{32}_|SELECT .* FROM /

function findFault(operation: Operation, sent: SentRequest, response: PlainResponse) {
  if (response.status >= 500) return `status ${response.status}`
  if (sent.method !== 'HEAD')
    return response.status >= 400 && leaks.test(response.text)
      ? 'a leak'
      : description.findFault(operation, response)
  return response.bytes.length > 0 ? 'HEAD has a body' : undefined
}

/** A response to HEAD has the status and the headers of the response to GET. */
async function compareWithGet(sent: SentRequest, head: PlainResponse): Promise<void> {
  const get = await sendRequest(port, { ...sent, method: 'GET' })
  const select = ({ status, mediaType, headers }: PlainResponse) => ({
    status,
    mediaType,
    etag: headers.etag,
    vary: headers.vary,
  })
  expect(select(head), `HEAD ${sent.path}`).toEqual(select(get))
}

test(`${requests} requests from the description are answered as it says (ATTACK_SEED=${seed})`, async () => {
  const known = new KnownRecords()
  const generator = new RequestGenerator(description, known, w.keys.write)
  const reads = description.operations.filter(({ method }) => method === 'GET')
  const writes = description.operations.filter(({ method }) => method !== 'GET')
  const statuses = new Map<string, number>()
  let [sentWrites, acceptedWrites] = [0, 0]
  const request = fc.record({
    isWrite: fc.boolean(),
    operation: fc.nat(1_000),
    numbers: fc.array(fc.nat(1_000_000), { minLength: 48, maxLength: 48 }),
    noise: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 })),
  })
  await fc.assert(
    fc.asyncProperty(request, async ({ isWrite, operation: number, numbers, noise }) => {
      const operations = isWrite ? writes : reads
      const operation = operations[number % operations.length] as Operation
      const sent = generator.generate(operation, new Choices(numbers), noise)
      const response = await sendRequest(port, sent)
      const what = `${sent.method} ${sent.path} ${JSON.stringify(sent.headers)} ${sent.body ?? ''}`
      const fault = findFault(operation, sent, response)
      expect(fault, `${what}\n${response.status} ${response.text.slice(0, 2_000)}`).toBeUndefined()
      if (sent.method === 'HEAD') await compareWithGet(sent, response)
      if (sent.method !== 'HEAD') known.learn(operation, response)
      const name = `${isWrite ? 'write' : 'read'} ${response.status}`
      statuses.set(name, (statuses.get(name) ?? 0) + 1)
      if (isWrite) sentWrites += 1
      if (isWrite && response.status < 300) acceptedWrites += 1
    }),
    {
      numRuns: requests,
      endOnFailure: true,
      seed,
    },
  )
  console.log(`fuzzing: ${JSON.stringify(Object.fromEntries([...statuses].sort()))}`)
  expect(acceptedWrites / sentWrites).toBeGreaterThan(minWriteShare)
})

test('the ledger and all data are whole afterwards', async () => {
  const { status } = await sendRequest(port, { method: 'GET', path: '/v1/ledger/head' })
  expect(status).toBe(200)
})
