import { parseEdtfBounds } from '../../evidence/edtf.ts'
import { FatalError } from '../../fatal-error.ts'
import { ArticleDescription } from '../../records/kinds/articles/schema.ts'
import type { IngestOptions } from './ingest-files.ts'

/** The options of `casefile ingest`, as commander gives them. */
export type IngestFlags = {
  case: string
  title?: string
  url?: string
  type?: string
  publisher?: string
  author?: string[]
  publishedOn?: string
  language?: string
}

const Description = ArticleDescription.partial().extend({ case: ArticleDescription.shape.case })

/**
 * Checks the options that describe the files.
 *
 * @throws {FatalError} naming the option
 */
export function readDescription(
  { case: inCase, title, url, type, publisher, author, publishedOn, language }: IngestFlags,
  fileCount: number,
): Omit<IngestOptions, 'limitBytes'> {
  if (fileCount > 1 && (title !== undefined || url !== undefined))
    throw new FatalError('--title and --url describe one file, and there are several.')
  const given = {
    case: inCase,
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
  return {
    ...Object.fromEntries(Object.entries(parsed.data).filter(([name]) => name in present)),
    case: inCase,
  }
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
