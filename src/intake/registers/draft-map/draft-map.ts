import { basename } from 'node:path'
import anyAscii from 'any-ascii'
import { slugOf } from '../../documents/rules.ts'
import { RegisterMap } from '../table/schema.ts'
import { describeState, StateResolver } from '../values/states.ts'
import { assignRoles, type Columns } from './profile/column-roles.ts'
import { profileColumn } from './profile/column-values.ts'
import { sampleTable, type TableSample } from './profile/table-sample.ts'
import { draftDeliveries } from './sections/deliveries.ts'
import type { DraftContext } from './sections/draft-context.ts'
import { draftFigures, draftWideFigures } from './sections/figures.ts'
import { draftPermits } from './sections/permits.ts'
import { addNotes, type Notes, placeholder, writeMap } from './write-map.ts'

export type DraftRequest = {
  file: string
  /** ISO code of the state whose authority publishes the register; null if it is not known. */
  issuer: string | null
  sheet: string | null
  table: number | 'all' | null
  path: string | null
}

/**
 * A column map to begin with, as YAML: what the cells of a table show, with comments on what they do not show.
 *
 * @throws {FatalError} if the file cannot be read
 */
export async function draftMap(request: DraftRequest): Promise<string> {
  const { file, sheet, table, path } = request
  const parseOptions = (options: object) => RegisterMap.shape.file.parse(options)
  const sample = await sampleTable(file, parseOptions({ sheet, table, path }), parseOptions)
  const width = sample.headings?.length ?? sample.rows[0]?.length ?? 0
  const all = Array.from({ length: width }, (_, index) =>
    profileColumn(nameColumn(sample, index), sample.headings?.[index] ?? '', index, sample.rows),
  )
  const columns = assignRoles(all)
  const notes: Notes = new Map()
  const state = request.issuer === null ? undefined : describeState(request.issuer)
  const context: DraftContext = {
    columns,
    sample,
    notes,
    issuer: state?.slug ?? placeholder,
    isIssuerKnown: state !== undefined,
    drafted: new Set(),
  }
  const slug = slugOf(anyAscii(basename(file).replace(/\.\w+$/, ''))).slice(0, 50)
  const title = basename(file)
  noteSample(context)
  const records = draftRecords(context)
  const actors =
    state === undefined
      ? []
      : [{ slug: state.slug, type: 'state', name: state.name, country: state.code }]
  return writeMap(
    {
      register: slug,
      case: { slug, title: `Register ${slug}`, summary: `What ${title} has.` },
      article: { slug: `${slug}-1`, title },
      ...(Object.keys(sample.file).length > 0 && { file: sample.file }),
      ...records,
      ...(actors.length > 0 && { actors }),
      ...draftTables(context),
    },
    notes,
    describeColumns(all),
  )
}

const nameColumn = ({ headings, isNumbered }: TableSample, index: number): string | number =>
  isNumbered ? index + 1 : headings?.[index] || index + 1

function draftRecords(context: DraftContext): Record<string, unknown> {
  switch (context.columns.shape) {
    case 'deliveries':
      return draftDeliveries(context)
    case 'figures':
      return draftFigures(context)
    case 'wide figures':
      return draftWideFigures(context)
    case 'permits':
      return draftPermits(context)
  }
}

function noteSample({ sample, notes, columns }: DraftContext): void {
  addNotes(notes, 'register', [
    'The same for all releases of the register. Slug and title of the article are of this release.',
  ])
  const about = [...sample.notes]
  if (sample.preamble.length > 0)
    about.push(`Above the heading: ${sample.preamble.join(' ').slice(0, 200)}`)
  if (sample.isNumbered)
    about.push('No heading, or one with the same name twice: columns are named by number.')
  if (sample.brokenRows !== null)
    about.push(
      `${sample.brokenRows.count} rows have another number of cells and are rejected, the first in row ${sample.brokenRows.first}.`,
    )
  if (about.length > 0) addNotes(notes, 'file', about)
  const shape = {
    permits: 'a permit',
    deliveries: 'a delivery',
    figures: 'a total',
    'wide figures': 'totals, one in each column',
  }
  const section = {
    permits: 'permit',
    deliveries: 'event',
    figures: 'figure',
    'wide figures': 'figure',
  }[columns.shape]
  addNotes(notes, section, [
    `A row looks like ${shape[columns.shape]}. If it is not, see docs/registers.md.`,
  ])
}

/** Cells that name no state of today, for the author to decide. */
function draftTables({ drafted, notes }: DraftContext): Record<string, unknown> {
  const cells = [...new Set([...drafted].flatMap(({ noStates }) => noStates))].slice(0, 60)
  if (cells.length === 0) return {}
  addNotes(notes, 'tables', [
    'These cells name no state of today. Territories become actors because this map says so; null leaves the field open.',
  ])
  return { tables: { names: Object.fromEntries(cells.map((cell) => [cell, draftActor(cell)])) } }
}

const resolver = new StateResolver()

function draftActor(cell: string): Record<string, string> | null {
  const reading = resolver.resolve(cell)
  const [state] =
    reading.kind === 'none' && reading.reason === 'territory' ? reading.suggestions : []
  if (state === undefined) return null
  return { slug: state.slug, type: 'state', name: state.name, country: state.code }
}

const describeColumns = (all: Columns['all']): string[] =>
  all.map(({ name, heading, kind, formats, values, unread }) => {
    const examples = [...values.keys()].slice(0, 3).join(' | ').replaceAll(/\s+/g, ' ').slice(0, 60)
    const more = formats.length > 0 ? ` ${formats.join(', ')}` : ''
    const faults = unread.length > 0 ? `; not read: ${unread.slice(0, 3).join(' | ')}` : ''
    return `- ${typeof name === 'number' ? `column ${name}${heading === '' ? '' : ` (${heading})`}` : name}: ${kind}${more} (${examples})${faults}`
  })
