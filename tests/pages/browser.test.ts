import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { HtmlValidate } from 'html-validate'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { hasChromium, useBrowser } from '../harness/browser.ts'
import { useWriteClient } from '../harness/write-client.ts'

/** Pages in a real browser. `npm run test:browser` opens all of them; the suite opens some. */

const t = useApp()
const client = useWriteClient(t)
const browser = useBrowser(t)
const isLong = process.env.BROWSER_TESTS === 'all'

const short = [
  '/',
  '/cases/canada-turkey-wescam',
  '/articles/turkey-pressed-canada',
  '/permits/wescam-mx15d-baykar-2020',
  '/search?q=turkey',
]
const long = [
  '/measures/canada-arms-embargo-turkey-2019',
  '/actors/baykar',
  '/goods/mx-15d',
  '/events/canada-issues-permits-for-baykar',
  '/affiliations/morgan-deputy-minister-of-foreign-affairs',
  '/permits',
  '/actors',
  '/findings',
  '/changes',
  '/about',
  '/sign-in',
  '/problems',
  '/problems/not-found',
  '/permits/wescam-mx15d-baykar-2020/history',
  '/cases/canada-turkey-wescam?revision=1',
]
const pages = isLong ? [...short, ...long] : short

/** Pages of a person who signed in. `ARTICLE` and `PROPOSAL` stand for what the tests add. */
const reviewPages = [
  '/review/articles/ARTICLE',
  ...(isLong
    ? [
        '/review',
        '/review/registers',
        '/review/articles/ARTICLE/proposals/PROPOSAL',
        ...[
          'cases/canada-turkey-wescam',
          'articles/turkey-pressed-canada',
          'actors/baykar',
          'goods/mx-15d',
          'permits/wescam-mx15d-baykar-2020',
          'measures/canada-arms-embargo-turkey-2019',
          'affiliations/morgan-deputy-minister-of-foreign-affairs',
        ].map((record) => `/review/edit/${record}`),
      ]
    : []),
  '/review/edit/events/canada-issues-permits-for-baykar',
]
const embeds = [
  'timeline/canada-turkey-wescam',
  ...(isLong ? ['FINDING', 'QUOTE', 'totals/permits?by=destination&by=year'] : []),
]

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)
const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    'long-title': 'off',
    'no-trailing-whitespace': 'off',
    'no-inline-style': 'error',
    'void-style': 'off',
    'doctype-style': 'off',
    'attribute-boolean-style': 'off',
    // Prescribes other markup for what is valid.
    'prefer-native-element': 'off',
    'no-implicit-button-type': 'error',
  },
})

test.skipIf(hasChromium || process.env.CI !== undefined)(
  'there is no Chromium on this machine: the browser tests are skipped',
  () => undefined,
)

describe.skipIf(!hasChromium && process.env.CI === undefined)('in Chromium', () => {
  test.each(pages)('%s is accessible, small and fits a phone', (path) =>
    browser.open(path, expectAccessible),
  )

  test.each(reviewPages)('%s is accessible and fits a phone', async (path) =>
    browser.open(await fillIn(path), expectAccessible, await signedIn()),
  )

  test.each(embeds)('embed %s is accessible and fits a phone', async (embed) =>
    browser.open(await fillIn(`/embed/${embed}`), expectAccessible),
  )

  test.each(pages)('%s is whole without JavaScript, in few requests', async (path) => {
    let requests = 0
    let bytes = 0
    await browser.open(
      '/problems',
      async (page) => {
        page.on('response', async (response) => {
          requests += 1
          bytes += (await response.body().catch(() => Buffer.alloc(0))).length
        })
        await page.goto(path, { waitUntil: 'networkidle' })
        expect(await page.locator('main h1').count()).toBe(1)
        expect((await page.locator('main').innerText()).length).toBeGreaterThan(60)
      },
      { javaScriptEnabled: false },
    )
    expect(requests).toBeLessThanOrEqual(15)
    expect(bytes).toBeLessThanOrEqual(200_000)
  })

  test('the keyboard reaches the content first, and every link', async () => {
    await browser.open('/permits/wescam-mx15d-baykar-2020', async (page) => {
      await page.keyboard.press('Tab')
      expect(await page.locator(':focus').innerText()).toBe('Skip to the content')
      await page.keyboard.press('Enter')
      expect(await page.evaluate('document.activeElement.id')).toBe('content')
    })
  })

  test('a mark of an article leads to its facts and back', async () => {
    await browser.open('/articles/turkey-pressed-canada', async (page) => {
      await page.locator('.marked-text sup a').first().click()
      const facts = page.locator('.facts > li:target')
      expect(await facts.count()).toBe(1)
      await facts.locator('a.back').click()
      expect(page.url()).toMatch(/#mark-\d+$/)
    })
  })

  test('markup in names, titles, quotes and texts runs nothing', async () => {
    const attack = `<img src=x onerror="document.title='attacked'"><script>document.title='attacked'</script>`
    await client.createActor('markup', { name: attack, aliases: [{ name: attack }] })
    await client.post('/v1/articles', {
      slug: 'markup',
      title: attack,
      case: 'canada-turkey-wescam',
      text: `Words before. ${attack} Words after.`,
    })
    await client.createActor('markup-quoted', {
      citations: [{ article: 'markup', quote: attack.slice(0, 40) }],
    })
    for (const path of [
      '/actors/markup',
      '/actors/markup-quoted',
      '/articles/markup',
      '/actors',
      '/search?q=attacked',
      '/cases/canada-turkey-wescam',
    ])
      await browser.open(path, async (page) => {
        expect(await page.title(), path).not.toBe('attacked')
        expect(await page.locator('main img').count(), path).toBe(0)
      })
  })

  test('prints to PDF', async () => {
    await browser.open('/cases/canada-turkey-wescam', async (page) => {
      const pdf = await page.pdf({ format: 'A4' })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    })
  })
})

test.each([...pages, ...reviewPages, ...embeds.map((embed) => `/embed/${embed}`)])(
  '%s is valid HTML',
  async (path) => expectValid(await fillIn(path)),
)

async function expectValid(path: string): Promise<void> {
  const { text } = await t.api
    .get(path)
    .set({ Accept: 'text/html', Cookie: await readSessionCookie() })
    .expect(200)
  const report = await validator.validateString(text)
  const messages = report.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`),
  )
  expect(messages).toEqual([])
}

async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource)
  const violations = await page.evaluate(async () => {
    type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
  expect(violations).toEqual([])
  await page.setViewportSize({ width: 320, height: 640 })
  const width = await page.evaluate('document.documentElement.scrollWidth')
  expect(width, 'width on a phone').toBeLessThanOrEqual(320)
}

async function readSessionCookie(): Promise<string> {
  const { headers } = await t.api
    .post('/sign-in')
    .type('form')
    .send({ key: client.keys.write, to: '/review' })
  return String((headers['set-cookie'] as unknown as string[])[0]).split(';')[0] ?? ''
}

/** Options of a browser in which a person has signed in. */
async function signedIn() {
  const [name = '', value = ''] = (await readSessionCookie()).split(/=(.*)/)
  const cookie = { name, value, domain: '127.0.0.1', path: '/', expires: -1 }
  const settings = { httpOnly: true, secure: false, sameSite: 'Strict' as const }
  return { storageState: { cookies: [{ ...cookie, ...settings }], origins: [] } }
}

/** The path with the names of what the test needs. */
async function fillIn(path: string): Promise<string> {
  if (path.includes('ARTICLE')) {
    const article = await addArticle()
    const { body } = await t.api.get(`/v1/articles/${article}/proposals`).expect(200)
    const event = body.data.find(({ kind }: { kind: string }) => kind === 'event')
    return path.replace('ARTICLE', article).replace('PROPOSAL', event.id)
  }
  const { body } = await t.api.get('/v1/findings?limit=1').expect(200)
  const [finding] = body.data
  return path
    .replace('FINDING', `finding/${finding.id}`)
    .replace('QUOTE', `quote/${finding.records[0].citations[0].id}`)
}

let addedArticle: string | undefined
async function addArticle(): Promise<string> {
  if (addedArticle !== undefined) return addedArticle
  const { body } = await client
    .post('/v1/articles', {
      title: 'Estmark takes delivery',
      case: 'canada-turkey-wescam',
      text: 'Norland issued an export licence to Falkor Dynamics in March 2023 for 12 reconnaissance drones.\n\nFalkor Dynamics delivered the drones to the Republic of Estmark in June 2023, the ministry said.',
    })
    .expect(201)
  addedArticle = body.slug
  return body.slug
}
