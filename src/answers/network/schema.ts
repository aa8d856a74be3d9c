import { z } from 'zod'
import {
  Kind,
  RecordCitation,
  RecordId,
  Reference,
  StatedDate,
} from '../../records/model/schema.ts'

/** docs/api.md explains each type. */
export const EdgeType = z.enum([
  'issued',
  'refused',
  'amended',
  'suspended',
  'reinstated',
  'cancelled',
  'expired',
  'annulled',
  'upheld',
  'exported',
  'received',
  'named-on',
  'destined-for',
  'covers',
  'manufactured',
  'belongs-to',
  'imposed',
  'lifted',
  'targeted',
  'set-against',
  'held-post',
  'member-of',
  'owns',
  'part-of',
  'succeeded',
  'applied',
  'pressed',
  'assured',
  'recommended',
  'delivered',
  'transferred',
  'used',
  'used-against',
  'reported',
  'inquired',
  'disclosed',
  'informed',
  'spoke',
  'contracted',
  'paid',
  'financed',
  'brokered',
  'carried',
  'let-pass',
  'complained',
  'judged',
  'inspected',
  'seized',
  'harmed',
  'voted',
  'arrested',
])
export type EdgeType = z.infer<typeof EdgeType>

export const NodeKind = z.enum(['actor', 'good', 'permit', 'measure'])
export type NodeKind = z.infer<typeof NodeKind>

const NetworkNode = Reference.extend({
  kind: NodeKind,
  type: z
    .string()
    .nullable()
    .describe('Type of an actor, legal form of a measure. Null for other kinds.'),
  distance: z.int().describe('Steps from the start of the network.'),
  expanded: z
    .enum(['whole', 'part', 'no'])
    .describe(
      'Whether the connections of the node were followed. `whole`: all of them. `part`: some of them, see `cut`, or the network reached its limit. `no`: none, as for the outermost nodes.',
    ),
}).meta({ id: 'NetworkNode', description: 'An actor, a good, a permit or a measure.' })
export type NetworkNode = z.infer<typeof NetworkNode>

const { id, field, article, start, end, quote, confidence } = RecordCitation.shape

const NetworkEdge = z
  .strictObject({
    id: z.string(),
    type: EdgeType,
    source: RecordId.describe('Id of the node from which the edge starts: the subject of `type`.'),
    target: RecordId.describe('Id of the node at which the edge ends: the object of `type`.'),
    recordsTotal: z.int().describe('Number of records read that state the edge.'),
    records: z
      .array(
        z.strictObject({
          record: Reference,
          kind: Kind,
          on: StatedDate.nullable().describe('The date of an event or an affiliation.'),
          fields: z.array(z.string()).describe('The fields of the record that state the edge.'),
          citations: z
            .array(
              z.strictObject({
                id,
                href: z.string(),
                field,
                article,
                start,
                end,
                quote,
                confidence,
              }),
            )
            .describe(
              'Up to three for each field. If no field has one: up to three of the record.',
            ),
        }),
      )
      .describe('Up to five records that state the edge, the latest first.'),
  })
  .meta({ id: 'NetworkEdge', description: 'A connection of two nodes, with its evidence.' })
export type NetworkEdge = z.infer<typeof NetworkEdge>

const completenessMembers = {
  complete: z.boolean().describe('Whether nothing was left out within the depth.'),
  message: z
    .string()
    .nullable()
    .describe('What was left out, in words. Null if nothing was left out.'),
  cut: z
    .array(
      z.strictObject({
        record: Reference,
        relation: z.string().describe('The relation or list that was not followed completely.'),
        followed: z.int().describe('The number of connections that were followed: the latest.'),
      }),
    )
    .describe('Records with more connections than were followed.'),
}

export const Network = z
  .strictObject({
    root: Reference,
    depth: z.int(),
    ...completenessMembers,
    nodesLeftOut: z
      .int()
      .describe('Number of nodes that were found and left out because of `limit`.'),
    edgesLeftOut: z.int().describe('Number of edges between kept nodes that were left out.'),
    nodes: z.array(NetworkNode).describe('Sorted by distance: the root comes first.'),
    edges: z.array(NetworkEdge),
  })
  .meta({ id: 'Network', description: 'Nodes and their connections.' })
export type Network = z.infer<typeof Network>

export const Paths = z
  .strictObject({
    from: Reference,
    to: Reference,
    length: z
      .int()
      .nullable()
      .describe('Number of edges of a shortest path. Null if no path was found.'),
    ...completenessMembers,
    paths: z
      .array(z.array(RecordId).describe('Ids of the nodes, from `from` to `to`.'))
      .describe('The shortest paths. Two neighbours on a path can have several edges.'),
    nodes: z.array(NetworkNode),
    edges: z.array(NetworkEdge),
  })
  .meta({ id: 'Paths', description: 'The shortest paths between two nodes.' })
export type Paths = z.infer<typeof Paths>
