import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'

const t = useApp()

describe('GET /v1/permits', () => {
  test('the seed has one permit', async () => {
    const { body } = await t.api.get('/v1/permits').expect(200)
    expect(body.data.map(({ slug }: { slug: string }) => slug)).toEqual([
      'wescam-mx15d-baykar-2020',
    ])
  })
})
