import {
  type Connection,
  connectionsOf,
  type Node,
  pointersOf,
  type Telling,
  toldBy,
  type Whole,
} from '../rules.ts'

/** What a record as its own route shows it says of nodes. */
export function tellingOf(wire: Whole): Telling {
  const { mentions, ...telling } = toldBy({ ...wire, name: nameOf(wire) }, wire)
  const pointers = pointersOf(mentions, (given, kind) => {
    const { id, slug, name } = given as Omit<Node, 'kind'>
    return { id, kind, slug, name }
  })
  return { ...telling, pointers }
}

export const nameOf = (wire: Whole): string =>
  String(wire.name ?? wire.designation ?? wire.title ?? wire.role)

/** The connections of which a record tells; what it says twice of the same two in the same way is one. */
export function connectionsTold(telling: Telling): Connection[] {
  const told = new Map<string, Connection>()
  for (const one of connectionsOf(telling)) {
    const key = `${one.type} ${one.source.id} ${one.target.id}`
    const known = told.get(key)
    told.set(key, known ? { ...known, fields: [...known.fields, ...one.fields] } : one)
  }
  return [...told.values()]
}
