import { constants } from 'node:buffer'

/**
 * What is true of every operation and every schema, and so need not be said by each route: bounds of what has none of its
 * own, and headers. The document then passes the rules for a public API (CONTRIBUTING.md, "Add a route").
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

/** UTF-16 units of the longest text that Node can hold, so of the longest that an answer could have. */
const maxTextLength = constants.MAX_STRING_LENGTH
/** Entries of the longest array that a JSON text of that length could have. */
const maxArrayItems = Math.floor(maxTextLength / 2)
/** No text has NUL: PostgreSQL has no such text, and requests with one are refused. */
const textPattern = '^[^\\u0000]*$'
const maxLengthByFormat: Readonly<Record<string, number>> = {
  uuid: 36,
  date: 10,
  'date-time': 40,
  uri: 8_000,
}

const methodOrder = ['get', 'post', 'put', 'patch', 'delete']

/** Completes it in place, and puts reading before writing in each path. */
export function addOpenApiDefaults(description: OpenApiDescription): OpenApiDescription {
  addSchemaBounds(description.components?.schemas)
  for (const [path, operations] of Object.entries(description.paths ?? {})) {
    const inOrder = Object.entries(operations).sort(
      ([a], [b]) => methodOrder.indexOf(a) - methodOrder.indexOf(b),
    )
    for (const [, { responses, ...operation }] of inOrder) {
      addSchemaBounds(operation)
      for (const [status, answer] of Object.entries(responses)) {
        for (const [mediaType, media] of Object.entries(answer.content ?? {}))
          if (mediaType.endsWith('json')) addSchemaBounds(media.schema)
          else media.schema = describeStream(media.schema, mediaType)
        const names = selectHeaderNames(status, Object.keys(answer.content ?? {}), responses)
        answer.headers = Object.fromEntries(
          names.map((name) => [name, { $ref: `#/components/headers/${name}` }]),
        )
      }
    }
    if (description.paths) description.paths[path] = Object.fromEntries(inOrder)
  }
  description.components = { ...description.components, headers: responseHeaders }
  return description
}

/** Gives each schema below `node` the general bounds where it has none of its own. */
function addSchemaBounds(node: unknown): void {
  if (Array.isArray(node)) {
    for (const one of node) addSchemaBounds(one)
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

/** A text that is no JSON may be a stream of any length; its format is the subtype of its media type. */
const describeStream = (schema: unknown, mediaType: string): JsonObject => ({
  format: mediaType.split('/')[1],
  maxLength: Number.MAX_SAFE_INTEGER,
  ...(schema as JsonObject),
})

/** What an answer may carry; a status of 304 among `all` says that the answers of a route have tags. */
function selectHeaderNames(
  status: string,
  mediaTypes: string[],
  all: JsonObject,
): (keyof typeof responseHeaders)[] {
  const isOk = status === '200' || status === '201'
  return [
    'X-Request-Id',
    'Access-Control-Allow-Origin',
    ...(/^[24]/.test(status)
      ? (['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] as const)
      : []),
    ...(status === '304' || status === '201' || (status === '200' && '304' in all)
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

const noRateLimitNote = 'Absent where nothing is limited.'
const responseHeaders = {
  'X-Request-Id': textHeader(
    'The id of the request in the log: that of the request, or a new one.',
    'b6b0a1f4-6f0e-4a6e-9f0b-2f0d8f0c7b11',
  ),
  'Access-Control-Allow-Origin': textHeader('Pages of any origin may read the answer.', '*'),
  'RateLimit-Limit': integerHeader(
    `Requests that this address may send in the window. ${noRateLimitNote}`,
  ),
  'RateLimit-Remaining': integerHeader(`How many of them are left. ${noRateLimitNote}`),
  'RateLimit-Reset': integerHeader(`Seconds until the window begins anew. ${noRateLimitNote}`),
  'Retry-After': integerHeader('Seconds after which to ask again.'),
  ETag: textHeader(
    'Strong tag of the answer: for `If-None-Match`, and of a record for `If-Match`.',
    '"1f0c2a9b-12-6Tq0"',
  ),
  Location: textHeader('Path of the record.', '/v1/actors/turkey'),
  Link: textHeader(
    'The next page: `rel="next"`; absent on the last.',
    '</v1/permits?cursor=WyIy>; rel="next"',
  ),
  'X-Total-Count': integerHeader(
    'How many there are over all pages, with `count=true`, in CSV and NDJSON.',
  ),
  'WWW-Authenticate': textHeader('Which key is asked for (RFC 6750).', 'Bearer realm="casefile"'),
} as const satisfies Record<string, { description: string; schema: JsonObject }>
