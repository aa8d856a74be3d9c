import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * Who may import whom (docs/map.md says it in words). An import counts whether it is of a value or of a type only, at
 * the top of a file or `import()` within it.
 */

/** The house from roof to ground: a part may import from the rows below its own, and from itself. */
const storeys = [
  ['main'],
  ['program'],
  ['serve'],
  ['workers', 'preparation-process', 'prepare', 'metrics-server'],
  ['app', 'mcp'],
  ['server-gauges'],
  ['exchange', 'pages'],
  ['answers', 'intake'],
  ['records'],
  ['ledger', 'access'],
  ['http'],
  ['database'],
  ['evidence'],
  ['log'],
  ['config'],
  ['cli'],
  ['problem', 'fatal-error', 'generated', 'database-url'],
]

/** Packages that speak HTTP, and packages that speak to PostgreSQL. */
const http = /^(@?fastify|supertest)/
const sql =
  /^(kysely|pg|pg-cursor|pg-copy-streams|prisma|@prisma\/.+|prisma-extension-kysely|@casefile\/embedded-postgres)$|^src\/generated\//

/** The folders of `records` from roof to ground: each may import from the rows below its own, and from itself. */
const recordFolders = [['routes'], ['write', 'read'], ['kinds'], ['model']]

/** Know Fastify though they are neither routes nor in `http`: the door of the routes stands where the keys are, above `http`. */
const doors = ['src/access/authorisation.ts', 'src/access/sessions.ts']

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => `src/${file.replaceAll('\\', '/')}`)
  .filter((file) => /(?<!\.d)\.ts$/.test(file) && !file.startsWith('src/generated/'))
  .sort()

const source = (file: string): string => readFileSync(file, 'utf8')

/** Files as `src/...`, packages by name. */
function importsOf(file: string): string[] {
  const found = source(file).matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\()'([^']+)'/g)
  return [...found].map(([, to = '']) =>
    to.startsWith('.') ? relative('.', join(dirname(file), to)).replaceAll('\\', '/') : to,
  )
}

const ownImportsOf = (file: string): string[] =>
  importsOf(file).filter((to) => to.startsWith('src/'))

/** The part of the house: a folder of `src`, or a file that lies in `src` itself. */
const partOf = (file: string): string => /^src\/([\w-]+)/.exec(file)?.[1] ?? file

const storeyOf = (file: string): number =>
  storeys.findIndex((parts) => parts.includes(partOf(file)))

type FileKind = 'schema' | 'rules' | 'queries' | 'routes' | 'use case'

/** What a file is, by its name; null outside the slices. */
function kindOf(file: string): FileKind | null {
  const [, folder = '', name = ''] = /^(.*)\/([\w-]+)\.ts$/.exec(file) ?? []
  if (!/^src\/(records|answers|intake|exchange|pages)\b/.test(folder)) return null
  if (/(^|-)routes$/.test(name) || folder === 'src/records/routes') return 'routes'
  if (name === 'schema' || name === 'rules' || name === 'queries') return name
  if (/\/rules$/.test(folder)) return 'rules'
  return folder.startsWith('src/records/') ? 'queries' : 'use case'
}

const ofKind = (...kinds: FileKind[]): string[] =>
  files.filter((file) => kinds.includes(kindOf(file) ?? ('' as FileKind)))

/** Imports of these files that the rule does not allow, each as `file -> import`. */
const strays = (of: readonly string[], allowed: (to: string, from: string) => boolean): string[] =>
  of.flatMap((file) =>
    importsOf(file)
      .filter((to) => !allowed(to, file))
      .map((to) => `${file} -> ${to}`),
  )

test('the rules below match files', () => {
  for (const kind of ['schema', 'rules', 'queries', 'routes', 'use case'] as const)
    expect(ofKind(kind).length, kind).toBeGreaterThan(5)
  for (const part of ['evidence', 'http', 'database', 'ledger', 'records', 'answers'])
    expect(files.filter((file) => partOf(file) === part).length, part).toBeGreaterThan(2)
  expect(files.flatMap(importsOf).length).toBeGreaterThan(files.length)
})

describe('between folders', () => {
  test('every folder of src has a layer', () => {
    expect(files.filter((file) => storeyOf(file) < 0)).toEqual([])
  })

  test('no layer imports an upper or a sibling layer', () => {
    const wrong = strays(
      files,
      (to, from) =>
        !to.startsWith('src/') || partOf(to) === partOf(from) || storeyOf(to) > storeyOf(from),
    )
    expect(wrong).toEqual([])
  })

  test('inside records, no layer imports an upper or a sibling layer', () => {
    const folderOf = (file: string) => /^src\/records\/([\w-]+)\//.exec(file)?.[1] ?? 'none'
    const rowOf = (file: string) =>
      recordFolders.findIndex((folders) => folders.includes(folderOf(file)))
    const records = files.filter((file) => partOf(file) === 'records')
    expect(records.filter((file) => rowOf(file) < 0)).toEqual([])
    const wrong = strays(
      records,
      (to, from) =>
        partOf(to) !== 'records' || folderOf(to) === folderOf(from) || rowOf(to) > rowOf(from),
    )
    expect(wrong).toEqual([])
  })

  test('the server imports nothing from tests, benchmarks or scripts', () => {
    expect(strays(files, (to) => !/^(tests|bench|scripts)\//.test(to))).toEqual([])
  })

  test('every imported file exists', () => {
    const missing = strays(
      files,
      (to) => !to.startsWith('src/') || to.startsWith('src/generated/') || existsSync(to),
    )
    expect(missing).toEqual([])
  })

  test('a workspace package imports nothing of the application', () => {
    const sources = globSync('packages/*/src/**/*.ts').map((file) => file.replaceAll('\\', '/'))
    const own = (file: string) => /^packages\/[^/]+\/src\//.exec(file)?.[0] ?? file
    const allowed = (to: string, from: string) =>
      /^(node:|pg$)/.test(to) || to.startsWith(own(from))
    expect(sources.length).toBeGreaterThan(0)
    expect(strays(sources, allowed)).toEqual([])
  })

  test('there are no import cycles', () => {
    expect(circles()).toEqual([])
  })
})

/** Each circle of imports, as the path that leads back to where it began. */
function circles(): string[] {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    if (path.includes(file) || done.has(file)) return
    for (const to of ownImportsOf(file)) if (existsSync(to)) visit(to, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  return found
}

describe('allowed dependencies', () => {
  test('only routes, access, http and app import Fastify', () => {
    const others = files.filter(
      (file) =>
        kindOf(file) !== 'routes' &&
        !['http', 'app'].includes(partOf(file)) &&
        !doors.includes(file),
    )
    expect(strays(others, (to) => !http.test(to))).toEqual([])
  })

  const withSql = ['database', 'ledger', 'app', 'main']
  const withoutSql = files.filter(
    (file) =>
      kindOf(file) !== 'queries' &&
      !file.endsWith('/queries.ts') &&
      !withSql.includes(partOf(file)),
  )

  test('only queries, database, ledger, app and main import Prisma, Kysely and pg', () => {
    expect(strays(withoutSql, (to) => !sql.test(to))).toEqual([])
  })

  test('no other file has SQL', () => {
    const statement =
      /\bsql`|\.(selectFrom|insertInto|updateTable|deleteFrom)\(|\b(tx|prisma)\.\w+\.\w+\(|\$(query|execute)Raw/
    expect(withoutSql.filter((file) => statement.test(source(file)))).toEqual([])
  })

  test('evidence is pure: no I/O, and no imports of other layers', () => {
    const evidence = files.filter((file) => partOf(file) === 'evidence')
    const pure =
      /^(src\/evidence\/.+|reference\/.+\.json|any-ascii|edtf|lru-cache|node:crypto|approx-string-match|fastest-levenshtein)$/
    expect(strays(evidence, (to) => pure.test(to))).toEqual([])
  })

  // Node makes an ES module of it by asking for all that it gives, and so loads undici: a twentieth of a start.
  test('only types of node:http are imported', () => {
    const values = /import (?!type\b).*\bfrom 'node:http'/
    expect(files.filter((file) => values.test(source(file)))).toEqual([])
  })

  test('only the program reads the environment', () => {
    const readers = files.filter((file) => /\breadConfig\(process\.env\)/.test(source(file)))
    expect(readers).toEqual(['src/program.ts'])
  })
})

describe('within a slice', () => {
  test('schema imports zod and other schemas', () => {
    const allowed = (to: string) =>
      to === 'zod' || kindOf(to) === 'schema' || to === 'src/records/model/amounts.ts'
    expect(strays(ofKind('schema'), allowed)).toEqual([])
  })

  test('rules may also import problems, evidence and ledger rules: no I/O, no database, no HTTP', () => {
    const pure = [
      'zod',
      'rfc6902',
      'any-ascii',
      'fastest-levenshtein',
      'src/ledger/canonical-json.ts',
      'src/ledger/ledger-change.ts',
    ]
    const allowed = (to: string) =>
      pure.includes(to) ||
      ['problem', 'evidence'].includes(partOf(to)) ||
      ['schema', 'rules'].includes(kindOf(to) ?? '')
    expect(strays(ofKind('rules'), allowed)).toEqual([])
  })

  test('queries may also import the database: no route, no use case', () => {
    const allowed = (to: string) =>
      !to.startsWith('src/') ||
      ['problem', 'evidence', 'database', 'ledger', 'generated'].includes(partOf(to)) ||
      ['schema', 'rules', 'queries'].includes(kindOf(to) ?? '')
    expect(strays(ofKind('queries'), allowed)).toEqual([])
  })

  test('no use case imports a route', () => {
    expect(strays(ofKind('use case'), (to) => kindOf(to) !== 'routes')).toEqual([])
  })

  test('a slice has at most eight files', () => {
    const folders = Map.groupBy(
      files.filter(
        (file) => kindOf(file) !== null && !/^src\/records\/(model|write)$/.test(dirname(file)),
      ),
      (file) => dirname(file),
    )
    const large = [...folders].filter(([, inFolder]) => inFolder.length > 8)
    expect(large.map(([folder]) => folder)).toEqual([])
  })

  test('there is no index.ts', () => {
    expect(files.filter((file) => file.endsWith('/index.ts'))).toEqual([])
  })
})
