import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'

type Media = Record<string, { schema?: unknown; example?: unknown }>
type Operation = {
  requestBody?: { content?: Media }
  responses: Record<string, { headers?: unknown; content?: Media }>
}
type Document = {
  components: Record<string, Record<string, unknown>>
  paths: Record<string, Record<string, Operation>>
}

const note = `/**
 * The types of the API, made from its OpenAPI document: do not edit. \`npx vitest run tests/docs.test.ts -u\` writes this
 * file anew, and the same test fails while it differs from the API.
 */
`

/** A member that the server fills in with its standard value need not be sent. */
const optional = { defaultNonNullable: false }

/**
 * The text of `src/schema.ts`. It says what a program asks and is answered, and leaves out what it would only get long by:
 * all refusals of an operation are one problem document, headers are in `response.headers`, and examples in
 * the document.
 */
export async function typesOf(given: object): Promise<string> {
  const document = structuredClone(given) as Document
  delete document.components.headers
  // In the document their order hangs on what was loaded first.
  const schemas = Object.entries(document.components.schemas ?? {})
  document.components.schemas = Object.fromEntries(schemas.sort(([a], [b]) => (a < b ? -1 : 1)))
  // TypeScript cannot say a type that refers to itself this way.
  if (document.components.schemas?.Json) document.components.schemas.Json = {}
  for (const operations of Object.values(document.paths))
    for (const operation of Object.values(operations)) {
      if (operation.requestBody) withoutExample(operation.requestBody)
      operation.responses = {
        ...Object.fromEntries(
          Object.entries(operation.responses)
            .filter(([status]) => Number(status) < 400)
            .map(([status, { headers: _, ...response }]) => [status, withoutExample(response)]),
        ),
        default: {
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        },
      }
    }
  return `${note}${astToString(await openapiTS(document as unknown as OpenAPI3, optional))}`
}

function withoutExample<R extends { content?: Media }>(response: R): R {
  for (const media of Object.values(response.content ?? {})) delete media.example
  return response
}
