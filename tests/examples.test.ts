import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../src/access/queries.ts'
import { useApp } from './harness/app.ts'
import { programPath } from './harness/program-path.ts'
import { buildActor, buildEvent, buildPermit, storeRecords } from './harness/record-builders.ts'

/** The programs under examples/ against a running server, as somebody who copied them runs them. */

const t = useApp()
const folder = mkdtempSync(join(tmpdir(), 'casefile-examples-'))
afterAll(() => rmSync(folder, { recursive: true }))

let server: string
beforeAll(async () => {
  await t.app.listen({ port: 0, host: '127.0.0.1' })
  server = `http://127.0.0.1:${(t.app.server.address() as AddressInfo).port}`
})

type Outcome = { code: number; stdout: string; stderr: string }

const run = (program: string, args: string[] = [], settings: object = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const env = { PATH: programPath, LC_ALL: 'C.UTF-8', CASEFILE_SERVER: server, ...settings }
    execFile(join('examples', program), args, { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })

/**
 * A machine with nothing but Node need not have what the programs need: there their tests are skipped.
 */
const isThere = (tool: string) => spawnSync(tool, ['--version']).error === undefined
const needs = { shell: ['bash', 'curl', 'jq'], python: ['python3'] } as const
const runs = (program: string) =>
  needs[program.startsWith('shell') ? 'shell' : 'python'].every(isThere)

const programs = (question: string): [string, string] => [
  `shell/${question}.sh`,
  `python/${question.replaceAll('-', '_')}.py`,
]
const describeEach = (question: string, tests: (program: string) => void) => {
  for (const program of programs(question))
    describe.skipIf(!runs(program))(program, () => tests(program))
}

async function output(program: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(program, args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

const questions = ['permits-under-embargo', 'said-about', 'timeline', 'what-changed']

test('each question has exactly one program in shell and one in Python', () => {
  const there = ['shell', 'python'].flatMap((folder) =>
    readdirSync(join('examples', folder)).map((file) => `${folder}/${file}`),
  )
  // A program that writes has no twin in shell.
  expect(there.sort()).toEqual([...questions.flatMap(programs), 'python/propose.py'].sort())
  const readme = readFileSync('examples/README.md', 'utf8')
  for (const program of there) expect(readme).toContain(`\`${program}`)
})

describe.skipIf(!runs('python/propose.py'))('python/propose.py', () => {
  test('proposes the companies of an article with a key of the scope propose', async () => {
    const { db } = t.database
    const [proposing, reading] = await Promise.all([
      createKey(db, { name: 'example-propose', scope: 'propose', expiresAt: null }),
      createKey(db, { name: 'example-read', scope: 'read', expiresAt: null }),
    ])
    const article = ['turkey-pressed-canada']
    const proposed = await run('python/propose.py', article, { CASEFILE_KEY: proposing?.text })
    expect(proposed).toMatchObject({ code: 0, stderr: '' })
    const refused = await run('python/propose.py', article, { CASEFILE_KEY: reading?.text })
    if (proposed.stdout.startsWith('proposed:')) expect(refused.code).toBe(1)
    else expect(proposed.stdout).toMatch(/names no company/)
  })
})

describeEach('permits-under-embargo', (program) => {
  test('finds the permit that was issued under the embargo, with reason and quotes', async () => {
    const found = await output(program, 'certain')
    expect(found).toMatch(
      /^CERTAIN: Canada issued export permits for seven MX-15D systems to Baykar/,
    )
    expect(found).toContain('\n  why: The measure was imposed in late 2019;')
    expect(found).toContain('\n    “an arms embargo in place since late 2019')
    expect(await output(program)).toBe(found)
    expect(await output(program, 'possible')).toBe('')
  })

  test('exits with an error for an invalid question', async () => {
    const { code, stdout, stderr } = await run(program, ['maybe'])
    expect([code > 0, stdout]).toEqual([true, ''])
    expect(stderr).toContain('/query/certainty: ')
  })
})

describeEach('said-about', (program) => {
  test('finds everything about the actor in any spelling, with quotes and voices', async () => {
    const said = await output(program, 'Baykr')
    expect(said.match(/^\w+: .+$/gm)?.sort()).toEqual([
      'actor: Baykar',
      'event: Canada issues export permits for the delivery of seven MX-15D systems to Baykar',
      'permit: Export permits for seven MX-15D air-strike targeting systems to Baykar',
    ])
    expect(said).toContain(
      '  “seven MX-15D air-strike targeting systems”\n' +
        '    on items.0.good, items.0.quantity; says: The Globe and Mail, as told by PanARMENIAN.Net\n',
    )
  })

  test('finds a permit that names the actor only as its end destination', async () => {
    const slug = `gate-parts-${program.replace(/[^a-z]/g, '-')}`
    const title = `Permit for gate parts, ${program}`
    await storeRecords(t.database, buildPermit({ slug, title, endDestination: 'azerbaijan' }))
    await t.head.queryHead()
    expect(await output(program, 'Azerbaijan')).toContain(`permit: ${title}\n`)
  })

  test('reports an unknown name', async () => {
    const { code, stderr } = await run(program, ['qqqqqq'])
    expect([code, stderr]).toEqual([1, 'No actor has a name like “qqqqqq”.\n'])
  })
})

describeEach('timeline', (program) => {
  test('writes an escaped HTML list of all events with the words of each date', async () => {
    const page = await output(program, 'canada-turkey-wescam')
    expect(page).toMatch(/^<ol class="timeline">\n<li>/)
    expect(page).toMatch(/<\/li>\n<\/ol>\n$/)
    expect(page.match(/<li>/g)).toHaveLength(12)
    expect(page).toContain(
      '<li><time>2020-05</time> (“last May”) <strong>Canada issues export permits',
    )
    expect(page).not.toMatch(/ (?:"|')exceptional/)
  })
})

describeEach('what-changed', (program) => {
  test('shows the last day first, and then only new changes', async () => {
    const file = join(folder, program.replace('/', '-'))
    const first = (await output(program, file)).trim().split('\n')
    const { body } = await t.api.get('/v1/changes?limit=1000').expect(200)
    expect(first).toHaveLength(body.data.length)
    expect(first[0]).toMatch(/^\S+Z {2}seed {2}create {2}\/v1\/cases\/canada-turkey-wescam$/)
    expect(await output(program, file)).toBe('')
    const slug = `new-${program.slice(0, 5)}`
    await storeRecords(t.database, buildEvent({ slug }))
    await t.head.queryHead()
    expect(await output(program, file)).toMatch(
      new RegExp(`^\\S+Z {2}test {2}create {2}/v1/events/${slug}\n$`),
    )
    expect(Number(readFileSync(file, 'utf8'))).toBe((await t.head.queryHead()).revision)
  })
})

/** Skipped where there is no R, or none with jsonlite (Debian: r-base-core, r-cran-jsonlite). */
const hasR = spawnSync('Rscript', ['-e', 'library(jsonlite)'], { stdio: 'ignore' }).status === 0

describe.skipIf(!hasR)(
  `r/casefile.R${hasR ? '' : ' (skipped: R with jsonlite is not here)'}`,
  () => {
    /** What an expression gives, as JSON by rows. */
    async function inR(expression: string, settings: object = {}): Promise<never[]> {
      const code = `source('examples/r/casefile.R'); answer <- ${expression}; cat(jsonlite::toJSON(answer, na = 'null'))`
      const env = {
        PATH: programPath,
        LC_ALL: 'C.UTF-8',
        CASEFILE_SERVER: server,
        ...settings,
      }
      const { stdout, stderr, failed } = await new Promise<Record<string, string | boolean>>(
        (resolve) => {
          execFile('Rscript', ['--vanilla', '-e', code], { env }, (error, stdout, stderr) =>
            resolve({ stdout, stderr, failed: error !== null }),
          )
        },
      )
      expect({ stderr, failed }).toEqual({ stderr: '', failed: false })
      return JSON.parse(String(stdout))
    }

    test('finds the permit that was issued under the embargo', async () => {
      const found = await inR("permits_under_embargo(certainty = 'certain')")
      expect(found).toEqual([
        {
          certainty: 'certain',
          sentence: expect.stringContaining('Canada issued export permits for seven MX-15D'),
          reason: expect.stringContaining('late 2019'),
        },
      ])
    })

    test('finds everything said about an actor, with quotes and who says so', async () => {
      const said = await inR("said_about('baykar')")
      expect(said).toContainEqual({
        'record.name': 'Export permits for seven MX-15D air-strike targeting systems to Baykar',
        field: 'items.0.quantity',
        quote: 'seven MX-15D air-strike targeting systems',
        'voices.actor.name': 'The Globe and Mail; PanARMENIAN.Net',
        'voices.document': expect.anything(),
      })
    })

    test('gives the timeline with the words of each date', async () => {
      const { body } = await t.api.get('/v1/timeline?limit=200').expect(200)
      const events = await inR('timeline()')
      expect(events.map(({ slug }) => slug)).toEqual(
        body.data.map(({ slug }: { slug: string }) => slug),
      )
      expect(events).toContainEqual(
        expect.objectContaining({ 'on.edtf': '2020-05', 'on.asStated': 'last May' }),
      )
    })

    test('shows changes once', async () => {
      const { body } = await t.api.get('/v1/changes?limit=1000').expect(200)
      expect(await inR('what_changed()')).toHaveLength(body.data.length)
      expect(await inR(`what_changed(${body.revision})`)).toEqual([])
    })

    test('shows the key', async () => {
      const key = await createKey(t.database.db, { name: 'R', scope: 'read', expiresAt: null })
      expect(await inR('timeline()', { CASEFILE_KEY: key?.text })).not.toEqual([])
    })

    test('reads NA as Namibia', async () => {
      await storeRecords(t.database, buildActor({ slug: 'windhoek', country: 'NA' }))
      const found = await inR("casefile_table('/v1/actors', country = 'NA')[c('slug', 'country')]")
      expect(found).toEqual([{ slug: 'windhoek', country: 'NA' }])
    })
  },
)

test.each(questions.slice(0, 3))(
  '%s gives the same output in shell and in Python',
  async (question) => {
    const args = question === 'said-about' ? ['Turkey'] : []
    const [shell, python] = await Promise.all(
      programs(question).map(async (program) =>
        (await output(program, ...args)).split('\n').sort(),
      ),
    )
    expect(shell).toEqual(python)
    expect(shell?.length).toBeGreaterThan(20)
  },
)

test.each(questions.flatMap(programs).filter(runs))(
  '%s says in a line that no server answers',
  async (program) => {
    const file = join(folder, 'none')
    const args = program.includes('said') ? ['baykar'] : program.includes('changed') ? [file] : []
    const { code, stdout, stderr } = await run(program, args, {
      CASEFILE_SERVER: 'http://127.0.0.1:9',
    })
    expect([code > 0, stdout]).toEqual([true, ''])
    expect(stderr).toMatch(/^[^\n]*(127\.0\.0\.1)[^\n]*\n$/)
    expect(existsSync(file)).toBe(false)
  },
)
