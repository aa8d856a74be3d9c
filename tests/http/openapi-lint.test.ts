import { createConfig, lintFromString } from '@redocly/openapi-core'
import { type RulesetDefinition, Spectral } from '@stoplight/spectral-core'
import owasp from '@stoplight/spectral-owasp-ruleset'
import { oas } from '@stoplight/spectral-rulesets'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { buildOpenApiDescription } from '../../src/serve.ts'

/** Public rule sets for OpenAPI descriptions. No rule is disabled; each exception has its reason. */

type Lintable = {
  servers?: unknown
  components?: unknown
  paths: Record<string, Record<string, Record<string, unknown>>>
}

async function redocly(document: object): Promise<string[]> {
  const faults = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: 'openapi.json',
    config: await createConfig({ extends: ['recommended'] }),
  })
  return faults.map(
    ({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`,
  )
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
  const faults = await linter.run(document as Record<string, unknown>)
  return faults
    .filter(({ code, path }) => !(code === urlRule && valueAt(document, path) === 'callback'))
    .map(({ code, message, path }) => `${code}: ${message} ${path.join('/')}`)
}

/** `callback` of the reconciliation protocol is the name of a function, not a URL. */
const urlRule = 'owasp:api7:2023-concerning-url-parameter'

const valueAt = (document: object, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], document)

const described = async (settings: Record<string, string>): Promise<Lintable> =>
  JSON.parse(JSON.stringify(await buildOpenApiDescription(readConfig(settings))))

const defaultDescription = described({})
const privateDescription = described({ ACCESS: 'private', PUBLIC_URL: 'https://example.org' })

/** Removes the examples, because validating them takes most of the time. */
function withoutExamples(document: Lintable): Lintable {
  const bare = structuredClone(document)
  for (const media of mediaOf(bare)) {
    delete media.example
    delete media.examples
  }
  return bare
}

/** The media types of all requests and responses, in the order of the description. */
const mediaOf = ({ paths }: Lintable): Record<string, unknown>[] =>
  Object.values(paths)
    .flatMap((operations) => Object.values(operations) as DescribedOperation[])
    .flatMap(({ requestBody, responses }) => [requestBody, ...Object.values(responses)])
    .flatMap((body) => Object.values(body?.content ?? {}))

type DescribedOperation = { requestBody?: Content; responses: Record<string, Content> }
type Content = { content?: Record<string, Record<string, unknown>> }

describe.each([
  ['of the default server', defaultDescription],
  ['of a private server behind a proxy', privateDescription.then(withoutExamples)],
])(
  'the OpenAPI description %s (after a failure see CONTRIBUTING.md, "Add a route")',
  (_name, document) => {
    test('passes the recommended rules of Redocly', async () => {
      expect(await redocly(await document)).toEqual([])
    })

    test('passes the rules of Spectral for OpenAPI and OWASP', async () => {
      expect(await spectral(await document)).toEqual([])
    })
  },
)

test('a private server has the same schemas and examples', async () => {
  const [publicServer, privateServer] = await Promise.all([defaultDescription, privateDescription])
  expect(mediaOf(privateServer).length).toBeGreaterThan(500)
  expect(mediaOf(privateServer)).toEqual(mediaOf(publicServer))
  expect(privateServer.components).toEqual(publicServer.components)
})

test('each of the three rule sets reports faults of a broken description', async () => {
  const { servers: _, ...document } = await defaultDescription
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
  const spectralFaults = (await spectral(broken)).join()
  expect(spectralFaults).toContain('operation-operationId')
  expect(spectralFaults).toContain('owasp:api8:2023-define-error-responses-401')
})
