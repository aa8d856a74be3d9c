import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Database } from '../../database/database.ts'
import { Problem, problems, RecordMovedError } from '../../problem.ts'
import { commit } from '../../records/write/commit.ts'
import type { RecognitionSettings } from '../extraction/ocr/recognition.ts'
import { readDocument } from '../extraction/reader-pool.ts'
import { addArticle, buildArticleInput, findNearDuplicates, resolveCase } from './add-article.ts'

export type IngestOptions = {
  case: string
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
  const article = buildArticleInput(received, extracted, { case: options.case })
  const { value } = await commit(
    database,
    { name: 'ingest', keyId: null },
    'create',
    (session) => addArticle(session, article),
    async (added, wires) => ({ ...added, ...(await wires('article', added.id)) }),
  )
  const { data } = await findNearDuplicates(database.db, value.id)
  const copies = data.map(
    (copy) => `${Math.round(copy.share * 100)} % of it is also in ${copy.article.href}`,
  )
  const href = String(Reflect.get(value, 'href'))
  const status = value.isNew ? `stored as ${href}` : `already stored as ${href}`
  return [status, ...copies].join('; ')
}
