import type { AddressInfo } from 'node:net'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../../src/access/queries.ts'
import { useApp } from '../harness/app.ts'

const t = useApp({ ACCESS: 'private' })
let server = ''
const clients: Client[] = []

beforeAll(async () => {
  await t.app.listen({ port: 0, host: '127.0.0.1' })
  server = `http://127.0.0.1:${(t.app.server.address() as AddressInfo).port}`
  const key = await createKey(t.database.db, {
    name: 'assistant',
    scope: 'read',
    expiresAt: null,
  })
  assistant = await connect({ CASEFILE_KEY: key?.text ?? '' })
})
afterAll(async () => {
  for (const client of clients) await client.close()
})

let assistant: Client

async function connect(settings: Record<string, string>): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  const environment = { PATH: process.env.PATH ?? '', CASEFILE_SERVER: server, ...settings }
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['src/main.js', 'mcp'],
      env: environment,
      stderr: 'inherit',
    }),
  )
  clients.push(client)
  return client
}

type ToolResult = { isError?: boolean; content: { text: string }[]; structuredContent?: unknown }

async function call(name: string, args: object, client = assistant): Promise<ToolResult> {
  return (await client.callTool({ name, arguments: { ...args } })) as ToolResult
}

/** The answer of a tool that must succeed; its text is the same answer as JSON. */
async function ask<T = Record<string, unknown>>(name: string, args: object): Promise<T> {
  const { isError, content, structuredContent } = await call(name, args)
  expect(isError, content[0]?.text).toBeFalsy()
  expect(JSON.parse(content[0]?.text ?? '')).toEqual(structuredContent)
  return structuredContent as T
}

const getRecord = async (path: string, key: string) =>
  (await fetch(path, { headers: { Authorization: `Bearer ${key}` } })).status

describe('casefile mcp', () => {
  test('lists tools that only read, and tells the assistant how to treat quotes', async () => {
    const { tools } = await assistant.listTools()
    expect(tools.map(({ name }) => name).sort()).toEqual(
      [
        'check_quote',
        'cite',
        'findings',
        'list_records',
        'read_article',
        'read_record',
        'search',
        'timeline',
      ].sort(),
    )
    for (const tool of tools) {
      expect(tool.description?.length).toBeGreaterThan(40)
      expect(tool.annotations?.readOnlyHint).toBe(true)
    }
    expect(assistant.getInstructions()).toMatch(/quote/)
  })

  test.each([
    ['search', { query: 'wescam' }],
    ['list_records', { kind: 'permits', filters: { destination: 'turkey' } }],
    ['read_record', { kind: 'permits', ref: 'wescam-mx15d-baykar-2020' }],
    ['findings', { permit: 'wescam-mx15d-baykar-2020' }],
    ['timeline', { permit: 'wescam-mx15d-baykar-2020' }],
  ])('%s gives quotes that stand in the article, and absolute addresses', async (name, args) => {
    const found = await ask(name, args)
    const text = JSON.stringify(found)
    const { text: body } = await ask<{ text: string }>('read_article', {
      ref: 'turkey-pressed-canada',
      length: 20_000,
    })
    const quotes = [...collect(found, 'quote')]
    expect(quotes.length).toBeGreaterThan(0)
    for (const quote of quotes) expect(body).toContain(quote)
    expect(text).not.toContain('"href"')
    for (const url of collect(found, 'url')) if (url !== null) expect(url).toMatch(/^https?:\/\//)
  })

  test('cites: the quote, who says it, whether it holds, and an address that answers', async () => {
    const record = await ask<{ quotes: { url: string; quote: string; saidBy: string[] }[] }>(
      'read_record',
      { kind: 'goods', ref: 'mx-15d' },
    )
    const [quote] = record.quotes
    const cited = await ask('cite', { citation: quote?.url.split('/').at(-1) })
    expect(cited).toMatchObject({ ...quote, check: { holds: true } })
    expect(quote?.saidBy.length).toBeGreaterThan(0)
    expect(await getRecord(quote?.url ?? '', '')).toBe(401)
  })

  test('checks a quote: anchored, or the nearest passage', async () => {
    const article = 'turkey-pressed-canada'
    const right = 'The Wescam gear had been authorized for export to Turkey only.'
    expect(await ask('check_quote', { article, quote: right })).toMatchObject({
      state: 'anchored',
      passage: { quote: right },
    })
    const wrong = right.replace('Turkey only', 'Azerbaijan only')
    expect(await ask('check_quote', { article, quote: wrong })).toMatchObject({
      state: 'missing',
      nearest: [expect.objectContaining({ quote: right })],
    })
  })

  test('reads an article in pieces that join to its text', async () => {
    let text = ''
    for (let start: number | null = 0; start !== null; ) {
      const piece: { text: string; next: number | null } = await ask('read_article', {
        ref: 'turkey-pressed-canada',
        start,
        length: 1_000,
      })
      text += piece.text
      start = piece.next
    }
    const whole = await ask('read_article', { ref: 'turkey-pressed-canada', length: 20_000 })
    expect(text).toBe(whole.text)
  })

  test.each([
    ['read_record', { kind: 'permits', ref: 'none' }, /none/],
    ['list_records', { kind: 'permits', filters: { destinaton: 'turkey' } }, /destination/],
    ['list_records', { kind: 'weapons' }, /kind/],
    ['cite', { citation: '../keys' }, /./],
  ])('%s with a mistake says what is wrong: %j', async (name, args, message) => {
    const { isError, content } = await call(name, args)
    expect(isError).toBe(true)
    expect(content[0]?.text).toMatch(message)
    expect(content[0]?.text).not.toMatch(/\bat .*\.ts:\d/)
  })

  test('without a key it gets no more than anybody', async () => {
    const stranger = await connect({})
    const { isError, content } = await call('search', { query: 'wescam' }, stranger)
    expect(isError).toBe(true)
    expect(content[0]?.text).toMatch(/key/i)
  })
})

/** The values of a member, wherever it stands. */
function* collect(value: unknown, name: string): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [member, inner] of Object.entries(value)) {
    if (member === name && (typeof inner === 'string' || inner === null)) yield inner as string
    yield* collect(inner, name)
  }
}
