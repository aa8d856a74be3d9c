import { isDeepStrictEqual } from 'node:util'

type Form = Readonly<Record<string, string | undefined>>

/**
 * What a person changed in a form of `renderFormFields`, as a JSON Merge Patch (RFC 7396) of the values with which the form was
 * filled.
 */
export function readEdits(form: Form): Record<string, unknown> {
  const values = readValues(form)
  const edits: Record<string, unknown> = {}
  for (const [name, text = 'null'] of Object.entries(form)) {
    const [, field] = /^before\.(\w+)$/.exec(name) ?? []
    if (field === undefined) continue
    const before = dropEmpty(parseJson(text))
    const now = values[field] ?? null
    if (!isDeepStrictEqual(before, now)) edits[field] = buildPatch(before, now)
  }
  return edits
}

/** The values of all inputs, by field. Empty ones are null, and left out within lists and objects. */
export function readValues(form: Form): Record<string, unknown> {
  const tree: Tree = {}
  for (const [name, text = ''] of Object.entries(form)) {
    const [, textForm, path] = /^edit\.(text|number|lines|json)\.([\w.]+)$/.exec(name) ?? []
    if (textForm === undefined || path === undefined) continue
    setAt(tree, path.split('.'), readText(textForm, text.replaceAll('\r\n', '\n').trim()))
  }
  return Object.fromEntries(
    Object.entries(tree).map(([field, value]) => [field, dropEmpty(toLists(value))]),
  )
}

type Tree = { [name: string]: unknown }

function setAt(tree: Tree, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) tree[first] = value
  else {
    const inner = (tree[first] ?? {}) as Tree
    tree[first] = inner
    setAt(inner, rest, value)
  }
}

function readText(form: string, text: string): unknown {
  if (text === '') return null
  if (form === 'lines')
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
  if (form === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  return form === 'json' ? parseJson(text) : text
}

/** Text that is no JSON stays text: the API says what is wrong with it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Objects whose members are all numbered are lists. */
function toLists(value: unknown): unknown {
  if (!isTree(value)) return value
  const members = Object.entries(value).map(([name, one]) => [name, toLists(one)] as const)
  return members.length > 0 && members.every(([name]) => /^\d+$/.test(name))
    ? members.map(([, one]) => one)
    : Object.fromEntries(members)
}

/** Without members that are null, and lists and objects that are empty then; null if nothing is left. */
function dropEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    const elements = value.map(dropEmpty).filter((one) => one !== null)
    return elements.length > 0 ? elements : null
  }
  if (!isTree(value)) return value ?? null
  const members = Object.entries(value)
    .map(([name, one]) => [name, dropEmpty(one)] as const)
    .filter(([, one]) => one !== null)
  return members.length > 0 ? Object.fromEntries(members) : null
}

/** In a merge patch, a member that is gone is null. */
function buildPatch(before: unknown, now: unknown): unknown {
  if (!isTree(before) || !isTree(now)) return now
  const gone = Object.keys(before).filter((name) => !(name in now))
  return {
    ...Object.fromEntries(
      Object.entries(now).map(([name, value]) => [name, buildPatch(before[name], value)]),
    ),
    ...Object.fromEntries(gone.map((name) => [name, null])),
  }
}
