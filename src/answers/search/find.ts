import { createHash } from 'node:crypto'
import type { Db } from '../../database/database.ts'
import { indexText } from '../../evidence/text.ts'
import { Problem } from '../../problem.ts'
import { resolve } from '../../records/model/list-queries.ts'
import {
  type Found,
  namesLike,
  type Result,
  type SearchRequest,
  search,
  unknownWords,
} from './queries.ts'
import {
  type Asked,
  asName,
  type Corrections,
  correctable,
  highlightable,
  nearestWords,
  readQuery,
  toTsquery,
} from './rules.ts'
import type { SearchAnswer, SearchHit, SearchQuery, Snippet } from './schema.ts'
import { contextOf, excerptOf } from './snippets.ts'

const limitStandard = 20

/**
 * The records in which the words stand, the best first. When the words as they are given find nothing, those that stand
 * nowhere are taken for typing errors of names.
 *
 * @throws {Problem} invalid-request, invalid-cursor, unknown-reference
 */
export async function find(db: Db, query: SearchQuery): Promise<SearchAnswer> {
  const asked = readQuery(query.q)
  const limit = query.limit ?? limitStandard
  const print = createHash('sha1')
    .update(JSON.stringify([query.q, query.kind, query.case, query.year]))
    .digest('base64url')
  const after = query.cursor === undefined ? null : readCursor(query.cursor, print)
  const request: SearchRequest = {
    ...{ tsquery: toTsquery(asked), name: asName(asked), limit, after },
    kinds: query.kind === undefined ? null : [query.kind].flat(),
    case: query.case ?? null,
    year: query.year ?? null,
  }
  let corrections: Corrections = new Map()
  let result = await search(db, request)
  if (result.hits.length === 0 && result.counted === 0) {
    if (query.case !== undefined) await requireCase(db, query.case)
    corrections = await correctionsFor(db, asked)
    if (corrections.size > 0)
      result = await search(db, {
        ...request,
        tsquery: toTsquery(asked, corrections),
        name: asName(asked, corrections),
      })
  }
  return answer(result, { asked, corrections, limit, print })
}

type Told = { asked: Asked; corrections: Corrections; limit: number; print: string }

/** The answer that the rows stand for. */
export function answer(result: Result, { asked, corrections, limit, print }: Told): SearchAnswer {
  const terms = highlightable(asked, corrections)
  const hits = result.hits.slice(0, limit)
  const last = result.hits.length > limit ? hits.at(-1) : undefined
  return {
    data: hits.map((found) => toHit(found, terms)),
    next: last ? writeCursor(last, print) : null,
    total: { count: result.counted, isExact: result.isWhole },
    facets: { kind: result.kinds, case: result.cases, year: result.years },
    corrections: [...corrections].map(([from, to]) => ({ from, to: [...to] })),
  }
}

async function correctionsFor(db: Db, asked: Asked): Promise<Corrections> {
  const corrections = new Map<string, string[]>()
  const words = correctable(asked)
  if (words.length === 0) return corrections
  for (const word of await unknownWords(db, words)) {
    const near = nearestWords(word, await namesLike(db, word))
    if (near.length > 0) corrections.set(word, near)
  }
  return corrections
}

/** A filter that names no case is an error, not an empty answer. */
async function requireCase(db: Db, ref: string): Promise<void> {
  try {
    await resolve(db, 'case', ref)
  } catch (error) {
    const detail = error instanceof Error ? error.message : ''
    throw new Problem('unknown-reference', detail, {
      cause: error,
      errors: [{ pointer: '/query/case', detail }],
    })
  }
}

const quotesShown = 2
const snippetsMax = 4

function toHit({ record, kind, score, fields, quotes, body }: Found, terms: Terms): SearchHit {
  const ofFields = fields.flatMap(({ field, text }): Snippet[] => {
    const excerpt = excerptOf(text, terms)
    if (excerpt === null) return []
    return [
      { field, text: excerpt.text, highlights: excerpt.highlights, passage: null, cite: null },
    ]
  })
  const ofBody = body === null ? [] : bodySnippet(record, body, terms)
  const ofQuotes = quoteSnippets(quotes, terms)
  const room = snippetsMax - ofBody.length - Math.min(quotesShown, ofQuotes.length)
  return { record, kind, score, snippets: [...ofFields.slice(0, room), ...ofQuotes, ...ofBody] }
}

type Terms = readonly (readonly string[])[]

/** The quotes with the most of what was asked for; the same passage once. */
function quoteSnippets(quotes: Found['quotes'], terms: Terms): Snippet[] {
  const seen = new Set<string>()
  const found = quotes.flatMap((citation) => {
    const place = `${citation.article.id}/${citation.start}/${citation.quote}`
    if (seen.has(place)) return []
    seen.add(place)
    const excerpt = excerptOf(citation.quote, terms)
    return excerpt === null ? [] : [{ citation, excerpt }]
  })
  return found
    .sort((a, b) => b.excerpt.terms - a.excerpt.terms)
    .slice(0, quotesShown)
    .map(({ citation: { id, article, start, quote, prefix, suffix }, excerpt }) => {
      const whole = indexText(quote)
      const context = contextOf(prefix + quote + suffix, {
        start: prefix.length + excerpt.start,
        end: prefix.length + excerpt.end,
      })
      return {
        ...{ field: 'citations', text: excerpt.text, highlights: excerpt.highlights },
        passage: {
          article,
          start: start + whole.toCodePoints(excerpt.start),
          end: start + whole.toCodePoints(excerpt.end),
          citation: id,
        },
        cite: { article: article.slug, quote: excerpt.text, ...context },
      }
    })
}

function bodySnippet(
  article: Found['record'],
  { text, start, boilerplate }: NonNullable<Found['body']>,
  terms: Terms,
): Snippet[] {
  const whole = indexText(text)
  const inUnits = (codePoint: number) =>
    whole.toUnits(Math.min(Math.max(0, codePoint - start), whole.length))
  const citable: { start: number; end: number }[] = []
  let from = 0
  for (const span of boilerplate) {
    citable.push({ start: from, end: Math.max(from, inUnits(span.start)) })
    from = Math.max(from, inUnits(span.end))
  }
  citable.push({ start: from, end: text.length })
  const excerpt = excerptOf(text, terms, citable)
  if (excerpt === null) return []
  return [
    {
      ...{ field: 'body', text: excerpt.text, highlights: excerpt.highlights },
      passage: {
        article,
        start: start + whole.toCodePoints(excerpt.start),
        end: start + whole.toCodePoints(excerpt.end),
        citation: null,
      },
      cite: { article: article.slug, quote: excerpt.text, ...contextOf(text, excerpt) },
    },
  ]
}

const writeCursor = ({ score, record }: Found, print: string): string =>
  Buffer.from(JSON.stringify([score, record.id, print])).toString('base64url')

function readCursor(cursor: string, print: string): { score: number; id: string } {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    parts = undefined
  }
  const [score, id, ofPrint] = Array.isArray(parts) ? parts : []
  if (typeof score !== 'number' || typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id))
    throw badCursor('not a cursor', 'The cursor was not given out by this server.')
  if (ofPrint !== print)
    throw badCursor('of another search', 'The cursor was given out for another search.')
  return { score, id }
}

const badCursor = (detail: string, message: string): Problem =>
  new Problem('invalid-cursor', message, { errors: [{ pointer: '/query/cursor', detail }] })
