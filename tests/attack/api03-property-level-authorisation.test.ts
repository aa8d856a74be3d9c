import { beforeAll, describe, expect, test } from 'vitest'
import { requestExamples } from '../../src/http/request-examples.ts'
import { useApp } from '../harness/app.ts'
import { exampleRecords } from '../harness/openapi-routes.ts'
import { storeExampleFigure } from '../harness/record-builders.ts'
import { useWriteClient } from '../harness/write-client.ts'

/**
 * OWASP API3:2023, Broken Object Property Level Authorization: members that only the server may set (mass assignment), and
 * members that no client may see.
 */

const t = useApp()
const w = useWriteClient(t)
beforeAll(() => storeExampleFigure(t.database))

const ofTheServer: Readonly<Record<string, unknown>> = {
  id: '01936f5e-0000-7000-8000-0000000000ff',
  kind: 'case',
  revision: 1,
  href: '/v1/actors/x',
  state: 'live',
  stateReason: 'because',
  mergedInto: 'canada',
  createdAt: '2000-01-01T00:00:00Z',
  history: [],
  status: 'revoked',
  issuedOn: { edtf: '2000' },
  inForce: true,
  conflicts: [],
  register: { name: 'a', key: 'b' },
  keyId: null,
  author: 'somebody else',
  scope: null,
  bodySha256: '0'.repeat(64),
  sourceSha256: '0'.repeat(64),
  search_text: 'x',
  __proto__x: { isAdmin: true },
  constructor: { prototype: { isAdmin: true } },
}

/** Names that a client may set in records of a kind. */
const clientMembers: Readonly<Record<string, readonly string[]>> = {
  measures: ['scope', 'status'],
  figures: ['scope'],
}

const kinds = Object.entries(exampleRecords).filter(
  ([plural]) => `POST /v1/${plural}` in requestExamples,
)

describe.each(kinds)('%s', (plural, slug) => {
  const path = `/v1/${plural}/${slug}`
  const ownMembers = clientMembers[plural] ?? []
  const members = Object.entries(ofTheServer).filter(([name]) => !ownMembers.includes(name))

  test.each(members)('does not take %s from a client', async (name, value) => {
    const before = await t.api.get(path).expect(200)
    const corrected = await w.patch(path, { [name]: value })
    expect([400, 415, 422]).toContain(corrected.status)
    const example = { ...requestExamples[`POST /v1/${plural}`], slug: 'with-more', [name]: value }
    const created = await w.post(`/v1/${plural}`, example)
    expect([400, 415, 422]).toContain(created.status)
    const after = await t.api.get(path).expect(200)
    expect(after.body).toEqual(before.body)
  })
})

test('what a citation says of itself cannot be set', async () => {
  const { body } = await t.api.get('/v1/permits/wescam-mx15d-baykar-2020').expect(200)
  const path = `/v1/citations/${body.citations[0].id}`
  for (const [name, value] of Object.entries({ state: 'anchored', start: 0, end: 3, id: 'x' })) {
    const { status } = await w.patch(path, { [name]: value })
    expect([name, status]).toEqual([name, 400])
  }
})

test('no response has a column of the database that is not declared', async () => {
  for (const [plural] of kinds) {
    const { text } = await t.api.get(`/v1/${plural}?limit=100`).expect(200)
    expect(text).not.toMatch(/secret_hash|key_id|search_text|"_[a-z]|fingerprint/)
  }
})
