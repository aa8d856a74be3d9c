import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'

/** Explains why a file does not have the form of its schema, for readers of the file. */

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]
export type SchemaIssue = { path: Path; message: string }

/**
 * One explanation for each fault. Of alternatives, the one is explained that the content is nearest to; unknown words come
 * with the nearest known one.
 */
export function explainIssues(
  schema: z.ZodType,
  { issues }: z.ZodError,
  content: unknown,
): SchemaIssue[] {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'ref',
  }) as JsonSchema
  return issues.flatMap((issue) => explain(issue, [], json, content))
}

function explain(issue: Issue, prefix: Path, schema: JsonSchema, content: unknown): SchemaIssue[] {
  const path = [...prefix, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const hint = suggest(key, listKnownKeys(schema, path))
      return { path: [...path, key], message: `Unrecognized key: "${key}"${hint}` }
    })
  if (issue.code === 'invalid_value') {
    const given = valueAt(content, path)
    const words = issue.values.map(String)
    const hint = typeof given === 'string' ? suggest(given, words) : ''
    return [{ path, message: `${issue.message}${hint}` }]
  }
  if (issue.code !== 'invalid_union') return [{ path, message: issue.message }]
  const branches = issue.errors.map((errors) => ({ errors, cost: measureCost(errors) }))
  const [best] = branches.toSorted((a, b) => a.cost - b.cost)
  // No alternative is near: the schema says what they are.
  if (best === undefined || best.cost >= otherTypeCost)
    return [{ path, message: findOwnMessage(issue) ?? issue.message }]
  return best.errors.flatMap((one) => explain(one, path, schema, content))
}

const otherTypeCost = 100
const defaultMessage = 'Invalid input'

/** What the schema itself says about alternatives, or about alternatives within them. */
function findOwnMessage(issue: Issue): string | null {
  if (issue.message !== defaultMessage && issue.code === 'invalid_union') return issue.message
  if (issue.code !== 'invalid_union') return null
  for (const one of issue.errors.flat()) {
    const message = findOwnMessage(one)
    if (message !== null) return message
  }
  return null
}

/** How far the content is from an alternative: another type is further than unknown, missing or wrong members. */
function measureCost(issues: readonly Issue[]): number {
  return issues.reduce((cost, issue) => {
    if (issue.code === 'unrecognized_keys') return cost + 3 * issue.keys.length
    if (issue.code === 'invalid_union')
      return cost + Math.min(otherTypeCost, ...issue.errors.map(measureCost))
    const isWhole = issue.path.length === 0
    return cost + (isWhole && issue.code === 'invalid_type' ? otherTypeCost : isWhole ? 10 : 2)
  }, 0)
}

function valueAt(content: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[step]
        : undefined,
    content,
  )
}

/** `; did you mean "number"?`, if a known word is near enough. */
export function suggest(word: string, known: readonly string[]): string {
  if (known.length === 0) return ''
  const folded = word.toLowerCase()
  const nearest = closest(
    folded,
    known.map((one) => one.toLowerCase()),
  )
  const original = known.find((one) => one.toLowerCase() === nearest)
  const isNear = distance(folded, nearest) <= Math.max(1, Math.floor(word.length / 3))
  return original !== undefined && isNear ? `; did you mean "${original}"?` : ''
}

type JsonSchema = {
  $ref?: string
  $defs?: Record<string, JsonSchema>
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  anyOf?: JsonSchema[]
  allOf?: JsonSchema[]
  oneOf?: JsonSchema[]
}

/** The keys that an object at a path can have. */
function listKnownKeys(root: JsonSchema, path: Path): string[] {
  let nodes = expand(root, root)
  for (const step of path)
    nodes = nodes.flatMap((node) => {
      const { properties = {}, additionalProperties, items } = node
      const member =
        typeof step === 'number'
          ? items
          : (properties[String(step)] ??
            (typeof additionalProperties === 'object' ? additionalProperties : undefined))
      return member === undefined ? [] : expand(member, root)
    })
  return [...new Set(nodes.flatMap(({ properties = {} }) => Object.keys(properties)))]
}

/** The alternatives of a schema, without references. */
function expand(node: JsonSchema, root: JsonSchema): JsonSchema[] {
  if (node.$ref !== undefined) {
    const target = node.$ref === '#' ? root : root.$defs?.[node.$ref.replace('#/$defs/', '')]
    return target === undefined ? [] : expand(target, root)
  }
  const alternatives = [...(node.anyOf ?? []), ...(node.allOf ?? []), ...(node.oneOf ?? [])]
  return [node, ...alternatives.flatMap((one) => expand(one, root))]
}
