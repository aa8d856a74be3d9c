import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type CopyBatch, CopyBuffer, copyRows, formatCopyLine } from '../../src/database/copy.ts'

const client = new pg.Client(inject('adminUrl'))

beforeAll(async () => {
  await client.connect()
  await client.query(
    'CREATE TEMP TABLE copied (id int, text text, list text[], bytes bytea, whole text)',
  )
})
afterAll(() => client.end())

/** A table of the test's own, in the place of one of the database. */
const rowsOf = (lines: CopyBuffer) =>
  ({
    table: 'copied',
    columns: ['id', 'text', 'list', 'bytes', 'whole'],
    lines,
  }) as unknown as CopyBatch

test('copies any value unchanged', async () => {
  const texts = [
    '',
    '\\N',
    '\\',
    'a\tb',
    'a\nb\r\nc',
    '"\\\\"',
    "l'été",
    '😀',
    '{"a":"\\n"}',
    '\\t',
  ]
  const lines = new CopyBuffer()
  for (const [id, text] of texts.entries())
    lines.push(formatCopyLine([id, text, [text, 'b,c', '{}'], Buffer.from(text), null]))
  await copyRows(client, rowsOf(lines))
  const { rows } = await client.query('SELECT * FROM copied ORDER BY id')
  expect(rows).toEqual(
    texts.map((text, id) => ({
      id,
      text,
      list: [text, 'b,c', '{}'],
      bytes: Buffer.from(text),
      whole: null,
    })),
  )
})

test('sends many lines in chunks of whole lines', async () => {
  await client.query('TRUNCATE copied')
  const lines = new CopyBuffer()
  for (let id = 0; id < 5_000; id += 1)
    lines.push(formatCopyLine([id, `😀${'é'.repeat(id % 90)}`, [], Buffer.alloc(0), null]))
  expect(lines.takeChunks().length).toBeGreaterThan(2)
  for (const piece of lines.takeChunks()) expect(piece.at(-1)).toBe('\n'.charCodeAt(0))
  await copyRows(client, rowsOf(lines))
  const { rows } = await client.query(
    "SELECT count(*)::int AS count FROM copied WHERE text = '😀' || repeat('é', id % 90)",
  )
  expect(rows).toEqual([{ count: 5_000 }])
})

test('copies nothing without lines', async () => {
  await expect(copyRows(client, rowsOf(new CopyBuffer()))).resolves.toBeUndefined()
})
