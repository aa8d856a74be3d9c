import { JSDOM } from 'jsdom'
import { describe, expect, test } from 'vitest'
import { kinds } from '../../src/records/kinds/all-kinds.ts'
import { useApp } from '../harness/app.ts'
import { hasChromium, useBrowser } from '../harness/browser.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'

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
      'before.name': JSON.stringify(actor?.draft.name),
      'edit.text.name': 'Edited Name',
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
    expect(page).toContain('name="edit.text.name"')
  })
})

describe('correcting a record', () => {
  const readForm = async (path: string) => {
    const { text: page } = await t.api
      .get(path)
      .set({ Cookie: await signIn(client.keys.write) })
      .expect(200)
    const document = new JSDOM(page).window.document
    const inputs = document.querySelectorAll<HTMLInputElement>('form.edit [name]')
    return Object.fromEntries([...inputs].map(({ name, value }) => [name, value]))
  }
  const head = async () => (await t.api.get('/v1/ledger/head')).body.revision as number
  const allRecords = async () => {
    const plurals = Object.values(kinds).map(({ plural }) => plural)
    const lists = plurals.map(async (plural) => {
      const { body } = await t.api.get(`/v1/${plural}?limit=3`).expect(200)
      return body.data.map(({ slug }: { slug: string }) => `/review/edit/${plural}/${slug}`)
    })
    return (await Promise.all(lists)).flat() as string[]
  }

  test('the form of every kind, sent back as it is, changes nothing', async () => {
    for (const path of await allRecords()) {
      const form = await readForm(path)
      const before = await head()
      const { status, text: page } = await post(path, form)
      expect([path, status, page.match(/role="alert".*/)?.[0]]).toEqual([path, 303, undefined])
      expect([path, await head()]).toEqual([path, before])
    }
  })

  test('a field within a field, an element of a list, and an empty field', async () => {
    await client.post('/v1/actors', {
      slug: 'to-correct',
      type: 'company',
      name: 'To Correct',
      country: 'TR',
      aliases: ['First Name', 'Second Name'],
      citations: [citationBody()],
    })
    const path = '/review/edit/actors/to-correct'
    const form = await readForm(path)
    const aliases = Object.keys(form).filter(
      (name) => name.startsWith('edit.') && /alias/.test(name),
    )
    expect(aliases.length).toBeGreaterThan(0)
    const response = await post(path, {
      ...form,
      'edit.text.name': 'Corrected',
      'edit.text.country': '',
      [aliases[0] ?? '']: form[aliases[0] ?? '']?.replace('First Name', 'Other Name'),
    })
    expect(response.headers.location).toBe('/actors/to-correct')
    const { body } = await t.api.get('/v1/actors/to-correct').expect(200)
    expect(body).toMatchObject({ name: 'Corrected', country: null })
    expect(body.aliases.map(({ name }: { name: string }) => name)).toContain('Other Name')
  })

  test('two reviewers: the second sees what changed, keeps the entries, and can save again', async () => {
    await client.createActor('contested')
    const path = '/review/edit/actors/contested'
    const [mine, theirs] = [await readForm(path), await readForm(path)]
    await post(path, { ...theirs, 'edit.text.country': 'DE' })
    const refused = await post(path, { ...mine, 'edit.text.name': 'My Name' })
    expect(refused.status).toBe(412)
    const { document } = new JSDOM(refused.text).window
    expect(document.querySelector('[role=alert]')?.textContent).toMatch(/Somebody else.*DE/s)
    const inputs = [...document.querySelectorAll<HTMLInputElement>('form.edit [name]')]
    const again = Object.fromEntries(inputs.map(({ name, value }) => [name, value]))
    expect(again).toMatchObject({ 'edit.text.name': 'My Name', 'edit.text.country': 'DE' })
    expect((await post(path, again)).status).toBe(303)
    const { body } = await t.api.get('/v1/actors/contested').expect(200)
    expect(body).toMatchObject({ name: 'My Name', country: 'DE' })
  })

  test('a value that the API refuses is said, and stays in the form', async () => {
    await client.createActor('refused')
    const path = '/review/edit/actors/refused'
    const refused = await post(path, { ...(await readForm(path)), 'edit.text.country': 'Atlantis' })
    expect(refused.status).toBe(400)
    expect(refused.text).toMatch(/role="alert"/)
    expect(refused.text).toContain('value="Atlantis"')
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
