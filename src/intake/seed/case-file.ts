import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { CannotStart } from '../../cannot-start.ts'
import type { BadValue, Problem } from '../../problem.ts'
import { CaseYaml } from './schema.ts'

/** A case.yaml that was read: its content, and where in the file each part stands. */
export type CaseFile = {
  content: CaseYaml
  /** `file:line` of the part that a pointer (`/events/3/citations/0/quote`) names, or of the part around it. */
  lineOf(pointer: string): string
}

/**
 * Reads `seeds/<case>/case.yaml`.
 *
 * @throws {CannotStart} with file, line and reason for whatever is wrong with it
 */
export function readCaseFile(folder: string): CaseFile {
  const file = join(folder, 'case.yaml')
  const lines = new LineCounter()
  const document = parseDocument(read(file), { lineCounter: lines })
  const [wrong] = document.errors
  if (wrong)
    throw new CannotStart(`${file}:${wrong.linePos?.[0].line}: ${wrong.message.split('\n')[0]}`)

  const lineOf = (pointer: string): string => {
    for (let path = pointer.split('/').slice(1); ; path = path.slice(0, -1)) {
      const node = path.length === 0 ? document.contents : document.getIn(path.map(step), true)
      const range = (node as { range?: [number, number, number] } | null | undefined)?.range
      if (range) return `${file}:${lines.linePos(range[0]).line}`
      if (path.length === 0) return file
    }
  }
  const parsed = CaseYaml.safeParse(document.toJS())
  if (!parsed.success) {
    const reasons = parsed.error.issues.map((issue) => {
      const pointer = `/${issue.path.join('/')}`
      return `${lineOf(pointer)}: ${pointer}: ${issue.message}`
    })
    throw new CannotStart(reasons.join('\n'))
  }
  if (parsed.data.case.slug !== basename(folder))
    throw new CannotStart(
      `${lineOf('/case/slug')}: the slug must be the name of the folder, "${basename(folder)}"`,
    )
  return { content: parsed.data, lineOf }
}

/** The line in the file for a problem of writing it: what is wrong where, and the nearest text. */
export function explain(problem: Problem, { content, lineOf }: CaseFile): CannotStart {
  // What cannot become of a permit or measure comes to light at the end, when only the message names the event.
  const event = content.events.findIndex(({ slug }) => problem.message.includes(` event ${slug} `))
  const pointer = event === -1 ? '' : `/events/${event}/effects`
  const errors: BadValue[] = problem.errors ?? [{ pointer, detail: problem.message }]
  const nearest = (problem.passages ?? []).map(
    ({ start, end, quote }) =>
      `  nearest, code points ${start} to ${end}: ${JSON.stringify(quote)}`,
  )
  const reasons = errors.map(({ pointer, detail }) => `${lineOf(pointer)}: ${detail}`)
  return new CannotStart([...reasons, ...nearest].join('\n'), { cause: problem })
}

const step = (name: string): string | number => (/^\d+$/.test(name) ? Number(name) : name)

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CannotStart(`${file} cannot be read.`, { cause: error })
  }
}
