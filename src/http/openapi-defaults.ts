import { constants } from 'node:buffer'

/**
 * Defaults for all operations and schemas, so that routes need not repeat them: bounds of values, and response headers.
 * The description then passes the lint rules for public APIs (CONTRIBUTING.md, "Add a route").
 */

type JsonObject = Record<string, unknown>
type OpenApiOperation = {
  requestBody?: { content: Record<string, object> }
  responses: Record<string, JsonObject & { content?: Record<string, { schema?: unknown }> }>
}
export type OpenApiDescription = {
  components?: Record<string, JsonObject> & { schemas?: JsonObject }
  paths?: Record<string, Record<string, OpenApiOperation>>
} & JsonObject

/** Length of the longest string in Node, in UTF-16 units. */
const maxTextLength = constants.MAX_STRING_LENGTH
/** Elements of the longest array in a JSON text of that length. */
const maxArrayItems = Math.floor(maxTextLength / 2)
/** Any text without NUL: PostgreSQL cannot store NUL, and requests with it are refused. */
const textPattern = '^[^\\u0000]*$'
const maxLengthByFormat: Readonly<Record<string, number>> = {
  uuid: 36,
  date: 10,
  'date-time': 40,
  uri: 8_000,
}

const methodOrder = ['get', 'post', 'put', 'patch', 'delete']

/** Completes the description in place, and sorts the methods of each path. */
export function addOpenApiDefaults(description: OpenApiDescription): OpenApiDescription {
  addSchemaBounds(description.components?.schemas)
  for (const [path, operations] of Object.entries(description.paths ?? {})) {
    const sortedOperations = Object.entries(operations).sort(
      ([a], [b]) => methodOrder.indexOf(a) - methodOrder.indexOf(b),
    )
    for (const [, { responses, ...operation }] of sortedOperations) {
      addSchemaBounds(operation)
      for (const [status, response] of Object.entries(responses)) {
        for (const [mediaType, media] of Object.entries(response.content ?? {}))
          if (mediaType.endsWith('json')) addSchemaBounds(media.schema)
          else media.schema = describeStream(media.schema, mediaType)
        const names = selectHeaderNames(status, Object.keys(response.content ?? {}), responses)
        response.headers = Object.fromEntries(
          names.map((name) => [name, { $ref: `#/components/headers/${name}` }]),
        )
      }
    }
    if (description.paths) description.paths[path] = Object.fromEntries(sortedOperations)
  }
  description.components = { ...description.components, headers: responseHeaders }
  return description
}

/** Adds the default bounds to each schema below `node` that has none. */
function addSchemaBounds(node: unknown): void {
  if (Array.isArray(node)) {
    for (const element of node) addSchemaBounds(element)
    return
  }
  if (typeof node !== 'object' || node === null) return
  const schema = node as JsonObject
  const types = [schema.type].flat()
  if (types.includes('string') && !('enum' in schema) && !('const' in schema)) {
    schema.maxLength ??= maxLengthByFormat[String(schema.format)] ?? maxTextLength
    if (!('format' in schema)) schema.pattern ??= textPattern
  }
  if (types.includes('integer')) schema.format ??= 'int64'
  if (types.includes('array')) schema.maxItems ??= maxArrayItems
  for (const [name, member] of Object.entries(schema))
    if (!/^(examples?|default|enum|const)$/.test(name)) addSchemaBounds(member)
}

const binaryTypes = /^(application\/(zip|pdf|octet-stream|vnd\.(openxmlformats|apache)\S*)|\*\/\*)$/

/** A text that is no JSON may be a stream of any length; its format is the subtype of its media type. */
const describeStream = (schema: unknown, mediaType: string): JsonObject => ({
  format: binaryTypes.test(mediaType) ? 'binary' : mediaType.split('/')[1],
  maxLength: Number.MAX_SAFE_INTEGER,
  ...(schema as JsonObject),
})

/** The headers of a response. A route whose `responses` include 304 has ETags. */
function selectHeaderNames(
  status: string,
  mediaTypes: string[],
  responses: JsonObject,
): (keyof typeof responseHeaders)[] {
  const isOk = status === '200' || status === '201'
  return [
    'X-Request-Id',
    'Access-Control-Allow-Origin',
    ...(/^[24]/.test(status)
      ? (['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] as const)
      : []),
    ...(status === '304' || status === '201' || (status === '200' && '304' in responses)
      ? (['ETag'] as const)
      : []),
    ...(status === '201' || status === '308' ? (['Location'] as const) : []),
    ...(isOk && mediaTypes.includes('text/csv') ? (['Link', 'X-Total-Count'] as const) : []),
    ...(status === '401' ? (['WWW-Authenticate'] as const) : []),
    ...(status === '429' || status === '503' ? (['Retry-After'] as const) : []),
  ]
}

const integerHeader = (description: string) => ({
  description,
  schema: { type: 'integer', format: 'int64', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
})
const textHeader = (description: string, example: string) => ({
  description,
  schema: { type: 'string', maxLength: 8_000, pattern: textPattern, examples: [example] },
})

const noRateLimitNote = 'Absent on a server without a rate limit.'
const responseHeaders = {
  'X-Request-Id': textHeader(
    'The id of the request in the log: the one that the client sent, or a new one.',
    'b6b0a1f4-6f0e-4a6e-9f0b-2f0d8f0c7b11',
  ),
  'Access-Control-Allow-Origin': textHeader('Pages of any origin may read the answer.', '*'),
  'RateLimit-Limit': integerHeader(
    `Requests that this address may send in the window. ${noRateLimitNote}`,
  ),
  'RateLimit-Remaining': integerHeader(`Requests that are left in the window. ${noRateLimitNote}`),
  'RateLimit-Reset': integerHeader(`Seconds until the next window. ${noRateLimitNote}`),
  'Retry-After': integerHeader('Seconds to wait before the next attempt.'),
  ETag: textHeader(
    'Strong tag of the response, for `If-None-Match`. That of a record is also for `If-Match`.',
    '"1f0c2a9b-12-9d3e41aa-6Tq0kX2mBv7Lw9Zr"',
  ),
  Location: textHeader('Path of the record.', '/v1/actors/turkey'),
  Link: textHeader(
    'The next page: `rel="next"`. Absent on the last page.',
    '</v1/permits?cursor=WyIy>; rel="next"',
  ),
  'X-Total-Count': integerHeader(
    'Number of entries over all pages, with `count=true`, in CSV and NDJSON.',
  ),
  'WWW-Authenticate': textHeader('The required key (RFC 6750).', 'Bearer realm="casefile"'),
} as const satisfies Record<string, { description: string; schema: JsonObject }>
