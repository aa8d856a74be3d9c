import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { revokeKey } from '../../src/access/queries.ts'
import { VerificationError } from '../../src/answers/verification/verification-error.ts'
import { verifySnapshot } from '../../src/answers/verification/verify-all.ts'
import { readConfig } from '../../src/config.ts'
import { createConnectionKysely } from '../../src/database/kysely.ts'
import { sha256 } from '../../src/evidence/sha256.ts'
import { ingestFiles } from '../../src/intake/documents/ingest-files.ts'
import { readRecognitionSettings } from '../../src/intake/extraction/ocr/recognition.ts'
import { storeReview } from '../../src/intake/proposals/queries.ts'
import { storeDraft } from '../../src/intake/proposals/submitted/queries.ts'
import { importRegister } from '../../src/intake/registers/import-register.ts'
import { formatCanonicalJson, genesisHash } from '../../src/ledger/canonical-json.ts'
import { useApp } from '../harness/app.ts'
import { citationBody, useWriteClient } from '../harness/write-client.ts'
import {
  addRow,
  type Column,
  changeColumn,
  deleteRow,
  listColumns,
  moveToFront,
} from './tampering.ts'

/**
 * Whoever owns the database can change anything in it. Each test changes one value or one row in a transaction of its own, with
 * triggers and foreign keys silenced, and asks `casefile verify` in that transaction.
 */

const t = useApp({ CACHE_MB: 0 })
const w = useWriteClient(t)
let client: pg.Client
let columns: Column[]

const folder = mkdtempSync(join(tmpdir(), 'casefile-tampering-'))
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const registerMap = `
register: borduria
case: { slug: borduria, title: The register of Borduria, summary: null }
article: { slug: borduria-2021, title: Licences of Borduria, publisher: borduria }
permit:
  key: [number]
  title: Licence {number}
  number: { column: number }
  issuer: { actor: borduria }
  issuedOn: { column: issued, formats: [yyyy-MM-dd] }
  destination: { column: to, table: states }
  goods: { column: goods }
  controlEntries: [{ column: entry, list: EU ML }]
  value: { column: value, currency: EUR }
actors:
  - slug: borduria
    type: state
    name: Borduria
    country: null
    aliases: [{ name: Land of Borduria, language: en }, { name: Bordurie, language: fr }]
    identifiers: [{ scheme: wikidata, value: Q1 }, { scheme: lei, value: '529900' }]
tables:
  states: { Syldavia: { slug: syldavia, type: state, name: Syldavia, country: null } }
`
const registerTable = `number,issued,to,goods,entry,value
1,2021-03-01,Syldavia,Periscopes,ML5,1200
2,2021-03-01,Syldavia,Field telephones,ML11,90
3,2021-04-01,Syldavia,Periscopes,ML5,700
`

/** Rows in every table, of every state. */
beforeAll(async () => {
  await w.createActor('kept-actor')
  await w.createActor('gone-actor')
  await w.del('/v1/actors/gone-actor', { reason: 'entered twice' })
  await w.createActor('merged-actor')
  await w.post('/v1/actors/merged-actor/merge', { into: 'baykar' }, { 'if-match': '*' }).expect(200)
  await w
    .post(
      '/v1/actors',
      { slug: 'once', type: 'company', name: 'Once', citations: [citationBody()] },
      { 'idempotency-key': 'only-once' },
    )
    .expect(201)
  await w
    .post('/v1/goods', {
      slug: 'listed-good',
      designation: 'Listed good',
      controlEntries: [
        { list: 'EU ML', code: 'ML15d' },
        { list: 'EU ML', code: 'ML5' },
      ],
      citations: [citationBody()],
    })
    .expect(201)
  await createRecordsOfEveryMember()
  await importRegister(t.database, {
    map: write('map.yaml', registerMap),
    file: write('licences.csv', registerTable),
    isDryRun: false,
    withdrawAtMost: 0,
    onReject: () => undefined,
    onProgress: () => undefined,
  })
  const page =
    '<html><head><title>Radars</title><meta name="author" content="Ana Ruiz"><meta property="og:title" content="On radars"></head><body><nav><a href="/">Home</a></nav><article><h1>On radars</h1><p>The ministry of Borduria halted exports of coastal radars on Thursday, after lawmakers had asked for weeks.</p></article></body></html>'
  const ingest = {
    case: 'borduria',
    limitBytes: 1_000_000,
    recognition: readRecognitionSettings(readConfig({ OCR: 'off' })),
  }
  await ingestFiles(t.database, [write('page.html', page)], ingest, () => undefined)
  const { db } = t.database
  const article = await db.selectFrom('article').select('id').limit(1).executeTakeFirstOrThrow()
  await storeReview(db, {
    articleId: article.id,
    hashes: ['c'.repeat(16)],
    decision: 'accepted',
    recordId: article.id,
    reason: null,
    author: { name: 'test write', keyId: null },
  })
  await storeReview(db, {
    articleId: article.id,
    hashes: ['a'.repeat(16), 'b'.repeat(16)],
    decision: 'rejected',
    recordId: null,
    reason: 'not said',
    author: { name: 'test write', keyId: null },
  })
  await storeDraft(
    db,
    article.id,
    {
      hash: 'd'.repeat(16),
      kind: 'actor',
      record: { slug: 'drafted', type: 'company', name: 'Drafted', citations: [] },
      score: 0.5,
      reasons: ['named twice'],
    },
    { name: 'a program', version: '1', model: null, key: 'test write', at: null },
  )
  await revokeKey(db, 'test read')
  client = new pg.Client(t.url)
  await client.connect()
  await storeForeignLedger()
  columns = await listColumns(client)
})
afterAll(() => client.end())

/** Rows in the tables of lists that no record of the seed fills, two for each parent. */
async function createRecordsOfEveryMember() {
  const quantity = { asStated: 'at least 27' }
  const value = { currency: 'EUR', asStated: 'over €411 million' }
  const exactValue = { currency: 'EUR', amount: '5' }
  const items = [
    { good: 'mx-15d', quantity, unit: 'system', value },
    { good: 'turkish-made-drones', quantity: 7, value: exactValue },
  ]
  const period = { edtf: '2020', asStated: 'last year' }
  const ownership = { type: 'ownership', actor: 'baykar', organisation: 'once' }
  const parties = [
    { actor: 'baykar', role: 'broker' },
    { actor: 'armenia', role: 'carrier' },
  ]
  const bodies: [string, object][] = [
    [
      'places',
      {
        name: 'Tell Rifaat',
        source: 'A gazetteer.',
        otherNames: [
          { name: 'Tal Rifat', language: 'en' },
          { name: 'Arpad', language: null },
        ],
        identifiers: [
          { scheme: 'geonames', value: '163345' },
          { scheme: 'wikidata', value: 'Q1' },
        ],
      },
    ],
    [
      'figures',
      {
        title: 'Licences',
        measure: 'licensed-value',
        value,
        from: 'canada',
        to: 'turkey',
        good: 'mx-15d',
        category: 'aircraft',
        controlEntries: [{ list: 'EU ML', code: 'ML10' }],
        period,
        scope: 'Without temporary exports.',
      },
    ],
    ['figures', { title: 'Sum', measure: 'licensed-value', value: exactValue, period }],
    ['figures', { title: 'Count', measure: 'licences', quantity: 7, period }],
    ['figures', { title: 'Counts', measure: 'licences', quantity, period }],
    ['affiliations', { ...ownership, role: 'Owner of two fifths', share: 40 }],
    ['affiliations', { ...ownership, role: 'Owner of a part', share: { asStated: 'at least 27' } }],
    [
      'permits',
      {
        title: 'Several',
        issuer: 'canada',
        destinations: ['turkey', 'syria'],
        parties,
        permitCount: quantity,
        items,
        value,
      },
    ],
    [
      'measures',
      {
        title: 'Scoped',
        imposer: 'canada',
        target: 'turkey',
        targets: ['turkey', 'syria'],
        legalForm: 'embargo',
        statedEnd: { edtf: '2021-01', asStated: 'for 18 months' },
        scopeItems: [{ good: 'mx-15d' }, { effect: 'excludes', list: 'EU ML', code: 'ML1' }],
      },
    ],
    [
      'events',
      {
        title: 'Amounts',
        type: 'incident',
        items,
        victims: [
          { outcome: 'killed', who: 'civilians', count: 12 },
          { outcome: 'injured', count: { asStated: 'at least 30' } },
        ],
      },
    ],
  ]
  for (const [index, [path, body]] of bodies.entries()) {
    const citations = path === 'places' ? {} : { citations: [citationBody()] }
    const answer = await w.post(`/v1/${path}`, {
      slug: `every-member-${index}`,
      ...body,
      ...citations,
    })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  }
}

/** Two revisions of a ledger that another instance wrote. */
async function storeForeignLedger() {
  let previousHash = genesisHash
  let ledger = ''
  for (const revision of [1, 2]) {
    const text = formatCanonicalJson({ id: 'x', revision })
    const record = `019b0000-0000-7000-8000-00000000000${revision}`
    const facts = formatCanonicalJson({
      revision,
      committedAt: '2026-01-01T00:00:00.000Z',
      change: 'create',
      author: 'elsewhere',
      previousHash,
      documents: [{ record, change: 'create', hash: sha256(text) }],
    })
    previousHash = sha256(facts)
    ledger ||= previousHash
    await client.query(
      'INSERT INTO origin_revision (ledger, number, hash, facts) VALUES ($1, $2, $3, $4)',
      [ledger, revision, previousHash, facts],
    )
    await client.query(
      'INSERT INTO origin_document (ledger, number, record_id, hash) VALUES ($1, $2, $3, $4)',
      [ledger, revision, record, sha256(text)],
    )
    await client.query('INSERT INTO origin_text (hash, text) VALUES ($1, $2)', [sha256(text), text])
  }
}

/** What `casefile verify` says after a change, which is undone afterwards: null when everything holds. */
async function verifyAfter(tamper: () => Promise<unknown>): Promise<string | null> {
  await client.query('BEGIN')
  await client.query('SET LOCAL session_replication_role = replica')
  try {
    await tamper()
    const db = createConnectionKysely(
      async (text, values) => (await client.query(text, [...values])).rows,
    )
    await verifySnapshot(db)
    return null
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    return error.message
  } finally {
    await client.query('ROLLBACK')
  }
}

/** The first cells of the rows of a table of docs/ledger.md, under this heading. */
function readDocumentedNames(heading: string): string[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/ledger.md'), 'utf8')
  const section = text.split(`## ${heading}`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| `([\w.]+)` \|/gm)].map((match) => match[1] ?? '')
}

/** Columns that constraints of the table tie to others, so that none of them can be changed alone; tested in pairs below. */
const changedTogether = [
  'article_part.length',
  'article_span.confidence',
  'citation.end_at',
  'citation.source_confidence',
  'citation.start_at',
  'citation_voice.document',
  'origin_text.hash',
  'origin_text.text',
  'permit_item.control_codes',
  'permit_item.control_lists',
  'record.state',
  'record.state_reason',
  // It has no row.
  'search_backlog.revision',
]

const tablesOf = (all: readonly Column[]) => [...new Set(all.map(({ table }) => table))]

test('untouched, everything holds, and every table but the backlog has rows', async () => {
  expect(await verifyAfter(async () => undefined)).toBeNull()
  const empty = []
  for (const table of tablesOf(columns)) {
    const { rows } = await client.query(`SELECT 1 FROM "${table}" LIMIT 1`)
    if (rows.length === 0) empty.push(table)
  }
  expect(empty).toEqual(['search_backlog'])
})

describe('whoever changes a row behind the back of the program is noticed', () => {
  test('in every column, but those that docs/ledger.md lists', { timeout: 600_000 }, async () => {
    const unnoticed = new Set<string>()
    const unchanged = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.noBias(fc.nat()), async (random) => {
        for (const column of columns) {
          const isOrder = column.name === 'position'
          let done: string | null = null
          const found = await verifyAfter(async () => {
            done = await (isOrder ? moveToFront : changeColumn)(client, column, random)
          })
          if (done === null) unchanged.add(`${column.table}.${column.name}`)
          else if (found === null) unnoticed.add(`${column.table}.${column.name}`)
        }
      }),
      { numRuns: Number(process.env.TAMPERING_RUNS ?? 1), endOnFailure: true },
    )
    expect([...unchanged].filter((name) => !changedTogether.includes(name))).toEqual([])
    expect([...unnoticed].sort()).toEqual(
      readDocumentedNames('What verification does not notice').filter(
        (name) => name.includes('.') && name !== 'search_backlog.revision',
      ),
    )
  })

  test.each([
    `UPDATE citation SET start_at = start_at + 1, end_at = end_at + 1
      WHERE id = (SELECT id FROM citation LIMIT 1)`,
    `UPDATE citation_voice SET actor_id = NULL, document = 'a memo'
      WHERE citation_id = (SELECT citation_id FROM citation_voice WHERE actor_id IS NOT NULL LIMIT 1)`,
    `UPDATE article_part SET text = text || 'x', length = length + 1`,
    `UPDATE article_part SET source = source || 'x'`,
    `UPDATE article_span SET type = 'ocr', confidence = 0.5 WHERE type = 'article'`,
    `UPDATE citation SET source = 'ocr', source_confidence = 0.5
      WHERE id = (SELECT id FROM citation LIMIT 1)`,
    `UPDATE origin_text SET text = 'other', hash = encode(sha256('other'), 'hex')
      WHERE hash = (SELECT hash FROM origin_text LIMIT 1)`,
    `UPDATE permit_item SET control_lists = control_lists || 'EU ML'::text, control_codes = control_codes || 'ML9'::text`,
    `UPDATE record SET state = 'live', state_reason = NULL WHERE state = 'retracted'`,
    `UPDATE record SET state = 'live', merged_into_id = NULL WHERE state = 'merged'`,
    `UPDATE record SET state = 'retracted', state_reason = 'x' WHERE id = (SELECT id FROM permit LIMIT 1)`,
  ])('in columns that change together: %s', async (statement) => {
    const found = await verifyAfter(async () => {
      const { rowCount } = await client.query(statement)
      expect(rowCount).toBeGreaterThan(0)
    })
    expect(found).not.toBeNull()
  })

  test('by a row that is gone', { timeout: 600_000 }, async () => {
    const unnoticed = []
    const [random] = fc.sample(fc.noBias(fc.nat()), 1)
    for (const table of tablesOf(columns).filter((name) => name !== 'search_backlog'))
      if ((await verifyAfter(() => deleteRow(client, table, random ?? 0))) === null)
        unnoticed.push(table)
    const documented = readDocumentedNames('What verification does not notice')
    expect(
      unnoticed.filter((table) => !documented.includes(table)),
      `random ${random}`,
    ).toEqual([])
  })

  test('by a row more', { timeout: 600_000 }, async () => {
    const unnoticed = []
    const [random] = fc.sample(fc.noBias(fc.nat()), 1)
    for (const [table, all] of Map.groupBy(columns, (column) => column.table))
      if (
        table !== 'search_backlog' &&
        (await verifyAfter(() => addRow(client, all, random ?? 0))) === null
      )
        unnoticed.push(table)
    expect(unnoticed, `random ${random}`).toEqual([])
  })
})
