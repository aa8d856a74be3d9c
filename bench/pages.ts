/**
 * The command `npm run bench:pages [-- PERMITS]`: the cost of pages. Processor time of a page against that of the answers of
 * the API from which it is made; the dossier of a case with many permits against that of the seed; and, in Chromium, the
 * largest contentful paint of the seed's dossier against the same HTML from a server of static files.
 */
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { chromium, type Page } from 'playwright-core'
import { openEmbedded } from '../src/database/embedded.ts'
import { registerCleanup, runCommand } from './cleanup.ts'
import { benchFolder } from './data-set/data-set-cache.ts'
import { drainResponse, get } from './http.ts'
import { computeMedian } from './measure.ts'
import { readNumberArguments } from './options.ts'
import { readCpuMicros } from './processes.ts'
import { buildColumnMap, generateRegister } from './registers/generated-register.ts'
import { createDatabaseFactory, runImport } from './registers/import-process.ts'
import { type BenchServer, findFreePort, startApi } from './servers.ts'

const { permits } = readNumberArguments('bench:pages', {
  permits: { description: 'in the large case', min: 1_000, defaultValue: 100_000 },
})
const rounds = 5
const requestsPerRound = 20
/** Of a page, to the processor time of its answers; of the large dossier, and of the paint, to the other one. */
const goals = { answers: 2, large: 3, paint: 1.5 } as const
const seedCase = 'canada-turkey-wescam'
const largeCase = 'bench'
const workFolder = join(benchFolder, 'pages')

/** Each page, and the paths of the API that it reads. */
const pages: readonly { path: string; reads: readonly string[] }[] = [
  {
    path: `/cases/${seedCase}`,
    reads: [`/v1/cases/${seedCase}/dossier`, `/v1/network?case=${seedCase}&limit=45`],
  },
  {
    path: '/permits/wescam-mx15d-baykar-2020',
    reads: [
      '/v1/permits/wescam-mx15d-baykar-2020',
      '/v1/findings?permit=wescam-mx15d-baykar-2020&limit=50',
      '/v1/timeline?permit=wescam-mx15d-baykar-2020&limit=50',
    ],
  },
  {
    path: '/articles/turkey-pressed-canada',
    reads: [
      '/v1/articles/turkey-pressed-canada',
      '/v1/articles/turkey-pressed-canada/body?citations=true',
      '/v1/citations?article=turkey-pressed-canada&limit=100',
    ],
  },
]

type BenchServers = {
  server: BenchServer
  /** With its response cache, as it runs by default. */
  caching: BenchServer
}

async function prepareServers(): Promise<BenchServers> {
  mkdirSync(workFolder, { recursive: true })
  registerCleanup(async () => rmSync(workFolder, { recursive: true, force: true }))
  const embedded = await openEmbedded({
    dataDir: benchFolder,
    purpose: 'command',
    log: console.error,
  })
  registerCleanup(embedded.close)
  const url = await (await createDatabaseFactory(embedded.url))('casefile_bench_pages')
  const [file, map] = [join(workFolder, 'register.csv'), join(workFolder, 'register.yaml')]
  await pipeline(generateRegister(permits), createWriteStream(file))
  await pipeline([buildColumnMap(0)], createWriteStream(map))
  const server = await startApi(url, 'no cache', [], { SEED: 'on' })
  console.error(`importing a register of ${permits} permits`)
  await runImport(url, file, map)
  return { server, caching: await startApi(url, 'cache') }
}

/** Milliseconds of processor time of the server for one of these requests, the median of the rounds. */
async function measureCpuMs({ url, pid }: BenchServer, path: string): Promise<number> {
  const measured: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const before = readCpuMicros(pid) ?? 0
    for (let number = 0; number < requestsPerRound; number += 1) await drainResponse(url + path)
    const perRequest = ((readCpuMicros(pid) ?? 0) - before) / requestsPerRound / 1_000
    // The first round warms up.
    if (round > 0) measured.push(perRequest)
  }
  return computeMedian(measured)
}

async function measurePages(server: BenchServer): Promise<void> {
  for (const { path, reads } of pages) {
    const page = await measureCpuMs(server, path)
    let answers = 0
    for (const read of reads) answers += await measureCpuMs(server, read)
    report(
      `${path}: ${page.toFixed(1)} ms, its answers ${answers.toFixed(1)} ms`,
      page / answers,
      goals.answers,
    )
  }
}

/** Milliseconds until the whole page is there, the median. */
async function measureResponseMs(url: string): Promise<number> {
  const measured: number[] = []
  await drainResponse(url)
  for (let round = 0; round < requestsPerRound; round += 1) {
    const startedAt = performance.now()
    await drainResponse(url)
    measured.push(performance.now() - startedAt)
  }
  return computeMedian(measured)
}

async function measureLargeDossier({ url }: BenchServer): Promise<void> {
  const [large, seed] = [
    await measureResponseMs(`${url}/cases/${largeCase}`),
    await measureResponseMs(`${url}/cases/${seedCase}`),
  ]
  const what = `dossier of ${permits} permits ${large.toFixed(0)} ms, of the seed ${seed.toFixed(0)} ms`
  report(what, large / seed, goals.large)
}

/** The page and the files that it loads, as they are, from memory. */
async function serveStaticCopy(server: BenchServer): Promise<string> {
  const { text } = await get(`${server.url}/cases/${seedCase}`)
  const files = new Map([['/', { type: 'text/html; charset=utf-8', body: text }]])
  for (const [, path = ''] of text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
    const { text: body } = await get(server.url + path)
    const type = /\.css$/.test(path)
      ? 'text/css'
      : /\.js$/.test(path)
        ? 'text/javascript'
        : 'image/svg+xml'
    files.set(path, { type, body })
  }
  const port = await findFreePort()
  const copy = createServer(({ url = '' }, response) => {
    const file = files.get(url)
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' })
    response.end(file?.body)
  })
  await new Promise<void>((resolve) => copy.listen(port, '127.0.0.1', resolve))
  registerCleanup(async () => copy.close())
  return `http://127.0.0.1:${port}/`
}

const readPaintMs = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) =>
          resolve(list.getEntries().at(-1)?.startTime ?? 0),
        ).observe({ type: 'largest-contentful-paint', buffered: true })
      }),
  )

async function measurePaint(server: BenchServer): Promise<void> {
  const copy = await serveStaticCopy(server)
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
  registerCleanup(() => browser.close())
  const measured = { page: [] as number[], copy: [] as number[] }
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, url] of [
      ['page', `${server.url}/cases/${seedCase}`],
      ['copy', copy],
    ] as const) {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(url)
      const paintMs = await readPaintMs(page)
      if (round > 0) measured[name].push(paintMs)
      await context.close()
    }
  const [page, still] = [computeMedian(measured.page), computeMedian(measured.copy)]
  report(
    `largest contentful paint ${page.toFixed(0)} ms, of the static copy ${still.toFixed(0)} ms`,
    page / still,
    goals.paint,
  )
}

const report = (what: string, ratio: number, goal: number): void =>
  console.log(`${what}; ratio ${ratio.toFixed(2)}, goal at most ${goal}${ratio > goal ? ' !' : ''}`)

await runCommand(async () => {
  const { server, caching } = await prepareServers()
  await measurePages(server)
  await measureLargeDossier(server)
  await measurePaint(caching)
})
