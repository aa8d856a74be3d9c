import { createHash } from 'node:crypto'
import type { Db } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import { FatalError } from '../../fatal-error.ts'
import { actorFields } from '../../records/kinds/actors/fields.ts'
import { articleFields } from '../../records/kinds/articles/fields.ts'
import { caseFields } from '../../records/kinds/cases/fields.ts'
import { resolveStatedDate } from '../../records/model/references.ts'
import { BulkRecords, type LocatedCitation } from '../../records/write/bulk-records.ts'
import type { BulkWriter } from '../../records/write/bulk-writer.ts'
import type { ChangedRecords } from '../../records/write/commit.ts'
import { createTextWriter, findIdsBySlug, type TextWriter } from './queries.ts'
import { type FileInspection, type RegisterRow, readRows } from './table/rows.ts'
import type { RegisterMap } from './table/schema.ts'

/** Author and kind of change, as the ledger has them. */
export const importCause = { change: 'register', author: { name: 'import-register', keyId: null } }

/**
 * Stores the text of a register, in parts, with its article, its case and the actors that the map names, as one revision.
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
      const heading = text?.heading
      if (text === undefined || heading === undefined) throw new FatalError(`${file} has no row.`)
      const records = new BulkRecords(number + 1n)
      const changedRecords: ChangedRecords = new Map()
      const caseId = await addCase(db, map, records, changedRecords)
      const actorIds = await addActors(db, map, { articleId, heading }, records, changedRecords)
      const { publisher: publisherSlug } = map.article
      const publisher = publisherSlug === null ? null : actorIds.get(publisherSlug)
      if (publisherSlug !== null && publisher == null)
        throw new FatalError(`There is no actor "${publisherSlug}" to be the publisher.`)
      records.addRows(articleFields, {
        id: articleId,
        slug: map.article.slug,
        values: {
          ...buildArticleValues(map, inspection, text),
          case: caseId,
          publisher: publisher ?? null,
        },
        citations: [],
      })
      changedRecords.set(articleId, { kind: 'article', change: 'create' })
      return { ...records.toBulkWrite(), changedRecords }
    },
    async (client) => {
      const writer = createTextWriter(client, articleId)
      text = await copyRegisterText(file, map, inspection, writer, onRead)
      await writer.end()
    },
  )
  return articleId
}

/** The case of the map, which is made if it is not there. @returns its id */
async function addCase(
  db: Db,
  map: RegisterMap,
  records: BulkRecords,
  changedRecords: ChangedRecords,
): Promise<string> {
  const slug = typeof map.case === 'string' ? map.case : map.case.slug
  const storedId = (await findIdsBySlug(db, 'case', [slug])).get(slug)
  if (storedId === null) throw new FatalError(`The case "${slug}" was retracted.`)
  if (storedId !== undefined) {
    changedRecords.set(storedId, { kind: 'case', change: 'derive' })
    return storedId
  }
  if (typeof map.case === 'string') throw new FatalError(`There is no case "${slug}".`)
  const id = newId()
  records.addRows(caseFields, { id, slug, values: map.case, citations: [] })
  changedRecords.set(id, { kind: 'case', change: 'create' })
  return id
}

/** The actors of the map, of which those that are not there are made. @returns ids by slug; null: it was retracted */
async function addActors(
  db: Db,
  { actors, article }: RegisterMap,
  { articleId, heading }: { articleId: string; heading: RegisterRow },
  records: BulkRecords,
  changedRecords: ChangedRecords,
): Promise<Map<string, string | null>> {
  const slugs = actors.map(({ slug }) => slug)
  const publishers = article.publisher === null ? [] : [article.publisher]
  const ids = await findIdsBySlug(db, 'actor', [...slugs, ...publishers])
  for (const actor of actors.filter(({ slug }) => !ids.has(slug))) {
    const id = newId()
    ids.set(actor.slug, id)
    const citations = [createRowCitation(articleId, heading)]
    records.addRows(actorFields, { id, slug: actor.slug, values: actor, citations })
    changedRecords.set(id, { kind: 'actor', change: 'create' })
  }
  return ids
}

function buildArticleValues(
  { register, article }: RegisterMap,
  { encoding, sha256 }: FileInspection,
  text: StoredRegisterText,
) {
  const { title, authors, url, language, publishedOn } = article
  return {
    title,
    type: 'data-set',
    authors,
    url,
    language,
    publishedOn: publishedOn && resolveStatedDate(publishedOn, '/article/publishedOn'),
    bodyLength: text.length,
    bodySha256: text.sha256,
    sourceMediaType: `text/csv; charset=${encoding}`,
    sourceSha256: sha256,
    register,
  }
}

/** The citation of a row: the row as it stands. */
export const createRowCitation = (articleId: string, row: RegisterRow): LocatedCitation => ({
  id: newId(),
  article: articleId,
  start: row.start,
  end: row.start + row.length,
  quote: row.text,
  prefix: row.prefix,
  suffix: row.suffix,
  fragment: `row=${row.number}`,
  source: 'text',
})

type StoredRegisterText = { length: number; sha256: string; heading: RegisterRow | undefined }

/** Writes the text part by part, as the rows come; at most two parts are in memory. */
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
  // Bytes after the last row, such as a byte order mark at the very end, belong to the last part.
  return { length: part.start + part.length, sha256: hash.digest('hex'), heading }
}
