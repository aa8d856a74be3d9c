import { z } from 'zod'
import {
  Kind,
  RecordCitation,
  RecordId,
  Reference,
  StatedDate,
} from '../../records/model/schema.ts'

/** How two nodes can be connected. Each word's meaning is in docs/api.md. */
export const EdgeType = z.enum([
  'issued',
  'refused',
  'amended',
  'suspended',
  'reinstated',
  'cancelled',
  'expired',
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
])
export type EdgeType = z.infer<typeof EdgeType>

export const NodeKind = z.enum(['actor', 'good', 'permit', 'measure'])
export type NodeKind = z.infer<typeof NodeKind>

const NetworkNode = Reference.extend({
  kind: NodeKind,
  type: z.string().nullable().describe('Type of an actor, legal form of a measure, else null.'),
  distance: z.int().describe('Steps from where the network begins.'),
  expanded: z
    .enum(['whole', 'part', 'no'])
    .describe(
      'Whether its own connections were followed: all; only some (`cut` says which, or the network was full); none, as on the outermost nodes.',
    ),
}).meta({ id: 'NetworkNode', description: 'An actor, a good, a permit or a measure.' })
export type NetworkNode = z.infer<typeof NetworkNode>

const { id, field, article, start, end, quote, confidence } = RecordCitation.shape

const NetworkEdge = z
  .strictObject({
    id: z.string(),
    type: EdgeType,
    source: RecordId.describe('Id of the node that does or is it.'),
    target: RecordId.describe('Id of the node to which it is done.'),
    recordsTotal: z.int().describe('How many of the records that were read tell of it.'),
    records: z
      .array(
        z.strictObject({
          record: Reference,
          kind: Kind,
          on: StatedDate.nullable().describe('When, of an event or a post.'),
          fields: z.array(z.string()).describe('The fields of the record that make the edge.'),
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
            .describe('Up to three for each field; where a field has none, of the record.'),
        }),
      )
      .describe('The records behind it, up to five, the latest first.'),
  })
  .meta({ id: 'NetworkEdge', description: 'What connects two nodes, with its evidence.' })
export type NetworkEdge = z.infer<typeof NetworkEdge>

const completenessMembers = {
  complete: z.boolean().describe('Whether nothing was left out within the depth.'),
  message: z.string().nullable().describe('What was left out, in words; null when nothing was.'),
  cut: z
    .array(
      z.strictObject({
        record: Reference,
        relation: z.string().describe('What it has more of than was followed.'),
        followed: z.int().describe('How many were followed: the latest.'),
      }),
    )
    .describe('Records that have more connections than were followed.'),
}

export const Network = z
  .strictObject({
    root: Reference,
    depth: z.int(),
    ...completenessMembers,
    nodesLeftOut: z
      .int()
      .describe('Nodes that were met and not kept, because `limit` was reached.'),
    edgesLeftOut: z.int().describe('Edges between kept nodes that were not kept.'),
    nodes: z.array(NetworkNode).describe('By distance; the root first.'),
    edges: z.array(NetworkEdge),
  })
  .meta({ id: 'Network', description: 'Who is connected with whom, and by what.' })
export type Network = z.infer<typeof Network>

export const Paths = z
  .strictObject({
    from: Reference,
    to: Reference,
    length: z.int().nullable().describe('Edges of a shortest path; null when none was found.'),
    ...completenessMembers,
    paths: z
      .array(z.array(RecordId).describe('Ids of the nodes, from `from` to `to`.'))
      .describe('The shortest ones; between two neighbours there can be several edges.'),
    nodes: z.array(NetworkNode),
    edges: z.array(NetworkEdge),
  })
  .meta({ id: 'Paths', description: 'The shortest ways from one node to another.' })
export type Paths = z.infer<typeof Paths>
