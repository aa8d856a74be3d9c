import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { verifyAll } from '../../src/answers/verification/verify-all.ts'
import type { Database } from '../../src/database/database.ts'
import { importBundle } from '../../src/exchange/bundle/importer/import-bundle.ts'
import { BadBundle, refuseZip } from '../../src/exchange/bundle/reader/bad-bundle.ts'
import { readBundle } from '../../src/exchange/bundle/reader/read-bundle.ts'
import { buildBundleJsonSchema } from '../../src/exchange/bundle/schema.ts'
import { makeSeed } from '../../src/exchange/seed/make-seed.ts'
import { FatalError } from '../../src/fatal-error.ts'
import { seedMissingCases } from '../../src/intake/seed/seed-case.ts'
import { Problem } from '../../src/problem.ts'
import { commit } from '../../src/records/write/commit.ts'
import { correctRecord, mergeRecords, retractRecord } from '../../src/records/write/correct.ts'
import { useApp } from '../harness/app.ts'
import {
  buildActor,
  buildArticle,
  buildCase,
  buildCitation,
  buildEvent,
  buildGood,
  buildPermit,
  storeRecords,
} from '../harness/record-builders.ts'
import { connectClient } from '../process/test-database.ts'
import { parseBinary } from './binary-parser.ts'
import {
  bundleFolder,
  caseSlug,
  closeInstances,
  countRows,
  exportBundle,
  forgeBundle,
  importBundleFile,
  maxBundleBytes,
  newZipPath,
  openEmptyInstance,
  unzipParts,
  zipParts,
} from './bundle-helpers.ts'

const t = useApp()
afterAll(closeInstances)
const author = { name: 'test', keyId: null }
const anything = () => undefined

/** A case with all that can happen to it: other cases beside it, corrections, a merge, retracted records. */
beforeAll(async () => {
  await storeRecords(
    t.database,
    buildCase({ slug: 'another-case' }),
    buildArticle({ slug: 'elsewhere', case: 'another-case', body: 'Only here is Aselsan named.' }),
    buildActor({
      slug: 'aselsan',
      name: 'Aselsan',
      identifiers: [{ scheme: 'lei', value: '7890007M4ABF0YWCYZ09' }],
      citations: [{ ...buildCitation(), article: 'elsewhere', quote: 'Aselsan named' }],
    }),
    buildActor({ slug: 'wrongly-apart', name: 'Baykar Makina' }),
    buildPermit({ slug: 'second', consignee: 'wrongly-apart', number: '7' }),
    buildEvent({
      slug: 'told-elsewhere',
      on: { edtf: '2020-06' },
      effects: [{ permit: 'second', becomes: 'issued' }],
      citations: [
        {
          ...buildCitation(),
          article: 'elsewhere',
          quote: 'Only here',
          voices: ['aselsan', { document: 'a note' }],
          field: 'title',
          value: 'Another title',
        },
      ],
    }),
    buildGood({ slug: 'of-a-family', family: 'mx-15d' }),
    buildGood({ slug: 'a-mistake' }),
  )
  await commit(t.database, author, 'update', (session) =>
    correctRecord(
      session,
      { kind: 'permit', ref: 'second', patch: { title: 'Żółć “two”\u{1f4a5}' }, pointer: '' },
      anything,
    ),
  )
  await commit(t.database, author, 'merge', (session) =>
    mergeRecords(
      session,
      { kind: 'actor', ref: 'wrongly-apart', into: 'baykar', pointer: '' },
      anything,
    ),
  )
  await commit(t.database, author, 'retract', (session) =>
    retractRecord(session, { kind: 'good', ref: 'a-mistake', reason: 'It was no good.' }, anything),
  )
  await storeRecords(t.database, buildArticle({ slug: 'unrelated', case: 'another-case' }))
})

describe('import into an empty instance', () => {
  test('keeps the ids, and exports the same bytes', async () => {
    const file = await exportBundle(t.database)
    const other = await openEmptyInstance()
    const outcome = await importBundleFile(other, file)
    expect(outcome).toMatchObject({ revision: 1, same: 0, citations: 0, conflicts: [] })
    const again = await exportBundle(other)
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true)
    const idsOf = async ({ pool }: Database) =>
      // Places keep their slugs.
      (
        await pool.query(
          "SELECT kind, slug, id, state FROM record WHERE slug NOT IN ('unrelated') AND kind <> 'place' ORDER BY id",
        )
      ).rows
    expect(await idsOf(other)).toEqual(await idsOf(t.database))
  })

  test('passes verification of ledger, quotes and records', async () => {
    const other = await openEmptyInstance()
    await importBundleFile(other, await exportBundle(t.database))
    await verifyAll(other)
  })

  test('a second time changes nothing', async () => {
    const other = await openEmptyInstance()
    const file = await exportBundle(t.database)
    const { added } = await importBundleFile(other, file)
    const before = await countRows(other)
    expect(await importBundleFile(other, file)).toEqual({
      revision: null,
      added: 0,
      same: added,
      citations: 0,
      registered: 0,
      conflicts: [],
    })
    expect(await countRows(other)).toEqual(before)
  })

  test('via a third instance gives the same bytes', async () => {
    const file = await exportBundle(t.database)
    const [second, third] = [await openEmptyInstance(), await openEmptyInstance()]
    await importBundleFile(second, file)
    await importBundleFile(third, await exportBundle(second))
    expect(readFileSync(await exportBundle(third)).equals(readFileSync(file))).toBe(true)
  })

  test('export, import and export of any records gives the same bytes', async () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((one) => one.trim() !== '' && !one.includes('\0') && one.isWellFormed())
    const write = fc.record({
      name: text,
      note: text,
      quantity: fc.option(fc.double({ min: 0.001, max: 1e9, noNaN: true })),
    })
    let made = 0
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 3 }), async (writes) => {
        for (const { name, note, quantity } of writes) {
          made += 1
          await storeRecords(
            t.database,
            buildPermit({
              slug: `any-${made}`,
              title: name,
              legalBasis: note,
              items: [{ good: 'mx-15d', quantity }],
            }),
            buildEvent({
              slug: `any-event-${made}`,
              title: note,
              about: [{ permit: `any-${made}` }],
              on: { edtf: '2021?', asStated: name },
            }),
          )
        }
        const file = await exportBundle(t.database)
        const other = await openEmptyInstance()
        await importBundleFile(other, file)
        expect(readFileSync(await exportBundle(other)).equals(readFileSync(file))).toBe(true)
      }),
      { numRuns: 4 },
    )
  })
})

describe('import into an instance with some of the records', () => {
  test('adds new records and new citations', async () => {
    const other = await openEmptyInstance()
    await importBundleFile(other, await exportBundle(t.database))
    await storeRecords(
      t.database,
      buildEvent({ slug: 'news', participants: [{ actor: 'baykar', role: 'subject' }] }),
    )
    const response = await t.database.pool.query('SELECT count(*) FROM citation')
    expect(Number(response.rows[0].count)).toBeGreaterThan(0)
    const file = await exportBundle(t.database)
    expect(await importBundleFile(other, file)).toMatchObject({ added: 1, conflicts: [] })
    expect(readFileSync(await exportBundle(other)).equals(readFileSync(file))).toBe(true)
  })

  test('reports differences without changing anything', async () => {
    const other = await openEmptyInstance()
    const file = await exportBundle(t.database)
    await importBundleFile(other, file)
    await commit(other, author, 'update', (session) =>
      correctRecord(
        session,
        { kind: 'actor', ref: 'baykar', patch: { country: 'AZ' }, pointer: '' },
        anything,
      ),
    )
    const outcome = await importBundleFile(other, file)
    expect(outcome).toMatchObject({ added: 0, revision: null })
    expect(outcome.conflicts).toMatchObject([
      { kind: 'actor', slug: 'baykar', why: 'the record here has other content' },
    ])
    const { rows } = await other.pool.query(
      "SELECT country FROM actor JOIN record USING (id) WHERE slug = 'baykar'",
    )
    expect(rows).toEqual([{ country: 'AZ' }])
  })

  test('a used slug is a conflict, and so are the records that refer to it', async () => {
    const other = await openEmptyInstance()
    await seedMissingCases(other, () => undefined)
    const before = await countRows(other)
    const { added, conflicts } = await importBundleFile(other, await exportBundle(t.database))
    expect(conflicts.find(({ slug }) => slug === 'turkey')?.why).toContain(
      'its slug is that of another actor',
    )
    expect(conflicts.find(({ slug }) => slug === 'second')?.why).toContain('which was not imported')
    expect(Number((await countRows(other)).records)).toBe(Number(before.records) + added)
    const { rows } = await other.pool.query('SELECT count(*) FROM record WHERE revision = 1')
    expect(rows[0].count).toBe(before.records)
  })

  test('returns with the changes of the other instance; an own ledger must be unchanged', async () => {
    const other = await openEmptyInstance()
    await importBundleFile(other, await exportBundle(t.database))
    const made = buildEvent({ slug: 'made-elsewhere' })
    await storeRecords(other, made)
    const { added, conflicts } = await importBundleFile(t.database, await exportBundle(other))
    expect({ added, conflicts }).toEqual({ added: 1, conflicts: [] })
  })
})

describe('the content of a bundle', () => {
  test('has the snapshots of the ledger for independent checks, those of other cases as hashes', async () => {
    const parts = await unzipParts(await exportBundle(t.database))
    const manifest = JSON.parse(String(parts.get('manifest.json')))
    expect(manifest).toMatchObject({
      format: 'casefile-bundle',
      version: 1,
      case: { slug: caseSlug },
    })
    expect([...parts.keys()]).toEqual([
      ...manifest.parts.map(({ name }: { name: string }) => name),
      'manifest.json',
    ])
    const records = String(parts.get('records.ndjson'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const slugs = records.map(({ record }) => record.slug)
    expect(slugs).toEqual(
      expect.arrayContaining([
        'aselsan',
        'elsewhere',
        'another-case',
        'told-elsewhere',
        'a-mistake',
        'wrongly-apart',
      ]),
    )
    expect(slugs).not.toContain('unrelated')
    expect(records.find(({ record }) => record.slug === 'a-mistake')).toMatchObject({
      state: 'retracted',
      stateReason: 'It was no good.',
    })
  })

  test('equals GET /v1/cases/:ref/bundle', async () => {
    const { body, headers } = await t.api
      .get(`/v1/cases/${caseSlug}/bundle`)
      .buffer(true)
      .parse(parseBinary)
      .expect(200)
    expect(headers['content-type']).toBe('application/zip')
    expect(body.equals(readFileSync(await exportBundle(t.database)))).toBe(true)
    await t.api.get('/v1/cases/no-such-case/bundle').expect(404)
  })

  test('is streamed from the start', async () => {
    const server = await t.app.listen({ port: 0, host: '127.0.0.1' })
    const holder = await connectClient(t.url)
    await holder.query('BEGIN; LOCK TABLE event_effect IN ACCESS EXCLUSIVE MODE')
    const { status, body } = await fetch(`${server}/v1/cases/${caseSlug}/bundle`)
    expect(status).toBe(200)
    const pieces: Uint8Array[] = []
    for await (const piece of body ?? []) {
      pieces.push(piece)
      if (pieces.length > 1) continue
      expect(Buffer.from(piece).toString('latin1')).toMatch(/^PK.*places\.ndjson$/s)
      await holder.end()
    }
    expect(Buffer.concat(pieces).equals(readFileSync(await exportBundle(t.database)))).toBe(true)
  })

  test('docs/bundle.schema.json is its JSON Schema (vitest -u writes it anew), and is served', async () => {
    const text = `${JSON.stringify(buildBundleJsonSchema(), null, 2)}\n`
    await expect(text).toMatchFileSnapshot('../../docs/bundle.schema.json')
    const { body } = await t.api.get('/bundle.schema.json').buffer(true).expect(200)
    expect(body).toEqual(JSON.parse(text))
  })
})

describe('an invalid bundle is refused with its part, and nothing is stored', () => {
  let parts: Map<string, Buffer>
  let target: Database
  let before: unknown
  beforeAll(async () => {
    parts = await unzipParts(await exportBundle(t.database))
    target = await openEmptyInstance()
    before = await countRows(target)
  })

  const changed = (name: string, change: (text: string) => string) =>
    [...parts].map(
      ([one, bytes]) => [one, one === name ? Buffer.from(change(String(bytes))) : bytes] as const,
    )
  const manifestWith = (
    change: (manifest: { version: number; parts: { name: string }[] }) => void,
  ) =>
    changed('manifest.json', (text) => {
      const manifest = JSON.parse(text)
      change(manifest)
      return JSON.stringify(manifest)
    })
  const article = () => [...parts.keys()].find((name) => name.endsWith('body.txt')) ?? ''

  const refused = async (file: string, why: RegExp) => {
    await expect(importBundleFile(target, file)).rejects.toThrow(why)
    expect(await countRows(target)).toEqual(before)
  }

  test('a changed byte in any part', async () => {
    for (const name of parts.keys()) {
      if (name === 'manifest.json') continue
      const at = Math.floor((parts.get(name)?.length ?? 0) / 2)
      const file = await zipParts(
        [...parts].map(([one, bytes]) => {
          const copy = Buffer.from(bytes)
          if (one === name) copy[at] = (copy[at] ?? 0) ^ 1
          return [one, copy] as const
        }),
      )
      await refused(file, new RegExp(name.replaceAll('.', '\\.')))
    }
  })

  test('a missing part', async () => {
    for (const name of parts.keys())
      await refused(
        await zipParts([...parts].filter(([one]) => one !== name)),
        new RegExp(`${name}: the part is missing`),
      )
  })

  test('a part that the manifest does not list', async () => {
    const other = 'articles/019b0000-0000-7000-8000-000000000000/body.txt'
    await refused(await zipParts([...parts, [other, Buffer.from('x')]]), /019b0000.*does not list/)
  })

  test('a newer version of the format', async () => {
    await refused(
      await zipParts(
        manifestWith((manifest) => {
          manifest.version = 2
        }),
      ),
      /manifest\.json.*version 2.*reads versions up to 1/,
    )
  })

  /** The name of a part overwritten in the finished file, where it is as long as the other. */
  const renamed = async (to: string, from: string) => {
    const bytes = readFileSync(await zipParts(parts))
    const text = bytes
      .toString('latin1')
      .replaceAll(from, to.padEnd(from.length, 'x').slice(0, from.length))
    const file = newZipPath()
    writeFileSync(file, Buffer.from(text, 'latin1'))
    return file
  }

  test.each(['../../evil.nd', '/etc/evil.ndj', 'C:/evil.ndjso', '..\\evil.ndjso', 'evil.ndjson'])(
    'the path %s',
    async (path) => {
      await refused(await renamed(path, 'places.ndjson'), /evil/)
    },
  )

  test('a duplicate part', async () => {
    await refused(
      await zipParts([...parts, ['places.ndjson', parts.get('places.ndjson') ?? Buffer.of()]]),
      /places\.ndjson: the part is there twice/,
    )
  })

  test('a link', async () => {
    await refused(await zipParts(parts, 0o120777), /places\.ndjson: it is not a regular file/)
  })

  test('10 GB claimed in a header, before anything is read', async () => {
    const zip = new ZipFile()
    zip.addBuffer(Buffer.alloc(1_000), 'records.ndjson', { forceZip64Format: true })
    zip.end()
    const bytes = Buffer.concat((await Array.fromAsync(zip.outputStream)) as Buffer[])
    const size = Buffer.alloc(8)
    size.writeBigUInt64LE(1_000n)
    const claimed = Buffer.alloc(8)
    claimed.writeBigUInt64LE(10_000_000_000n)
    const file = newZipPath()
    writeFileSync(
      file,
      Buffer.from(
        bytes.toString('latin1').replaceAll(size.toString('latin1'), claimed.toString('latin1')),
        'latin1',
      ),
    )
    await refused(file, /records\.ndjson: the parts up to this one have 10000000000 bytes/)
  })

  test('a part that unpacks to more than its stated size', async () => {
    const zip = new ZipFile()
    zip.addBuffer(Buffer.alloc(50_000_000), 'records.ndjson')
    zip.addBuffer(parts.get('manifest.json') ?? Buffer.of(), 'manifest.json')
    zip.end()
    const bytes = Buffer.concat((await Array.fromAsync(zip.outputStream)) as Buffer[])
    const size = Buffer.alloc(4)
    size.writeUInt32LE(50_000_000)
    const claimed = Buffer.alloc(4)
    claimed.writeUInt32LE(1_000)
    const file = newZipPath()
    writeFileSync(
      file,
      Buffer.from(
        bytes.toString('latin1').replaceAll(size.toString('latin1'), claimed.toString('latin1')),
        'latin1',
      ),
    )
    await refused(file, /ndjson/)
  })

  test('a file that is not a zip file', async () => {
    const file = newZipPath()
    writeFileSync(file, 'This is no bundle.')
    await refused(file, /central directory/i)
  })

  test('a record that differs from the ledger, with a valid manifest', async () => {
    const file = await forgeBundle(parts, 'records.ndjson', (text) =>
      text.replace('"country":"TR"', '"country":"GR"'),
    )
    await refused(file, /records\.ndjson: the actor \w+ does not match its last snapshot/)
  })

  test('a changed ledger, with a valid manifest', async () => {
    const name = [...parts.keys()].find((one) => one.startsWith('ledgers/')) ?? ''
    await refused(
      await forgeBundle(parts, name, (text) =>
        text.replace(/"author":"\w+"/, '"author":"somebody"'),
      ),
      /revision \d+: its hash does not match/,
    )
  })

  test('duplicate or unordered revisions, with a valid manifest', async () => {
    const linesOf = (of: string) => String(parts.get(of)).trimEnd().split('\n')
    const [name = ''] = [...parts.keys()]
      .filter((one) => one.startsWith('ledgers/'))
      .sort((a, b) => linesOf(b).length - linesOf(a).length)
    const lines = linesOf(name)
    expect(lines.length).toBeGreaterThan(2)
    const numberOf = (line = '') => JSON.parse(line).revision as number
    const withLines = (changed: readonly string[]) =>
      forgeBundle(parts, name, () => `${changed.join('\n')}\n`)
    for (const [index, line] of lines.entries()) {
      const number = numberOf(line)
      await refused(
        await withLines(lines.toSpliced(index, 0, line)),
        new RegExp(`revision ${number} does not come after ${number}\\.`),
      )
      const next = lines[index + 1]
      if (next === undefined) continue
      await refused(
        await withLines(lines.toSpliced(index, 2, next, line)),
        new RegExp(`revision ${number} does not come after ${numberOf(next)}\\.`),
      )
    }
  })

  test('a text that differs from its article, with a valid manifest', async () => {
    await refused(
      await forgeBundle(parts, article(), (text) => `${text} `),
      /body\.txt: it is not the text of its article/,
    )
  })
})

describe('errors that are not about the bundle', () => {
  test.each([
    ['a file that is not there', join(bundleFolder, 'nothing.zip'), /cannot be read: ENOENT/],
    ['a folder', bundleFolder, /cannot be read: EISDIR/],
  ])('%s', async (_what, path, reason) => {
    const failure = await readBundle(path, maxBundleBytes).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(FatalError)
    expect(String(failure)).toMatch(reason)
  })

  test.each([
    new Problem('busy', 'No turn came within its time.'),
    new Error('Connection terminated unexpectedly'),
  ])('%s', async (error) => {
    const bundle = await readBundle(await exportBundle(t.database), maxBundleBytes)
    const target = { ...(await openEmptyInstance()), write: () => Promise.reject(error) }
    await expect(importBundle(target, bundle)).rejects.toBe(error)
    bundle.close()
  })

  test('a part that cannot be read by the system or because of a bug', () => {
    const ofSystem = Object.assign(new Error('EIO: i/o error, read'), { syscall: 'read' })
    expect(() => refuseZip('a', ofSystem)).toThrow(FatalError)
    const bug = new TypeError('internal text')
    expect(() => refuseZip('a', bug)).toThrow(bug)
    expect(() => refuseZip('a', new Error('invalid header'))).toThrow(BadBundle)
  })
})

describe('casefile make-seed', () => {
  test('creates seeds/<case>/ from a bundle, which seeds the same case', async () => {
    const origin = await openEmptyInstance()
    await seedMissingCases(origin, () => undefined)
    const bundle = await readBundle(await exportBundle(origin), maxBundleBytes)
    const seeds = mkdtempSync(join(bundleFolder, 'seeds-'))
    await makeSeed(bundle, seeds)
    bundle.close()
    const seeded = await openEmptyInstance()
    await seedMissingCases(seeded, () => undefined, { folder: seeds })
    const said = async ({ pool }: Database) => {
      const { rows } = await pool.query(
        `SELECT record.kind, record.slug, record.name, field, quote, start_at, confidence, (SELECT json_agg(COALESCE(document, voice.slug) ORDER BY position) FROM citation_voice LEFT JOIN record AS voice ON voice.id = actor_id WHERE citation_id = citation.id) AS voices
         FROM record LEFT JOIN citation ON citation.record_id = record.id ORDER BY kind, slug, start_at, field, end_at`,
      )
      return rows
    }
    expect(await said(seeded)).toEqual(await said(origin))
  })

  test('is refused for a case of several articles, with the reason', async () => {
    await storeRecords(t.database, buildArticle({ slug: 'second-article' }))
    const bundle = await readBundle(await exportBundle(t.database), maxBundleBytes)
    await expect(makeSeed(bundle, bundleFolder)).rejects.toThrow(/one article; this one has 2/)
    bundle.close()
  })
})
