import { JSDOM } from 'jsdom'
import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { useWriteClient } from '../harness/write-client.ts'

/** Parts of pages for frames on other sites. */

const t = useApp({ PUBLIC_URL: 'https://casefile.test' })
const client = useWriteClient(t)

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

  test('a chart of totals, with its numbers for those who do not see it', async () => {
    const query = 'case=canada-turkey-wescam&by=destination&chart=bars'
    const { text, headers } = await t.api
      .get(`/embed/totals/permits?${query}&theme=dark`)
      .expect(200)
    expect(headers['content-security-policy']).toContain('frame-ancestors *')
    const { document } = new JSDOM(text).window
    expect(document.title).toBe('Permits, by destination')
    expect(document.querySelector('svg[role=img] desc')?.textContent).toContain('Turkey: 1')
    expect(document.querySelector('.embed-source a')?.getAttribute('href')).toContain(query)
    await t.api.get('/embed/totals/permits?by=colour').expect(400)
    await t.api.get('/embed/totals/actors?by=type').expect(404)
  })

  test('the dossier of a case with many permits has charts of them', async () => {
    const before = await t.api.get('/cases/canada-turkey-wescam').set('Accept', 'text/html')
    expect(before.text).not.toContain('id="totals"')
    const citations = [{ article: 'turkey-pressed-canada', quote: 'Turkey had pressed Ottawa' }]
    const items = Array.from({ length: 100 }, (_, index) => ({
      op: 'create',
      kind: 'permit',
      record: { slug: `many-${index}`, title: `Permit ${index}`, issuer: 'canada', citations },
    }))
    await client.post('/v1/batch', { items }).expect(200)
    const { text } = await t.api.get('/cases/canada-turkey-wescam').set('Accept', 'text/html')
    const { document } = new JSDOM(text).window
    expect(document.querySelectorAll('svg[role=img]')).toHaveLength(2)
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
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
