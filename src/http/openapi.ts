import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import swagger from '@fastify/swagger'
import type { FastifySwaggerUiOptions } from '@fastify/swagger-ui'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { addOpenApiDefaults, type OpenApiDescription } from './openapi-defaults.ts'
import { buildOperationId } from './operation-id.ts'
import { problemResponses } from './problems.ts'
import { requestExamples } from './request-examples.ts'

export const apiVersion = '0.1.0'

const apiTags = {
  cases: 'Sets of articles under one heading.',
  articles: 'Source documents.',
  registers: 'Tables that governments publish, imported by a map of their columns.',
  actors: 'States, companies, persons, public bodies, armed forces, organisations, publishers.',
  figures: 'Totals that sources state.',
  affiliations: 'Who held which post, where and when.',
  goods: 'Controlled goods and families of them.',
  permits: 'Export authorisations.',
  measures: 'Embargoes, suspensions, denial policies.',
  events: 'What happened.',
  places: 'Countries, regions, cities and other locations: reference data.',
  citations: 'The exact passages behind the facts.',
  proposals: 'Drafts of records, extracted from an article by rules, for review.',
  findings: 'What follows from several records together.',
  search: 'Full-text search.',
  network: 'Who is connected with whom, and by what.',
  reference: 'States and organisations: data of the server that no source document says.',
  reconciliation: 'Matching names to records: the W3C Reconciliation Service API 0.2.',
  ledger: 'What changed, when, by whom, and how to verify it.',
  service: 'The server itself.',
} as const

const apiDescription = `Casefile serves what source documents say about arms exports: who exported what to whom, under which
permit, against which embargo, and what became of it. Every fact carries the exact passage that says it.

- A record has a **slug** and an **id**. Paths and filters take either.
- Lists are \`{ "data": [...], "next": "<cursor>" | null }\`; follow \`next\` (or the \`Link\` header) until it is null.
  Every list is also available as CSV (\`?format=csv\`) and NDJSON (\`?format=ndjson\`), complete in one response.
- **Dates** are EDTF with the source's own words and the first and last day they can mean. \`from\` and \`to\` filter by
  overlap; \`certainty=certain\` selects dates that cannot be outside the period.
- **Offsets** of citations count Unicode code points of the article's body, from 0, end exclusive.
- Errors are RFC 9457 problems; \`type\` is the path of a page about the problem.
- Responses have a strong \`ETag\`. Send it in \`If-None-Match\`: an unchanged response is a 304 without a body.`

type OpenApiSettings = { PUBLIC_URL?: string | undefined; ACCESS: 'public' | 'private' }

/** Describes the routes that are registered after it. The description is built at its first request. */
export async function registerOpenApi(
  app: FastifyInstance,
  settings: OpenApiSettings,
): Promise<void> {
  app.addHook('onRoute', (route) => addSharedResponses(route, settings.ACCESS))
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Casefile',
        version: apiVersion,
        description: apiDescription,
        contact: { name: 'The operators of this server' },
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [
        {
          url: settings.PUBLIC_URL ?? '/',
          description: 'The server that sent this description: local, or in production.',
          'x-internal': settings.ACCESS === 'private',
        } as { url: string },
      ],
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description: 'A key made with `casefile keys create`.',
          },
        },
      },
      tags: Object.entries(apiTags).map(([name, about]) => ({ name, description: about })),
    },
    transform: transformRouteSchema,
    transformObject: (input) =>
      addExamples(
        addOpenApiDefaults(
          cleanUpComponents(jsonSchemaTransformObject(input) as OpenApiDescription),
        ),
      ) as never,
  })
}

/** The transformation of the type provider, extended to bodies with several media types. */
const transformRouteSchema: typeof jsonSchemaTransform = (route) => {
  const { body, ...otherSchemas } = (route.schema ?? {}) as { body?: BodyByMediaType }
  if (body?.content === undefined) return jsonSchemaTransform(route)
  const content = Object.entries(body.content).map(([type, { schema }]) => {
    const transformed = jsonSchemaTransform({ ...route, schema: { body: schema } })
    return [type, { schema: (transformed.schema as { body: unknown }).body }]
  })
  const { schema, url } = jsonSchemaTransform({ ...route, schema: otherSchemas })
  return { schema: { ...schema, body: { content: Object.fromEntries(content) } }, url }
}
type BodyByMediaType = { content?: Record<string, { schema: z.ZodType }> }

/** Adds the responses, the operation id and the security requirement that follow from the path and flags of a route. */
function addSharedResponses({ method, url, config, schema }: RouteOptions, access: string): void {
  const responses = schema?.response as Record<number, unknown> | undefined
  if (schema === undefined || responses === undefined) return
  const [firstMethod = 'GET'] = [method].flat()
  schema.operationId ??= buildOperationId(firstMethod.replace('HEAD', 'GET'), url)
  if (config?.hasRevisionEtag)
    responses[304] ??= z.null().describe('Unchanged since the response of `If-None-Match`.')
  if (url.includes('/:ref')) {
    responses[308] ??= z.null().describe('Merged into the record at `Location`.')
    responses[410] ??= problemResponses('retracted')[410]
  }
  responses[401] ??= problemResponses('unauthorized')[401]
  if (config?.scope !== undefined) responses[403] ??= problemResponses('forbidden')[403]
  // The empty requirement means that the key is optional.
  const needsKey = config?.scope !== undefined || (access === 'private' && url.startsWith('/v1'))
  schema.security ??= needsKey ? [{ key: [] }] : [{}, { key: [] }]
}

/**
 * The documentation page. It loads nothing from other hosts. `upgrade-insecure-requests` is left out: with it a browser on
 * plain HTTP would load the scripts by HTTPS. The page needs inline styles.
 */
export const swaggerUiOptions = {
  routePrefix: '/docs',
  theme: { title: 'Casefile API' },
  staticCSP: {
    'default-src': "'self'",
    'img-src': "'self' data:",
    'style-src': "'self' 'unsafe-inline'",
    'object-src': "'none'",
    'base-uri': "'self'",
    'frame-ancestors': "'self'",
  },
  uiConfig: { layout: 'BaseLayout', validatorUrl: null, deepLinking: true, tryItOutEnabled: true },
} as const satisfies FastifySwaggerUiOptions

/**
 * Removes components without references (every schema is registered as an input and as an output), and names inputs
 * `NewPermit` instead of `NewPermitInput`. Drafts in responses are inputs too: in an output schema, optional members would be
 * required.
 */
function cleanUpComponents(description: OpenApiDescription): OpenApiDescription {
  const registered = Object.entries(description.components?.schemas ?? {})
  const isRequestName = (name: string) => /^(New[A-Z]\w*|Json)(?<!Input)$/.test(name)
  const components = {
    ...description.components,
    schemas: Object.fromEntries(registered.filter(([name]) => !isRequestName(name))),
  }
  const renamed: OpenApiDescription = JSON.parse(
    JSON.stringify({ ...description, components }).replaceAll(
      /("|\/)(New[A-Z]\w*|Json)Input"/g,
      '$1$2"',
    ),
  )
  const schemas = renamed.components?.schemas ?? {}
  const usedNames = new Set<string>()
  const collectNames = (node: unknown): void => {
    for (const [, name = ''] of JSON.stringify(node ?? null).matchAll(
      /"#\/components\/schemas\/(\w+)"/g,
    )) {
      if (usedNames.has(name)) continue
      usedNames.add(name)
      collectNames(schemas[name])
    }
  }
  collectNames(renamed.paths)
  return {
    ...renamed,
    components: {
      ...renamed.components,
      schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => usedNames.has(name))),
    },
  }
}

/**
 * Adds examples: for each route that reads, a shortened response of the seeded database (a test writes and compares the
 * file); for each route that writes, a request body. A write responds with the record, so it has the example of that record.
 */
function addExamples(description: OpenApiDescription): OpenApiDescription {
  const file = join(import.meta.dirname, 'examples.json')
  const examples = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as object)
  const setExample = (path: string, method: 'get' | 'post' | 'patch', example: unknown) => {
    const { responses = {} } = description.paths?.[path]?.[method] ?? {}
    for (const status of [200, 201]) {
      const jsonContent = responses[status]?.content?.['application/json']
      if (jsonContent) Object.assign(jsonContent, { example })
    }
  }
  for (const [path, example] of examples) {
    setExample(path, 'get', example)
    if (!/^\/v1\/\w+\/\{ref\}$/.test(path)) continue
    setExample(path, 'patch', example)
    setExample(path.replace('/{ref}', ''), 'post', example)
    for (const segment of ['citations', 'merge']) setExample(`${path}/${segment}`, 'post', example)
    // A change of a citation responds with its record.
    if (path.includes('/permits/')) setExample('/v1/citations/{id}', 'patch', example)
    if (path.includes('/articles/')) setExample(`${path}/spans`, 'patch', example)
  }
  for (const [operation, example] of Object.entries(requestExamples)) {
    const [method = '', path = '', mediaType = 'application/json'] = operation.split(' ')
    const { requestBody } = description.paths?.[path]?.[method.toLowerCase()] ?? {}
    Object.assign(requestBody?.content[mediaType] ?? {}, { example })
  }
  return description
}
