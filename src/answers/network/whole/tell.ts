import type { Kind } from '../../../records/schema.ts'
import { type Connection, connectionsOf, type Node, type Pointer, type Telling } from '../rules.ts'
import type { NodeKind } from '../schema.ts'

/** A record as its own route shows it. */
export type Wire = Readonly<Record<string, unknown>> & { id: string; kind: Kind; slug: string }
type Named = { id: string; slug: string; name: string }
type Cited = { id: string; field: string | null; quote: string }

const parties = ['issuer', 'exporter', 'consignee', 'endUser', 'destination', 'endDestination']
/** Members of a record that name a node, by its kind. */
const single: Readonly<Partial<Record<Kind, readonly (readonly [string, NodeKind])[]>>> = {
  permit: parties.map((name) => [name, 'actor'] as const),
  good: [
    ['manufacturer', 'actor'],
    ['family', 'good'],
  ],
  measure: [
    ['imposer', 'actor'],
    ['target', 'actor'],
  ],
  affiliation: [
    ['actor', 'actor'],
    ['organisation', 'actor'],
  ],
}

/** What a whole record says of nodes, in the form in which the network reads it from the database. */
export function tellingOf(wire: Wire): Telling {
  const { id, kind, slug } = wire
  const pointers: Pointer[] = []
  const point = (field: string, word: unknown, kindOfNode: NodeKind, given: unknown) => {
    if (given === null || given === undefined) return
    const named = given as Named
    const node: Node = { id: named.id, kind: kindOfNode, slug: named.slug, name: named.name }
    pointers.push({ field, word: typeof word === 'string' ? word : null, node })
  }
  for (const [name, kindOfNode] of single[kind] ?? [])
    point(name, kind === 'permit' ? wire.status : null, kindOfNode, wire[name])
  for (const [list, position, one] of membersOf(wire)) {
    const field = `${list}.${position}`
    if (list === 'items') point(`${field}.good`, null, 'good', one.good)
    if (list === 'participants') point(field, one.role, 'actor', one.actor)
    if (list === 'goods') point(field, null, 'good', one)
    if (list === 'about' || list === 'effects')
      for (const kindOfNode of ['permit', 'measure'] as const)
        point(field, one.becomes, kindOfNode, one[kindOfNode])
  }
  return {
    ...{ id, kind, slug, name: nameOf(wire), pointers },
    type: kind === 'event' ? String(wire.type) : null,
    on: (wire.on ?? wire.during ?? null) as Telling['on'],
  }
}

function* membersOf({ kind, ...wire }: Wire) {
  const lists = { permit: ['items'], event: ['participants', 'goods', 'about', 'effects'] }
  for (const list of kind === 'permit' || kind === 'event' ? lists[kind] : [])
    for (const [position, one] of ((wire as Wire)[list] as Record<string, unknown>[]).entries())
      yield [list, position, one] as const
}

export const nameOf = (wire: Wire): string =>
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

const citationsOfField = 3

/** Up to three citations of each of the fields; where there are none, of the record. */
export function citationsFor(citations: readonly Cited[], fields: readonly string[]): Cited[] {
  const found = [...new Set(fields)].flatMap((field) =>
    citations
      .filter((one) => one.field !== null && isWithin(one.field, field))
      .slice(0, citationsOfField),
  )
  return found.length > 0 ? [...new Set(found)] : citations.slice(0, citationsOfField)
}

/** Whether two paths are the same field, or one is in the other. */
const isWithin = (a: string, b: string): boolean =>
  a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
