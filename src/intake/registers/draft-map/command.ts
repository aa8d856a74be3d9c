import { writeFileSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { addHelpExamples } from '../../../cli/help.ts'

type DraftOptions = {
  issuer?: string
  sheet?: string
  table?: number | 'all'
  path?: string
  out?: string
}

/** `casefile draft-map`. */
export function addDraftMapCommand(program: Command): void {
  const command = program
    .command('draft-map')
    .argument('<file>', 'a table: CSV, XLSX, XLS, ODS, JSON, NDJSON, or a document with a table')
    .description('write a column map to begin with, for import-register')
    .option('--issuer <code>', 'ISO 3166 code of the state that issued the permits', parseCountry)
    .option('--sheet <name>', 'sheet of a workbook')
    .option('--table <n>', 'table of a document, from 1, or "all"', parseTable)
    .option('--path <path>', 'list of rows in JSON, such as data.licences')
    .option('--out <file>', 'where to write the map (standard output)')
    .action(async (file: string, options: DraftOptions) => {
      const { draftMap } = await import('./draft-map.ts')
      const { issuer = null, sheet = null, table = null, path = null, out } = options
      const map = await draftMap({ file, issuer, sheet, table, path })
      if (out === undefined) process.stdout.write(map)
      else writeFileSync(out, map)
    })
  addHelpExamples(command, [
    'casefile draft-map licences.xlsx --issuer CH > licences.yaml',
    'casefile import-register licences.xlsx --map licences.yaml --dry-run',
  ])
}

function parseCountry(text: string): string {
  if (!/^[a-z]{2,3}$/i.test(text)) throw new InvalidArgumentError('give a code such as CH or CHE.')
  return text
}

function parseTable(text: string): number | 'all' {
  if (text === 'all') return text
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('give a number from 1, or "all".')
  return number
}
