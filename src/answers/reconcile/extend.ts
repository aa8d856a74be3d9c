import type { Db } from '../../database/database.ts'
import { invalidRequest, parseJson } from './match.ts'
import { type EntityValue, findEntities, loadValues } from './queries.ts'
import { type Cell, type ExtendAnswer, ExtendQuery, isStorable } from './schema.ts'
import { entityProperties, entityTypes } from './vocabulary.ts'

/**
 * Values of properties for entities (data extension). Of an id that there is not, all properties are empty.
 *
 * @throws {Problem} invalid-request, naming each property that there is not
 */
export async function extendEntities(db: Db, text: string): Promise<ExtendAnswer> {
  const { ids, properties: requested } = parseJson(text, 'extend', ExtendQuery)
  const entities = await findEntities(db, ids.filter(isStorable))
  const knownProperties = requested.map(({ id }) =>
    entityProperties.find((property) => property.id === id),
  )
  const errors = requested.flatMap(({ id }, index) =>
    knownProperties[index]
      ? []
      : [{ pointer: `/extend/properties/${index}`, detail: `there is no property "${id}"` }],
  )
  if (errors.length > 0) throw invalidRequest(errors.slice(0, 20))
  const pids = requested.map(({ id }) => id)
  const entityIds = [...new Set([...entities.values()].map(({ id }) => id))]
  const values = pids.length === 0 ? new Map() : await loadValues(db, entityIds, pids)
  const buildRow = (id: string): Record<string, Cell[]> => {
    const own: Record<string, EntityValue[]> = values.get(entities.get(id)?.id ?? '') ?? {}
    return Object.fromEntries(pids.map((pid) => [pid, (own[pid] ?? []).map(toCell)]))
  }
  return {
    meta: knownProperties.flatMap((property) => {
      if (property === undefined) return []
      const type = entityTypes.find(({ id }) => id === property.valueKind)
      return [
        {
          id: property.id,
          name: property.name,
          ...(type && { type: { id: type.id, name: type.name } }),
        },
      ]
    }),
    rows: Object.fromEntries(ids.map((id) => [id, buildRow(id)])),
  }
}

const toCell = (value: EntityValue): Cell =>
  'text' in value ? { str: value.text } : { id: value.id, name: value.name }
