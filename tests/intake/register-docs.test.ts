import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { importRegister } from '../../src/intake/registers/import-register.ts'
import { useApp } from '../harness/app.ts'

/** The examples of docs/registers.md. */

const t = useApp()
const folder = mkdtempSync(join(tmpdir(), 'casefile-register-docs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Example = { title: string; blocks: { kind: string; text: string }[] }

const page = readFileSync(join(import.meta.dirname, '../../docs/registers.md'), 'utf8')
const examples = (page.split('\n## Examples\n')[1]?.split('\n## ')[0] ?? '')
  .split('\n### ')
  .slice(1)
  .map((section): Example => {
    const [title = ''] = section.split('\n')
    const blocks = [...section.matchAll(/```([^\n]+)\n([\s\S]*?)\n```/g)]
    return { title, blocks: blocks.map(([, kind = '', text = '']) => ({ kind, text })) }
  })

test('there are examples', () => expect(examples.length).toBeGreaterThan(8))

test.each(examples.map((example, number) => [example.title, number, example.blocks] as const))(
  '%s',
  async (_title, number, blocks) => {
    const register = `demo${number}`
    const textOf = (kind: string) => blocks.find((block) => block.kind === kind)?.text ?? ''
    const own = join(folder, register)
    mkdirSync(own)
    const write = (name: string, text: string): string => {
      writeFileSync(join(own, name), `${text}\n`)
      return join(own, name)
    }
    for (const { kind, text } of blocks)
      if (kind.startsWith('csv ')) write(kind.slice('csv '.length), text)
    const rejects: string[] = []
    const { totals } = await importRegister(t.database, {
      file: write('table.csv', textOf('csv')),
      map: write(
        'map.yaml',
        `register: ${register}
case: { slug: ${register}, title: Example }
article: { slug: ${register}-table, title: Example ${number} }
language: en
actors: [{ slug: ruritania, type: state, name: Ruritania, country: null }]
${textOf('yaml')}`,
      ),
      isDryRun: false,
      withdrawAtMost: 20,
      onReject: ({ reason }) => rejects.push(reason),
      onProgress: () => undefined,
    })
    expect(rejects).toEqual([])
    expect(totals.filter(({ isEqual }) => !isEqual)).toEqual([])
    for (const [path, record] of Object.entries(JSON.parse(textOf('json')))) {
      const { body } = await t.api.get(path.replace(/\bdemo\b/, register)).expect(200)
      expect(body.data ?? body).toMatchObject(record as object)
    }
  },
)

test('the records of the examples pass verification', () => verifyAll(t.database))
