import type { ActorInput } from '../../../../records/kinds/actors/schema.ts'
import type { RegisterMap, TableActor } from '../../table/schema.ts'
import { slugOfName } from '../slugs.ts'
import {
  type CellReader,
  type CompileContext,
  cached,
  columnName,
  compileRawCell,
  compileRules,
  foldCell,
  foldTable,
  RowError,
  splitCell,
  tidyCell,
} from './cells.ts'
import { type ActorRule, type ActorSource, listRules } from './schema.ts'

/** The actor of a row: its slug, and its input if it can be created. */
export type ActorReference = { slug: string; input: ActorInput | null }

/** A cell that names no single actor: it is counted, and its field stays empty. */
export type OpenCell = { column: string; cell: string; suggestions: readonly string[] }

/** The actors of a cell, or why it is left open. */
export type ActorCell = { actors: readonly ActorReference[]; open: OpenCell | null }

/** Finds the state that words name, in any language or as ISO code. */
export type StateMatcher = (
  words: string,
) => { actor: ActorReference } | { suggestions: readonly string[] }

export type ActorContext = CompileContext & {
  map: RegisterMap
  matchState: StateMatcher
}

const none: ActorCell = { actors: [], open: null }

/** @throws {RowError} for a column that the table does not have; the reader, for a cell that is not in the value table */
export function compileActor(
  source: ActorSource | null | undefined,
  context: ActorContext,
): CellReader<ActorCell> {
  const read = compileRules(listRules(source), context, (rule): CellReader<ActorCell> => {
    if ('actor' in rule) {
      const actor = { actors: [findReference(rule.actor, context.map)], open: null }
      return () => actor
    }
    const raw = compileRawCell(rule, context.access)
    const readCell = cached(compileActorCell(rule, context))
    return (cells) => readCell(raw(cells))
  })
  return (cells) => read(cells) ?? none
}

/** An actor that the map names by slug. */
const findReference = (slug: string, { actors }: RegisterMap): ActorReference => ({
  slug,
  input: actors.find((actor) => actor.slug === slug) ?? null,
})

function compileActorCell(
  rule: Exclude<ActorRule, { actor: string }>,
  context: ActorContext,
): (raw: string) => ActorCell {
  const column = columnName(rule.column)
  const readName = compileName(rule, column, context)
  return (raw) => {
    const whole = tidyCell(raw)
    const cell = whole === '' ? none : readName(whole, rule.split === undefined)
    if (cell !== null) return cell
    const actors = new Map<string, ActorReference>()
    const suggestions: string[] = []
    let isOpen = false
    for (const part of splitCell(raw, rule.split)) {
      const found = readName(part, true) ?? none
      if (found.open !== null) isOpen = true
      suggestions.push(...(found.open?.suggestions ?? []))
      for (const actor of found.actors) actors.set(actor.slug, actor)
    }
    // A list of which a part is unknown is not the whole list.
    if (isOpen) return { actors: [], open: { column, cell: whole, suggestions } }
    return { actors: [...actors.values()], open: null }
  }
}

/** Reads one name. Of a whole cell that can be split, null means: nothing says what the whole is. */
type NameReader = (name: string, isFinal: boolean) => ActorCell | null

function compileName(
  rule: Exclude<ActorRule, { actor: string }>,
  column: string,
  { map, matchState }: ActorContext,
): NameReader {
  if ('type' in rule)
    return (name, isFinal) =>
      isFinal ? { actors: [buildNamedActor(name, rule.type)], open: null } : null
  const table =
    rule.table === undefined ? new Map() : foldTable<TableActor>(map.tables[rule.table] ?? {})
  return (name, isFinal) => {
    const entry: TableActor | undefined = table.get(foldCell(name))
    if (entry !== undefined) return readEntry(entry, name, column, map)
    if (!isFinal && !('match' in rule)) return null
    if (!('match' in rule)) throw new RowError(column, `"${name}" is not in the value table`)
    const found = matchState(name)
    // The name of a state can have the delimiter: "Trinidad and Tobago".
    if (!isFinal && !('actor' in found)) return null
    return 'actor' in found
      ? { actors: [found.actor], open: null }
      : { actors: [], open: { column, cell: name, suggestions: found.suggestions } }
  }
}

function readEntry(entry: TableActor, name: string, column: string, map: RegisterMap): ActorCell {
  if (entry === null) return { actors: [], open: { column, cell: name, suggestions: [] } }
  const several = Array.isArray(entry)
  const actors = (several ? entry : [entry]).map((one) => {
    if (typeof one === 'string') return findReference(one, map)
    // The words for several actors are the alias of none of them.
    const hasAlias = !several && foldCell(one.name) !== foldCell(name)
    const aliases = hasAlias ? [{ name, language: map.language }] : []
    return { slug: one.slug, input: { ...one, aliases, identifiers: [] } }
  })
  return { actors, open: null }
}

function buildNamedActor(name: string, type: ActorInput['type']): ActorReference {
  const slug = slugOfName('', name)
  return { slug, input: { slug, type, name, aliases: [], country: null, identifiers: [] } }
}
