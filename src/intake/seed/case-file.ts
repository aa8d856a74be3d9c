import { basename, join } from 'node:path'
import { FatalError } from '../../fatal-error.ts'
import type { BadValue, Problem } from '../../problem.ts'
import { readYaml, type YamlFile } from '../yaml-file.ts'
import { listCaseFolders } from './missing-cases.ts'
import { CaseYaml } from './schema.ts'

export type CaseFile = YamlFile<CaseYaml>

/**
 * Reads `seeds/<case>/case.yaml`.
 *
 * @throws {FatalError} with file, line and reason for each error
 */
export function readCaseFile(folder: string): CaseFile {
  const { content, lineOf } = readYaml(join(folder, 'case.yaml'), CaseYaml)
  if (content.case.slug !== basename(folder))
    throw new FatalError(
      `${lineOf('/case/slug')}: the slug must be the name of the folder, "${basename(folder)}"`,
    )
  return { content, lineOf }
}

/** Reads every case before it is known which of them are missing. Errors of a case are thrown when it is requested. */
export function preloadCaseFiles(): (folder: string) => CaseFile {
  const files = new Map<string, CaseFile>()
  for (const folder of listCaseFolders())
    try {
      files.set(folder, readCaseFile(folder))
    } catch {
      // The case can be in the database already; then the file is not requested.
    }
  return (folder) => files.get(folder) ?? readCaseFile(folder)
}

/** The problem of a write as an error with file, line, reason and nearest text. */
export function explainProblem(problem: Problem, { content, lineOf }: CaseFile): FatalError {
  // Impossible effects are found at the end of the write, when only the message names the event.
  const event = content.events.findIndex(({ slug }) => problem.message.includes(` event ${slug} `))
  const pointer = event === -1 ? '' : `/events/${event}/effects`
  const errors: BadValue[] = problem.errors ?? [{ pointer, detail: problem.message }]
  const nearest = (problem.passages ?? []).map(
    ({ start, end, quote }) =>
      `  nearest, code points ${start} to ${end}: ${JSON.stringify(quote)}`,
  )
  const reasons = errors.map(({ pointer, detail }) => `${lineOf(pointer)}: ${detail}`)
  return new FatalError([...reasons, ...nearest].join('\n'), { cause: problem })
}
