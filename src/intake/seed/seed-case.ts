import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart } from '../../cannot-start.ts'
import type { Database } from '../../database/database.ts'
import type { Tx } from '../../database/transaction.ts'
import { Problem } from '../../problem.ts'
import { actorWriter } from '../../records/kinds/actors/queries.ts'
import { affiliationWriter } from '../../records/kinds/affiliations/queries.ts'
import { articleWriter } from '../../records/kinds/articles/queries.ts'
import { caseWriter } from '../../records/kinds/cases/queries.ts'
import { eventWriter } from '../../records/kinds/events/queries.ts'
import { goodWriter } from '../../records/kinds/goods/queries.ts'
import { measureWriter } from '../../records/kinds/measures/queries.ts'
import { permitWriter } from '../../records/kinds/permits/queries.ts'
import type { CitationInput } from '../../records/model/schema.ts'
import { commit } from '../../records/write/commit.ts'
import { type NewRecord, newRecord } from '../../records/write/create.ts'
import { cleanPlainText } from '../clean.ts'
import { type CaseFile, explain, readCaseFile } from './case-file.ts'
import { missingCases, seedsFolder } from './missing-cases.ts'
import { hasCase, insertMissingPlaces, storedOf } from './queries.ts'
import type { SeedCitation } from './schema.ts'

type SeedOptions = {
  folder?: string | undefined
  counted?: (what: string, done: number, total: number) => void
  /** Gives what `caseFilesAhead` has read. */
  read?: ((folder: string) => CaseFile) | undefined
}

/**
 * Loads every case under `folder` that the database does not have, each as one revision. A case that is there already
 * is left as it is, whatever was changed in it since.
 *
 * @returns how many cases were loaded
 * @throws {CannotStart} with file, line and the nearest text when a quote does not hold
 */
export async function seedAll(
  database: Database,
  progress: (line: string) => void,
  { folder = seedsFolder, counted = () => undefined, read = readCaseFile }: SeedOptions = {},
): Promise<number> {
  let loaded = 0
  const missing = await missingCases(database, folder)
  for (const [index, one] of missing.entries()) {
    counted('cases', index, missing.length)
    if (await seedCase(database, one, read(one), progress)) loaded += 1
    counted('cases', index + 1, missing.length)
  }
  return loaded
}

async function seedCase(
  database: Database,
  folder: string,
  file: CaseFile,
  progress: (line: string) => void,
): Promise<boolean> {
  const { slug } = file.content.case
  progress(`Seeding ${slug} ...`)
  const { records, lineOf } = recordsOf(folder, file)
  try {
    const { value: written } = await commit(
      database,
      { name: 'seed', keyId: null },
      'seed',
      async ({ tx, create }) => {
        // Another process may have loaded it while this one waited for its turn.
        if (await hasCase(tx.$kysely, slug)) return false
        await refuseTaken(tx, records)
        await insertMissingPlaces(tx, file.content.places)
        await create(records)
        return true
      },
    )
    if (written) {
      const citations = records.reduce((sum, record) => sum + record.citations.length, 0)
      progress(`Seeded ${slug}: ${records.length} records, ${citations} citations.`)
    }
    return written
  } catch (error) {
    if (error instanceof Problem) throw explain(error, { ...file, lineOf })
    throw error
  }
}

/** The records of a case in the order of their writing, and where in the file each part of them stands. */
function recordsOf(
  folder: string,
  { content, lineOf }: CaseFile,
): { records: NewRecord[]; lineOf: CaseFile['lineOf'] } {
  const { source: sourceName, boilerplate, citations, ...article } = content.article
  const origins = new Map<string, string>()
  /** A citation for each field; in the file one may stand for several. */
  const cite = (at: string, given: readonly SeedCitation[]): CitationInput[] => {
    const single = given.flatMap(({ fields, ...citation }, index) =>
      fields.map((field) => ({ index, citation: { ...citation, article: article.slug, field } })),
    )
    for (const [position, { index }] of single.entries())
      origins.set(`${at}/citations/${position}`, `${at}/citations/${index}`)
    return single.map(({ citation }) => citation)
  }
  const all = <I extends { slug: string }>(
    writer: Parameters<typeof newRecord<I>>[0],
    name: string,
    inputs: readonly (I & { citations: SeedCitation[] })[],
  ) =>
    inputs.map((input, index) =>
      newRecord(writer, input, cite(`/${name}/${index}`, input.citations), `/${name}/${index}`),
    )

  const source = readSource(join(folder, sourceName))
  const { body, spans } = (() => {
    try {
      return cleanPlainText(source, boilerplate)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new CannotStart(`${lineOf('/article/source')}: ${error.message}`, { cause: error })
    }
  })()
  const articleInput = {
    ...{ ...article, case: content.case.slug, body, source, metadata: [] },
    spans: spans.map((span) => ({ ...span, page: null })),
    sourceMediaType: 'text/plain; charset=utf-8',
  }
  const records = [
    newRecord(caseWriter, content.case, cite('/case', content.case.citations), '/case'),
    ...all(actorWriter, 'actors', content.actors),
    newRecord(articleWriter, articleInput, cite('/article', citations), '/article'),
    ...all(affiliationWriter, 'affiliations', content.affiliations),
    ...all(goodWriter, 'goods', content.goods),
    ...all(permitWriter, 'permits', content.permits),
    ...all(measureWriter, 'measures', content.measures),
    ...all(eventWriter, 'events', content.events),
  ]
  return {
    records,
    lineOf: (pointer) =>
      lineOf(pointer.replace(/^.+\/citations\/\d+/, (one) => origins.get(one) ?? one)),
  }
}

/**
 * Slugs are unique in their kind over all cases. Nobody else writes until this transaction ends.
 *
 * @throws {Problem} slug-taken, pointing at each record whose slug there is already
 */
async function refuseTaken(tx: Tx, records: readonly NewRecord[]): Promise<void> {
  const name = (kind: string, slug: string) => `${kind} "${slug}"`
  const named = records.map(({ writer, input }) => ({ kind: writer.kind, slug: input.slug }))
  const stored = await storedOf(tx, named)
  const taken = new Set(stored.map(({ kind, slug }) => name(kind, slug)))
  const errors = []
  for (const { writer, input, pointer } of records) {
    const one = name(writer.kind, input.slug)
    if (taken.has(one)) errors.push({ pointer, detail: `the ${one} is there already` })
    taken.add(one)
  }
  if (errors.length > 0) throw new Problem('slug-taken', 'Slugs are taken.', { errors })
}

function readSource(file: string): Uint8Array<ArrayBuffer> {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new CannotStart(`${file} cannot be read.`, { cause: error })
  }
}
