import { createConfig, lintFromString } from '@redocly/openapi-core'
import { type RulesetDefinition, Spectral } from '@stoplight/spectral-core'
import owasp from '@stoplight/spectral-owasp-ruleset'
import { oas } from '@stoplight/spectral-rulesets'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { describeApi } from '../../src/serve.ts'

/** What others hold a public API to. No rule is switched off. */

type Lintable = {
  servers?: unknown
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
  const found = await linter.run(JSON.parse(JSON.stringify(document)))
  return found.map(({ code, message, path }) => `${code}: ${message} ${path.join('/')}`)
}

describe.each([
  ['as it stands', {}],
  ['of a private server behind a proxy', { ACCESS: 'private', PUBLIC_URL: 'https://example.org' }],
])(
  'the OpenAPI document %s (a complaint: see CONTRIBUTING.md, "Add a route")',
  (_name, settings) => {
    const document = describeApi(readConfig(settings))

    test('passes the recommended rules of Redocly', async () => {
      expect(await redocly(await document)).toEqual([])
    })

    test('passes the rules of Spectral for OpenAPI, and those of OWASP', async () => {
      expect(await spectral(await document)).toEqual([])
    }, 60_000)
  },
)

test('each of the three sets of rules would complain', async () => {
  const { servers: _, ...document } = (await describeApi(readConfig({}))) as Lintable
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
