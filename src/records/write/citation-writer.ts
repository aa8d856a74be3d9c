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
import { uncitableSpansJson } from '../model/sql-json.ts'
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
  return {
    /** @throws {Problem} unless the quote occurs exactly once where it can be cited */
    async add(
      recordId: string,
      position: number,
      { input, articleId, voices }: ResolvedCitation,
      pointer: string,
    ): Promise<void> {
      const passage = await locateCitation(tx, articleId, input, pointer)
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

/** A body, or the range of a long one that contains the words; `start` is in code points. */
type CitableArticleText = { text: IndexedText; start: number; uncitable: Span[] }

/** Bodies never change, so an indexed text serves every later write. */
const articleTextCache = new LRUCache<string, CitableArticleText>({
  maxSize: 32 * 1_048_576,
  sizeCalculation: ({ text }) => text.text.length * 2 + 1_000,
})

async function loadArticleText(
  tx: Tx,
  id: string,
  input: CitationInput,
  pointer: string,
): Promise<CitableArticleText> {
  const known = articleTextCache.get(id)
  if (known) return known
  const { rows } = await sql<{ body: string | null; uncitable: Span[] }>`
    SELECT body, ${uncitableSpansJson} AS uncitable FROM article WHERE id = ${id}`.execute(tx.db)
  const [row] = rows
  if (row === undefined) throw new TypeError(`The article ${id} has no text.`)
  if (row.body === null) return loadLongArticleText(tx, id, input, pointer)
  const text = { text: indexText(row.body), start: 0, uncitable: row.uncitable }
  articleTextCache.set(id, text)
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
  return { text: indexText(stretch.text), start: stretch.start, uncitable: [] }
}

/** The position of the quote, in code points of the body. */
async function locateCitation(tx: Tx, articleId: string, input: CitationInput, pointer: string) {
  const { text, start: offset, uncitable } = await loadArticleText(tx, articleId, input, pointer)
  const { start, end, quote, prefix, suffix } = locateQuote(text, uncitable, input, pointer)
  return { start: offset + start, end: offset + end, quote, prefix, suffix }
}

/** @throws {Problem} unless the quote occurs exactly once where it can be cited */
function locateQuote(
  text: IndexedText,
  uncitable: readonly Span[],
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
      throw quoteProblem('quote-in-boilerplate', at, 'these words stand in boilerplate only', [
        found.passage,
      ])
  }
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
