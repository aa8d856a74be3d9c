import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../../database/database.ts'
import { openPrismaTransactions } from '../../database/prisma-transaction.ts'
import type { TransactionRunner, Tx } from '../../database/transaction.ts'
import { FatalError } from '../../fatal-error.ts'
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
import { buildNewRecord, type NewRecord } from '../../records/write/create.ts'
import { cleanPlainText } from '../text-cleaning.ts'
import { type CaseFile, explainProblem, readCaseFile } from './case-file.ts'
import { findMissingCases, seedsFolder } from './missing-cases.ts'
import { findStoredRecords, hasCase, insertMissingPlaces } from './queries.ts'
import type { SeedCitation } from './schema.ts'

type SeedOptions = {
  folder?: string | undefined
  reportCount?: (what: string, done: number, total: number) => void
  /** Reads the file of a case folder, or gives what `preloadCaseFiles` has read. */
  loadFile?: ((folder: string) => CaseFile) | undefined
  /** Where to write; by default through Prisma Client. The caller closes it. */
  transactions?: Pick<TransactionRunner, 'run'> | undefined
}

/**
 * Loads every case in `folder` that the database does not have, each as one revision. An existing case is not changed, even
 * if it differs from the file.
 *
 * @returns the number of loaded cases
 * @throws {FatalError} with file, line and the nearest text if a quote is not found
 */
export async function seedMissingCases(
  database: Database,
  reportLine: (line: string) => void,
  {
    folder = seedsFolder,
    reportCount = () => undefined,
    loadFile = readCaseFile,
    transactions,
  }: SeedOptions = {},
): Promise<number> {
  const missing = await findMissingCases(database, folder)
  if (missing.length === 0) return 0
  const prisma = transactions === undefined ? openPrismaTransactions(database.url) : undefined
  const { run: write } = transactions ?? (prisma as TransactionRunner)
  let loaded = 0
  try {
    for (const [index, caseFolder] of missing.entries()) {
      reportCount('cases', index, missing.length)
      if (await seedCase({ write }, caseFolder, loadFile(caseFolder), reportLine)) loaded += 1
      reportCount('cases', index + 1, missing.length)
    }
  } finally {
    await prisma?.close()
  }
  return loaded
}

async function seedCase(
  database: Pick<Database, 'write'>,
  folder: string,
  file: CaseFile,
  reportLine: (line: string) => void,
): Promise<boolean> {
  const { slug } = file.content.case
  reportLine(`Seeding ${slug} ...`)
  const { records, lineOf } = buildRecords(folder, file)
  try {
    const { value: written } = await commit(
      database,
      { name: 'seed', keyId: null },
      'seed',
      async (session) => {
        const { tx, create } = session
        // Another process can have loaded it while this one waited for the lock.
        if (await hasCase(tx.db, slug)) return false
        await requireFreeSlugs(tx, records)
        await insertMissingPlaces(session, file.content.places)
        await create(records)
        return true
      },
    )
    if (written) {
      const citations = records.reduce((sum, record) => sum + record.citations.length, 0)
      reportLine(`Seeded ${slug}: ${records.length} records, ${citations} citations.`)
    }
    return written
  } catch (error) {
    if (error instanceof Problem) throw explainProblem(error, { ...file, lineOf })
    throw error
  }
}

/** The records of a case in the order in which they are written, and the lines of their parts in the file. */
function buildRecords(
  folder: string,
  { content, lineOf }: CaseFile,
): { records: NewRecord[]; lineOf: CaseFile['lineOf'] } {
  const { source: sourceName, boilerplate, citations, ...article } = content.article
  const origins = new Map<string, string>()
  /** One citation per field; in the file one citation can have several fields. */
  const expandCitations = (at: string, given: readonly SeedCitation[]): CitationInput[] => {
    const single = given.flatMap(({ fields, ...citation }, index) =>
      fields.map((field) => ({ index, citation: { ...citation, article: article.slug, field } })),
    )
    for (const [position, { index }] of single.entries())
      origins.set(`${at}/citations/${position}`, `${at}/citations/${index}`)
    return single.map(({ citation }) => citation)
  }
  const buildKind = <I extends { slug: string }>(
    writer: Parameters<typeof buildNewRecord<I>>[0],
    name: string,
    inputs: readonly (I & { citations: SeedCitation[] })[],
  ) =>
    inputs.map((input, index) =>
      buildNewRecord(
        writer,
        input,
        expandCitations(`/${name}/${index}`, input.citations),
        `/${name}/${index}`,
      ),
    )

  const source = readSource(join(folder, sourceName))
  const { body, spans } = (() => {
    try {
      return cleanPlainText(source, boilerplate)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new FatalError(`${lineOf('/article/source')}: ${error.message}`, { cause: error })
    }
  })()
  const articleInput = {
    ...article,
    case: content.case.slug,
    body,
    source,
    metadata: [],
    spans: spans.map((span) => ({ ...span, page: null })),
    sourceMediaType: 'text/plain; charset=utf-8',
  }
  const records = [
    buildNewRecord(
      caseWriter,
      content.case,
      expandCitations('/case', content.case.citations),
      '/case',
    ),
    ...buildKind(actorWriter, 'actors', content.actors),
    buildNewRecord(articleWriter, articleInput, expandCitations('/article', citations), '/article'),
    ...buildKind(affiliationWriter, 'affiliations', content.affiliations),
    ...buildKind(goodWriter, 'goods', content.goods),
    ...buildKind(permitWriter, 'permits', content.permits),
    ...buildKind(measureWriter, 'measures', content.measures),
    ...buildKind(eventWriter, 'events', content.events),
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
 * @throws {Problem} slug-taken, with a pointer to each record whose slug exists already
 */
async function requireFreeSlugs(tx: Tx, records: readonly NewRecord[]): Promise<void> {
  const formatName = (kind: string, slug: string) => `${kind} "${slug}"`
  const named = records.map(({ writer, input }) => ({ kind: writer.kind, slug: input.slug }))
  const stored = await findStoredRecords(tx, named)
  const taken = new Set(stored.map(({ kind, slug }) => formatName(kind, slug)))
  const errors = []
  for (const { writer, input, pointer } of records) {
    const recordName = formatName(writer.kind, input.slug)
    if (taken.has(recordName))
      errors.push({ pointer, detail: `the ${recordName} is there already` })
    taken.add(recordName)
  }
  if (errors.length > 0) throw new Problem('slug-taken', 'Slugs are taken.', { errors })
}

function readSource(file: string): Uint8Array<ArrayBuffer> {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new FatalError(`${file} cannot be read.`, { cause: error })
  }
}
