import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'

type MediaTypeObjects = Record<string, { schema?: unknown; example?: unknown }>
type OperationObject = {
  requestBody?: { content?: MediaTypeObjects }
  responses: Record<string, { headers?: unknown; content?: MediaTypeObjects }>
}
type OpenApiDescription = {
  components: Record<string, Record<string, unknown>>
  paths: Record<string, Record<string, OperationObject>>
}

const fileHeader = `/**
 * The types of the API, made from its OpenAPI document: do not edit. \`npx vitest run tests/docs.test.ts -u\` writes this
 * file anew, and the same test fails while it differs from the API.
 */
`

/** A member that the server fills in with its standard value need not be sent. */
const generatorOptions = { defaultNonNullable: false }

/**
 * The text of `src/schema.ts`. It says what a program asks and is answered, and leaves out what it would only get long by:
 * all refusals of an operation are one problem document, headers are in `response.headers`, and examples in
 * the document.
 */
export async function generateTypes(description: object): Promise<string> {
  const copy = structuredClone(description) as OpenApiDescription
  delete copy.components.headers
  // In the document their order hangs on what was loaded first.
  const schemas = Object.entries(copy.components.schemas ?? {})
  copy.components.schemas = Object.fromEntries(schemas.sort(([a], [b]) => (a < b ? -1 : 1)))
  // TypeScript cannot say a type that refers to itself this way.
  if (copy.components.schemas?.Json) copy.components.schemas.Json = {}
  for (const operations of Object.values(copy.paths))
    for (const operation of Object.values(operations)) {
      if (operation.requestBody) removeExamples(operation.requestBody)
      operation.responses = {
        ...Object.fromEntries(
          Object.entries(operation.responses)
            .filter(([status]) => Number(status) < 400)
            .map(([status, { headers: _, ...response }]) => [status, removeExamples(response)]),
        ),
        default: {
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        },
      }
    }
  return `${fileHeader}${astToString(await openapiTS(copy as unknown as OpenAPI3, generatorOptions))}`
}

function removeExamples<R extends { content?: MediaTypeObjects }>(response: R): R {
  for (const media of Object.values(response.content ?? {})) delete media.example
  return response
}
