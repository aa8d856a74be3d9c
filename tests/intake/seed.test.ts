import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { FatalError } from '../../src/fatal-error.ts'
import { seedsFolder } from '../../src/intake/seed/missing-cases.ts'
import { seedMissingCases } from '../../src/intake/seed/seed-case.ts'
import { copyEmptyDatabase } from '../process/test-database.ts'

const slug = 'canada-turkey-wescam'
const folder = mkdtempSync(join(tmpdir(), 'casefile-seeds-'))
let database: Database

beforeAll(async () => {
  database = openDatabase({
    url: await copyEmptyDatabase(),
    poolSize: 2,
    statementTimeoutMs: 0,
    onConnectionLost: () => undefined,
  })
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Every row of every table, as text. */
async function everything(): Promise<Record<string, string[]>> {
  const { rows: tables } = await database.pool.query(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1",
  )
  const all: Record<string, string[]> = {}
  for (const { tablename } of tables) {
    const { rows } = await database.pool.query(
      `SELECT row_to_json(one)::text AS row FROM "${tablename}" AS one ORDER BY 1`,
    )
    all[tablename] = rows.map(({ row }) => row)
  }
  return all
}

/** A folder of seeds that has the real one with `edit` done to its case.yaml. */
function seedsWith(edit: (yaml: string) => string): { seeds: string; file: string; yaml: string } {
  const seeds = mkdtempSync(join(folder, 'seeds-'))
  cpSync(join(seedsFolder, slug), join(seeds, slug), { recursive: true })
  const file = join(seeds, slug, 'case.yaml')
  const yaml = edit(readFileSync(file, 'utf8'))
  writeFileSync(file, yaml)
  return { seeds, file, yaml }
}

const replace = (from: string, to: string) => (yaml: string) => {
  const edited = yaml.replace(from, () => to)
  expect(edited).not.toBe(yaml)
  return edited
}

/** Number of the first line, from 1, that holds the words. */
const lineWith = (text: string, words: string) =>
  text.slice(0, text.indexOf(words)).split('\n').length

async function refusal(seeds: string): Promise<string> {
  const error = await seedMissingCases(database, () => undefined, { folder: seeds }).then(
    () => expect.unreachable('it was seeded'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(FatalError)
  return (error as FatalError).message
}

describe('an invalid case.yaml is refused with file and line, and nothing is stored', () => {
  const quote = 'seven MX-15D air-strike targeting systems"'

  test.each([
    {
      what: 'a quote that is not in the text, with the nearest that is',
      edit: replace(`"${quote}`, '"eight MX-15D air-strike targeting systems"'),
      at: 'eight MX-15D',
      says: 'the article does not have these words',
      also: /\n {2}nearest, code points \d+ to \d+: "seven MX-15D air-strike targeting systems"/,
    },
    {
      what: 'a quote that stands more than once',
      edit: replace(`"${quote}`, '"Turkey"'),
      at: '- quote: "Turkey"\n',
      says: /the article has these words \d+ times; tell apart by prefix or suffix/,
      also: /\n {2}nearest, code points 0 to 6: "Turkey"/,
    },
    {
      what: 'a quote that stands in boilerplate only',
      edit: replace(`"${quote}`, '"Six total incidents have burned 19 old-growth trees."'),
      at: 'Six total incidents',
      says: 'these words stand in boilerplate only',
    },
    {
      what: 'a date that is none',
      edit: replace('edtf: "2019-10/2019-12"', 'edtf: "2019-13"'),
      at: 'edtf: "2019-13"',
      says: '"2019-13" is not an EDTF date.',
    },
    {
      what: 'a date that ends before it starts',
      edit: replace('edtf: "2019-10/2019-12"', 'edtf: "2019-12/2019-10"'),
      at: 'edtf: "2019-12/2019-10"',
      says: '"2019-12/2019-10" ends before it starts.',
    },
    {
      what: 'the slug of an actor that there is not',
      edit: replace('consignee: baykar', 'consignee: bayker'),
      at: 'consignee: bayker',
      says: 'there is no actor "bayker"',
    },
    {
      what: 'a voice that there is not',
      edit: replace('voices: [kelsey-gallagher,', 'voices: [kelsey-galagher,'),
      at: 'kelsey-galagher',
      says: 'there is no actor "kelsey-galagher"',
    },
    {
      what: 'a place that there is not',
      edit: replace('place: idlib', 'place: idleb'),
      at: 'place: idleb',
      says: 'there is no place "idleb"',
    },
    {
      what: 'a member that there is not',
      edit: replace('    consignee: baykar', '    consignes: baykar'),
      at: '    consignes: baykar',
      says: 'Unrecognized key: "consignes"',
    },
    {
      what: 'a word that is not of its set',
      edit: replace('type: recommendation', 'type: recommended'),
      at: 'type: recommended',
      says: '/events/3/type: Invalid option',
    },
    {
      what: 'a record without a citation',
      edit: (yaml: string) => `${yaml}\n  - slug: uncited\n    type: use\n    title: Uncited\n`,
      at: '  - slug: uncited',
      says: 'citations',
    },
    {
      what: 'what cannot become of a measure',
      edit: replace('becomes: imposed', 'becomes: lifted'),
      at: 'becomes: lifted',
      says: 'from where it can become: imposed',
    },
    {
      what: 'a syntax error',
      edit: replace('  type: person\n', '  type: person: no\n'),
      at: 'type: person: no',
      says: 'Nested mappings are not allowed in compact mappings',
    },
    {
      what: 'the same member twice',
      edit: replace(
        '  slug: turkey-pressed-canada\n',
        '  slug: twice\n  slug: turkey-pressed-canada\n',
      ),
      at: '  slug: turkey-pressed-canada\n',
      says: 'Map keys must be unique',
    },
    {
      what: 'a slug that is not the name of the folder',
      edit: replace(`slug: ${slug}`, 'slug: another'),
      at: 'slug: another',
      says: `the slug must be the name of the folder, "${slug}"`,
    },
    {
      what: 'a line of boilerplate that is not in the document',
      edit: replace('Top stories', 'Bottom stories'),
      at: '  source: source.txt',
      says: 'occurs 0 times in the document; it must occur once',
    },
  ])('$what', async ({ edit, at, says, also }) => {
    const before = await everything()
    const { seeds, file, yaml } = seedsWith(edit)
    const message = await refusal(seeds)
    expect(message.startsWith(`${file}:${lineWith(yaml, at)}: `), message).toBe(true)
    expect(message).toMatch(says)
    if (also) expect(message).toMatch(also)
    expect(await everything()).toEqual(before)
  })

  test('reports every schema error with its line', async () => {
    const { seeds, file, yaml } = seedsWith((given) =>
      replace('type: recommendation', 'type: no')(replace('country: CA', 'country: ca')(given)),
    )
    const lines = (await refusal(seeds)).split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain(
      `${file}:${lineWith(yaml, 'country: ca')}: /actors/0/country: ISO 3166`,
    )
    expect(lines[1]).toContain(`${file}:${lineWith(yaml, 'type: no')}: /events/3/type`)
  })

  test('refuses a folder without case.yaml and a case.yaml without its document', async () => {
    const empty = mkdtempSync(join(folder, 'seeds-'))
    mkdirSync(join(empty, 'a-case'))
    expect(await refusal(empty)).toBe(`${join(empty, 'a-case', 'case.yaml')} cannot be read.`)
    const { seeds } = seedsWith(replace('source: source.txt', 'source: other.txt'))
    expect(await refusal(seeds)).toBe(`${join(seeds, slug, 'other.txt')} cannot be read.`)
  })
})

describe('seeding', () => {
  test('loads missing cases as one revision each, and changes nothing the second time', async () => {
    const lines: string[] = []
    expect(await seedMissingCases(database, (line) => lines.push(line))).toBe(1)
    expect(lines).toEqual([
      `Seeding ${slug} ...`,
      expect.stringMatching(/^Seeded canada-turkey-wescam: \d+ records, \d+ citations\.$/),
    ])
    const after = await everything()
    expect(after.revision).toHaveLength(1)
    expect(await seedMissingCases(database, (line) => lines.push(line))).toBe(0)
    expect(lines).toHaveLength(2)
    expect(await everything()).toEqual(after)
  })

  test('does not touch an existing case, even if its file is now invalid', async () => {
    const before = await everything()
    const { seeds } = seedsWith(() => 'no: [yaml')
    expect(await seedMissingCases(database, () => undefined, { folder: seeds })).toBe(0)
    expect(await everything()).toEqual(before)
  })

  test('refuses a record with the slug of another case, with file and line', async () => {
    const before = await everything()
    const seeds = mkdtempSync(join(folder, 'seeds-'))
    cpSync(join(seedsFolder, slug), join(seeds, 'another'), { recursive: true })
    const file = join(seeds, 'another', 'case.yaml')
    const yaml = replace(`slug: ${slug}`, 'slug: another')(readFileSync(file, 'utf8'))
    writeFileSync(file, yaml)
    const lines = (await refusal(seeds)).split('\n')
    expect(lines).toContain(
      `${file}:${lineWith(yaml, '  - slug: canada\n')}: the actor "canada" is there already`,
    )
    expect(lines).toContain(
      `${file}:${lineWith(yaml, 'slug: wescam-mx15d-baykar-2020 #')}: the permit "wescam-mx15d-baykar-2020" is there already`,
    )
    expect(await everything()).toEqual(before)
  })
})
