import { describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { useWriteClient } from '../harness/write-client.ts'

/** `POST /v1/registers`. */

const t = useApp()
const client = useWriteClient(t)

const table = `number;issued;country;value;firm
1;2019-03-04;Turkey;1200.50;7
2;2019-04-01;Azerbaijan;300;8
2a;2019-13-01;Turkey;1;7
`
const buildMap = (extra = '') => `
register: sent
case: { slug: sent, title: A register that was sent }
article: { slug: sent-2019, title: Licences of 2019, publisher: canada }
file: { delimiter: ";" }
permit:
  key: [number]
  title: Licence {number}
  number: { column: number }
  issuer: { actor: canada }
  issuedOn: { column: issued, formats: [yyyy-MM-dd] }
  destination: { column: country, type: state }
  value: { column: value, currency: CAD, decimal: "." }
${extra}`

type File = [part: string, text: string, name: string]
const send = (
  files: readonly File[],
  fields: Record<string, string> = {},
  key = client.keys.write,
) => {
  const request = t.api.post('/v1/registers').set('Authorization', `Bearer ${key}`)
  for (const [name, value] of Object.entries(fields)) request.field(name, value)
  for (const [part, text, filename] of files)
    request.attach(part, Buffer.from(text), { filename, contentType: 'application/octet-stream' })
  return request
}
const files = (map = buildMap()): File[] => [
  ['file', table, 'licences.csv'],
  ['map', map, 'licences.yaml'],
]
const countPermits = async () => {
  const { body } = await t.api.get('/v1/permits?case=sent')
  return body.data?.length ?? 0
}

describe('POST /v1/registers', () => {
  test('a dry run says what would happen, and writes nothing', async () => {
    const before = (await t.api.get('/v1/ledger/head')).body
    const { body } = await send(files()).expect(200)
    expect(body).toMatchObject({ isDryRun: true, rows: 3, added: 2, rejected: 1 })
    expect(body.rejects).toEqual([
      {
        row: 4,
        line: 4,
        column: 'issued',
        reason: expect.any(String),
        text: '2a;2019-13-01;Turkey;1;7',
      },
    ])
    expect((await t.api.get('/v1/ledger/head')).body).toEqual(before)
  })

  test('an import makes the permits, in the name of the key', async () => {
    const { body } = await send(files(), { dryRun: 'false' }).expect(200)
    expect(body).toMatchObject({ isDryRun: false, added: 2, rejected: 1 })
    expect(await countPermits()).toBe(2)
    const { body: changes } = await t.api.get('/v1/changes?case=sent')
    expect(new Set(changes.data.map(({ author }: { author: string }) => author))).toEqual(
      new Set(['test write']),
    )
    const { body: again } = await send(files(), { dryRun: 'false' }).expect(200)
    expect(again).toMatchObject({ added: 0, changed: 0 })
  })

  test('a side table is one of the files that were sent, and no file of the server', async () => {
    const join = (file: string) =>
      buildMap(`rows: { join: [{ file: "${file}", key: firm, columns: { name: firm name } }] }\n`)
    for (const file of ['../../../etc/passwd']) {
      const { body } = await send(files(join(file))).expect(400)
      expect(body.detail).not.toMatch(/root:|casefile-register-/)
    }
  })

  test.each<[string, File[], Record<string, string>, RegExp]>([
    ['no map', [['file', table, 'a.csv']], {}, /\/body\/map/],
    ['no table', [['map', buildMap(), 'a.yaml']], {}, /\/body\/file/],
    [
      'a map with a misspelt word',
      files(buildMap().replace('issuedOn', 'issuedOm')),
      {},
      /licences\.yaml:\d+/,
    ],
    [
      'two files with one name',
      [
        ['file', table, 'a.csv'],
        ['map', buildMap(), 'a.csv'],
      ],
      {},
      /same name/,
    ],
    ['another word than true or false', files(), { dryRun: 'perhaps' }, /\/body\/dryRun/],
    ['an unknown part', files(), { dryrun: 'true' }, /dryrun/],
  ])('refuses %s', async (_what, sent, fields, detail) => {
    const { body, status } = await send(sent, fields)
    expect(status, body.detail).toBe(400)
    expect(body.detail).toMatch(detail)
  })

  test('needs a key that may write, and a form', async () => {
    await send(files(), {}, client.keys.read).expect(403)
    await client.post('/v1/registers', { file: 'a' }).expect(415)
  })
})
