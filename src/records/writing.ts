import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../database/database.ts'
import { anchor, type Selector, type Span } from '../evidence/anchor.ts'
import { type IndexedText, indexText } from '../evidence/text.ts'
import { Problem } from '../problem.ts'
import { type References, references } from './references.ts'
import type { CitationInput, Kind } from './schema.ts'

/** What a kind of record adds to a write: the door below does the rest. */
export type Writer<Input extends { slug: string }> = {
  kind: Kind
  /** What references to the record will show. */
  nameOf(input: Input): string
  /** Writes the rows of the kind's own tables for a record that has none yet. */
  insert(tx: Tx, id: string, input: Input, refs: References, pointer: string): Promise<void>
  /** Whether it may stand without a citation: cases and articles hold the evidence, all others need it. */
  uncited?: true
}

/** A record to be made. `pointer` says where it stands in what the client sent, for errors. */
export type NewRecord = {
  writer: Writer<{ slug: string }>
  input: { slug: string }
  citations: readonly CitationInput[]
  pointer: string
}

/** Pairs an input with the writer that takes it. */
export const newRecord = <Input extends { slug: string }>(
  writer: Writer<Input>,
  input: Input,
  citations: readonly CitationInput[],
  pointer: string,
): NewRecord => ({
  writer: writer as unknown as Writer<{ slug: string }>,
  input,
  citations,
  pointer,
})

/**
 * The only door through which records come in: rows of the spine, rows of their kinds, citations, each quote anchored
 * in the stored text. Records may refer to one another in any order; `revision` must have its row already.
 *
 * @returns the ids, in the order of `records`
 * @throws {Problem} unknown-reference, quote-not-found, quote-ambiguous, quote-in-boilerplate, citation-missing
 */
export async function createRecords(
  tx: Tx,
  records: readonly NewRecord[],
  revision: bigint,
): Promise<string[]> {
  const ids = records.map(() => uuidv7())
  const made = records.map((record, index) => ({ ...record, id: ids[index] ?? '' }))
  const local = new Map(made.map(({ writer, input, id }) => [`${writer.kind}/${input.slug}`, id]))
  const refs = references(tx, local)
  await tx.record.createMany({
    data: made.map(({ writer, input, id }) => ({
      id,
      kind: writer.kind,
      slug: input.slug,
      name: writer.nameOf(input),
      revision,
    })),
  })
  for (const { writer, input, id, pointer } of made)
    await writer.insert(tx, id, input, refs, pointer)
  const texts = articleTexts(tx)
  const rows = []
  for (const { writer, citations, id, pointer } of made) {
    if (citations.length === 0 && !writer.uncited)
      throw new Problem(
        'citation-missing',
        `${pointer}/citations: a ${writer.kind} needs at least one.`,
        {
          errors: [{ pointer: `${pointer}/citations`, detail: 'at least one is needed' }],
        },
      )
    for (const [position, citation] of citations.entries())
      rows.push(
        await citationRow(texts, refs, id, position, citation, `${pointer}/citations/${position}`),
      )
  }
  await tx.citation.createMany({ data: rows.map(({ citation }) => citation) })
  await tx.citationVoice.createMany({ data: rows.flatMap(({ voices }) => voices) })
  return ids
}

type ArticleText = { text: IndexedText; uncitable: Span[] }

/** Bodies by article id, each read and indexed once. */
function articleTexts(tx: Tx): (id: string) => Promise<ArticleText> {
  const texts = new Map<string, Promise<ArticleText>>()
  const read = async (id: string): Promise<ArticleText> => {
    const { body, spans } = await tx.article.findUniqueOrThrow({
      where: { id },
      select: { body: true, spans: { where: { type: 'boilerplate' } } },
    })
    return {
      text: indexText(body),
      uncitable: spans.map(({ startAt, endAt }) => ({ start: startAt, end: endAt })),
    }
  }
  return (id) => {
    const text = texts.get(id) ?? read(id)
    texts.set(id, text)
    return text
  }
}

async function citationRow(
  texts: (id: string) => Promise<ArticleText>,
  refs: References,
  recordId: string,
  position: number,
  input: CitationInput,
  pointer: string,
) {
  const articleId = await refs.id('article', input.article, `${pointer}/article`)
  const { text, uncitable } = await texts(articleId)
  const { start, end, quote, prefix, suffix } = place(text, uncitable, input, pointer)
  const id = uuidv7()
  const voices = []
  for (const [link, voice] of input.voices.entries())
    voices.push({
      citationId: id,
      position: link,
      ...(typeof voice === 'string'
        ? { actorId: await refs.id('actor', voice, `${pointer}/voices/${link}`) }
        : { document: voice.document }),
    })
  const { field, value, confidence } = input
  return {
    citation: {
      ...{ id, recordId, position, articleId, startAt: start, endAt: end, quote, prefix, suffix },
      ...{ field, confidence, ...(value !== undefined && value !== null && { value }) },
    },
    voices,
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
