import {
  type Connection,
  extractMentions,
  type FullRecord,
  findConnections,
  type GraphNode,
  type MentioningRecord,
  resolveMentions,
} from '../rules.ts'

/** @param wire a record as its route returns it */
export function toMentioningRecord(wire: FullRecord): MentioningRecord {
  const { unresolvedMentions, ...members } = extractMentions(
    { ...wire, name: getDisplayName(wire) },
    wire,
  )
  const nodeMentions = resolveMentions(unresolvedMentions, (reference, kind) => {
    const { id, slug, name } = reference as Omit<GraphNode, 'kind'>
    return { id, kind, slug, name }
  })
  return { ...members, nodeMentions }
}

export const getDisplayName = (wire: FullRecord): string =>
  String(wire.name ?? wire.designation ?? wire.title ?? wire.role)

/** The connections that a record states. Connections with the same type and nodes become one with the fields of all. */
export function findDistinctConnections(record: MentioningRecord): Connection[] {
  const connections = new Map<string, Connection>()
  for (const connection of findConnections(record)) {
    const key = `${connection.type} ${connection.source.id} ${connection.target.id}`
    const fields = [...(connections.get(key)?.fields ?? []), ...connection.fields]
    connections.set(key, { ...connection, fields })
  }
  return [...connections.values()]
}
