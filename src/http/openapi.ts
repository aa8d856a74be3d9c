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
  actors: 'States, companies, persons, public bodies, armed forces, organisations, publishers.',
  affiliations: 'Who held which post where, when.',
  goods: 'Controlled goods and families of them.',
  permits: 'Export authorisations.',
  measures: 'Embargoes, suspensions, denial policies.',
  events: 'What happened.',
  citations: 'The exact passages behind the facts.',
  proposals: 'Drafts of records, read from an article by rules, for somebody to review.',
  findings: 'What follows from several records together.',
  search: 'Finding words anywhere.',
  network: 'Who is connected with whom, and by what.',
  reconciliation: 'Matching names to records: the W3C Reconciliation Service API 0.2.',
  ledger: 'What changed when, who wrote it, and how to check it.',
  service: 'The server itself.',
} as const

const apiDescription = `Casefile serves what source documents say about arms exports: who exported what to whom, under which
permit, against which embargo, and what became of it. Every fact carries the exact passage that says it.

- A record is named by its **slug** or its **id**, in paths and in filters.
- Lists are \`{ "data": [...], "next": "<cursor>" | null }\`; follow \`next\` (or the \`Link\` header) until it is null.
  Every list is also CSV (\`?format=csv\`) and NDJSON (\`?format=ndjson\`), whole.
- **Dates** are EDTF with the source's own words and the first and last day they can mean. \`from\` and \`to\` filter by
  overlap; \`certainty=certain\` asks for dates that can lie nowhere else.
- **Offsets** of citations count Unicode code points of the article's body, from 0, end exclusive.
- Errors are RFC 9457 problem documents; \`type\` is a path with a page about the problem.
- Every answer has a strong \`ETag\`: send it back in \`If-None-Match\` and an unchanged answer costs nothing.`

type OpenApiSettings = { PUBLIC_URL?: string | undefined; ACCESS: 'public' | 'private' }

/** Collects the routes registered after it; the document is written when it is first asked for. */
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
        contact: { name: 'The people who run this server' },
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [
        {
          url: settings.PUBLIC_URL ?? '/',
          description: 'The server that gave this document: local, or in production.',
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
    transformObject: (given) =>
      addExamples(
        addOpenApiDefaults(
          cleanUpComponents(jsonSchemaTransformObject(given) as OpenApiDescription),
        ),
      ) as never,
  })
}

/** As the type provider does it, and also for a body of several media types. */
const transformRouteSchema: typeof jsonSchemaTransform = (given) => {
  const { body, ...rest } = (given.schema ?? {}) as { body?: BodyByMediaType }
  if (body?.content === undefined) return jsonSchemaTransform(given)
  const content = Object.entries(body.content).map(([type, { schema }]) => {
    const alone = jsonSchemaTransform({ ...given, schema: { body: schema } })
    return [type, { schema: (alone.schema as { body: unknown }).body }]
  })
  const { schema, url } = jsonSchemaTransform({ ...given, schema: rest })
  return { schema: { ...schema, body: { content: Object.fromEntries(content) } }, url }
}
type BodyByMediaType = { content?: Record<string, { schema: z.ZodType }> }

/** What is so on a route because of what all routes share, so that none needs to say it. */
function addSharedResponses({ method, url, config, schema }: RouteOptions, access: string): void {
  const answers = schema?.response as Record<number, unknown> | undefined
  if (schema === undefined || answers === undefined) return
  const [first = 'GET'] = [method].flat()
  schema.operationId ??= buildOperationId(first.replace('HEAD', 'GET'), url)
  if (config?.revisioned)
    answers[304] ??= z.null().describe('The answer is still the one of `If-None-Match`.')
  if (url.includes('/:ref')) {
    answers[308] ??= z.null().describe('Merged into the record at `Location`.')
    answers[410] ??= problemResponses('retracted')[410]
  }
  answers[401] ??= problemResponses('unauthorized')[401]
  if (config?.scope !== undefined) answers[403] ??= problemResponses('forbidden')[403]
  // An empty requirement means that it goes without a key as well; one that is shown must be valid all the same.
  const needsKey = config?.scope !== undefined || (access === 'private' && url.startsWith('/v1'))
  schema.security ??= needsKey ? [{ key: [] }] : [{}, { key: [] }]
}

/**
 * The browsable docs: nothing comes from, or is asked of, another host. No `upgrade-insecure-requests`, with which a
 * browser that came by plain HTTP would look for the scripts by HTTPS. The page styles itself inline.
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
 * Leaves out the components that nothing refers to (every shape is registered for requests and for answers), and calls
 * what can be sent by its own name, `NewPermit` for `NewPermitInput`. A draft in an answer is of that shape too: as one of
 * an answer, what may be left out would be required.
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
  const used = new Set<string>()
  const visit = (node: unknown): void => {
    for (const [, name = ''] of JSON.stringify(node ?? null).matchAll(
      /"#\/components\/schemas\/(\w+)"/g,
    )) {
      if (used.has(name)) continue
      used.add(name)
      visit(schemas[name])
    }
  }
  visit(renamed.paths)
  return {
    ...renamed,
    components: {
      ...renamed.components,
      schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))),
    },
  }
}

/**
 * Shows with each route that reads an answer as the seed gives it, shortened; a test writes and compares the file. Whoever
 * makes or changes a record is answered with it, so that one is shown there too. And shows what to send with each that writes.
 */
function addExamples(description: OpenApiDescription): OpenApiDescription {
  const file = join(import.meta.dirname, 'examples.json')
  const examples = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as object)
  const setExample = (path: string, method: 'get' | 'post' | 'patch', example: unknown) => {
    const { responses = {} } = description.paths?.[path]?.[method] ?? {}
    for (const status of [200, 201]) {
      const json = responses[status]?.content?.['application/json']
      if (json) Object.assign(json, { example })
    }
  }
  for (const [path, example] of examples) {
    setExample(path, 'get', example)
    if (!/^\/v1\/\w+\/\{ref\}$/.test(path)) continue
    setExample(path, 'patch', example)
    setExample(path.replace('/{ref}', ''), 'post', example)
    for (const more of ['citations', 'merge']) setExample(`${path}/${more}`, 'post', example)
    // That of a citation is answered with its record.
    if (path.includes('/permits/')) setExample('/v1/citations/{id}', 'patch', example)
  }
  for (const [operation, example] of Object.entries(requestExamples)) {
    const [method = '', path = '', mediaType = 'application/json'] = operation.split(' ')
    const { requestBody } = description.paths?.[path]?.[method.toLowerCase()] ?? {}
    Object.assign(requestBody?.content[mediaType] ?? {}, { example })
  }
  return description
}
