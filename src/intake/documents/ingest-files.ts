import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Database } from '../../database/database.ts'
import { Moved, Problem } from '../../problem.ts'
import { commit } from '../../records/write/commit.ts'
import { readDocument } from '../reading/read-document.ts'
import { addArticle, articleOf, caseOf, nearDuplicatesOf } from './add-article.ts'

type Outcome = { file: string; refused: boolean; message: string }

/**
 * Brings files into a case, one revision each, and says what became of each. A file that is refused leaves nothing behind, and
 * the others go on.
 *
 * @returns how many were refused
 */
export async function ingestFiles(
  database: Database,
  files: readonly string[],
  given: { case: string; limitBytes: number },
  say: (outcome: Outcome) => void,
): Promise<number> {
  let refused = 0
  for (const file of files)
    try {
      say({ file, refused: false, message: await ingestFile(database, file, given) })
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Moved || isOfSystem(error))) throw error
      say({ file, refused: true, message: error.message })
      refused += 1
    }
  return refused
}

const isOfSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error

async function ingestFile(
  database: Database,
  file: string,
  given: { case: string; limitBytes: number },
): Promise<string> {
  const { size } = await stat(file)
  if (size > given.limitBytes)
    throw new Problem(
      'body-too-large',
      `It is over ${given.limitBytes} bytes (DOCUMENT_LIMIT_BYTES).`,
    )
  await caseOf(database.db, given.case)
  const received = {
    bytes: Uint8Array.from(await readFile(file)),
    name: basename(file),
    mediaType: null,
  }
  const article = articleOf(received, await readDocument(received), { case: given.case })
  const { value } = await commit(
    database,
    { name: 'ingest', keyId: null },
    'create',
    (session) => addArticle(session, article),
    async (added, wires) => ({ ...added, ...(await wires('article', added.id)) }),
  )
  const { data } = await nearDuplicatesOf(database.db, value.id)
  const copies = data.map(
    (copy) => `${Math.round(copy.share * 100)} % of it stands in ${copy.article.href}`,
  )
  const what = `${value.isNew ? 'stored as' : 'is there already,'} ${String(Reflect.get(value, 'href'))}`
  return [what, ...copies].join('; ')
}
