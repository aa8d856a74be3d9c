import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { useWriteClient } from '../harness/write-client.ts'

const t = useApp()
const w = useWriteClient(t)
const file = join(mkdtempSync(join(tmpdir(), 'casefile-archive-')), 'heads.ndjson')

async function archive(): Promise<{ code: number | null; stderr: string }> {
  const address = t.app.server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const child = spawn(
    'bash',
    [join(import.meta.dirname, '../../examples/archive-heads.sh'), file],
    {
      env: { ...process.env, CASEFILE_SERVER: `http://127.0.0.1:${port}` },
    },
  )
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const code = await new Promise<number | null>((done) => child.on('close', done))
  return { code, stderr }
}
const readLines = () => readFileSync(file, 'utf8').trim().split('\n')

test('examples/archive-heads.sh archives each head once, and says when history was changed', async () => {
  await t.app.listen({ port: 0, host: '127.0.0.1' })
  expect(await archive()).toEqual({ code: 0, stderr: '' })
  expect(await archive()).toEqual({ code: 0, stderr: '' })
  expect(readLines()).toHaveLength(1)
  await w.createActor('archived-actor')
  expect(await archive()).toEqual({ code: 0, stderr: '' })
  expect(readLines().map((line) => JSON.parse(line).revision)).toEqual([1, 2])
  const forged = readLines().map((line) => line.replace(/"hash":"[0-9a-f]{4}/, '"hash":"0000'))
  writeFileSync(file, `${forged.join('\n')}\n`)
  const { code, stderr } = await archive()
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^HISTORY WAS CHANGED: revision 2/)])
})
