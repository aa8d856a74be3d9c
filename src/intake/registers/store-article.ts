import { createHash } from 'node:crypto'
import { type CopyBatch, CopyBuffer, formatCopyLine } from '../../database/copy.ts'
import { newId } from '../../database/new-id.ts'
import { parseEdtfBounds } from '../../evidence/edtf.ts'
import { FatalError } from '../../fatal-error.ts'
import { LedgerCopyBuffer } from '../../ledger/ledger-writer.ts'
import {
  type BulkWrite,
  type BulkWriter,
  citationColumns,
  formatCitationLine,
  formatRecordLine,
  recordColumns,
} from '../../records/write/bulk-writer.ts'
import { createTextWriter, findIdsBySlug, type TextWriter } from './queries.ts'
import { type FileInspection, type RegisterRow, readRows } from './table/rows.ts'
import type { RegisterMap } from './table/schema.ts'

/** Who writes: shown in the ledger. */
export const importCause = { change: 'register', author: { name: 'import-register', keyId: null } }

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
  inspection: FileInspection,
  onRead: (bytes: number) => void,
): Promise<string> {
  const articleId = newId()
  let text: StoredRegisterText | undefined
  await bulk.write(
    importCause,
    async ({ number }, db) => {
      if (text?.heading === undefined) throw new FatalError(`${file} has no row.`)
      const write: BulkWrite & { changedRecords: object } = {
        tables: [],
        snapshots: new LedgerCopyBuffer(number + 1n),
        changedRecords: new Map(),
      }
      const names = { case: typeof map.case === 'string' ? map.case : map.case.slug }
      const [cases, actors] = [
        await findIdsBySlug(db, 'case', [names.case]),
        await findIdsBySlug(db, 'actor', [
          ...map.actors.map(({ slug }) => slug),
          ...(map.article.publisher === null ? [] : [map.article.publisher]),
        ]),
      ]
      const revision = number + 1n
      const records = new CopyBuffer()
      const tables = new Map<CopyBatch['table'], CopyBuffer>()
      const linesOf = (table: CopyBatch['table']): CopyBuffer => {
        const lines = tables.get(table) ?? new CopyBuffer()
        tables.set(table, lines)
        return lines
      }
      const pushLine = (table: CopyBatch['table'], line: string) => linesOf(table).push(line)

      let caseId = cases.get(names.case)
      if (caseId === null) throw new FatalError(`The case "${names.case}" was retracted.`)
      write.changedRecords.set(caseId ?? '', { kind: 'case', change: 'derive' })
      if (caseId === undefined) {
        if (typeof map.case === 'string') throw new FatalError(`There is no case "${names.case}".`)
        caseId = newId()
        records.push(formatRecordLine(caseId, 'case', names.case, map.case.title, revision))
        pushLine('case_file', formatCopyLine([caseId, map.case.summary]))
        write.changedRecords.clear()
        write.changedRecords.set(caseId, { kind: 'case', change: 'create' })
      }
      for (const actor of map.actors.filter(({ slug }) => !actors.has(slug))) {
        const id = newId()
        actors.set(actor.slug, id)
        records.push(formatRecordLine(id, 'actor', actor.slug, actor.name, revision))
        pushLine('actor', formatCopyLine([id, actor.type, actor.country]))
        for (const [position, { name, language }] of actor.aliases.entries())
          pushLine('actor_alias', formatCopyLine([id, position, name, language]))
        for (const [position, { scheme, value }] of actor.identifiers.entries())
          pushLine('actor_identifier', formatCopyLine([id, position, scheme, value]))
        pushLine('citation', formatCitationLine(createRowCitation(id, articleId, text.heading), 0))
        write.changedRecords.set(id, { kind: 'actor', change: 'create' })
      }
      const { publisher } = map.article
      const publisherId = publisher === null ? null : (actors.get(publisher) ?? undefined)
      if (publisherId === undefined)
        throw new FatalError(`There is no actor "${publisher}" to be the publisher.`)
      records.push(
        formatRecordLine(articleId, 'article', map.article.slug, map.article.title, revision),
      )
      pushLine('article', articleLine(map, articleId, caseId, publisherId, inspection, text))
      write.changedRecords.set(articleId, { kind: 'article', change: 'create' })
      write.tables.push({ table: 'record', columns: recordColumns, lines: records })
      for (const [table, columns] of tableColumns)
        write.tables.push({ table, columns, lines: linesOf(table) } as CopyBatch)
      return write
    },
    async (client) => {
      const writer = createTextWriter(client, articleId)
      text = await copyRegisterText(file, map, inspection, writer, onRead)
      await writer.end()
    },
  )
  return articleId
}

const articleColumns = [
  'id',
  'case_id',
  'publisher_id',
  'type',
  'authors',
  'url',
  'language',
  'published_edtf',
  'published_as_stated',
  'published_reasoning',
  'published_earliest',
  'published_latest',
  'body_length',
  'body_sha256',
  'source_media_type',
  'source_sha256',
  'register',
]

/** In the order in which their rows refer to one another. */
const tableColumns = [
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
  { encoding, sha256 }: FileInspection,
  text: StoredRegisterText,
): string {
  const { authors, url, language, publishedOn: on } = article
  const { earliest, latest } = on ? parseEdtfBounds(on.edtf) : { earliest: null, latest: null }
  return formatCopyLine([
    id,
    caseId,
    publisherId,
    'data-set',
    authors,
    url,
    language,
    on?.edtf ?? null,
    on?.asStated ?? null,
    on?.reasoning ?? null,
    earliest,
    latest,
    text.length,
    text.sha256,
    `text/csv; charset=${encoding}`,
    sha256,
    register,
  ])
}

/** The citation of a row: the row as it stands. */
export const createRowCitation = (recordId: string, articleId: string, row: RegisterRow) => ({
  id: newId(),
  recordId,
  articleId,
  start: row.start,
  end: row.start + row.length,
  quote: row.text,
  prefix: row.prefix,
  suffix: row.suffix,
  fragment: `row=${row.number}`,
})

type StoredRegisterText = { length: number; sha256: string; heading: RegisterRow | undefined }

/** Writes the text part by part, as the rows come; nothing but a part or two is in memory. */
async function copyRegisterText(
  file: string,
  map: RegisterMap,
  { encoding }: FileInspection,
  writer: TextWriter,
  onRead: (bytes: number) => void,
): Promise<StoredRegisterText> {
  const hash = createHash('sha256')
  let heading: RegisterRow | undefined
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
