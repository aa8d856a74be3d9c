import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Db } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import type { ModelRows } from '../../database/row-writer.ts'
import type { Tx } from '../../database/transaction.ts'
import { anchorQuote, type QuoteSelector, type Span } from '../../evidence/quote-anchor.ts'
import { type IndexedText, indexText } from '../../evidence/text.ts'
import { Problem } from '../../problem.ts'
import { findPartsContaining, loadTextRange } from '../model/article-texts.ts'
import { type CitationValues, citationTables } from '../model/citation-fields.ts'
import { resolveClaim } from '../model/claims.ts'
import type { ReferenceResolver } from '../model/references.ts'
import type { CitationInput } from '../model/schema.ts'
import { recognisedSpansJson, uncitableSpansJson } from '../model/sql-json.ts'
import { mergeRows } from '../model/table-rows.ts'
import type { AnyRecordWriter } from '../model/writer.ts'

/** The position after the last citation of a record; 0 when it has none. */
export async function findNextCitationPosition(db: Db, recordId: string): Promise<number> {
  const row = await db
    .selectFrom('citation')
    .select((select) => select.fn.max('position').as('last'))
    .where('record_id', '=', recordId)
    .executeTakeFirst()
  return (row?.last ?? -1) + 1
}

/**
 * One citation for each field that a citation names, with the pointer of the citation in the request.
 *
 * @throws {Problem} invalid-request if it has both `field` and `fields`, or a value for several
 */
export const expandCitations = (
  citations: readonly CitationInput[],
  pointer: string,
): { citation: CitationInput; at: string }[] =>
  citations.flatMap((citation, index) =>
    expandCitation(citation, `${pointer}/${index}`).map((one) => ({
      citation: one,
      at: `${pointer}/${index}`,
    })),
  )

/** @throws {Problem} invalid-request */
export function expandCitation(citation: CitationInput, pointer: string): CitationInput[] {
  const { fields, ...single } = citation
  if (fields === undefined) return [citation]
  const at = `${pointer}/fields`
  const detail =
    single.field !== null
      ? 'give field or fields, not both'
      : single.value !== undefined && fields.length > 1
        ? 'a value belongs to one field; cite each field on its own'
        : null
  if (detail !== null)
    throw new Problem('invalid-request', `${at}: ${detail}`, { errors: [{ pointer: at, detail }] })
  return [...new Set(fields)].map((field) => ({ ...single, field }))
}

/** A citation whose references are resolved. */
export type ResolvedCitation = {
  input: CitationInput
  articleId: string
  voices: { actor: string | null; document: string | null }[]
}

/** @throws {Problem} unknown-reference, invalid-request for a value that the field cannot have */
export const resolveCitation = (
  writer: AnyRecordWriter,
  refs: ReferenceResolver,
  input: CitationInput,
  pointer: string,
): ResolvedCitation => ({
  input: {
    ...input,
    value: resolveClaim(writer, input.field, input.value, refs, pointer) as CitationInput['value'],
  },
  articleId: refs.id('article', input.article, `${pointer}/article`),
  voices: input.voices.map((voice, position) =>
    typeof voice === 'string'
      ? { actor: refs.id('actor', voice, `${pointer}/voices/${position}`), document: null }
      : { actor: null, document: voice.document },
  ),
})

/** Anchors citations one by one and gives their rows together. */
export function createCitationWriter(tx: Tx) {
  const rows: ModelRows[] = []
  const texts: TextsByArticle = new Map()
  return {
    /** @throws {Problem} unless the quote occurs exactly once where it can be cited */
    async add(
      recordId: string,
      position: number,
      { input, articleId, voices }: ResolvedCitation,
      pointer: string,
    ): Promise<void> {
      const passage = await locateCitation(tx, texts, articleId, input, pointer)
      const { field, value, confidence, fragment } = input
      const id = newId()
      const values: CitationValues = {
        id,
        recordId,
        position,
        article: articleId,
        ...passage,
        field,
        value,
        voices,
        confidence,
        state: 'anchored',
        fragment,
      }
      rows.push(citationTables.buildRows(id, values))
    },
    rows: (): ModelRows => mergeRows(rows),
  }
}

type RecognisedSpan = Span & { confidence: number | null }
type UncitableSpan = Span & { type: string }

/** A body, or the range of a long one that contains the words; `start` is in code points. */
type CitableArticleText = {
  text: IndexedText
  start: number
  uncitable: UncitableSpan[]
  recognised: RecognisedSpan[]
}

/** The short texts that a write has loaded, so that it looks up their revision once. */
type TextsByArticle = Map<string, CitableArticleText>

/** By article and revision: bodies never change, but the spans of an article can be corrected. */
const articleTextCache = new LRUCache<string, CitableArticleText>({
  maxSize: 32 * 1_048_576,
  sizeCalculation: ({ text, recognised }) => text.text.length * 2 + recognised.length * 50 + 1_000,
})

async function loadArticleText(
  tx: Tx,
  texts: TextsByArticle,
  id: string,
  input: CitationInput,
  pointer: string,
): Promise<CitableArticleText> {
  const record = await tx.db
    .selectFrom('record')
    .select('revision')
    .where('id', '=', id)
    .executeTakeFirst()
  const key = `${id}@${record?.revision}`
  const known = articleTextCache.get(key)
  if (known) {
    texts.set(id, known)
    return known
  }
  type Row = { body: string | null; uncitable: UncitableSpan[]; recognised: RecognisedSpan[] }
  const { rows } = await sql<Row>`
    SELECT body, ${uncitableSpansJson} AS uncitable, ${recognisedSpansJson} AS recognised
    FROM article
    WHERE id = ${id}`.execute(tx.db)
  const [row] = rows
  if (row === undefined) throw new TypeError(`The article ${id} has no text.`)
  if (row.body === null) return loadLongArticleText(tx, id, input, pointer)
  const { body, uncitable, recognised } = row
  const text = { text: indexText(body), start: 0, uncitable, recognised }
  articleTextCache.set(key, text)
  texts.set(id, text)
  return text
}

/** The part of a long text that contains the words, with its context. Parts end at the end of a line. */
async function loadLongArticleText(
  tx: Tx,
  id: string,
  { quote, prefix = '', suffix = '' }: CitationInput,
  pointer: string,
): Promise<CitableArticleText> {
  const at = `${pointer}/quote`
  const [part, another] = await findPartsContaining(tx.db, id, `${prefix}${quote}${suffix}`)
  if (part === undefined)
    throw quoteProblem('quote-not-found', at, 'the article does not have these words', [])
  if (another !== undefined) {
    const detail = 'the article has these words several times; tell apart by prefix or suffix'
    throw quoteProblem('quote-ambiguous', at, detail, [])
  }
  const stretch = await loadTextRange(tx.db, id, part.start, part.end)
  return { text: indexText(stretch.text), start: stretch.start, uncitable: [], recognised: [] }
}

/** The position of the quote, in code points of the body, and whether a program recognised the words in a picture. */
async function locateCitation(
  tx: Tx,
  texts: TextsByArticle,
  articleId: string,
  input: CitationInput,
  pointer: string,
) {
  const article =
    texts.get(articleId) ?? (await loadArticleText(tx, texts, articleId, input, pointer))
  const passage = locateQuote(article.text, article.uncitable, input, pointer)
  const { start, end, quote, prefix, suffix } = passage
  return {
    start: article.start + start,
    end: article.start + end,
    quote,
    prefix,
    suffix,
    ...describeSource(passage, article.recognised),
  }
}

/** The source of the words of a passage: `ocr` as soon as one of them was recognised in a picture. */
function describeSource(
  { start, end }: Span,
  recognised: readonly RecognisedSpan[],
): { source: 'text' | 'ocr'; sourceConfidence: number | null } {
  const overlapping = recognised.filter((span) => span.start < end && span.end > start)
  if (overlapping.length === 0) return { source: 'text', sourceConfidence: null }
  return {
    source: 'ocr',
    sourceConfidence: Math.min(...overlapping.map(({ confidence }) => confidence ?? 0)),
  }
}

/** @throws {Problem} unless the quote occurs exactly once where it can be cited */
function locateQuote(
  text: IndexedText,
  uncitable: readonly UncitableSpan[],
  { quote, prefix, suffix }: CitationInput,
  pointer: string,
) {
  const at = `${pointer}/quote`
  const found = anchorOrThrow(text, { quote, prefix, suffix }, uncitable, at)
  switch (found.state) {
    case 'anchored':
      return found.passage
    case 'missing':
      throw quoteProblem(
        'quote-not-found',
        at,
        'the article does not have these words',
        found.nearest,
      )
    case 'ambiguous': {
      const detail = `the article has these words ${found.total} times; tell apart by prefix or suffix`
      throw quoteProblem('quote-ambiguous', at, detail, found.passages)
    }
    case 'boilerplate':
      throw quoteProblem('quote-in-boilerplate', at, describeUncitable(found.passage, uncitable), [
        found.passage,
      ])
  }
}

/** Why a passage cannot be cited, by the type of the span that it touches. */
const uncitableReasons: Readonly<Record<string, string>> = {
  struck: 'these words are struck out in the document, wholly or in part',
  header: 'these words stand in the header of the pages only',
  footer: 'these words stand in the footer of the pages only',
  navigation: 'these words stand in the navigation of the page only',
  teaser: 'these words stand in a teaser of another article only',
}

function describeUncitable({ start, end }: Span, uncitable: readonly UncitableSpan[]): string {
  const touched = uncitable.find((span) => span.start < end && span.end > start)
  return uncitableReasons[touched?.type ?? ''] ?? 'these words stand in boilerplate only'
}

function anchorOrThrow(
  text: IndexedText,
  selector: QuoteSelector,
  uncitable: readonly Span[],
  pointer: string,
) {
  try {
    return anchorQuote(text, selector, uncitable)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const errors = [{ pointer, detail: error.message }]
    throw new Problem('invalid-request', `${pointer}: ${error.message}`, { cause: error, errors })
  }
}

const quoteProblem = (
  code: 'quote-not-found' | 'quote-ambiguous' | 'quote-in-boilerplate',
  pointer: string,
  detail: string,
  passages: readonly {
    start: number
    end: number
    quote: string
    prefix: string
    suffix: string
  }[],
) => new Problem(code, `${pointer}: ${detail}`, { errors: [{ pointer, detail }], passages })
