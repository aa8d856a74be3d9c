import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { type DuplicateKey, toConstraintProblem } from '../../database/constraint-problems.ts'
import { newId } from '../../database/new-id.ts'
import { insertRows, matchesDuplicateKey, type TableRows } from '../../database/row-writer.ts'
import type { Tx } from '../../database/transaction.ts'
import { anchorQuote, type QuoteSelector, type Span } from '../../evidence/quote-anchor.ts'
import { type IndexedText, indexText } from '../../evidence/text.ts'
import { Problem } from '../../problem.ts'
import { findPartsContaining, loadTextRange } from '../model/article-texts.ts'
import { createReferenceResolver, type ReferenceResolver } from '../model/references.ts'
import { buildInsertions } from '../model/rows.ts'
import type { CitationInput, Kind } from '../model/schema.ts'
import { isUncitableSpan } from '../model/sql-json.ts'
import type { AnyRecordWriter, RecordWriter } from '../model/writer.ts'

/** A record to be made. `pointer` says where it stands in what the client sent, for errors. */
export type NewRecord = {
  writer: AnyRecordWriter
  input: { slug: string }
  citations: readonly CitationInput[]
  pointer: string
  /** How other items of the same batch may call it: `$local`. */
  localName?: string | undefined
}

/** Pairs an input with the writer that takes it. */
export const buildNewRecord = <Input extends { slug: string }>(
  writer: RecordWriter<Input>,
  input: Input,
  citations: readonly CitationInput[],
  pointer: string,
): NewRecord => ({ writer: writer as unknown as AnyRecordWriter, input, citations, pointer })

/**
 * Rows of the spine, rows of the kinds, citations, each quote anchored in the stored text. Records may refer to one
 * another in any order. The caller (commit.ts) numbers the revision and writes the ledger.
 *
 * @returns the ids, in the order of `records`
 * @throws {Problem} unknown-reference, quote-not-found, quote-ambiguous, quote-in-boilerplate, citation-missing
 */
export async function createRecords(
  tx: Tx,
  records: readonly NewRecord[],
  revision: bigint,
  newRecordIds: Map<string, string> = new Map(),
): Promise<string[]> {
  const newRecords = records.map((record) => ({ ...record, id: newId() }))
  for (const { writer, input, localName: local, id } of newRecords) {
    newRecordIds.set(`${writer.kind}/${input.slug}`, id)
    if (local !== undefined) newRecordIds.set(`${writer.kind}/$${local}`, id)
  }
  const refs = createReferenceResolver(tx, newRecordIds)
  const buildAllRows = (known: ReferenceResolver) =>
    Promise.all(
      newRecords.map(({ writer, input, id, pointer }) =>
        writer.buildRows(id, input, known, pointer),
      ),
    )
  await refs.prefetch(async (wanted) => {
    await buildAllRows(wanted)
    for (const { citations, pointer } of newRecords)
      for (const [position, citation] of citations.entries())
        await resolveCitationReferences(wanted, citation, `${pointer}/citations/${position}`)
  })
  const rows = await buildAllRows(refs)
  const recordRows = newRecords.map(({ writer, input, id }) => ({
    id,
    revision,
    kind: writer.kind,
    slug: input.slug,
    name: writer.getDisplayName(input),
  }))
  const findPointer = (key: DuplicateKey) =>
    // Of two in the same write it is the later one.
    newRecords.findLast((_record, index) =>
      [recordRows[index], ...Object.values(rows[index] ?? {}).flat()].some(
        (row) => row !== undefined && matchesDuplicateKey(row, key),
      ),
    )?.pointer
  const insert = (insertions: readonly TableRows[]) =>
    insertRows(tx.$kysely, insertions).catch((error) => {
      throw toConstraintProblem(error, findPointer) ?? error
    })
  const ownInsertions: TableRows[] = [['record', recordRows], ...buildInsertions(rows)]
  // What is cited may be an article of the same write; all others go in together with their citations.
  const insertRecordsFirst = newRecords.some(({ writer }) => writer.kind === 'article')
  if (insertRecordsFirst) await insert(ownInsertions)
  const citationWriter = createCitationWriter(tx, refs)
  for (const { writer, citations, id, pointer } of newRecords) {
    if (citations.length === 0 && !writer.isCitationOptional)
      throw citationMissingProblem(writer.kind, pointer)
    for (const [position, citation] of citations.entries())
      await citationWriter.add(id, position, citation, `${pointer}/citations/${position}`)
  }
  await insert([...(insertRecordsFirst ? [] : ownInsertions), ...citationWriter.insertions()])
  return newRecords.map(({ id }) => id)
}

export function citationMissingProblem(kind: Kind, pointer: string): Problem {
  const at = `${pointer}/citations`
  return new Problem('citation-missing', `${at}: a ${kind} needs at least one citation.`, {
    errors: [{ pointer: at, detail: 'at least one is needed' }],
  })
}

type NewCitationRows = Awaited<ReturnType<typeof buildCitationRows>>

/** Anchors citations one by one and writes them together. */
export function createCitationWriter(tx: Tx, refs: ReferenceResolver) {
  const rows: NewCitationRows[] = []
  return {
    /** @returns the id that the citation will have */
    async add(recordId: string, position: number, input: CitationInput, pointer: string) {
      const row = await buildCitationRows(tx, refs, recordId, position, input, pointer)
      rows.push(row)
      return row.citation.id
    },
    insertions: (): TableRows[] => [
      ['citation', rows.map(({ citation }) => citation)],
      ['citationVoice', rows.flatMap(({ voices }) => voices)],
    ],
    async write() {
      await insertRows(tx.$kysely, this.insertions())
    },
  }
}

/** A body, or the stretch of a long one that has the words: where it starts, in code points. */
type CitableArticleText = { text: IndexedText; start: number; uncitable: Span[] }

/** Bodies never change, so what was read and indexed once serves every later write. */
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
    SELECT body, COALESCE((SELECT json_agg(json_build_object('start', start_at, 'end', end_at)) FROM article_span
      WHERE article_id = article.id AND ${isUncitableSpan}), '[]'::json) AS uncitable
    FROM article WHERE id = ${id}`.execute(tx.$kysely)
  const [row] = rows
  if (row === undefined) throw new TypeError(`The article ${id} has no text.`)
  if (row.body === null) return loadLongArticleText(tx, id, input, pointer)
  const text = { text: indexText(row.body), start: 0, uncitable: row.uncitable }
  articleTextCache.set(id, text)
  return text
}

/** Of a long text, the part with the words and what stands beside it. Parts end at the end of a line. */
async function loadLongArticleText(
  tx: Tx,
  id: string,
  { quote, prefix = '', suffix = '' }: CitationInput,
  pointer: string,
): Promise<CitableArticleText> {
  const at = `${pointer}/quote`
  const [part, another] = await findPartsContaining(tx.$kysely, id, `${prefix}${quote}${suffix}`)
  if (part === undefined)
    throw quoteProblem('quote-not-found', at, 'the article does not have these words', [])
  if (another !== undefined) {
    const detail = 'the article has these words several times; tell apart by prefix or suffix'
    throw quoteProblem('quote-ambiguous', at, detail, [])
  }
  const stretch = await loadTextRange(tx.$kysely, id, part.start, part.end)
  return { text: indexText(stretch.text), start: stretch.start, uncitable: [] }
}

/** The ids of what a citation names: the article, and the actors among the voices. */
async function resolveCitationReferences(
  refs: ReferenceResolver,
  input: CitationInput,
  pointer: string,
) {
  const articleId = await refs.id('article', input.article, `${pointer}/article`)
  const voices = []
  for (const [position, voice] of input.voices.entries())
    voices.push(
      typeof voice === 'string'
        ? { position, actorId: await refs.id('actor', voice, `${pointer}/voices/${position}`) }
        : { position, document: voice.document },
    )
  return { articleId, voices }
}

async function buildCitationRows(
  tx: Tx,
  refs: ReferenceResolver,
  recordId: string,
  position: number,
  input: CitationInput,
  pointer: string,
) {
  const { articleId, voices } = await resolveCitationReferences(refs, input, pointer)
  const { text, start: offset, uncitable } = await loadArticleText(tx, articleId, input, pointer)
  const { start, end, quote, prefix, suffix } = locateCitation(text, uncitable, input, pointer)
  const id = newId()
  const { field, value, confidence, fragment } = input
  return {
    citation: {
      id,
      recordId,
      position,
      articleId,
      quote,
      prefix,
      suffix,
      startAt: offset + start,
      endAt: offset + end,
      field,
      confidence,
      fragment,
      ...(value !== undefined && value !== null && { value }),
    },
    voices: voices.map((voice) => ({ citationId: id, ...voice })),
  }
}

/** Where the quote stands. @throws {Problem} when it does not stand exactly once where it may be cited */
function locateCitation(
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
