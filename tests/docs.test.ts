import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { generateTypes } from '../clients/typescript/generate.ts'
import { EdgeType } from '../src/answers/network/schema.ts'
import { settingDescriptions } from '../src/config.ts'
import { apiVersion } from '../src/http/openapi.ts'
import { problems } from '../src/problem.ts'
import { ActorType } from '../src/records/kinds/actors/schema.ts'
import { ArticleType } from '../src/records/kinds/articles/schema.ts'
import { EventType, ParticipantRole } from '../src/records/kinds/events/schema.ts'
import { FigureMeasure } from '../src/records/kinds/figures/schema.ts'
import { LegalForm, MeasureBecomes } from '../src/records/kinds/measures/schema.ts'
import { PermitBecomes, PermitPartyRole, PermitType } from '../src/records/kinds/permits/schema.ts'
import { Kind, RecordCitation } from '../src/records/model/schema.ts'
import { useApp } from './harness/app.ts'
import { addRequiredQuery, exampleRecords, readExampleId } from './harness/openapi-routes.ts'
import { storeExampleFigure } from './harness/record-builders.ts'

const t = useApp()

beforeAll(() => storeExampleFigure(t.database))

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'examples/spreadsheet.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`),
]
const read = (file: string): string => readFileSync(file, 'utf8')
const project = JSON.parse(read('package.json')) as {
  version: string
  scripts: Record<string, string>
}

/** What the first group of a pattern finds in a text. */
const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, group = '']) => group)

describe('generated pages (vitest -u regenerates them)', () => {
  test('docs/errors.md has every problem as the API explains it', async () => {
    const sections = Object.entries(problems).map(
      ([code, { status, title, explanation }]) =>
        `## ${code}\n\n**${status}. ${title}.**\n\n${explanation}\n`,
    )
    const page = `# Errors

Every error answer is a problem (RFC 9457, \`application/problem+json\`):

- \`type\` is the path of the page about the problem, \`/problems/<code>\`.
- \`detail\` says what is wrong with this request.
- \`errors\` has a JSON pointer for each invalid value.

Codes never change their name or meaning.

${sections.join('\n')}`
    await expect(page).toMatchFileSnapshot('../docs/errors.md')
  })

  test('docs/settings.md has every setting with its meaning and its default', async () => {
    const rows = settingDescriptions.map(
      ({ name, description, defaultValue }) =>
        `| \`${name}\` | ${description.replaceAll('|', '\\|')} | ${defaultValue === null ? 'none' : `\`${defaultValue}\``} |`,
    )
    const page = `# Settings

All settings are environment variables. The program reads them once at the start. An empty variable counts as unset. If a value is
invalid, the program does not start, and prints one line that names the variable.

| name | meaning | default |
| --- | --- | --- |
${rows.join('\n')}

The tests read one more: \`TEST_DATABASE_URL\` is the URL of a PostgreSQL for the tests. Its user must be allowed to create databases.
`
    await expect(page).toMatchFileSnapshot('../docs/settings.md')
  })
})

describe('examples in the OpenAPI description (vitest -u regenerates them)', () => {
  type Operation = { responses: Record<number, { content?: Record<string, unknown> }> }

  /** Where to read an example of a path. */
  async function urlOf(path: string): Promise<string> {
    const [, , plural = ''] = path.split('/')
    const url = path
      .replace('{ref}', exampleRecords[plural] ?? '')
      .replace('{id}', await readExampleId(t.api, path))
      .replace('{code}', 'not-found')
    return addRequiredQuery(path, url, path.endsWith('/body') ? '?citations=true' : '')
  }

  test('are responses of the seed, one for each route that reads records', async () => {
    const { paths = {} } = t.app.swagger() as { paths?: Record<string, { get?: Operation }> }
    const reading = Object.keys(paths).filter(
      (path) =>
        // Itself in itself.
        path !== '/openapi.json' && paths[path]?.get?.responses[200]?.content?.['application/json'],
    )
    const examples: Record<string, unknown> = {}
    for (const path of reading.sort()) {
      const { body } = await t.api
        .get(await urlOf(path))
        .set('Accept', 'application/json')
        .expect(200)
      examples[path] = shortened(body)
    }
    const text = JSON.stringify(examples, null, 1)
    const ids = [...new Set(text.match(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g))]
    const settled = ids.reduce(
      (all, id, index) =>
        all.replaceAll(id, `01936f5e-0000-7000-8000-${`${index}`.padStart(12, '0')}`),
      text,
    )
    await expect(`${settled}\n`).toMatchFileSnapshot('../src/http/examples.json')
  })
})

test('every operation with a JSON response has an example', () => {
  const { paths }: { paths: Record<string, Record<string, Answering>> } = JSON.parse(
    JSON.stringify(t.app.swagger()),
  )
  const without = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      [responses[200], responses[201]].flatMap((answer) => {
        const json = answer?.content?.['application/json']
        return json && !('example' in json) ? [`${method.toUpperCase()} ${path}`] : []
      }),
    ),
  )
  // Itself; what is left of a record; and what is said of many things in one answer.
  const known =
    /^(GET \/openapi\.json|DELETE .*|POST \/v1\/(batch|registers|proposals\/.*|articles\/\{ref\}\/proposals)|POST \/reconcile)$/
  expect(without.filter((operation) => known.test(operation))).not.toEqual([])
  expect(without.filter((operation) => !known.test(operation))).toEqual([])
})

type Answering = { responses: Record<number, { content?: Record<string, object> }> }

/** Lists to their first two entries, citations to one, long texts to their beginning; what differs from one database to the next, settled. */
function shortened(value: unknown, name = ''): unknown {
  if (name === 'committedAt') return '2026-11-24T00:00:00.000Z'
  if (name === 'nextSince') return '57-5f5f5f5f'
  if (name === 'hash' || name === 'previousHash') return '5f'.repeat(32)
  if (name === 'next' && value !== null) return 'WyIyMDIwLTA1LTAxIl0'
  // A finding is named by a hash of the records that it is about.
  if (typeof value === 'string' && /^[\da-f]{32}$/.test(value)) return '5f'.repeat(16)
  if (typeof value === 'string' && /^http:\/\/127\.0\.0\.1:\d+/.test(value))
    return shortened(value.replace(/127\.0\.0\.1:\d+/, 'localhost:3000'))
  if (typeof value === 'string') return value.length > 400 ? `${value.slice(0, 300)}…` : value
  if (Array.isArray(value))
    return value.slice(0, name === 'citations' ? 1 : 2).map((one) => shortened(one))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [member, shortened(inner, member)]),
  )
}

describe('clients/typescript (vitest -u regenerates its types)', () => {
  test('the client has the types of this API', async () => {
    const types = await generateTypes(t.app.swagger())
    await expect(types).toMatchFileSnapshot('../clients/typescript/src/schema.ts')
  })
})

describe('docs/api.md', () => {
  const page = read('docs/api.md')

  test('lists exactly the existing routes', () => {
    const { paths = {} } = t.app.swagger() as { paths?: Record<string, object> }
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    )
    const listed = found(page, /^\| `([A-Z]+ \/[^`]*)` \|/gm).flatMap((route) =>
      route.includes('<kinds>')
        ? Kind.options.map((kind) => route.replace('<kinds>', `${kind}s`))
        : [route],
    )
    expect(listed.sort()).toEqual(routes.sort())
  })

  test.each([
    ['Event types', EventType.options],
    ['Participant roles', ParticipantRole.options],
    ['Actor types', ActorType.options],
    ['Legal forms of measures', LegalForm.options],
    ['Article types', ArticleType.options],
    ['What an event makes of a permit', PermitBecomes.options],
    ['What an event makes of a measure', MeasureBecomes.options],
    ['Measures of figures', FigureMeasure.options],
    ['Permit types', PermitType.options],
    ['Roles of further parties of a permit', PermitPartyRole.options],
    ['States of a citation', RecordCitation.shape.state.options],
    ['Edges of the network', EdgeType.options],
  ])('explains the values of "%s"', (heading, words) => {
    const [, section = ''] = page.split(`\n### ${heading}\n`)
    expect(found(section.split(/\n##/)[0] ?? '', /^\| `([^`]+)` \| .+ \|$/gm)).toEqual(words)
  })
})

describe('examples', () => {
  /** What the pages read; a line that writes shows a key. */
  const urls = new Set(
    pages.flatMap((page) =>
      read(page)
        .split('\n')
        .filter((line) => !line.includes('Authorization'))
        .flatMap((line) => found(line, /http:\/\/localhost:3000(\/[^\s'">)`]*)/g)),
    ),
  )

  test('the pages have examples', () => {
    expect(urls.size).toBeGreaterThan(20)
  })

  test.each([...urls])('GET %s answers', async (url) => {
    await t.api.get(url).redirects(1).expect(200)
  })

  const shown = [
    ...read('README.md').matchAll(
      /localhost:3000(\/[^\s']*)'?\n```\n\n[^`]*```json\n(.*?)^```$/gms,
    ),
  ].map(([, url = '', answer = '']) => ({ url, answer }))

  test('README.md shows a permit and a finding', () => {
    expect(shown.map(({ url }) => url)).toEqual([
      '/v1/permits/wescam-mx15d-baykar-2020',
      '/v1/findings?case=canada-turkey-wescam',
    ])
  })

  test.each(shown)('README.md shows $url as the API answers it', async ({ url, answer }) => {
    const { body } = await t.api.get(url).expect(200)
    expect(body).toEqual(holding(JSON.parse(answer)))
  })
})

/** Matches what has all of this and may have more, at any depth. */
function holding(shown: unknown): unknown {
  if (Array.isArray(shown)) return expect.arrayContaining(shown.map(holding))
  if (typeof shown !== 'object' || shown === null) return shown
  const members = Object.entries(shown).map(([name, value]) => [name, holding(value)])
  return expect.objectContaining(Object.fromEntries(members))
}

describe('names on the pages', () => {
  /** Paths in the project: in backticks, with a slash within or a well-known ending; a file of every slice is none. */
  const named = (page: string): string[] =>
    found(
      read(page),
      /`(\.?[A-Za-z][\w.-]*(?:\/[\w.-]+)*\/?|[\w.-]+\.(?:md|ya?ml|json|ts))`/g,
    ).filter(
      (path) =>
        (path.includes('/') || /\.(md|ya?ml|json|ts)$/.test(path)) &&
        !/^(\.data\/|case\.yaml|(schema|rules|queries|routes)\.ts)/.test(path),
    )

  const linksOf = (page: string): string[] =>
    found(read(page), /\]\(([^)\s]+)\)/g).filter((to) => !/^https?:/.test(to))
  const scriptsOf = (page: string): string[] => found(read(page), /npm run ([\w-]+(?::[\w-]+)*)/g)

  test('files, links and scripts exist', () => {
    for (const of of [named, linksOf, scriptsOf])
      expect(pages.flatMap(of).length, String(of)).toBeGreaterThan(5)
  })

  test.each(pages)('%s: every file is there', (page) => {
    expect(named(page).filter((path) => !existsSync(path))).toEqual([])
  })

  test.each(pages)('%s: every link between files leads somewhere', (page) => {
    const dead = linksOf(page).filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      if (!existsSync(target)) return true
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor)
    })
    expect(dead).toEqual([])
  })

  test.each(pages)('%s: every npm script is there', (page) => {
    expect(scriptsOf(page).filter((name) => project.scripts[name] === undefined)).toEqual([])
  })

  test('docs/map.md mentions every folder of src', () => {
    const folders = readdirSync('src', { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${join(entry.parentPath, entry.name).replaceAll('\\', '/')}/`)
      .filter((folder) => !/^src\/generated\/./.test(folder))
    const map = named('docs/map.md')
    expect(folders.length).toBeGreaterThan(20)
    expect(folders.filter((folder) => !map.includes(folder))).toEqual([])
  })
})

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (text: string): string[] =>
  found(text, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )

test('package, API and changelog have the same version', () => {
  expect(apiVersion).toBe(project.version)
  expect(found(read('CHANGELOG.md'), /^## \[([^\]]+)\]/gm)).toContain(project.version)
})
