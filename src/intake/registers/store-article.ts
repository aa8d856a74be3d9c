import { createHash } from 'node:crypto'
import type { Db } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import { FatalError } from '../../fatal-error.ts'
import type { Author, RevisionCause } from '../../ledger/ledger-writer.ts'
import { actorFields } from '../../records/kinds/actors/fields.ts'
import { articleFields } from '../../records/kinds/articles/fields.ts'
import { caseFields } from '../../records/kinds/cases/fields.ts'
import { resolveStatedDate } from '../../records/model/references.ts'
import type { BulkRecords, LocatedCitation } from '../../records/write/bulk-records.ts'
import type { ChangedRecords } from '../../records/write/commit.ts'
import type { OpenTable } from './formats/open-table.ts'
import { createTextWriter, findIdsBySlug, type TextWriter } from './queries.ts'
import type { EntityIds } from './records/drafted.ts'
import { type RegisterRow, readRows } from './table/rows.ts'
import type { RegisterMap } from './table/schema.ts'

/** Author and kind of change, as the ledger has them. */
/** The cause of the revisions of an import. Without an author, it is the command. */
export const buildImportCause = (author: Author | undefined): RevisionCause => ({
  change: 'register',
  author: author ?? { name: 'import-register', keyId: null },
})

type ArticleSource = { file: string; map: RegisterMap; table: OpenTable }

/**
 * The article of a release: its text, its case and the actors that the map names. It is written with the first records of
 * the release, so that an import that fails at its start leaves nothing behind.
 */
export class ReleaseArticle {
  readonly id: string
  #isStored: boolean
  readonly #source: ArticleSource
  #text: StoredRegisterText | undefined

  /** @param storedId of an article that an earlier run stored */
  constructor(source: ArticleSource, storedId: string | undefined) {
    this.id = storedId ?? newId()
    this.#isStored = storedId !== undefined
    this.#source = source
  }

  get isStored(): boolean {
    return this.#isStored
  }

  noteStored(): void {
    this.#isStored = true
  }

  /** Copies the text, in parts, before the lock of the ledger is taken. */
  async copyText(client: Parameters<typeof createTextWriter>[0]): Promise<void> {
    const writer = createTextWriter(client, this.id)
    this.#text = await copyRegisterText(this.#source.table, writer)
    await writer.end()
  }

  /** Adds the article, its case and its actors; `entityIds` gets the ids of actors that somebody else made meanwhile. */
  async addTo(
    db: Db,
    records: BulkRecords,
    changedRecords: ChangedRecords,
    entityIds: EntityIds,
  ): Promise<void> {
    const { file, map, table } = this.#source
    const heading = this.#text?.heading
    if (this.#text === undefined || heading === undefined)
      throw new FatalError(`${file} has no row.`)
    const caseId = await addCase(db, map, records, changedRecords)
    const place = { articleId: this.id, heading }
    const actorIds = await addActors(db, map, place, records, changedRecords, entityIds)
    const { publisher: publisherSlug } = map.article
    const publisher = publisherSlug === null ? null : actorIds.get(publisherSlug)
    if (publisherSlug !== null && publisher == null)
      throw new FatalError(`There is no actor "${publisherSlug}" to be the publisher.`)
    records.addRows(articleFields, {
      id: this.id,
      slug: map.article.slug,
      values: {
        ...buildArticleValues(map, table, this.#text),
        case: caseId,
        publisher: publisher ?? null,
      },
      citations: [],
    })
    changedRecords.set(this.id, { kind: 'article', change: 'create' })
  }
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
  entityIds: EntityIds,
): Promise<Map<string, string | null>> {
  const slugs = actors.map(({ slug }) => slug)
  const publishers = article.publisher === null ? [] : [article.publisher]
  const ids = await findIdsBySlug(db, 'actor', [...slugs, ...publishers])
  for (const actor of actors) {
    const storedId = ids.get(actor.slug)
    const expectedId = entityIds.actors.get(actor.slug)
    if (storedId !== undefined) {
      if (storedId !== (expectedId ?? null)) entityIds.version += 1
      if (storedId === null) entityIds.actors.delete(actor.slug)
      else entityIds.actors.set(actor.slug, storedId)
      continue
    }
    const id = expectedId ?? newId()
    ids.set(actor.slug, id)
    entityIds.actors.set(actor.slug, id)
    const citations = [createRowCitation(articleId, heading)]
    records.addRows(actorFields, { id, slug: actor.slug, values: actor, citations })
    changedRecords.set(id, { kind: 'actor', change: 'create' })
  }
  return ids
}

function buildArticleValues(
  { register, article }: RegisterMap,
  { inspection }: OpenTable,
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
    sourceMediaType: inspection.mediaType,
    sourceSha256: inspection.sha256,
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
  fragment: `${row.place}row=${row.number}`,
  source: 'text',
})

type StoredRegisterText = { length: number; sha256: string; heading: RegisterRow | undefined }

/** Writes the text part by part, as the rows come; at most two parts are in memory. */
async function copyRegisterText(
  { text, inspection, options }: OpenTable,
  writer: TextWriter,
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
  for await (const { rows, bytes } of readRows(text, inspection.encoding, options)) {
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
  }
  await flush()
  // Bytes after the last row, such as a byte order mark at the very end, belong to the last part.
  return { length: part.start + part.length, sha256: hash.digest('hex'), heading }
}
