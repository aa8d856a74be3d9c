import type { Page } from '../layout/page.ts'
import { type Html, html } from '../parts/html.ts'
import { getKindName, getName } from '../parts/records.ts'
import { nameField, nameWord, texts } from '../texts.ts'
import type { Proposal } from './desk-page.ts'

/** The part of JSON Schema that a form shows. */
type Schema = {
  $ref?: string
  type?: string
  enum?: string[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  description?: string
  maxLength?: number
}

/** The part of the OpenAPI description that a form is made from. */
export type ApiDescription = {
  paths: Record<
    string,
    { post?: { requestBody?: { content: Record<string, { schema: Schema } | undefined> } } }
  >
  components: { schemas: Record<string, Schema> }
}

/** A proposal with an input for each field of its kind, made from the description of the API. */
export function editPage(ref: string, proposal: Proposal, api: ApiDescription): Page {
  const { id, kind, draft } = proposal
  const action = `/review/articles/${ref}/proposals/${id}`
  return {
    title: `${texts.review.edit}: ${getName(draft)}`,
    section: 'review',
    body: html`<p class="kicker"><a href="/review/articles/${ref}#p-${id}">${texts.review.proposals}</a></p>
<h1>${getKindName(kind)}: ${getName(draft)}</h1>
<form class="stacked edit" method="post" action="${action}">
<input type="hidden" name="decision" value="accept"><input type="hidden" name="withNeeded" value="true">
${Object.entries(readFields(kind, api)).map(([field, schema]) => renderInput(field, schema, draft[field]))}
<button class="primary" type="submit">${texts.review.accept}</button></form>`,
  }
}

/** The fields of the body with which the API creates a record of the kind. */
function readFields(kind: string, api: ApiDescription): Record<string, Schema> {
  const body = api.paths[`/v1/${kind}s`]?.post?.requestBody?.content['application/json']
  const schema = body ? followReference(body.schema, api) : {}
  const { citations: _citations, ...fields } = schema.properties ?? {}
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, followReference(field, api)]),
  )
}

const followReference = (schema: Schema, { components }: ApiDescription): Schema =>
  schema.$ref ? (components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema

/** A nullable schema without its null. */
const unwrap = (schema: Schema): Schema => {
  const [only, ...more] = (schema.anyOf ?? []).filter(({ type }) => type !== 'null')
  return only !== undefined && more.length === 0 ? { ...schema, ...only } : schema
}

function renderInput(field: string, nullable: Schema, value: unknown): Html {
  const schema = unwrap(nullable)
  const id = `edit-${field}`
  const before = html`<input type="hidden" name="before.${field}" value="${toText(value)}">`
  const label = html`<label for="${id}">${nameField(field)}</label>`
  const hint = schema.description
    ? html`<p class="details" id="${id}-hint">${schema.description}</p>`
    : null
  const described = hint ? html` aria-describedby="${id}-hint"` : null
  if (schema.enum)
    return html`${before}${label}<select id="${id}" name="edit.${field}"${described}><option value="">${texts.notSaid}</option>${schema.enum.map(
      (word) =>
        html`<option value="${word}"${word === value ? html` selected` : null}>${nameWord(word)}</option>`,
    )}</select>${hint}`
  const isLong = schema.type !== 'string' || (schema.maxLength ?? 0) > 2_000
  return isLong
    ? html`${before}${label}<textarea id="${id}" name="edit.${field}" rows="${schema.type === 'string' ? 4 : 5}"${described}>${toText(value)}</textarea>${hint}`
    : html`${before}${label}<input id="${id}" name="edit.${field}" value="${toText(value)}"${described}>${hint}`
}

/** Values that are not text are shown as JSON. */
const toText = (value: unknown): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'string'
      ? value
      : JSON.stringify(value, null, 1)

/** The changed fields of the form, as JSON Merge Patch. */
export function readEdits(form: Readonly<Record<string, string | undefined>>): object {
  const edits: Record<string, unknown> = {}
  for (const [name, text = ''] of Object.entries(form)) {
    const [, field] = /^edit\.(\w+)$/.exec(name) ?? []
    if (field === undefined) continue
    const [now, before] = [text, form[`before.${field}`] ?? ''].map((one) =>
      one.replaceAll('\r\n', '\n').trim(),
    )
    if (now !== before) edits[field] = parseText(now ?? '')
  }
  return edits
}

function parseText(text: string): unknown {
  if (text === '') return null
  if (!/^[[{]|^-?\d+(\.\d+)?$|^(true|false)$/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
