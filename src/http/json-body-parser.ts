import type { FastifyInstance } from 'fastify'
import { type BadValue, Problem } from '../problem.ts'

/** No body of this API nests deeper than a dozen levels. */
const maxNestingDepth = 50

/**
 * Reads JSON bodies, and nothing else. Refused is what another reader would read otherwise, or what the database could
 * not keep: bytes that are not UTF-8, a member that is there twice (RFC 8259, 4: unpredictable), NUL, lone surrogates,
 * nesting without end.
 */
export function registerJsonBodyParser(app: FastifyInstance): void {
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
        rejectAmbiguousJson(text)
      } catch (error) {
        const isMalformed = codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        return done(
          isMalformed
            ? new Problem('invalid-request', 'The body is not UTF-8.', { cause: error })
            : (error as Error),
        )
      }
      void parse(request, text, done)
    },
  )
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

type NestingLevel = {
  /** Names of the members so far; null in an array. */
  names: Set<string> | null
  /** The member or element that is being read. */
  key: string | number
}

/** One pass over the text; that it is JSON at all, the parser finds out afterwards. */
function rejectAmbiguousJson(text: string): void {
  const levels: NestingLevel[] = []
  let isName = false
  for (let index = 0; index < text.length; index += 1) {
    const level = levels.at(-1)
    switch (text[index]) {
      case '{':
      case '[':
        if (levels.length === maxNestingDepth)
          throw createBodyProblem(
            [],
            `nested deeper than ${maxNestingDepth} levels; no body needs that`,
          )
        isName = text[index] === '{'
        levels.push({ names: isName ? new Set() : null, key: isName ? '' : 0 })
        break
      case '}':
      case ']':
        levels.pop()
        isName = false
        break
      case ',':
        isName = level?.names !== null
        if (typeof level?.key === 'number') level.key += 1
        break
      case ':':
        isName = false
        break
      case '"': {
        const end = findStringEnd(text, index)
        const value = decodeStringLiteral(text.slice(index, end))
        index = end - 1
        if (isName && level?.names) {
          level.key = value
          if (level.names.has(value)) throw createBodyProblem(levels, 'this member is there twice')
          level.names.add(value)
        }
        if (value.includes('\0'))
          throw createBodyProblem(levels, 'a NUL character cannot be stored')
        if (!value.isWellFormed())
          throw createBodyProblem(levels, 'a lone surrogate is no Unicode and cannot be stored')
      }
    }
  }
}

/** The offset after the closing quote of the string that begins at `start`; the end of the text when it is not closed. */
function findStringEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1
    else if (text[index] === '"') return index + 1
  }
  return text.length
}

/** Of a string that is not well formed it does not matter, for the parser refuses it. */
function decodeStringLiteral(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1)
  try {
    return String(JSON.parse(literal))
  } catch {
    return literal
  }
}

/** The pointer (RFC 6901) leads to what is being read. */
function createBodyProblem(levels: readonly NestingLevel[], detail: string): Problem {
  const steps = levels.map(({ key: at }) => String(at).replaceAll('~', '~0').replaceAll('/', '~1'))
  const errors: BadValue[] = [{ pointer: ['/body', ...steps].join('/').toWellFormed(), detail }]
  return new Problem('invalid-request', `${errors[0]?.pointer}: ${detail}`, { errors })
}
