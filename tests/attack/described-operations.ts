import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { readConfig } from '../../src/config.ts'
import { requestExamples } from '../../src/http/request-examples.ts'
import { buildOpenApiDescription } from '../../src/serve.ts'

type Json = Record<string, unknown>
export type Schema = Json & { type?: string | string[]; $ref?: string }
type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: Schema
}
type Described = {
  parameters?: (Parameter | { $ref: string })[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, unknown> } | { $ref: string }>
  security?: Json[]
}

/** An operation of the OpenAPI description, as a client sees it. */
export type Operation = {
  method: string
  path: string
  parameters: Parameter[]
  /** A valid JSON body; undefined when the operation takes none. */
  example: Json | undefined
  /** Whether it needs a key even where reading is open. */
  needsKey: boolean
  isStream: boolean
}

export type Description = {
  operations: Operation[]
  resolve(schema: Schema): Schema
  /** What is wrong with a response; undefined when the description allows it. */
  findFault(operation: Operation, response: ReceivedResponse): string | undefined
}

type ReceivedResponse = { status: number; mediaType: string; text: string }

export async function readDescription(): Promise<Description> {
  const description = (await buildOpenApiDescription(readConfig({}))) as unknown as {
    paths: Record<string, Record<string, Described>>
  } & Json
  const lookUp = (ref: string): Json =>
    ref
      .slice(2)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<Json>((value, name) => value[name] as Json, description)
  const resolve = <T extends object>(value: T): T =>
    '$ref' in value ? resolve(lookUp(String(value.$ref)) as T) : value
  const described = new Map<Operation, Described>()
  for (const [path, operations] of Object.entries(description.paths))
    for (const [method, one] of Object.entries(operations)) {
      const operation: Operation = {
        method: method.toUpperCase(),
        path,
        parameters: (one.parameters ?? []).map((parameter) => resolve(parameter) as Parameter),
        example: requestExamples[`${method.toUpperCase()} ${path}`] as Json | undefined,
        needsKey: one.security?.every((scheme) => Object.keys(scheme).length > 0) ?? false,
        isStream: path.endsWith('/stream'),
      }
      described.set(operation, one)
    }
  const findFault = createResponseCheck(description, described, resolve)
  return { operations: [...described.keys()], resolve, findFault }
}

/** Media types whose text is JSON as a whole. */
const isJson = (mediaType: string): boolean => /[/+]json$/.test(mediaType)

function createResponseCheck(
  description: Json,
  described: ReadonlyMap<Operation, Described>,
  resolve: <T extends object>(value: T) => T,
): Description['findFault'] {
  // Descriptions, examples and formats of OpenAPI are no keywords of JSON Schema.
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'openapi', ...description })
  const validators = new Map<string, ValidateFunction>()
  const getValidator = (pointer: string): ValidateFunction => {
    let validator = validators.get(pointer)
    if (validator === undefined) {
      validator = ajv.compile({ $ref: `openapi#${pointer}` })
      validators.set(pointer, validator)
    }
    return validator
  }
  return (operation, { status, mediaType, text }) => {
    const responses = described.get(operation)?.responses ?? {}
    const declared = responses[status]
    if (declared === undefined) return `status ${status} is not declared`
    const { content } = resolve(declared) as { content?: Record<string, unknown> }
    if (content === undefined) return text === '' ? undefined : `a body with status ${status}`
    const type = [mediaType, '*/*'].find((name) => name in content)
    if (type === undefined) return `${mediaType} is not declared for ${status}`
    if (!isJson(mediaType)) return undefined
    const base =
      '$ref' in declared
        ? String(declared.$ref).slice(1)
        : `/paths/${escapePointer(operation.path)}/${operation.method.toLowerCase()}/responses/${status}`
    const validator = getValidator(`${base}/content/${escapePointer(type)}/schema`)
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return 'the body is not JSON'
    }
    return validator(value) ? undefined : ajv.errorsText(validator.errors)
  }
}

/** A JSON pointer in a URI fragment. */
const escapePointer = (name: string): string =>
  encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))
