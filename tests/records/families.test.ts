import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import {
  buildEvent,
  buildFigure,
  buildGood,
  buildPermit,
  storeRecords,
} from '../harness/record-builders.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)

beforeAll(() =>
  storeRecords(
    t.database,
    buildGood({ slug: 'weapons' }),
    buildGood({ slug: 'bombs', family: 'weapons' }),
    buildGood({ slug: 'mk-80', family: 'bombs' }),
    buildGood({
      slug: 'mk-82',
      family: 'mk-80',
      controlEntries: [{ list: 'EU ML', code: 'ML4a' }],
    }),
    buildGood({ slug: 'other', controlEntries: [{ list: 'EU ML', code: 'ML40' }] }),
    buildPermit({
      slug: 'for-mk-82',
      items: [{ good: 'mk-82', controlEntries: [{ list: 'EU ML', code: 'ML4a' }] }],
    }),
    buildPermit({
      slug: 'for-other',
      items: [{ good: 'other', controlEntries: [{ list: 'DU', code: '6A002.a.1' }] }],
    }),
    buildEvent({ slug: 'mk-82-used', goods: ['mk-82'] }),
    buildFigure({
      slug: 'mk-82-counted',
      good: 'mk-82',
      controlEntries: [{ list: 'EU ML', code: 'ML4' }],
    }),
  ),
)

const slugsOf = async (path: string) => {
  const { body } = await t.api.get(path).expect(200)
  return body.data.map(({ slug }: { slug: string }) => slug).sort()
}

describe('a family of any depth', () => {
  test.each([
    ['/v1/permits?good=weapons', ['for-mk-82']],
    ['/v1/permits?good=mk-82', ['for-mk-82']],
    ['/v1/events?good=bombs', ['mk-82-used']],
    ['/v1/figures?good=weapons', ['mk-82-counted']],
    ['/v1/goods?family=weapons', ['bombs', 'mk-80', 'mk-82']],
    ['/v1/goods?family=mk-82', []],
  ])('%s finds what belongs to it', async (path, expected) => {
    expect(await slugsOf(path)).toEqual(expected)
  })

  test.each(['weapons', 'mk-82'])('has no cycle: %s', async (family) => {
    const path = '/v1/goods/weapons'
    const tag = { 'if-match': await w.readEtag(path) }
    const { status, body } = await w.patch(path, { family }, tag)
    expect([status, body.type]).toEqual([400, '/problems/invalid-request'])
    expect(body.detail).toContain('family')
  })

  test('has no cycle within a batch', async () => {
    const item = (slug: string, family: string) => ({
      op: 'create',
      kind: 'good',
      record: { slug, designation: slug, family, citations: [citationBody()] },
    })
    const { status } = await w.post('/v1/batch', {
      items: [item('hen', 'egg'), item('egg', 'hen')],
    })
    expect(status).toBe(400)
    await t.api.get('/v1/goods/hen').expect(404)
  })
})

describe('an entry of a control list', () => {
  test.each([
    ['/v1/permits?controlCode=ML4', ['for-mk-82']],
    ['/v1/permits?controlCode=ML4a', ['for-mk-82']],
    ['/v1/permits?controlCode=ML4b', []],
    ['/v1/permits?controlCode=6A', ['for-other']],
    ['/v1/permits?controlCode=6A002', ['for-other']],
    ['/v1/permits?controlCode=6A00', []],
    ['/v1/goods?controlCode=ML4', ['mk-82']],
    ['/v1/goods?controlCode=ML40', ['other']],
    ['/v1/figures?controlCode=ML4', ['mk-82-counted']],
    ['/v1/figures?controlCode=ML4a', []],
  ])('%s finds it and those below it', async (path, expected) => {
    expect(await slugsOf(path)).toEqual(expected)
  })

  test('is reference data where a list is known', async () => {
    const { body } = await t.api.get('/v1/reference/control-lists').expect(200)
    expect(body.reference).toBe(true)
    const [military, dualUse] = body.data
    expect([military.code, military.entries.length]).toEqual(['EU ML', 22])
    expect(military.entries).toContainEqual({
      code: 'ML10',
      title: expect.stringMatching(/^Aircraft/),
    })
    expect(dualUse.entries).toContainEqual({ code: '6A', title: expect.stringMatching(/^Sensors/) })
    expect(military.source).toMatch(/^https:/)
  })
})
