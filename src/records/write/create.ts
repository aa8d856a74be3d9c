import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { constraintProblem, type DoubleKey } from '../../database/constraints.ts'
import { newId } from '../../database/new-id.ts'
import { hasKey, type Insertion, insertAll } from '../../database/tables.ts'
import type { Tx } from '../../database/transaction.ts'
import { anchor, type Selector, type Span } from '../../evidence/anchor.ts'
import { type IndexedText, indexText } from '../../evidence/text.ts'
import { Problem } from '../../problem.ts'
import { type References, references } from '../model/references.ts'
import { asInsertions } from '../model/rows.ts'
import type { CitationInput, Kind } from '../model/schema.ts'
import { uncitableSpan } from '../model/sql-json.ts'
import { partsWith, stretchAround } from '../model/texts.ts'
import type { AnyWriter, Writer } from '../model/writer.ts'

/** A record to be made. `pointer` says where it stands in what the client sent, for errors. */
export type NewRecord = {
  writer: AnyWriter
  input: { slug: string }
  citations: readonly CitationInput[]
  pointer: string
  /** How other items of the same batch may call it: `$local`. */
  local?: string | undefined
}

/** Pairs an input with the writer that takes it. */
export const newRecord = <Input extends { slug: string }>(
  writer: Writer<Input>,
  input: Input,
  citations: readonly CitationInput[],
  pointer: string,
): NewRecord => ({ writer: writer as unknown as AnyWriter, input, citations, pointer })

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
  locals: Map<string, string> = new Map(),
): Promise<string[]> {
  const made = records.map((record) => ({ ...record, id: newId() }))
  for (const { writer, input, local, id } of made) {
    locals.set(`${writer.kind}/${input.slug}`, id)
    if (local !== undefined) locals.set(`${writer.kind}/$${local}`, id)
  }
  const refs = references(tx, locals)
  const rowsOf = (known: References) =>
    Promise.all(
      made.map(({ writer, input, id, pointer }) => writer.rows(id, input, known, pointer)),
    )
  await refs.lookUp(async (wanted) => {
    await rowsOf(wanted)
    for (const { citations, pointer } of made)
      for (const [position, citation] of citations.entries())
        await referredTo(wanted, citation, `${pointer}/citations/${position}`)
  })
  const rows = await rowsOf(refs)
  const spine = made.map(({ writer, input, id }) => ({
    ...{ id, revision, kind: writer.kind, slug: input.slug, name: writer.nameOf(input) },
  }))
  const pointerOf = (key: DoubleKey) =>
    // Of two in the same write it is the later one.
    made.findLast((_record, index) =>
      [spine[index], ...Object.values(rows[index] ?? {}).flat()].some(
        (row) => row !== undefined && hasKey(row, key),
      ),
    )?.pointer
  const insert = (insertions: readonly Insertion[]) =>
    insertAll(tx.$kysely, insertions).catch((error) => {
      throw constraintProblem(error, pointerOf) ?? error
    })
  const own: Insertion[] = [['record', spine], ...asInsertions(rows)]
  // What is cited may be an article of the same write; all others go in together with their citations.
  const comeFirst = made.some(({ writer }) => writer.kind === 'article')
  if (comeFirst) await insert(own)
  const citing = citer(tx, refs)
  for (const { writer, citations, id, pointer } of made) {
    if (citations.length === 0 && !writer.uncited) throw citationMissing(writer.kind, pointer)
    for (const [position, citation] of citations.entries())
      await citing.add(id, position, citation, `${pointer}/citations/${position}`)
  }
  await insert([...(comeFirst ? [] : own), ...citing.insertions()])
  return made.map(({ id }) => id)
}

export function citationMissing(kind: Kind, pointer: string): Problem {
  const at = `${pointer}/citations`
  return new Problem('citation-missing', `${at}: a ${kind} needs at least one citation.`, {
    errors: [{ pointer: at, detail: 'at least one is needed' }],
  })
}

type CitationRow = Awaited<ReturnType<typeof citationRow>>

/** Anchors citations one by one and writes them together. */
export function citer(tx: Tx, refs: References) {
  const rows: CitationRow[] = []
  return {
    /** @returns the id that the citation will have */
    async add(recordId: string, position: number, input: CitationInput, pointer: string) {
      const row = await citationRow(tx, refs, recordId, position, input, pointer)
      rows.push(row)
      return row.citation.id
    },
    insertions: (): Insertion[] => [
      ['citation', rows.map(({ citation }) => citation)],
      ['citationVoice', rows.flatMap(({ voices }) => voices)],
    ],
    async write() {
      await insertAll(tx.$kysely, this.insertions())
    },
  }
}

/** A body, or the stretch of a long one that has the words: where it starts, in code points. */
type ArticleText = { text: IndexedText; start: number; uncitable: Span[] }

/** Bodies never change, so what was read and indexed once serves every later write. */
const texts = new LRUCache<string, ArticleText>({
  maxSize: 32 * 1_048_576,
  sizeCalculation: ({ text }) => text.text.length * 2 + 1_000,
})

async function articleText(
  tx: Tx,
  id: string,
  input: CitationInput,
  pointer: string,
): Promise<ArticleText> {
  const known = texts.get(id)
  if (known) return known
  const { rows } = await sql<{ body: string | null; uncitable: Span[] }>`
    SELECT body, COALESCE((SELECT json_agg(json_build_object('start', start_at, 'end', end_at)) FROM article_span
      WHERE article_id = article.id AND ${uncitableSpan}), '[]'::json) AS uncitable
    FROM article WHERE id = ${id}`.execute(tx.$kysely)
  const [row] = rows
  if (row === undefined) throw new TypeError(`The article ${id} has no text.`)
  if (row.body === null) return longText(tx, id, input, pointer)
  const text = { text: indexText(row.body), start: 0, uncitable: row.uncitable }
  texts.set(id, text)
  return text
}

/** Of a long text, the part with the words and what stands beside it. Parts end at the end of a line. */
async function longText(
  tx: Tx,
  id: string,
  { quote, prefix = '', suffix = '' }: CitationInput,
  pointer: string,
): Promise<ArticleText> {
  const at = `${pointer}/quote`
  const [part, another] = await partsWith(tx.$kysely, id, `${prefix}${quote}${suffix}`)
  if (part === undefined)
    throw refusal('quote-not-found', at, 'the article does not have these words', [])
  if (another !== undefined) {
    const detail = 'the article has these words several times; tell apart by prefix or suffix'
    throw refusal('quote-ambiguous', at, detail, [])
  }
  const stretch = await stretchAround(tx.$kysely, id, part.start, part.end)
  return { text: indexText(stretch.text), start: stretch.start, uncitable: [] }
}

/** The ids of what a citation names: the article, and the actors among the voices. */
async function referredTo(refs: References, input: CitationInput, pointer: string) {
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

async function citationRow(
  tx: Tx,
  refs: References,
  recordId: string,
  position: number,
  input: CitationInput,
  pointer: string,
) {
  const { articleId, voices } = await referredTo(refs, input, pointer)
  const { text, start: offset, uncitable } = await articleText(tx, articleId, input, pointer)
  const { start, end, quote, prefix, suffix } = place(text, uncitable, input, pointer)
  const id = newId()
  const { field, value, confidence, fragment } = input
  return {
    citation: {
      ...{ id, recordId, position, articleId, quote, prefix, suffix },
      ...{ startAt: offset + start, endAt: offset + end },
      ...{ field, confidence, fragment, ...(value !== undefined && value !== null && { value }) },
    },
    voices: voices.map((voice) => ({ citationId: id, ...voice })),
  }
}

/** Where the quote stands. @throws {Problem} when it does not stand exactly once where it may be cited */
function place(
  text: IndexedText,
  uncitable: readonly Span[],
  { quote, prefix, suffix }: CitationInput,
  pointer: string,
) {
  const at = `${pointer}/quote`
  const found = anchorOrRefuse(text, { quote, prefix, suffix }, uncitable, at)
  switch (found.state) {
    case 'anchored':
      return found.passage
    case 'missing':
      throw refusal('quote-not-found', at, 'the article does not have these words', found.nearest)
    case 'ambiguous': {
      const detail = `the article has these words ${found.total} times; tell apart by prefix or suffix`
      throw refusal('quote-ambiguous', at, detail, found.passages)
    }
    case 'boilerplate':
      throw refusal('quote-in-boilerplate', at, 'these words stand in boilerplate only', [
        found.passage,
      ])
  }
}

function anchorOrRefuse(
  text: IndexedText,
  selector: Selector,
  uncitable: readonly Span[],
  pointer: string,
) {
  try {
    return anchor(text, selector, uncitable)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const errors = [{ pointer, detail: error.message }]
    throw new Problem('invalid-request', `${pointer}: ${error.message}`, { cause: error, errors })
  }
}

const refusal = (
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
