import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createDataFolder, root, runProgram, startServer, stopAllPrograms } from './program.ts'
import { createDatabase } from './test-database.ts'

afterAll(stopAllPrograms)

const linesOf = (file: string): string[] => readFileSync(join(root, file), 'utf8').split('\n')

/** What the last stage of the Dockerfile takes from the build folder: the whole of an image but Node and the packages. */
function copied(): { from: string; to: string }[] {
  const lines = linesOf('Dockerfile')
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))
  return last.flatMap((line) => {
    const [, from, to] = /^COPY (?!--)(\S+) (\S+)$/.exec(line) ?? []
    return from && to ? [{ from, to }] : []
  })
}

test('the files of the image are enough to serve, to read documents and to propose', async () => {
  const home = createDataFolder()
  const passes = new Set(linesOf('.dockerignore').map((line) => line.replace(/^!/, '')))
  for (const line of linesOf('Dockerfile'))
    for (const from of /^COPY (?!--)(.+) \S+$/.exec(line)?.[1]?.split(' ') ?? [])
      expect(passes).toContain(from)
  expect(copied().length).toBeGreaterThan(3)
  for (const { from, to } of copied()) {
    cpSync(join(root, from), join(home, to === './' ? from : to), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'))
  const DATABASE_URL = await createDatabase()
  const server = await startServer({ DATABASE_URL }, home)
  const { body } = await server.get('/v1/articles')
  const [{ href }] = (body as { data: { href: string }[] }).data as [{ href: string }]
  const proposals = await server.get(`${href}/proposals`)
  expect(proposals.body).toMatchObject({ data: expect.arrayContaining([expect.any(Object)]) })
  const page = join(home, 'page.html')
  writeFileSync(page, '<title>A permit</title><article><p>Canada issued a permit.</p></article>')
  const ingest = runProgram(
    ['ingest', page, '--case', 'canada-turkey-wescam'],
    { DATABASE_URL },
    home,
  )
  expect(await ingest.ended, ingest.stderr()).toBe(0)
  expect((await server.get('/openapi.json')).status).toBe(200)
  expect(await server.stop()).toBe(0)
})
