import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { hasChromium, useBrowser } from '../harness/browser.ts'
import { useWriteClient } from '../harness/write-client.ts'

/** The review desk: from a document to records, with the key of a person who signed in. */

const t = useApp()
const client = useWriteClient(t)
const browser = useBrowser(t)
const sameOrigin = { 'Sec-Fetch-Site': 'same-origin' }

const text = `Norland issued an export licence to Falkor Dynamics in March 2023 for 12 reconnaissance drones.

Falkor Dynamics delivered the drones to the Republic of Estmark in June 2023, the ministry said.`

async function signIn(key: string): Promise<string> {
  const { headers } = await t.api.post('/sign-in').type('form').send({ key, to: '/review' })
  return String((headers['set-cookie'] as unknown as string[])[0]).split(';')[0] ?? ''
}

const post = async (path: string, form: object, headers: object = sameOrigin) =>
  t.api
    .post(path)
    .type('form')
    .set({ Cookie: await signIn(client.keys.write), ...headers })
    .send(form)

async function upload(name: string): Promise<string> {
  const { body } = await client
    .post('/v1/articles', {
      title: name,
      slug: name.toLowerCase().replaceAll(' ', '-'),
      case: 'canada-turkey-wescam',
      text: `${name}\n\n${text}`,
    })
    .expect(201)
  return body.slug
}

const openProposals = async (article: string) =>
  (await t.api.get(`/v1/articles/${article}/proposals`).expect(200)).body.data as {
    id: string
    kind: string
    draft: { name?: string; slug: string }
  }[]

describe('access', () => {
  test('asks to sign in, and refuses a key that may only read', async () => {
    await t.api.get('/review').set('Accept', 'text/html').expect(303)
    const cookie = await signIn(client.keys.read)
    await t.api.get('/review').set('Accept', 'text/html').set('Cookie', cookie).expect(403)
  })

  test('refuses a form of another site, whatever the cookie', async () => {
    const article = await upload('Other site')
    const [proposal] = await openProposals(article)
    const path = `/review/articles/${article}/proposals/${proposal?.id}`
    const response = await post(path, { decision: 'accept' }, { 'Sec-Fetch-Site': 'cross-site' })
    expect(response.status).toBe(403)
    expect((await openProposals(article)).some(({ id }) => id === proposal?.id)).toBe(true)
  })
})

describe('a document becomes records', () => {
  test('a file is added, and opens for review', async () => {
    const { headers } = await t.api
      .post('/review/documents')
      .set({ Cookie: await signIn(client.keys.write), ...sameOrigin })
      .field('case', 'canada-turkey-wescam')
      .attach('file', Buffer.from(text), { filename: 'a.txt', contentType: 'text/plain' })
      .expect(303)
    const desk = await t.api
      .get(headers.location ?? '')
      .set('Cookie', await signIn(client.keys.write))
      .expect(200)
    expect(desk.text).toContain('reconnaissance drones')
  })

  test('accept with an edit, undo, reject, and a second reviewer', async () => {
    const article = await upload('First document')
    const [actor, other] = (await openProposals(article)).filter(({ kind }) => kind === 'actor')
    const path = `/review/articles/${article}/proposals/${actor?.id}`
    const edited = await post(path, {
      decision: 'accept',
      withNeeded: 'true',
      'before.name': actor?.draft.name,
      'edit.name': 'Edited Name',
    })
    expect(edited.headers.location).toContain('done=accepted')
    const done = new URL(edited.headers.location ?? '', 'http://here').searchParams.get('done')
    const href = done?.split(' ')[1] ?? ''
    const { body } = await t.api.get(href).expect(200)
    expect(body.name).toBe('Edited Name')

    const again = await post(path, { decision: 'reject' })
    expect([again.status, again.text.includes('role="alert"')]).toEqual([409, true])

    const undone = await post(`/review/articles/${article}/undo`, { href, reason: 'A mistake.' })
    expect(undone.headers.location).toContain('done=undone')
    await t.api.get(href).expect(410)

    await post(`/review/articles/${article}/proposals/${other?.id}`, {
      decision: 'reject',
      reason: 'No actor.',
    })
    expect((await openProposals(article)).map(({ id }) => id)).not.toContain(other?.id)
  })

  test('a citation of selected words, and a refusal that says why', async () => {
    const article = await upload('Second document')
    const path = `/review/articles/${article}/citations`
    await post(path, { record: 'actors/baykar', field: '', quote: 'for 12 reconnaissance drones' })
    const { body } = await t.api.get(`/v1/citations?article=${article}`).expect(200)
    expect(body.data[0]).toMatchObject({ quote: 'for 12 reconnaissance drones', field: null })
    const refused = await post(path, { record: 'actors/baykar', quote: 'words that nobody wrote' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('role="alert"')
  })

  test('the form of a kind has a menu for each closed list', async () => {
    const article = await upload('Third document')
    const actor = (await openProposals(article)).find(({ kind }) => kind === 'actor')
    const { text: page } = await t.api
      .get(`/review/articles/${article}/proposals/${actor?.id}`)
      .set({ Cookie: await signIn(client.keys.write) })
      .expect(200)
    expect(page).toMatch(/<select id="edit-type"[^>]*>.*<option value="company"/s)
    expect(page).toContain('name="edit.name"')
  })
})

describe.skipIf(!hasChromium && process.env.CI === undefined)('in Chromium', () => {
  test('the keyboard alone accepts a proposal', async () => {
    const article = await upload('Fourth document')
    const before = (await openProposals(article)).length
    await browser.open('/sign-in?to=%2Freview', async (page) => {
      await page.fill('#key', client.keys.write)
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/review$/)
      await page.goto(`/review/articles/${article}`)
      await page.keyboard.press('j')
      await page.keyboard.press('a')
      await page.waitForURL(/done=accepted/)
      expect(await page.locator('[role=status]').innerText()).toContain('Accepted')
    })
    expect((await openProposals(article)).length).toBeLessThan(before)
  })
})
