import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { copyOfSeeded } from './database.ts'
import { endAll, newFolder, root, run, serve } from './program.ts'

/** A copy of the program with a pack of its own. Its packages are those of the project, but for commander. */
let home = ''
const fromPack = 'This is the pack.'

beforeAll(() => {
  home = newFolder()
  const own = [
    'src',
    'scripts',
    'prisma',
    'seeds',
    'dictionaries',
    'package.json',
    'node_modules/commander',
  ]
  for (const name of own) cpSync(join(root, name), join(home, name), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== 'commander' && !name.startsWith('.'))
      symlinkSync(join(root, 'node_modules', name), join(home, 'node_modules', name))
  rmSync(join(home, 'src/generated/packed'), { recursive: true, force: true })
  edit('src/serve.ts', (text) => text.replace('await app.ready()', "throw new Error('A bug')"))
  expect(pack()).toMatchObject({ status: 0, stderr: '' })
  edit('src/generated/packed/program.js', (text) => `${text}\nconsole.error('${fromPack}')\n`)
})

function pack() {
  const script = ['--disable-warning=ExperimentalWarning', 'scripts/pack.ts']
  return spawnSync(process.execPath, script, { cwd: home, encoding: 'utf8' })
}

const restoring: (() => void)[] = []
afterEach(() => {
  for (const restore of restoring.splice(0)) restore()
})
afterAll(endAll)

/** Gives the way back. */
function edit(file: string, change: (text: string) => string): () => void {
  const path = join(home, file)
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(path, after)
  return () => writeFileSync(path, before)
}

async function help(): Promise<{ text: string; isPacked: boolean }> {
  const program = run(['--help'], {}, home)
  expect(await program.ended).toBe(0)
  return { text: program.stdout(), isPacked: program.stderr().includes(fromPack) }
}

test('what is packed is run while the sources are as they were', async () => {
  expect((await help()).isPacked).toBe(true)
})

test('no package is packed that an install without optional and development packages leaves out', () => {
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
  const { packages } = read(join(root, 'package-lock.json'))
  const list: { file: string }[] = read(join(home, 'src/generated/packed/made-of.json'))
  const names = list.flatMap(
    ({ file }) => /(node_modules\/.+)\/package\.json$/.exec(file)?.[1] ?? [],
  )
  expect(names).toContain('node_modules/commander')
  const seldom = names.filter((name) => {
    const { dev, optional, devOptional } = packages[name.replace(/^.*?(?=node_modules\/)/, '')]
    return dev || optional || devOptional
  })
  expect(seldom).toEqual([])
})

test('a server that has answered, compressed, has not loaded fetch', async () => {
  const telling = `process.on('exit', () => console.error(process.argv.at(-1) + ' has loaded fetch: ' + process.moduleLoadList.some((name) => name.includes('undici'))))`
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(telling)}`
  const server = await serve({ DATABASE_URL: await copyOfSeeded(), NODE_OPTIONS }, home)
  const { headers } = await server.get('/v1/permits', { 'Accept-Encoding': 'gzip' })
  expect(headers.get('content-encoding')).toBe('gzip')
  expect(await server.stop()).toBe(0)
  expect(server.stderr()).toContain(fromPack)
  expect(server.stderr()).toContain('serve has loaded fetch: false')
})

test('an edit is run at once, be it of the same length', async () => {
  const to = 'every FACT tied'
  restoring.push(edit('src/program.ts', (text) => text.replace('every fact tied', to)))
  const { text, isPacked } = await help()
  expect(text).toContain(to)
  expect(isPacked).toBe(false)
})

test('an edit that was taken back is none, though the file is younger', async () => {
  edit('src/program.ts', (text) => `${text}\n`)()
  expect((await help()).isPacked).toBe(true)
})

test('an edit of a file that only a thread loads counts as well: the program is another build', async () => {
  restoring.push(edit('src/intake/reading/reader-thread.ts', (text) => `${text}\n`))
  expect((await help()).isPacked).toBe(false)
})

test('another version of a package is run', async () => {
  const other = 'node_modules/commander/package.json'
  restoring.push(edit(other, (text) => text.replace(/"version": "\d+/, '"version": "99')))
  expect((await help()).isPacked).toBe(false)
})

test('a list of what was packed that is missing or broken off is worth nothing', async () => {
  restoring.push(edit('src/generated/packed/made-of.json', (text) => text.slice(0, 1_000)))
  expect((await help()).isPacked).toBe(false)
  rmSync(join(home, 'src/generated/packed/made-of.json'))
  expect((await help()).isPacked).toBe(false)
})

test('a bug is told with its place in the sources', async () => {
  const program = run(['openapi'], {}, home)
  expect(await program.ended).toBe(1)
  const line = readFileSync(join(home, 'src/serve.ts'), 'utf8')
    .split('\n')
    .findIndex((text) => text.includes('A bug'))
  expect(program.stderr()).toContain(fromPack)
  expect(program.stderr()).toContain(
    `Error: A bug\n    at describeApi (file://${home}/src/serve.ts:${line + 1}:`,
  )
})

test('where nothing can be packed an install goes on, and what was packed before is not run', async () => {
  rmSync(join(home, 'node_modules/rolldown'))
  const { status, stderr } = pack()
  expect(status).toBe(0)
  expect(stderr).toMatch(
    /^Nothing is packed, so a start takes longer: .*Cannot find package 'rolldown'/,
  )
  expect((await help()).isPacked).toBe(false)
})
