import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseGetArguments } from '../../src/cli/get-command.ts'
import { useApp } from '../harness/app.ts'
import { readEntries } from '../harness/record-reader.ts'
import { createDataFolder, runProgram, stopAllPrograms } from '../process/program.ts'

const t = useApp()
const closed = useApp({ ACCESS: 'private' })
const others: Server[] = []
afterAll(async () => {
  await stopAllPrograms()
  for (const other of others) other.close()
})

let server: string
let closedServer: string
beforeAll(async () => {
  const urls = []
  for (const { app } of [t, closed]) {
    await app.listen({ port: 0, host: '127.0.0.1' })
    urls.push(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
  }
  ;[server = '', closedServer = ''] = urls
})

async function casefile(args: string[], settings: Record<string, string> = {}) {
  const program = runProgram(args, { CASEFILE_SERVER: server, ...settings })
  const code = await program.ended
  return { code, stdout: program.stdout(), stderr: program.stderr() }
}

/** A server that answers something else. */
async function another(answer: RequestListener): Promise<string> {
  const other = createServer(answer)
  others.push(other)
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}`
}

describe('casefile get', () => {
  test('permits --destination turkey --format csv --server URL prints the CSV of the API', async () => {
    const { code, stdout, stderr } = await casefile(
      ['get', 'permits', '--destination', 'turkey', '--format', 'csv', '--server', server],
      { CASEFILE_SERVER: 'http://127.0.0.1:9' },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { text } = await t.api.get('/v1/permits?destination=turkey&format=csv').expect(200)
    expect(stdout).toBe(text)
    expect(parse(stdout, { columns: true })).toEqual([
      expect.objectContaining({ slug: 'wescam-mx15d-baykar-2020', 'consignee.name': 'Baykar' }),
    ])
  })

  test('prints all pages of a list as JSON', async () => {
    const { code, stdout } = await casefile(['get', 'citations'])
    const { data, next } = JSON.parse(stdout)
    expect([code, next]).toEqual([0, null])
    expect(data.length).toBeGreaterThan(200)
    expect(data).toEqual(await readEntries(t, '/v1/citations'))
  })

  test('with a limit, prints one page with all its members', async () => {
    const { stdout } = await casefile(['get', 'events', '--limit=2', '--count', '--sort', '-on'])
    const { body } = await t.api.get('/v1/events?limit=2&count=true&sort=-on').expect(200)
    expect(JSON.parse(stdout)).toEqual(body)
    const changes = await casefile(['get', '/v1/changes', '--kinds', 'permit', '--kinds', 'event'])
    expect(JSON.parse(changes.stdout)).toMatchObject({ next: null, revision: 1 })
  })

  test('prints a single record as the JSON of the API', async () => {
    const { stdout } = await casefile(['get', 'permits', 'wescam-mx15d-baykar-2020', '--json'])
    const { body } = await t.api.get('/v1/permits/wescam-mx15d-baykar-2020').expect(200)
    expect(JSON.parse(stdout)).toEqual(body)
  })

  test('--out writes only a file', async () => {
    const out = join(createDataFolder(), 'events.ndjson')
    const { code, stdout } = await casefile(['get', 'events', '--format', 'ndjson', '--out', out])
    expect([code, stdout]).toEqual([0, ''])
    const { text } = await t.api.get('/v1/events?format=ndjson').buffer(true).expect(200)
    expect(readFileSync(out, 'utf8')).toBe(text)
    expect(existsSync(`${out}.part`)).toBe(false)
  })

  test.each([
    [
      ['permits', '--destnation', 'turkey'],
      /did you mean "destination"\? \(http.+\/problems\/invalid-request\)\n$/,
    ],
    [['permits', 'nowhere'], /^No permit has the slug "nowhere"\. \(/],
    [['permits', '-x'], /^"-x" is not a filter/],
    [['permits', '--server', 'ftp://x'], /^--server must start with http/],
  ])('%j is refused with one line', async (args, reason) => {
    const { code, stdout, stderr } = await casefile(['get', ...args])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(reason)
    expect(stderr).toMatch(/^[^\n]+\n$/)
  })

  test('sends the key of CASEFILE_KEY', async () => {
    const without = await casefile(['get', 'cases'], { CASEFILE_SERVER: closedServer })
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('needs a key')])
    const made = await casefile(['keys', 'create', '--name', 'reader', '--json'], {
      DATABASE_URL: closed.url,
    })
    const { key } = JSON.parse(made.stdout)
    const withKey = await casefile(['get', 'cases'], {
      CASEFILE_SERVER: closedServer,
      CASEFILE_KEY: key,
    })
    expect(JSON.parse(withKey.stdout).data).toHaveLength(1)
  })

  test('reports the URL of an unreachable server', async () => {
    const { code, stderr } = await casefile(['get', 'cases', '--server', 'http://127.0.0.1:9'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^No server answers at http:\/\/127\.0\.0\.1:9: .+--server\.\n$/)
  })

  test('retries a busy server after Retry-After', async () => {
    let asked = 0
    const busy = await another((_request, response) => {
      asked += 1
      if (asked < 3) response.writeHead(asked === 1 ? 429 : 503, { 'Retry-After': '0' }).end()
      else response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"slug":"it"}')
    })
    expect(await casefile(['get', 'cases', 'it', '--server', busy])).toEqual({
      code: 0,
      stdout: '{"slug":"it"}\n',
      stderr: '',
    })
  })

  test('an interrupted response is an error and leaves no file', async () => {
    const breaking = await another((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/csv' })
      response.write('id,slug\r\n', () => response.destroy())
    })
    const out = join(createDataFolder(), 'permits.csv')
    const { code, stderr } = await casefile([
      'get',
      'permits',
      '--format',
      'csv',
      '--out',
      out,
      '--server',
      breaking,
    ])
    expect(code).toBe(1)
    expect(stderr).toMatch(/The response is incomplete/)
    expect([existsSync(out), existsSync(`${out}.part`)]).toEqual([false, false])
  })
})

test.each([
  [['permits'], ['permits'], ''],
  [['/v1/permits/x'], ['permits', 'x'], ''],
  [['v1/cases/x', 'file', '--revision', '1'], ['cases', 'x', 'file'], 'revision=1'],
  [['permits', '--count'], ['permits'], 'count=true'],
  [['permits', '--count', '--sort', '-on'], ['permits'], 'count=true&sort=-on'],
  [['e', '--type=use', '--type', 'report'], ['e'], 'type=use&type=report'],
  [['e', '--name=a=b', '--from', ''], ['e'], 'name=a%3Db&from='],
])('the arguments %j request %j?%s', (words, path, query) => {
  const asked = parseGetArguments(words)
  expect([asked.path, asked.parameters.toString()]).toEqual([path, query])
})
