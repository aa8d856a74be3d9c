import { exampleRecords } from '../harness/openapi-routes.ts'
import type { Description, Operation, Schema } from './described-operations.ts'
import type { PlainResponse, SentRequest } from './send-request.ts'

type Json = Record<string, unknown>

/** The decisions of a generated request, so that the same numbers give the same request. */
export class Choices {
  readonly #numbers: readonly number[]
  #next = 0

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers
  }

  below(limit: number): number {
    this.#next += 1
    return (this.#numbers[this.#next % this.#numbers.length] ?? 0) % limit
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(options: readonly T[]): T {
    return options[this.below(options.length)] as T
  }
}

/** What a client knows after some requests. */
export class KnownRecords {
  readonly #refs = new Map<string, string[]>()
  /** Records that nothing refers to, so that they can be retracted. */
  readonly #created = new Map<string, string[]>()
  readonly #citations: string[] = []
  readonly cursors: string[] = []

  constructor() {
    for (const [plural, slug] of Object.entries(exampleRecords)) this.#refs.set(plural, [slug])
  }

  refs = (plural: string): readonly string[] => this.#refs.get(plural) ?? ['canada']
  allRefs = (): string[] => [...this.#refs.values()].flat()
  citations = (): readonly string[] => this.#citations
  takeCreated = (plural: string): string | undefined => this.#created.get(plural)?.shift()

  learn(operation: Operation, { status, text, mediaType }: PlainResponse): void {
    if (status >= 300 || mediaType !== 'application/json') return
    const body = JSON.parse(text) as Json
    if (typeof body.next === 'string') this.cursors.push(body.next)
    const plural = /^POST \/v1\/([a-z]+)$/.exec(`${operation.method} ${operation.path}`)?.[1]
    if (plural === undefined || typeof body.slug !== 'string') return
    const add = (map: Map<string, string[]>) =>
      map.set(plural, [...(map.get(plural) ?? []).slice(-200), String(body.slug)])
    add(this.#created)
    // Articles keep the seed's, whose quotes are known.
    if (plural !== 'articles') add(this.#refs)
    for (const { id } of (body.citations ?? []) as { id: string }[]) this.#citations.push(id)
    this.#citations.splice(0, this.#citations.length - 200)
  }
}

/** Texts that programs have stumbled over. */
const hostileTexts = [
  '',
  ' ',
  '\u0000',
  '\u202e\u200f',
  '\ud800',
  'e\u0301\u0301\u0301',
  '\u0301',
  "'; DROP TABLE record; --",
  '{{7*7}}',
  '../../../../etc/passwd',
  '%00%2e%2e%2f',
  '<script>alert(1)</script>',
  '=HYPERLINK("http://a")',
  'a'.repeat(5_000),
  '9'.repeat(400),
  '-1',
  '1e400',
  'NaN',
  '2021-02-30',
  '9999-99-99/..',
  'Y-17E7',
  'constructor',
  '__proto__',
  '٣',
  'ß',
  '😀'.repeat(300),
]

/** Builds requests from the description, from its examples, and from what earlier responses told. */
export class RequestGenerator {
  readonly #description: Description
  readonly #known: KnownRecords
  readonly #key: string
  #count = 0

  constructor(description: Description, known: KnownRecords, key: string) {
    this.#description = description
    this.#known = known
    this.#key = key
  }

  generate(operation: Operation, choices: Choices, noise: unknown): SentRequest {
    this.#count += 1
    const headers: Record<string, string> = {}
    const coding = choices.pick(['gzip', 'br', 'deflate', 'identity', '', 'gzip;q=0, *'])
    if (coding !== '') headers['accept-encoding'] = coding
    if (operation.needsKey && !choices.chance(3)) headers.authorization = `Bearer ${this.#key}`
    if (/^(PATCH|DELETE|POST .*merge)/.test(operation.method) || operation.path.endsWith('/merge'))
      headers['if-match'] = choices.chance(95) ? '*' : '"0"'
    if (choices.chance(4))
      headers.accept = choices.pick(['text/html', 'image/png', '*/*', 'a/b;q=x'])
    const path = this.#buildPath(operation, choices, noise)
    const query = this.#buildQuery(operation, choices, noise)
    const sent: SentRequest = { method: operation.method, path: path + query, headers }
    if (operation.method === 'GET') {
      if (!operation.isStream && choices.chance(15)) sent.method = 'HEAD'
      return sent
    }
    const body = this.#buildBody(operation, choices, noise)
    headers['content-type'] = choices.chance(2) ? 'text/plain' : 'application/json'
    sent.body = choices.chance(2) ? `{"a":${JSON.stringify(noise)}` : JSON.stringify(body)
    return sent
  }

  #buildPath({ method, path }: Operation, choices: Choices, noise: unknown): string {
    const plural = /^\/v1\/([a-z]+)/.exec(path)?.[1] ?? ''
    return path.replace(/\{(\w+)\}/g, (_match, name: string) => {
      if (choices.chance(5)) return encodePart(toText(noise).slice(0, 300))
      if (choices.chance(3)) return encodePart(choices.pick(hostileTexts))
      if (name === 'code') return choices.pick(['not-found', 'invalid-request', 'overloaded'])
      if (plural === 'citations') return choices.pick(['x', ...this.#known.citations().slice(-50)])
      if (name === 'id') return '01936f5e-0000-7000-8000-000000000029'
      const isGone = method === 'DELETE' || path.endsWith('/merge')
      if (isGone) return this.#known.takeCreated(plural) ?? 'unknown'
      // The example of a correction or a citation suits the record of the examples.
      if (method !== 'GET') return exampleRecords[plural] ?? 'x'
      return choices.pick(this.#known.refs(plural))
    })
  }

  #buildQuery({ parameters }: Operation, choices: Choices, noise: unknown): string {
    const query = new URLSearchParams()
    for (const { name, in: place, required, schema } of parameters) {
      if (place !== 'query') continue
      if (required !== true && !choices.chance(12)) continue
      query.append(name, this.#buildParameter(name, schema, choices, noise))
    }
    if (choices.chance(2)) query.append(toText(noise).slice(0, 50), 'x')
    const text = query.toString()
    return text === '' ? '' : `?${text}`
  }

  #buildParameter(name: string, given: Schema, choices: Choices, noise: unknown): string {
    const schema = this.#description.resolve(given)
    if (choices.chance(8)) return toText(noise)
    if (choices.chance(8)) return choices.pick(hostileTexts)
    if (name === 'cursor') return choices.pick(['x', ...this.#known.cursors.slice(-20)])
    const alternatives = (schema.anyOf ?? schema.oneOf ?? [schema]) as Schema[]
    const alternative = this.#description.resolve(choices.pick(alternatives))
    const options = alternative.enum ?? (alternative.const === undefined ? [] : [alternative.const])
    if (Array.isArray(options) && options.length > 0) return String(choices.pick(options))
    if (alternative.type === 'boolean') return choices.pick(['true', 'false'])
    if (alternative.type === 'integer' || alternative.type === 'number')
      return String(choices.pick([0, 1, 2, 10, 100, -1, 1.5, Number(alternative.maximum ?? 7)]))
    if (alternative.format === 'date-time') return '2030-01-01T00:00:00Z'
    if (name === 'from' || name === 'to' || choices.chance(50))
      return choices.pick(this.#known.allRefs())
    return choices.pick(['turkey', 'canada', 'export permits', '2020', '2019/2021', 'drone*', 'a'])
  }

  #buildBody({ path, example = {} }: Operation, choices: Choices, noise: unknown): unknown {
    const body = this.#makeUnique(structuredClone(example), path)
    if (choices.chance(55)) return body
    for (let mutations = 1 + choices.below(3); mutations > 0; mutations -= 1)
      mutate(body, choices, noise)
    return choices.chance(2) ? noise : body
  }

  /** New slugs and texts, and names for what a batch creates. */
  #makeUnique(body: Json, path: string): Json {
    const suffix = `-${this.#count}`
    const rename = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(rename)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [
          name,
          name === 'slug' ? `${one}${suffix}` : rename(one),
        ]),
      )
    }
    const unique = rename(body) as Json
    if (path === '/v1/articles' && typeof unique.text === 'string') unique.text += suffix
    if (path.endsWith('/citations')) unique.confidence = (this.#count % 100) / 100
    if (path.endsWith('/{ref}')) {
      for (const name of ['title', 'description', 'scope'])
        if (typeof unique[name] === 'string') unique[name] += suffix
    }
    return unique
  }
}

/** Changes one place of a JSON value. */
function mutate(body: Json, choices: Choices, noise: unknown): void {
  let holder: Json = body
  for (let depth = choices.below(4); depth > 0; depth -= 1) {
    const inner = Object.values(holder).filter(
      (one): one is Json => typeof one === 'object' && one !== null,
    )
    if (inner.length === 0) break
    holder = choices.pick(inner)
  }
  const name = choices.pick([...Object.keys(holder), 'unknown'])
  const change = choices.below(6)
  // A copy: a later change inside it must not put it into itself, because a cycle is no JSON.
  const added = structuredClone(noise)
  if (change === 0 && !Array.isArray(holder)) delete holder[name]
  else if (change === 1) holder[name] = added
  else if (change === 2) holder[name] = choices.pick(hostileTexts)
  else if (change === 3) holder[name] = choices.pick([null, true, -1, 1e308, 0.1, [], {}, [[[]]]])
  else if (change === 4) holder[name] = [holder[name], holder[name]]
  else holder[choices.pick(['__proto__x', 'id', 'revision', 'status', 'state'])] = added
}

/** A lone surrogate cannot be sent in a URL. */
const encodePart = (text: string): string => encodeURIComponent(text.toWellFormed()) || 'x'

const toText = (noise: unknown): string =>
  typeof noise === 'string' ? noise : (JSON.stringify(noise) ?? '')
