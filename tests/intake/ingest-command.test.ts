import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { ingestFiles } from '../../src/intake/documents/ingest-files.ts'
import { readRecognitionSettings } from '../../src/intake/extraction/ocr/recognition.ts'
import { Problem } from '../../src/problem.ts'
import { useApp } from '../harness/app.ts'
import { readSlugs } from '../harness/record-reader.ts'
import { createDataFolder, runProgram, stopAllPrograms } from '../process/program.ts'
import { buildDocx, buildEncryptedPdf, buildHtmlPage, buildPdf } from './document-builders.ts'

const t = useApp()
afterAll(stopAllPrograms)

const inCase = 'canada-turkey-wescam'
const folder = createDataFolder()
const file = (name: string, content: Buffer | string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function ingest(files: readonly string[], ...options: string[]) {
  const program = runProgram(['ingest', ...files, '--case', inCase, ...options], {
    DATABASE_URL: t.url,
  })
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
}

const words =
  'The ministry halted exports of coastal radars on Thursday, after lawmakers had asked.'

test('casefile ingest stores readable files, prints a result for each, and recognises stored ones', async () => {
  const before = await readSlugs(t, '/v1/articles?limit=200')
  const good = [
    file('note.txt', `A note on radars\n\n${words} It was a note.`),
    file('page.html', buildHtmlPage([`${words} It was a page.`])),
    file('report.pdf', buildPdf([[`${words} It was a report.`]])),
    file('letter.docx', buildDocx(['A letter on radars', `${words} It was a letter.`])),
  ]
  const bad = [
    file('locked.pdf', buildEncryptedPdf()),
    file('empty.txt', ''),
    file('program.bin', Buffer.from([0, 1, 2, 3, 0, 255, 254, 0])),
    join(folder, 'gone.txt'),
    folder,
  ]
  const first = await ingest([...good, ...bad], '--json')
  expect(first.code).toBe(1)
  const said = JSON.parse(first.stdout) as {
    refused: number
    files: { file: string; refused: boolean; message: string }[]
  }
  expect(said.refused).toBe(bad.length)
  expect(said.files.map((one) => [one.file, one.refused])).toEqual([
    ...good.map((path) => [path, false]),
    ...bad.map((path) => [path, true]),
  ])
  for (const { refused, message } of said.files)
    expect(message).toMatch(refused ? /\w{3}/ : /^stored as \/v1\/articles\/[a-z0-9-]+/)
  expect(said.files.find((one) => one.file.endsWith('gone.txt'))?.message).toMatch(/ENOENT.*gone/)
  const hrefs = said.files
    .slice(0, good.length)
    .map(({ message }) => /\/v1\/\S+\b/.exec(message)?.[0])
  for (const href of hrefs)
    expect((await t.api.get(`${href}`).expect(200)).body.body).toContain('coastal radars')
  const after = await readSlugs(t, '/v1/articles?limit=200')
  expect(after).toHaveLength(before.length + good.length)

  const again = await ingest(good)
  expect(again.code).toBe(0)
  for (const [index, path] of good.entries())
    expect(again.stdout).toContain(`${path}: already stored as ${hrefs[index]}`)
  expect(await readSlugs(t, '/v1/articles?limit=200')).toEqual(after)
}, 120_000)

test('casefile ingest describes the files by its options, and says what it ignores for stored ones', async () => {
  const note = file('described.txt', `A described note\n\n${words} It was described.`)
  const options = [
    '--publisher',
    'panarmenian-net',
    '--published-on',
    '2021-04',
    '--language',
    'en',
  ]
  const stored = await ingest([note], ...options, '--author', 'Ann Roe', '--type', 'news-article')
  expect(stored).toMatchObject({ code: 0 })
  const href = /\/v1\/articles\/\S+/.exec(stored.stdout)?.[0] ?? ''
  expect((await t.api.get(href).expect(200)).body).toMatchObject({
    publisher: { slug: 'panarmenian-net' },
    publishedOn: { edtf: '2021-04' },
    language: 'en',
    authors: ['Ann Roe'],
    type: 'news-article',
  })
  const again = await ingest([note], '--published-on', '2021-05', '--language', 'en')
  expect(again.stdout).toContain(`already stored as ${href}; its publishedOn stays as it is`)
  const wrong = await ingest([note], '--published-on', 'in May')
  expect(wrong).toMatchObject({ code: 1 })
  expect(wrong.stderr).toMatch(/--published-on: /)
  const several = await ingest([note, note], '--title', 'One title')
  expect(several.stderr).toMatch(/--title and --url describe one file/)
}, 120_000)

test('casefile ingest into an unknown case refuses each file and stores nothing', async () => {
  const before = (await t.head.queryHead()).revision
  const program = runProgram(['ingest', file('one.txt', words), '--case', 'nowhere'], {
    DATABASE_URL: t.url,
  })
  expect(await program.ended).toBe(1)
  expect(program.stdout() + program.stderr()).toMatch(/one\.txt.*nowhere/)
  expect((await t.head.queryHead()).revision).toBe(before)
}, 60_000)

test.each([
  [
    'a database that is lost',
    Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    }),
  ],
  [
    'a connection that breaks',
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }),
  ],
  ['a database that is too busy', new Problem('busy', 'No turn came within its time.')],
  ['a bug', new TypeError('internal text')],
])('%s ends the command with the error', async (_what, error) => {
  const said: object[] = []
  const write = () => Promise.reject(error)
  const ingesting = ingestFiles(
    { ...t.database, write },
    [file('one.txt', `${words} One.`), file('two.txt', `${words} Two.`)],
    {
      case: inCase,
      limitBytes: 1_000_000,
      recognition: readRecognitionSettings(readConfig({ OCR: 'off' })),
    },
    (outcome) => said.push(outcome),
  )
  await expect(ingesting).rejects.toBe(error)
  expect(said).toEqual([])
})
