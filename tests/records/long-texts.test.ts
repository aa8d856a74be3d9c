import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import { useApp } from '../harness/app.ts'
import {
  buildActor,
  buildArticle,
  buildCitation,
  storeRecords,
} from '../harness/record-builders.ts'

const t = useApp()
const parts = ['one;\u{1d54f}\n', 'two;Bäng\n', 'three;twice\n', 'four;twice\n']
const body = parts.join('')
const bytes = Buffer.from(`\ufeff${body}`)
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
const lengthOf = (text: string) => [...text].length

/** An article whose text is stored in parts, as by the import of a register. */
beforeAll(async () => {
  await storeRecords(
    t.database,
    buildArticle({ slug: 'long', type: 'data-set', body, source: bytes }),
  )
  const { pool } = t.database
  const { rows } = await pool.query(
    `UPDATE article SET body = NULL, source = NULL FROM record
     WHERE record.id = article.id AND slug = 'long' RETURNING article.id`,
  )
  let start = 0
  for (const [index, text] of parts.entries()) {
    const source = Buffer.from(index === 0 ? `\ufeff${text}` : text)
    await pool.query('INSERT INTO article_part VALUES ($1, $2, $3, $4, $5, $6)', [
      rows[0].id,
      start,
      lengthOf(text),
      text,
      sha256(text),
      source,
    ])
    start += lengthOf(text)
  }
})

describe('a text that is stored in parts', () => {
  test('is returned whole, and so are its bytes', async () => {
    const article = (await t.api.get('/v1/articles/long').expect(200)).body
    expect(article).toMatchObject({ body: null, bodyLength: lengthOf(body), type: 'data-set' })
    const { text } = await t.api.get('/v1/articles/long/body').expect(200)
    expect(text).toBe(body)
    const source = await t.api.get('/v1/articles/long/source').responseType('blob').expect(200)
    expect(sha256(source.body)).toBe(article.sourceSha256)
    expect(source.headers['repr-digest']).toBe(
      `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
    )
  })

  test('406 for its body with spans', async () => {
    const { body: problem } = await t.api.get('/v1/articles/long/body?citations=true').expect(406)
    expect(problem.detail).toContain('/v1/citations?article=long')
  })

  test('can be cited across parts, with offsets from its start', async () => {
    const cited = buildCitation({ article: 'long', quote: 'two;Bäng', fragment: 'row=2' })
    await storeRecords(t.database, buildActor({ slug: 'two', citations: [cited] }))
    const { citations } = (await t.api.get('/v1/actors/two').expect(200)).body
    const start = lengthOf(parts[0] ?? '')
    expect(citations).toMatchObject([
      { start, end: start + 8, quote: 'two;Bäng', fragment: 'row=2', prefix: parts[0] },
    ])
    const verified = await t.api.get(`/v1/citations/${citations[0].id}/verify`).expect(200)
    expect(verified.body).toMatchObject({ holds: true, found: 'two;Bäng', bodyIntact: true })
  })

  test.each([
    ['nowhere to be found', 'quote-not-found'],
    ['twice', 'quote-ambiguous'],
  ])('"%s" is %s', async (quote, code) => {
    const record = buildActor({ citations: [buildCitation({ article: 'long', quote })] })
    await expect(storeRecords(t.database, record)).rejects.toMatchObject({ code })
  })

  test('a prefix selects one of several occurrences', async () => {
    const cited = buildCitation({ article: 'long', quote: 'twice', prefix: 'four;' })
    await storeRecords(t.database, buildActor({ slug: 'four', citations: [cited] }))
    const { citations } = (await t.api.get('/v1/actors/four').expect(200)).body
    expect(citations[0].end).toBe(lengthOf(body) - 1)
  })

  test('both verifications detect a changed part', async () => {
    const { citations } = (await t.api.get('/v1/actors/two').expect(200)).body
    const change = (from: string, to: string) =>
      t.database.pool.query('UPDATE article_part SET text = $2 WHERE text = $1', [from, to])
    await change('two;Bäng\n', 'two;Bong\n')
    const { body: result } = await t.api.get(`/v1/citations/${citations[0].id}/verify`).expect(200)
    expect(result).toMatchObject({ holds: false, found: 'two;Bong', bodyIntact: false })
    await expect(verifyAll(t.database)).rejects.toThrow(/its body is not the one/)
    await change('two;Bong\n', 'two;Bäng\n')
  })
})
