import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { TestApp } from './app.ts'

/** Debian's Chromium. */
const executablePath = '/usr/bin/chromium'
export const hasChromium = existsSync(executablePath)

export type TestBrowser = {
  base: string
  /** Opens a page. It is closed after `use`. Errors in its console fail the test. */
  open<T>(
    path: string,
    use: (page: Page) => Promise<T>,
    options?: BrowserContextOptions,
  ): Promise<T>
}

/** A browser and a port for the tests of a file. */
export function useBrowser(t: TestApp): TestBrowser {
  let browser: Browser | undefined
  const tester: TestBrowser = {
    base: '',
    async open(path, use, options = {}) {
      const context = await browser?.newContext({ baseURL: tester.base, ...options })
      if (context === undefined) throw new Error(`There is no ${executablePath}.`)
      try {
        const page = await context.newPage()
        const errors: string[] = []
        page.on('pageerror', (error) => errors.push(error.message))
        page.on('console', (message) => {
          if (message.type() === 'error') errors.push(message.text())
        })
        await page.goto(path)
        const result = await use(page)
        if (errors.length > 0) throw new Error(`${path}: ${errors.join('; ')}`)
        return result
      } finally {
        await context.close()
      }
    },
  }
  beforeAll(async () => {
    await t.app.listen({ port: 0, host: '127.0.0.1' })
    tester.base = `http://127.0.0.1:${(t.app.server.address() as AddressInfo).port}`
    if (hasChromium) browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(() => browser?.close())
  return tester
}
