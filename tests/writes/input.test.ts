import { describe, expect, test } from 'vitest'
import { kinds } from '../../src/records/kinds/all-kinds.ts'
import { useApp } from '../harness/app.ts'
import { useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

const plurals = Object.values(kinds).map(({ plural }) => plural)

describe('GET .../input', () => {
  test.each(plurals)('%s: sent back as it is, it changes nothing', async (plural) => {
    const { body: list } = await t.api.get(`/v1/${plural}?limit=100`).expect(200)
    for (const { slug } of list.data) {
      const { body: input, headers } = await t.api.get(`/v1/${plural}/${slug}/input`).expect(200)
      expect(input.slug).toBe(slug)
      expect(JSON.stringify(input)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
      const before = await t.api.get('/v1/ledger/head')
      await w
        .patch(`/v1/${plural}/${slug}`, input, { 'if-match': headers.etag ?? '' })
        .then((response) =>
          expect([response.status, response.body.detail]).toEqual([200, undefined]),
        )
      expect((await t.api.get('/v1/ledger/head')).body).toEqual(before.body)
    }
  })

  test('names other records by slug, and has no citations', async () => {
    const { body } = await t.api.get('/v1/permits').expect(200)
    const { slug, issuer } = body.data[0]
    const { body: input } = await t.api.get(`/v1/permits/${slug}/input`).expect(200)
    expect(input.issuer).toBe(issuer.slug)
    expect(input).not.toHaveProperty('citations')
  })

  test('a missing record is a 404', async () => {
    await t.api.get('/v1/permits/nowhere/input').expect(404)
  })
})
