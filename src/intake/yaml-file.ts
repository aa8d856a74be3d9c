import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { FatalError } from '../fatal-error.ts'
import { explainIssues } from './schema-issues.ts'

/** A parsed YAML file with the line numbers of its parts. */
export type YamlFile<T> = {
  content: T
  /** `file:line` of a JSON pointer (`/events/3/citations/0/quote`), or of its nearest existing ancestor. */
  lineOf(pointer: string): string
}

/**
 * Reads and validates a YAML file.
 *
 * @throws {FatalError} with file, line and reason of each fault
 */
export function readYaml<T>(file: string, schema: z.ZodType<T>): YamlFile<T> {
  const lines = new LineCounter()
  const document = parseDocument(readText(file), { lineCounter: lines })
  const [syntaxError] = document.errors
  if (syntaxError) {
    const [reason] = syntaxError.message.split('\n')
    throw new FatalError(`${file}:${syntaxError.linePos?.[0].line}: ${reason}`)
  }

  const lineOf = (pointer: string): string => {
    for (let path = pointer.split('/').slice(1); ; path = path.slice(0, -1)) {
      const node =
        path.length === 0 ? document.contents : document.getIn(path.map(toPathStep), true)
      const range = (node as { range?: [number, number, number] } | null | undefined)?.range
      if (range) return `${file}:${lines.linePos(range[0]).line}`
      if (path.length === 0) return file
    }
  }
  const parsed = schema.safeParse(document.toJS())
  if (!parsed.success) {
    const reasons = explainIssues(schema, parsed.error, document.toJS()).map(
      ({ path, message }) => {
        const pointer = `/${path.map(String).join('/')}`
        return `${lineOf(pointer)}: ${pointer}: ${message}`
      },
    )
    throw new FatalError(reasons.join('\n'))
  }
  return { content: parsed.data, lineOf }
}

const toPathStep = (name: string): string | number => (/^\d+$/.test(name) ? Number(name) : name)

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new FatalError(`${file} cannot be read.`, { cause: error })
  }
}
