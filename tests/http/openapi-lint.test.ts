import { createConfig, lintFromString } from '@redocly/openapi-core'
import { type RulesetDefinition, Spectral } from '@stoplight/spectral-core'
import owasp from '@stoplight/spectral-owasp-ruleset'
import { oas } from '@stoplight/spectral-rulesets'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { buildOpenApiDescription } from '../../src/serve.ts'

/** What others hold a public API to. No rule is switched off; what is no fault is named with its reason. */

type Lintable = {
  servers?: unknown
  components?: unknown
  paths: Record<string, Record<string, Record<string, unknown>>>
}

async function redocly(document: object): Promise<string[]> {
  const found = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: 'openapi.json',
    config: await createConfig({ extends: ['recommended'] }),
  })
  return found.map((one) => `${one.ruleId}: ${one.message} ${one.location[0]?.pointer}`)
}

async function spectral(document: object): Promise<string[]> {
  const linter = new Spectral()
  linter.setRuleset({
    extends: [
      [oas, 'recommended'],
      [owasp, 'all'],
    ],
    rules: { 'oas3-parameter-description': 'warn' },
  } as RulesetDefinition)
  const found = await linter.run(document as Record<string, unknown>)
  return found
    .filter(({ code, path }) => !(code === urlRule && valueAt(document, path) === 'callback'))
    .map(({ code, message, path }) => `${code}: ${message} ${path.join('/')}`)
}

/** `callback` of the reconciliation protocol is the name of a function, and no URL. */
const urlRule = 'owasp:api7:2023-concerning-url-parameter'

const valueAt = (document: object, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], document)

const described = async (settings: Record<string, string>): Promise<Lintable> =>
  JSON.parse(JSON.stringify(await buildOpenApiDescription(readConfig(settings))))

const asItStands = described({})
const ofPrivate = described({ ACCESS: 'private', PUBLIC_URL: 'https://example.org' })

/** Without the examples: to hold each of them against its schema takes most of the time that there is to take. */
function withoutExamples(document: Lintable): Lintable {
  const bare = structuredClone(document)
  for (const media of mediaOf(bare)) {
    delete media.example
    delete media.examples
  }
  return bare
}

/** Everything that is asked or answered, of every operation, in the order of the document. */
const mediaOf = ({ paths }: Lintable): Record<string, unknown>[] =>
  Object.values(paths)
    .flatMap((operations) => Object.values(operations) as Answering[])
    .flatMap(({ requestBody, responses }) => [requestBody, ...Object.values(responses)])
    .flatMap((one) => Object.values(one?.content ?? {}))

type Answering = { requestBody?: Content; responses: Record<string, Content> }
type Content = { content?: Record<string, Record<string, unknown>> }

describe.each([
  ['as it stands', asItStands],
  ['of a private server behind a proxy', ofPrivate.then(withoutExamples)],
])(
  'the OpenAPI document %s (a complaint: see CONTRIBUTING.md, "Add a route")',
  (_name, document) => {
    test('passes the recommended rules of Redocly', async () => {
      expect(await redocly(await document)).toEqual([])
    })

    test('passes the rules of Spectral for OpenAPI, and those of OWASP', async () => {
      expect(await spectral(await document)).toEqual([])
    })
  },
)

test('a private server asks and answers with the same schemas and examples, so they are held to the rules once', async () => {
  const [one, other] = await Promise.all([asItStands, ofPrivate])
  expect(mediaOf(other).length).toBeGreaterThan(500)
  expect(mediaOf(other)).toEqual(mediaOf(one))
  expect(other.components).toEqual(one.components)
})

test('each of the three sets of rules would complain', async () => {
  const { servers: _, ...document } = await asItStands
  const { operationId, responses, ...operation } = document.paths['/healthz']?.get ?? {}
  const broken = {
    ...document,
    paths: {
      '/healthz': {
        get: { ...operation, responses: { 200: (responses as Lintable)[200 as never] } },
      },
    },
  }
  expect((await redocly(broken)).join()).toContain('operation-operationId')
  const found = (await spectral(broken)).join()
  expect(found).toContain('operation-operationId')
  expect(found).toContain('owasp:api8:2023-define-error-responses-401')
})
