import type { FastifyInstance } from 'fastify'
import { type BadValue, Problem } from '../problem.ts'

/** The bodies of this API have at most a dozen levels. */
const maxNestingDepth = 50

/**
 * Parses JSON bodies and removes all other parsers. Refuses JSON that other programs would read differently, or that the
 * database cannot store: invalid UTF-8, duplicate members (RFC 8259, 4), NUL, lone surrogates, deep nesting.
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
  /** Name of the current member, or index of the current element. */
  key: string | number
}

/** Checks the text in one pass. The JSON parser finds syntax errors afterwards. */
function rejectAmbiguousJson(text: string): void {
  const levels: NestingLevel[] = []
  let isName = false
  for (let index = 0; index < text.length; index += 1) {
    const level = levels.at(-1)
    switch (text[index]) {
      case '{':
      case '[':
        if (levels.length === maxNestingDepth)
          throw createBodyProblem([], `nested deeper than ${maxNestingDepth} levels`)
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
          rejectReservedName(levels, value)
          if (level.names.has(value)) throw createBodyProblem(levels, 'duplicate member')
          level.names.add(value)
        }
        if (value.includes('\0'))
          throw createBodyProblem(levels, 'contains a NUL character, which cannot be stored')
        if (!value.isWellFormed())
          throw createBodyProblem(levels, 'contains a lone surrogate, which is not valid Unicode')
      }
    }
  }
}

/** JavaScript programs that copy such members into objects would change the behaviour of all their objects. */
function rejectReservedName(levels: readonly NestingLevel[], name: string): void {
  const isReserved =
    name === '__proto__' || (name === 'prototype' && levels.at(-2)?.key === 'constructor')
  if (isReserved) throw createBodyProblem(levels, 'this name is reserved and cannot be a member')
}

/** The offset after the closing quote of the string at `start`, or the end of the text if the quote is missing. */
function findStringEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1
    else if (text[index] === '"') return index + 1
  }
  return text.length
}

/** Returns an invalid literal unchanged: the JSON parser refuses it later. */
function decodeStringLiteral(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1)
  try {
    return String(JSON.parse(literal))
  } catch {
    return literal
  }
}

/** The pointer (RFC 6901) names the current member or element. */
function createBodyProblem(levels: readonly NestingLevel[], detail: string): Problem {
  const steps = levels.map(({ key }) => String(key).replaceAll('~', '~0').replaceAll('/', '~1'))
  const errors: BadValue[] = [{ pointer: ['/body', ...steps].join('/').toWellFormed(), detail }]
  return new Problem('invalid-request', `${errors[0]?.pointer}: ${detail}`, { errors })
}
