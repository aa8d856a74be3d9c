import { type Html, html } from '../parts/html.ts'
import { nameField, nameWord, texts } from '../texts.ts'

/** The part of JSON Schema that a form shows. */
type Schema = {
  $ref?: string
  type?: string
  enum?: string[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  items?: Schema
  description?: string
  maxLength?: number
  pattern?: string
}
export type FieldSchemas = Readonly<Record<string, Schema>>

/** The part of the OpenAPI description that a form is made from. */
export type ApiDescription = {
  paths: Record<
    string,
    { post?: { requestBody?: { content: Record<string, { schema: Schema } | undefined> } } }
  >
  components: { schemas: Record<string, Schema> }
}

/** How the text of an input is read. It is part of the name of the input. */
type TextForm = 'text' | 'number' | 'lines' | 'json'

const longTextLength = 2_000

/** The fields of the body with which the API creates a record of the kind. */
export function listFields(plural: string, api: ApiDescription): FieldSchemas {
  const body = api.paths[`/v1/${plural}`]?.post?.requestBody?.content['application/json']
  const { citations: _citations, ...fields } =
    followReference(body?.schema ?? {}, api).properties ?? {}
  return fields
}

const followReference = (schema: Schema, { components }: ApiDescription): Schema =>
  schema.$ref ? (components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema

/** A schema without its null, and with what it refers to. */
function resolveSchema(given: Schema, api: ApiDescription): Schema {
  const schema = followReference(given, api)
  const [only, ...more] = (schema.anyOf ?? []).filter(({ type }) => type !== 'null')
  return only !== undefined && more.length === 0
    ? { ...schema, ...resolveSchema(only, api) }
    : schema
}

/** An input for each field, filled with the value, and the value itself, to tell what was changed. */
export const renderFormFields = (
  fields: FieldSchemas,
  values: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>>,
  api: ApiDescription,
): Html[] =>
  Object.entries(fields).map(
    ([field, schema]) =>
      html`<input type="hidden" name="before.${field}" value="${JSON.stringify(before[field] ?? null)}">${renderInput(field, schema, values[field], api)}`,
  )

function renderInput(path: string, given: Schema, value: unknown, api: ApiDescription): Html {
  const schema = resolveSchema(given, api)
  const label = nameField(path.split('.').at(-1) ?? '')
  if (schema.properties) return renderGroup(path, label, schema, value, api)
  const items = schema.items && resolveSchema(schema.items, api)
  if (items?.properties) return renderGroups(path, label, items, value, api)
  if (schema.enum) return renderMenu(path, label, schema, schema.enum, value)
  if (items?.type === 'string') return renderText(path, 'lines', label, schema, value)
  if (schema.type === 'number' || schema.type === 'integer')
    return renderText(path, 'number', label, schema, value)
  return renderText(path, schema.type === 'string' ? 'text' : 'json', label, schema, value)
}

function renderGroup(
  path: string,
  legend: string,
  { properties = {} }: Schema,
  value: unknown,
  api: ApiDescription,
): Html {
  const members = (value ?? {}) as Record<string, unknown>
  return html`<fieldset><legend>${legend}</legend>${Object.entries(properties).map(
    ([name, schema]) => renderInput(`${path}.${name}`, schema, members[name], api),
  )}</fieldset>`
}

/** A group for each element of a list, and an empty one to add another. */
function renderGroups(
  path: string,
  legend: string,
  items: Schema,
  value: unknown,
  api: ApiDescription,
): Html {
  const elements = Array.isArray(value) ? value : []
  return html`<fieldset><legend>${legend}</legend>${[...elements, null].map((element, index) =>
    renderGroup(
      `${path}.${index}`,
      element === null ? texts.review.another : `${index + 1}`,
      items,
      element,
      api,
    ),
  )}</fieldset>`
}

function renderMenu(
  path: string,
  label: string,
  schema: Schema,
  words: readonly string[],
  value: unknown,
): Html {
  const { id, hint, described } = describe(path, schema)
  return html`<label for="${id}">${label}</label><select id="${id}" name="edit.text.${path}"${described}><option value="">${texts.notSaid}</option>${words.map(
    (word) =>
      html`<option value="${word}"${word === value ? html` selected` : null}>${nameWord(word)}</option>`,
  )}</select>${hint}`
}

function renderText(
  path: string,
  form: TextForm,
  label: string,
  schema: Schema,
  value: unknown,
): Html {
  const { id, hint, described } = describe(path, schema)
  const name = `edit.${form}.${path}`
  const text = formatValue(form, value)
  const isLong =
    form === 'lines' ||
    form === 'json' ||
    (schema.pattern === undefined && (schema.maxLength ?? 0) > longTextLength)
  if (isLong)
    return html`<label for="${id}">${label}</label><textarea id="${id}" name="${name}" rows="${form === 'text' ? 4 : 3}"${described}>${text}</textarea>${hint}`
  // Records are suggested where the schema takes a slug.
  const suggests = isReference(schema) ? html` data-suggest="slug" autocomplete="off"` : null
  return html`<label for="${id}">${label}</label><input type="text" id="${id}" name="${name}" value="${text}"${described}${suggests}>${hint}`
}

/** A reference takes a slug, an id, or `$name`. */
const isReference = ({ pattern }: Schema): boolean => pattern?.startsWith('^\\$?') ?? false

function describe(path: string, { description }: Schema) {
  const id = `edit-${path.replaceAll('.', '-')}`
  if (description === undefined) return { id, hint: null, described: null }
  return {
    id,
    hint: html`<p class="details" id="${id}-hint">${description}</p>`,
    described: html` aria-describedby="${id}-hint"`,
  }
}

function formatValue(form: TextForm, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (form === 'json') return JSON.stringify(value, null, 1)
  return Array.isArray(value) ? value.join('\n') : String(value)
}
