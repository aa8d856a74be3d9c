import {
  type Connection,
  extractMentions,
  type FullRecord,
  findConnections,
  type GraphNode,
  type MentioningRecord,
  resolveMentions,
} from '../rules.ts'

/** What a record as its own route shows it says of nodes. */
export function toMentioningRecord(wire: FullRecord): MentioningRecord {
  const { unresolvedMentions: mentions, ...telling } = extractMentions(
    { ...wire, name: getDisplayName(wire) },
    wire,
  )
  const pointers = resolveMentions(mentions, (given, kind) => {
    const { id, slug, name } = given as Omit<GraphNode, 'kind'>
    return { id, kind, slug, name }
  })
  return { ...telling, nodeMentions: pointers }
}

export const getDisplayName = (wire: FullRecord): string =>
  String(wire.name ?? wire.designation ?? wire.title ?? wire.role)

/** The connections of which a record tells; what it says twice of the same two in the same way is one. */
export function findDistinctConnections(record: MentioningRecord): Connection[] {
  const connections = new Map<string, Connection>()
  for (const one of findConnections(record)) {
    const key = `${one.type} ${one.source.id} ${one.target.id}`
    const existing = connections.get(key)
    connections.set(
      key,
      existing ? { ...existing, fields: [...existing.fields, ...one.fields] } : one,
    )
  }
  return [...connections.values()]
}
