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
import type { ArticleInput } from '../../records/kinds/articles/schema.ts'
import { caseWriter } from '../../records/kinds/cases/queries.ts'
import { eventWriter } from '../../records/kinds/events/queries.ts'
import { figureWriter } from '../../records/kinds/figures/queries.ts'
import { goodWriter } from '../../records/kinds/goods/queries.ts'
import { measureWriter } from '../../records/kinds/measures/queries.ts'
import { permitWriter } from '../../records/kinds/permits/queries.ts'
import type { CitationInput } from '../../records/model/schema.ts'
import type { RecordWriter } from '../../records/model/writer.ts'
import { commit } from '../../records/write/commit.ts'
import { buildNewRecord, type NewRecord } from '../../records/write/create.ts'
import { createMissingPlaces } from '../../records/write/place-writes.ts'
import { cleanPlainText } from '../text-cleaning.ts'
import { type CaseFile, explainProblem, readCaseFile } from './case-file.ts'
import { findMissingCases, seedsFolder } from './missing-cases.ts'
import { findStoredRecords, hasCase } from './queries.ts'
import type { SeedArticle, SeedCitation } from './schema.ts'

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
        await createMissingPlaces(session, file.content.places)
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
  file: CaseFile,
): { records: NewRecord[]; lineOf: CaseFile['lineOf'] } {
  const { content, lineOf } = file
  const articles = listArticles(file)
  const expander = createCitationExpander(lineOf)
  const onlyArticle = articles.length === 1 ? articles[0]?.article.slug : undefined
  const buildOne = <I extends { slug: string }>(
    writer: RecordWriter<I>,
    input: I,
    citations: readonly SeedCitation[],
    pointer: string,
    article = onlyArticle,
  ) => buildNewRecord(writer, input, expander.expand(pointer, citations, article), pointer)
  const buildKind = <I extends { slug: string }>(
    writer: RecordWriter<I>,
    name: string,
    inputs: readonly (I & { citations: SeedCitation[] })[],
  ) => inputs.map((input, index) => buildOne(writer, input, input.citations, `/${name}/${index}`))
  const records = [
    buildOne(caseWriter, content.case, content.case.citations, '/case'),
    ...buildKind(actorWriter, 'actors', content.actors),
    ...articles.map(({ article, pointer }) =>
      buildOne(
        articleWriter,
        readArticleInput(folder, file, article, pointer),
        article.citations,
        pointer,
        article.slug,
      ),
    ),
    ...buildKind(affiliationWriter, 'affiliations', content.affiliations),
    ...buildKind(goodWriter, 'goods', content.goods),
    ...buildKind(permitWriter, 'permits', content.permits),
    ...buildKind(measureWriter, 'measures', content.measures),
    ...buildKind(eventWriter, 'events', content.events),
    ...buildKind(figureWriter, 'figures', content.figures),
  ]
  return { records, lineOf: (pointer) => lineOf(expander.toFilePointer(pointer)) }
}

/** @throws {FatalError} if the file has no article, or both `article` and `articles` */
function listArticles({ content, lineOf }: CaseFile): { article: SeedArticle; pointer: string }[] {
  const { article, articles } = content
  if ((article === undefined) === (articles.length === 0))
    throw new FatalError(`${lineOf('/case')}: the case needs either \`article\` or \`articles\``)
  return article
    ? [{ article, pointer: '/article' }]
    : articles.map((one, index) => ({ article: one, pointer: `/articles/${index}` }))
}

/** Makes one citation per field; in the file one citation can have several fields. */
function createCitationExpander(lineOf: CaseFile['lineOf']) {
  const filePointers = new Map<string, string>()
  return {
    /** `defaultArticle`: of citations that name none. */
    expand(
      pointer: string,
      citations: readonly SeedCitation[],
      defaultArticle: string | undefined,
    ): CitationInput[] {
      const expanded = citations.flatMap(
        ({ fields, article = defaultArticle, ...citation }, index) =>
          fields.map((field) => {
            if (article === undefined)
              throw new FatalError(
                `${lineOf(`${pointer}/citations/${index}`)}: the case has several articles, so the citation must name one`,
              )
            return { index, citation: { ...citation, article, field } }
          }),
      )
      for (const [position, { index }] of expanded.entries())
        filePointers.set(`${pointer}/citations/${position}`, `${pointer}/citations/${index}`)
      return expanded.map(({ citation }) => citation)
    },
    /** The pointer in the file for a pointer to an expanded citation. */
    toFilePointer: (pointer: string): string =>
      pointer.replace(/^.+\/citations\/\d+/, (expanded) => filePointers.get(expanded) ?? expanded),
  }
}

/** @throws {FatalError} with the line of the source, if its text cannot be read or cleaned */
function readArticleInput(
  folder: string,
  { content, lineOf }: CaseFile,
  seedArticle: SeedArticle,
  pointer: string,
): ArticleInput {
  const { source: sourceName, boilerplate, citations: _, ...article } = seedArticle
  const source = readSource(join(folder, sourceName))
  try {
    const { body, spans } = cleanPlainText(source, boilerplate)
    return {
      ...article,
      case: content.case.slug,
      body,
      source,
      metadata: [],
      spans: spans.map((span) => ({ ...span, page: null, confidence: null })),
      sourceMediaType: 'text/plain; charset=utf-8',
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new FatalError(`${lineOf(`${pointer}/source`)}: ${error.message}`, { cause: error })
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
