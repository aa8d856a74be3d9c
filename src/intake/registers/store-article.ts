import { createHash } from 'node:crypto'
import { CannotStart } from '../../cannot-start.ts'
import { CopyLines, type CopyRows, copyLine } from '../../database/copy.ts'
import { newId } from '../../database/new-id.ts'
import { edtfBounds } from '../../evidence/edtf.ts'
import { LedgerLines } from '../../ledger/append.ts'
import {
  type BulkWrite,
  type BulkWriter,
  citationColumns,
  citationLine,
  recordColumns,
  recordLine,
} from '../../records/write/bulk.ts'
import { idsOf, type TextWriter, textWriter } from './queries.ts'
import { type Inspection, type Row, readRows } from './table/rows.ts'
import type { RegisterMap } from './table/schema.ts'

/** Who writes: shown in the ledger. */
export const cause = { change: 'register', author: { name: 'import-register', keyId: null } }

/**
 * Stores the text of a register, in parts, with the article that it is, its case and the actors that the map names, as
 * one revision. Until then nothing of it is there.
 *
 * @returns the id of the article
 */
export async function storeArticle(
  bulk: BulkWriter,
  file: string,
  map: RegisterMap,
  inspection: Inspection,
  onRead: (bytes: number) => void,
): Promise<string> {
  const articleId = newId()
  let text: StoredText | undefined
  await bulk.write(
    cause,
    async ({ number }, db) => {
      if (text?.heading === undefined) throw new CannotStart(`${file} has no row.`)
      const write: BulkWrite & { touched: object } = {
        ...{ tables: [], documents: new LedgerLines(number + 1n), touched: new Map() },
      }
      const names = { case: typeof map.case === 'string' ? map.case : map.case.slug }
      const [cases, actors] = [
        await idsOf(db, 'case', [names.case]),
        await idsOf(db, 'actor', [
          ...map.actors.map(({ slug }) => slug),
          ...(map.article.publisher === null ? [] : [map.article.publisher]),
        ]),
      ]
      const revision = number + 1n
      const records = new CopyLines()
      const tables = new Map<CopyRows['table'], CopyLines>()
      const linesOf = (table: CopyRows['table']): CopyLines => {
        const lines = tables.get(table) ?? new CopyLines()
        tables.set(table, lines)
        return lines
      }
      const put = (table: CopyRows['table'], line: string) => linesOf(table).push(line)

      let caseId = cases.get(names.case)
      if (caseId === null) throw new CannotStart(`The case "${names.case}" was retracted.`)
      write.touched.set(caseId ?? '', { kind: 'case', change: 'derive' })
      if (caseId === undefined) {
        if (typeof map.case === 'string') throw new CannotStart(`There is no case "${names.case}".`)
        caseId = newId()
        records.push(recordLine(caseId, 'case', names.case, map.case.title, revision))
        put('case_file', copyLine([caseId, map.case.summary]))
        write.touched.clear()
        write.touched.set(caseId, { kind: 'case', change: 'create' })
      }
      for (const actor of map.actors.filter(({ slug }) => !actors.has(slug))) {
        const id = newId()
        actors.set(actor.slug, id)
        records.push(recordLine(id, 'actor', actor.slug, actor.name, revision))
        put('actor', copyLine([id, actor.type, actor.country]))
        for (const [position, { name, language }] of actor.aliases.entries())
          put('actor_alias', copyLine([id, position, name, language]))
        for (const [position, { scheme, value }] of actor.identifiers.entries())
          put('actor_identifier', copyLine([id, position, scheme, value]))
        put('citation', citationLine(rowCitation(id, articleId, text.heading), 0))
        write.touched.set(id, { kind: 'actor', change: 'create' })
      }
      const { publisher } = map.article
      const publisherId = publisher === null ? null : (actors.get(publisher) ?? undefined)
      if (publisherId === undefined)
        throw new CannotStart(`There is no actor "${publisher}" to be the publisher.`)
      records.push(recordLine(articleId, 'article', map.article.slug, map.article.title, revision))
      put('article', articleLine(map, articleId, caseId, publisherId, inspection, text))
      write.touched.set(articleId, { kind: 'article', change: 'create' })
      write.tables.push({ table: 'record', columns: recordColumns, lines: records })
      for (const [table, columns] of inOrder)
        write.tables.push({ table, columns, lines: linesOf(table) } as CopyRows)
      return write
    },
    async (client) => {
      const writer = textWriter(client, articleId)
      text = await readText(file, map, inspection, writer, onRead)
      await writer.end()
    },
  )
  return articleId
}

const articleColumns = [
  ...(['id', 'case_id', 'publisher_id', 'type', 'authors', 'url', 'language'] as const),
  ...(['published_edtf', 'published_as_stated', 'published_reasoning'] as const),
  ...(['published_earliest', 'published_latest', 'body_length', 'body_sha256'] as const),
  ...(['source_media_type', 'source_sha256', 'register'] as const),
]

/** In the order in which their rows refer to one another. */
const inOrder = [
  ['case_file', ['id', 'summary']],
  ['actor', ['id', 'type', 'country']],
  ['actor_alias', ['actor_id', 'position', 'name', 'language']],
  ['actor_identifier', ['actor_id', 'position', 'scheme', 'value']],
  ['article', articleColumns],
  ['citation', citationColumns],
] as const

function articleLine(
  { register, article }: RegisterMap,
  id: string,
  caseId: string,
  publisherId: string | null,
  { encoding, sha256 }: Inspection,
  text: StoredText,
): string {
  const { authors, url, language, publishedOn: on } = article
  const { earliest, latest } = on ? edtfBounds(on.edtf) : { earliest: null, latest: null }
  return copyLine([
    ...[id, caseId, publisherId, 'data-set', authors, url, language],
    ...[on?.edtf ?? null, on?.asStated ?? null, on?.reasoning ?? null, earliest, latest],
    ...[text.length, text.sha256, `text/csv; charset=${encoding}`, sha256, register],
  ])
}

/** The citation of a row: the row as it stands. */
export const rowCitation = (recordId: string, articleId: string, row: Row) => ({
  ...{ id: newId(), recordId, articleId, start: row.start, end: row.start + row.length },
  ...{ quote: row.text, prefix: row.prefix, suffix: row.suffix, fragment: `row=${row.number}` },
})

type StoredText = { length: number; sha256: string; heading: Row | undefined }

/** Writes the text part by part, as the rows come; nothing but a part or two is in memory. */
async function readText(
  file: string,
  map: RegisterMap,
  { encoding }: Inspection,
  writer: TextWriter,
  onRead: (bytes: number) => void,
): Promise<StoredText> {
  const hash = createHash('sha256')
  let heading: Row | undefined
  let part = { number: 0, start: 0, length: 0, text: '' }
  let sources: Buffer[] = []
  const flush = async () => {
    if (part.length === 0) return
    hash.update(part.text)
    await writer.add({ ...part, source: Buffer.concat(sources) })
    sources = []
  }
  for await (const { rows, bytes } of readRows(file, encoding, map.file)) {
    sources.push(bytes)
    for (const row of rows) {
      if (heading === undefined && row.text !== '') heading = row
      if (row.part !== part.number) {
        await flush()
        part = { number: row.part, start: row.start, length: 0, text: '' }
      }
      part.text += row.isEnded ? `${row.text}\n` : row.text
      part.length += row.length + (row.isEnded ? 1 : 0)
    }
    onRead(bytes.length)
  }
  await flush()
  // Bytes that no row was read from, such as a byte order mark at the very end, belong to the last part.
  return { length: part.start + part.length, sha256: hash.digest('hex'), heading }
}
