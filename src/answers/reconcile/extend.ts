import type { Db } from '../../database/database.ts'
import { bad, readJson } from './match.ts'
import { entitiesOf, type Value, valuesOf } from './queries.ts'
import { type Cell, type ExtendAnswer, ExtendQuery } from './schema.ts'
import { properties, types } from './vocabulary.ts'

/**
 * Values of properties for entities (data extension).
 *
 * @throws {Problem} invalid-request, naming each id and each property that there is not
 */
export async function extend(db: Db, text: string): Promise<ExtendAnswer> {
  const { ids, properties: asked } = readJson(text, 'extend', ExtendQuery)
  const found = await entitiesOf(db, ids)
  const known = asked.map(({ id }) => properties.find((property) => property.id === id))
  const errors = [
    ...ids.flatMap((id, index) =>
      found.has(id)
        ? []
        : [{ pointer: `/extend/ids/${index}`, detail: `there is no entity "${id}"` }],
    ),
    ...asked.flatMap(({ id }, index) =>
      known[index]
        ? []
        : [{ pointer: `/extend/properties/${index}`, detail: `there is no property "${id}"` }],
    ),
  ]
  if (errors.length > 0) throw bad(errors.slice(0, 20))
  const pids = asked.map(({ id }) => id)
  const live = [...new Set([...found.values()].map(({ id }) => id))]
  const values = pids.length === 0 ? new Map() : await valuesOf(db, live, pids)
  const rowOf = (id: string): Record<string, Cell[]> => {
    const own: Record<string, Value[]> = values.get(found.get(id)?.id ?? '') ?? {}
    return Object.fromEntries(pids.map((pid) => [pid, (own[pid] ?? []).map(toCell)]))
  }
  return {
    meta: known.flatMap((property) => {
      if (property === undefined) return []
      const type = types.find(({ id }) => id === property.values)
      return [
        {
          ...{ id: property.id, name: property.name },
          ...(type && { type: { id: type.id, name: type.name } }),
        },
      ]
    }),
    rows: Object.fromEntries(ids.map((id) => [id, rowOf(id)])),
  }
}

const toCell = (value: Value): Cell =>
  'text' in value ? { str: value.text } : { id: value.id, name: value.name }
