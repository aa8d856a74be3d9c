import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Database } from '../../database/database.ts'
import { parseEdtfBounds } from '../../evidence/edtf.ts'
import { FatalError } from '../../fatal-error.ts'
import { Problem, problems, RecordMovedError } from '../../problem.ts'
import { ArticleDescription } from '../../records/kinds/articles/schema.ts'
import { commit } from '../../records/write/commit.ts'
import type { RecognitionSettings } from '../extraction/ocr/recognition.ts'
import { readDocument } from '../extraction/reader-pool.ts'
import {
  addArticle,
  buildArticleInput,
  completePublisher,
  findNearDuplicates,
  resolveCase,
} from './add-article.ts'
import { type ArticleAnswer, listIgnoredFields } from './rules.ts'

export type IngestOptions = {
  case: string
  /** What holds for each of the files, whatever they say themselves. */
  description?: FileDescription
  limitBytes: number
  recognition: RecognitionSettings
  /** Pages of a scan that are read, and all of them. */
  onPage?: (file: string, done: number, total: number) => void
}
type IngestResult = { file: string; refused: boolean; message: string }

/**
 * Stores files as articles of a case, one revision for each file, and reports each result. A refused file leaves nothing
 * behind; the next files are still stored.
 *
 * @returns the number of refused files
 */
export async function ingestFiles(
  database: Database,
  files: readonly string[],
  options: IngestOptions,
  report: (result: IngestResult) => void,
): Promise<number> {
  let refused = 0
  for (const file of files)
    try {
      report({ file, refused: false, message: await ingestFile(database, file, options) })
    } catch (error) {
      if (!isRefusal(error)) throw error
      report({ file, refused: true, message: error.message })
      refused += 1
    }
  return refused
}

/** The operating system cannot read the file. */
class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
}

/** Whether the error is about the file or the case, not about a database that is lost or busy. */
const isRefusal = (error: unknown): error is Problem | RecordMovedError | UnreadableFile =>
  error instanceof RecordMovedError ||
  error instanceof UnreadableFile ||
  (error instanceof Problem && problems[error.code].status < 500)

/** @throws {UnreadableFile} @throws {Problem} body-too-large */
async function readFileBytes(file: string, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { size } = await stat(file)
    if (size > limitBytes)
      throw new Problem(
        'body-too-large',
        `The file is over ${limitBytes} bytes (DOCUMENT_LIMIT_BYTES).`,
      )
    return Uint8Array.from(await readFile(file))
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new UnreadableFile(error.message, { cause: error })
  }
}

async function ingestFile(
  database: Database,
  file: string,
  options: IngestOptions,
): Promise<string> {
  const bytes = await readFileBytes(file, options.limitBytes)
  await resolveCase(database.db, options.case)
  const received = { bytes, name: basename(file), mediaType: null }
  const extracted = await readDocument(received, {
    recognition: options.recognition,
    onProgress: (done, total) => options.onPage?.(file, done, total),
  })
  const description = { ...options.description, case: options.case }
  const article = await completePublisher(
    database.db,
    buildArticleInput(received, extracted, description),
  )
  const { value } = await commit(
    database,
    { name: 'ingest', keyId: null },
    'create',
    (session) => addArticle(session, article),
    async (added, wires) => ({ ...added, ...(await wires('article', added.id)) }),
  )
  const ignored = value.isNew
    ? []
    : listIgnoredFields(description, value as unknown as ArticleAnswer)
  const { data } = await findNearDuplicates(database.db, value.id)
  const copies = data.map(
    (copy) => `${Math.round(copy.share * 100)} % of it is also in ${copy.article.href}`,
  )
  const href = String(Reflect.get(value, 'href'))
  const status = value.isNew ? `stored as ${href}` : `already stored as ${href}`
  const unchanged = ignored.map((field) => `its ${field} stays as it is`)
  return [status, ...unchanged, ...copies].join('; ')
}

type FileDescription = Partial<Omit<ArticleDescription, 'case' | 'slug'>>

/** The options of `casefile ingest`, as commander gives them. */
export type IngestFlags = {
  title?: string
  url?: string
  type?: string
  publisher?: string
  author?: string[]
  publishedOn?: string
  language?: string
}

const Description = ArticleDescription.partial()

/**
 * Checks the options that describe the files.
 *
 * @throws {FatalError} naming the option
 */
export function readDescription(
  { title, url, type, publisher, author, publishedOn, language }: IngestFlags,
  fileCount: number,
): FileDescription {
  if (fileCount > 1 && (title !== undefined || url !== undefined))
    throw new FatalError('--title and --url describe one file, and there are several.')
  const given = {
    title,
    url,
    type,
    publisher,
    authors: author,
    publishedOn: publishedOn && { edtf: publishedOn, asStated: null, reasoning: null },
    language,
  }
  const present = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  )
  const parsed = Description.safeParse(present)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new FatalError(`--${toOption(issue?.path[0])}: ${issue?.message}`)
  }
  checkDate(publishedOn)
  // Parsing fills defaults; only what was given describes the files.
  return Object.fromEntries(Object.entries(parsed.data).filter(([name]) => name in present))
}

function checkDate(edtf: string | undefined): void {
  if (edtf === undefined) return
  try {
    parseEdtfBounds(edtf)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new FatalError(`--published-on: ${error.message}`)
  }
}

const toOption = (field: unknown): string => {
  const name = String(field)
  return name === 'authors'
    ? 'author'
    : name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
