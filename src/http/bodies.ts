import type { FastifyInstance } from 'fastify'
import { type BadValue, Problem } from '../problem.ts'

/** No body of this API nests deeper than a dozen levels. */
const depthMax = 50

/**
 * Reads JSON bodies, and nothing else. Refused is what another reader would read otherwise, or what the database could
 * not keep: bytes that are not UTF-8, a member that is there twice (RFC 8259, 4: unpredictable), NUL, lone surrogates,
 * nesting without end.
 */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'buffer' },
    (request, bytes, done) => {
      if (bytes.length === 0) return done(null, undefined)
      let text: string
      try {
        text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
        refuseAmbiguous(text)
      } catch (error) {
        const problem =
          error instanceof Problem
            ? error
            : new Problem('invalid-request', 'The body is not UTF-8.', { cause: error })
        return done(problem)
      }
      void parse(request, text, done)
    },
  )
}

type Level = {
  /** Names of the members so far; null in an array. */
  names: Set<string> | null
  /** The member or element that is being read. */
  at: string | number
}

/** One pass over the text; that it is JSON at all, the parser finds out afterwards. */
function refuseAmbiguous(text: string): void {
  const levels: Level[] = []
  let isName = false
  for (let index = 0; index < text.length; index += 1) {
    const level = levels.at(-1)
    switch (text[index]) {
      case '{':
      case '[':
        if (levels.length === depthMax)
          throw refusal([], `nested deeper than ${depthMax} levels; no body needs that`)
        isName = text[index] === '{'
        levels.push({ names: isName ? new Set() : null, at: isName ? '' : 0 })
        break
      case '}':
      case ']':
        levels.pop()
        isName = false
        break
      case ',':
        isName = level?.names !== null
        if (typeof level?.at === 'number') level.at += 1
        break
      case ':':
        isName = false
        break
      case '"': {
        const end = endOfString(text, index)
        const value = textOf(text.slice(index, end))
        index = end - 1
        if (isName && level?.names) {
          level.at = value
          if (level.names.has(value)) throw refusal(levels, 'this member is there twice')
          level.names.add(value)
        }
        if (value.includes('\0')) throw refusal(levels, 'a NUL character cannot be stored')
        if (!value.isWellFormed())
          throw refusal(levels, 'a lone surrogate is no Unicode and cannot be stored')
      }
    }
  }
}

/** The offset after the closing quote of the string that begins at `start`; the end of the text when it is not closed. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1
    else if (text[index] === '"') return index + 1
  }
  return text.length
}

/** Of a string that is not well formed it does not matter, for the parser refuses it. */
function textOf(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1)
  try {
    return String(JSON.parse(literal))
  } catch {
    return literal
  }
}

/** The pointer (RFC 6901) leads to what is being read. */
function refusal(levels: readonly Level[], detail: string): Problem {
  const steps = levels.map(({ at }) => String(at).replaceAll('~', '~0').replaceAll('/', '~1'))
  const errors: BadValue[] = [{ pointer: ['/body', ...steps].join('/').toWellFormed(), detail }]
  return new Problem('invalid-request', `${errors[0]?.pointer}: ${detail}`, { errors })
}
