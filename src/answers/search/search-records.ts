import { createHash } from 'node:crypto'
import type { Db } from '../../database/database.ts'
import { indexText } from '../../evidence/text.ts'
import { Problem, RecordMovedError } from '../../problem.ts'
import {
  decodeCursor,
  encodeCursor,
  notACursorProblem,
  otherCursorProblem,
} from '../../records/model/cursor.ts'
import { resolveRecordId } from '../../records/model/list-queries.ts'
import { isId } from '../../records/model/schema.ts'
import {
  findSimilarNames,
  findUnknownWords,
  runSearch,
  type SearchMatch,
  type SearchRequest,
  type SearchResult,
} from './queries.ts'
import {
  type Corrections,
  findNearestWords,
  listCorrectableWords,
  listHighlightTerms,
  type ParsedQuery,
  parseQuery,
  toNameText,
  toTsquery,
} from './rules.ts'
import type { SearchAnswer, SearchHit, SearchQuery, Snippet } from './schema.ts'
import { findContext, findExcerpt } from './snippets.ts'

const defaultLimit = 20

/**
 * The records that match, the best first. If nothing is found, words that occur nowhere are corrected as typing errors in names.
 *
 * @throws {Problem} invalid-request, invalid-cursor, unknown-reference
 */
export async function searchRecords(db: Db, query: SearchQuery): Promise<SearchAnswer> {
  const parsedQuery = parseQuery(query.q)
  const limit = query.limit ?? defaultLimit
  const fingerprint = createHash('sha1')
    .update(JSON.stringify([query.q, query.kind, query.case, query.year]))
    .digest('base64url')
  const after = query.cursor === undefined ? null : parseCursor(query.cursor, fingerprint)
  const request: SearchRequest = {
    tsquery: toTsquery(parsedQuery),
    name: toNameText(parsedQuery),
    limit,
    after,
    kinds: query.kind === undefined ? null : [query.kind].flat(),
    case: query.case ?? null,
    year: query.year ?? null,
  }
  let corrections: Corrections = new Map()
  let result = await runSearch(db, request)
  if (result.hits.length === 0 && result.counted === 0) {
    if (query.case !== undefined) await requireCase(db, query.case)
    corrections = await findCorrections(db, parsedQuery)
    if (corrections.size > 0)
      result = await runSearch(db, {
        ...request,
        tsquery: toTsquery(parsedQuery, corrections),
        name: toNameText(parsedQuery, corrections),
      })
  }
  return buildAnswer(result, { parsedQuery, corrections, limit, fingerprint })
}

type AnswerContext = {
  parsedQuery: ParsedQuery
  corrections: Corrections
  limit: number
  fingerprint: string
}

export function buildAnswer(
  result: SearchResult,
  { parsedQuery, corrections, limit, fingerprint }: AnswerContext,
): SearchAnswer {
  const terms = listHighlightTerms(parsedQuery, corrections)
  const hits = result.hits.slice(0, limit)
  const last = result.hits.length > limit ? hits.at(-1) : undefined
  return {
    data: hits.map((match) => toHit(match, terms)),
    next: last ? formatCursor(last, fingerprint) : null,
    total: { count: result.counted, isExact: result.isExact },
    facets: { kind: result.kinds, case: result.cases, year: result.years },
    corrections: [...corrections].map(([from, to]) => ({ from, to: [...to] })),
  }
}

async function findCorrections(db: Db, parsedQuery: ParsedQuery): Promise<Corrections> {
  const corrections = new Map<string, string[]>()
  const words = listCorrectableWords(parsedQuery)
  if (words.length === 0) return corrections
  for (const word of await findUnknownWords(db, words)) {
    const nearestWords = findNearestWords(word, await findSimilarNames(db, word))
    if (nearestWords.length > 0) corrections.set(word, nearestWords)
  }
  return corrections
}

/** @throws {Problem} unknown-reference if no case has this slug or id */
async function requireCase(db: Db, ref: string): Promise<void> {
  try {
    await resolveRecordId(db, 'case', ref)
  } catch (error) {
    if (!(error instanceof Problem || error instanceof RecordMovedError)) throw error
    const detail = error.message
    throw new Problem('unknown-reference', detail, {
      cause: error,
      errors: [{ pointer: '/query/case', detail }],
    })
  }
}

const quotesShownMax = 2
const snippetsMax = 4

function toHit(
  { record, kind, score, fields, quotes, body }: SearchMatch,
  terms: SearchTerms,
): SearchHit {
  const fieldSnippets = fields.flatMap(({ field, text }): Snippet[] => {
    const excerpt = findExcerpt(text, terms)
    if (excerpt === null) return []
    return [
      { field, text: excerpt.text, highlights: excerpt.highlights, passage: null, cite: null },
    ]
  })
  const bodySnippets = body === null ? [] : buildBodySnippet(record, body, terms)
  const citationSnippets = buildQuoteSnippets(quotes, terms)
  const fieldSnippetsMax =
    snippetsMax - bodySnippets.length - Math.min(quotesShownMax, citationSnippets.length)
  return {
    record,
    kind,
    score,
    snippets: [...fieldSnippets.slice(0, fieldSnippetsMax), ...citationSnippets, ...bodySnippets],
  }
}

type SearchTerms = readonly (readonly string[])[]

/** The quotes with the most different terms. The same passage is shown once. */
function buildQuoteSnippets(quotes: SearchMatch['quotes'], terms: SearchTerms): Snippet[] {
  const seenPassages = new Set<string>()
  const matchingQuotes = quotes.flatMap((citation) => {
    const passage = `${citation.article.id}/${citation.start}/${citation.quote}`
    if (seenPassages.has(passage)) return []
    seenPassages.add(passage)
    const excerpt = findExcerpt(citation.quote, terms)
    return excerpt === null ? [] : [{ citation, excerpt }]
  })
  return matchingQuotes
    .sort((a, b) => b.excerpt.terms - a.excerpt.terms)
    .slice(0, quotesShownMax)
    .map(({ citation: { id, article, start, quote, prefix, suffix }, excerpt }) => {
      const indexedQuote = indexText(quote)
      const context = findContext(prefix + quote + suffix, {
        start: prefix.length + excerpt.start,
        end: prefix.length + excerpt.end,
      })
      return {
        field: 'citations',
        text: excerpt.text,
        highlights: excerpt.highlights,
        passage: {
          article,
          start: start + indexedQuote.toCodePoints(excerpt.start),
          end: start + indexedQuote.toCodePoints(excerpt.end),
          citation: id,
        },
        cite: { article: article.slug, quote: excerpt.text, ...context },
      }
    })
}

function buildBodySnippet(
  article: SearchMatch['record'],
  { text, start, boilerplate }: NonNullable<SearchMatch['body']>,
  terms: SearchTerms,
): Snippet[] {
  const indexedText = indexText(text)
  const toUnits = (codePoint: number) =>
    indexedText.toUnits(Math.min(Math.max(0, codePoint - start), indexedText.length))
  const citableRanges: { start: number; end: number }[] = []
  let rangeStart = 0
  for (const span of boilerplate) {
    citableRanges.push({ start: rangeStart, end: Math.max(rangeStart, toUnits(span.start)) })
    rangeStart = Math.max(rangeStart, toUnits(span.end))
  }
  citableRanges.push({ start: rangeStart, end: text.length })
  const excerpt = findExcerpt(text, terms, citableRanges)
  if (excerpt === null) return []
  return [
    {
      field: 'body',
      text: excerpt.text,
      highlights: excerpt.highlights,
      passage: {
        article,
        start: start + indexedText.toCodePoints(excerpt.start),
        end: start + indexedText.toCodePoints(excerpt.end),
        citation: null,
      },
      cite: { article: article.slug, quote: excerpt.text, ...findContext(text, excerpt) },
    },
  ]
}

const formatCursor = ({ score, record }: SearchMatch, fingerprint: string): string =>
  encodeCursor([score, record.id, fingerprint])

function parseCursor(cursor: string, fingerprint: string): { score: number; id: string } {
  const [score, id, cursorFingerprint] = decodeCursor(cursor)
  if (typeof score !== 'number' || typeof id !== 'string' || !isId(id)) throw notACursorProblem()
  if (cursorFingerprint !== fingerprint)
    throw otherCursorProblem('another search', 'of another search')
  return { score, id }
}
