import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'

/** Parts of pages for frames on other sites. */

const t = useApp({ PUBLIC_URL: 'https://casefile.test' })

async function listEmbeds(): Promise<[kind: string, ref: string, page: string][]> {
  const citation = (await t.api.get('/v1/citations?limit=1')).body.data[0].id
  const finding = (await t.api.get('/v1/findings?limit=1')).body.data[0].id
  return [
    ['quote', citation, `/citations/${citation}`],
    ['finding', finding, `/findings/${finding}`],
    ['timeline', 'canada-turkey-wescam', '/cases/canada-turkey-wescam'],
  ]
}

describe('embeds', () => {
  test('may be framed by any site, and name their source', async () => {
    for (const [kind, ref, page] of await listEmbeds()) {
      const { text, headers } = await t.api.get(`/embed/${kind}/${ref}?theme=dark`).expect(200)
      expect(headers['content-security-policy']).toContain('frame-ancestors *')
      expect(headers['x-frame-options']).toBeUndefined()
      expect(text).toContain(`<a href="${page}">`)
      expect(text).toContain('<html lang="en" class="dark">')
      expect(text).not.toContain('<script')
    }
  })

  test('oEmbed gives the frame for the address of a page', async () => {
    for (const [kind, ref, page] of await listEmbeds()) {
      const url = encodeURIComponent(`https://casefile.test${page}`)
      const { body } = await t.api.get(`/oembed?url=${url}&maxwidth=400`).expect(200)
      expect(body).toMatchObject({ version: '1.0', type: 'rich', width: 400 })
      expect(body.html).toContain(`src="https://casefile.test/embed/${kind}/${ref}"`)
    }
  })

  test('other pages and unknown kinds are a 404', async () => {
    await t.api.get('/oembed?url=https%3A%2F%2Fcasefile.test%2Fabout').expect(404)
    await t.api.get('/embed/nothing/x').expect(404)
  })
})
