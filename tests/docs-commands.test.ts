import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useApp } from './harness/app.ts'
import { programPath } from './harness/program-path.ts'
import { buildArticle, storeRecords } from './harness/record-builders.ts'
import { useWriteClient } from './harness/write-client.ts'
import { buildPdf } from './intake/document-builders.ts'

/** The commands of the pages as somebody types them who follows a page from top to bottom, on a server of the seed. */

const t = useApp()
const w = useWriteClient(t)
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'casefile-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Starts a server of its own, which other tests do. */
const startsSomething = /^(npm ci|docker compose|DATABASE_URL=)/

type Block = { page: string; line: number; language: string; text: string; after: string }

const blocks: Block[] = ['README.md', 'docs/api.md', 'docs/ledger.md'].flatMap((page) => {
  const content = readFileSync(join(root, page), 'utf8')
  return [...content.matchAll(/^```(sh|python)\n(.*?)^```\n+([^\n]*)/gms)].map((found) => {
    const [, language = '', text = '', after = ''] = found
    const line = content.slice(0, found.index).split('\n').length
    return { page, line, language, text, after }
  })
})

const isThere = (tool: string) => spawnSync(tool, ['--version']).error === undefined
const canRun = ['bash', 'curl', 'python3', 'sha256sum'].every(isThere)

let environment: NodeJS.ProcessEnv
let server: string
beforeAll(async () => {
  await t.app.listen({ port: 0, host: '127.0.0.1' })
  server = `http://127.0.0.1:${(t.app.server.address() as AddressInfo).port}`
  // curl says after each request how it was answered; npx finds the program without a look at the network.
  const { stdout } = spawnSync('sh', ['-c', 'command -v curl'], { encoding: 'utf8' })
  const shims = {
    curl: `exec ${stdout.trim()} -w '%{stderr}answered %{http_code} %{url_effective}\\n' "$@"`,
    npx: `shift; exec ${root}/bin/casefile "$@"`,
  }
  for (const [name, script] of Object.entries(shims))
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  symlinkSync(join(root, 'examples'), join(folder, 'examples'))
  writeFileSync(join(folder, 'report.pdf'), buildPdf([['A report of which nobody has heard.']]))
  writeFileSync(join(folder, 'interview.txt'), 'An interview\n\nOf this, too, nobody has heard.\n')
  environment = {
    PATH: `${folder}:${programPath}`,
    LC_ALL: 'C.UTF-8',
    KEY: w.keys.write,
    CASEFILE_SERVER: server,
    DATABASE_URL: t.url,
  }
})

type Outcome = { code: number; stdout: string; stderr: string }

const run = (program: string, args: string[], more: object = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const options = { cwd: folder, env: { ...environment, ...more }, maxBuffer: 64 * 1_048_576 }
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })

const here = (text: string) =>
  text.replaceAll(/http:\/\/localhost:3000|https:\/\/casefile\.example\.org/g, server)

/** Runs it as it stands; nothing may fail and every request must be answered with what was asked for. */
async function walk(text: string, more: object = {}): Promise<string> {
  const { code, stdout, stderr } = await run(
    'bash',
    ['--norc', '-euo', 'pipefail', '-c', here(text)],
    more,
  )
  const statuses = [...stderr.matchAll(/^answered (\d+) (.*)$/gm)].map(([, status, url]) => ({
    status: Number(status),
    url,
  }))
  expect(
    { code, failed: statuses.filter(({ status }) => status < 200 || status > 299) },
    `${text}${stdout.slice(0, 2_000)}${stderr}`,
  ).toEqual({ code: 0, failed: [] })
  expect(statuses.length).toBe(text.match(/\bcurl /g)?.length ?? 0)
  return stdout
}

/** First: what the commands write is not of the seed. */
describe('figures on the pages', () => {
  const said = (page: string, pattern: RegExp): string => {
    const [, word] =
      pattern.exec(readFileSync(join(root, page), 'utf8').replaceAll('\n', ' ')) ?? []
    if (word === undefined) throw new Error(`${page} does not say ${pattern} any more.`)
    return word
  }
  const words = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
  const count = async (path: string) => (await t.api.get(path).expect(200)).body.data.length

  test('the number of findings of the case', async () => {
    const findings = await count('/v1/findings?case=canada-turkey-wescam')
    expect(said('README.md', /answers with (\w+) findings/)).toBe(words[findings])
  })

  test('the numbers of possible and certain events in May 2020', async () => {
    const period = '/v1/events?from=2020-05&to=2020-05'
    const page = 'docs/api.md'
    expect(said(page, /the first gives (\w+) events/)).toBe(words[await count(period)])
    expect(said(page, /the second gives (\w+), the memo/)).toBe(
      words[await count(`${period}&certainty=certain`)],
    )
  })
})

describe.skipIf(!canRun)('the commands of the pages run as they stand', () => {
  const runnable = blocks.filter(({ text }) => !startsSomething.test(text))

  test('all but those that start a server', () => {
    const left = blocks.filter((block) => !runnable.includes(block)).map(({ text }) => text.trim())
    expect(left).toEqual([
      'npm ci && npm start',
      'npm ci && npm test',
      'docker compose up --build',
      'DATABASE_URL=postgres://user:password@host:5432/casefile npm start',
    ])
  })

  for (const { page, line, language, text, after } of runnable) {
    const [first = ''] = text.split('\n')
    test(`${page}, line ${line}: ${first}`, async () => {
      if (language === 'python') {
        const { code, stdout, stderr } = await run('python3', ['-c', here(text)])
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expect(stdout.trim()).not.toBe('')
        expect(stdout).not.toContain('DOES NOT HOLD')
        return
      }
      if (text.includes('$ID')) return reviewing(text)
      const said = await walk(text)
      const shown = /^prints `(.+?)`/.exec(after)?.[1]
      if (shown !== undefined) expect(said.trim()).toBe(shown)
    })
  }

  /** Each of these commands decides on another proposal. */
  async function reviewing(text: string): Promise<void> {
    const body = readFileSync(join(root, 'tests/intake/articles/engines.txt'), 'utf8')
    await storeRecords(t.database, buildArticle({ slug: 'engines', body }))
    await t.head.queryHead()
    const proposals = async () => {
      const { body: found } = await t.api.get('/v1/articles/engines/proposals').expect(200)
      return found.data as { id: string; kind: string }[]
    }
    for (const [index, command] of text.trim().split('\n\n').entries()) {
      const open = await proposals()
      const wanted = command.includes('into') ? 'event' : 'actor'
      const chosen = open.find(({ kind }) => kind === wanted)
      expect(chosen, `${index}: no ${wanted} is proposed`).toBeDefined()
      await walk(command, { ID: chosen?.id })
    }
  }
})
