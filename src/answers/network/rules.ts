import type { z } from 'zod'
import { isSameOrNestedField } from '../../evidence/cited-fields.ts'
import type { AffiliationType } from '../../records/kinds/affiliations/schema.ts'
import type { EventType, ParticipantRole } from '../../records/kinds/events/schema.ts'
import type { Kind, StatedDate } from '../../records/model/schema.ts'
import type { EdgeType, NodeKind } from './schema.ts'

export type GraphNode = { id: string; kind: NodeKind; slug: string; name: string }

/** A field of a record that names a node. */
export type NodeMention = {
  field: string
  /** Role of a participant, effect of an event (`becomes`), status of a permit, type of an affiliation. Otherwise null. */
  qualifier: string | null
  node: GraphNode
}

/** A record with all fields that name a node. */
export type MentioningRecord = {
  id: string
  kind: Kind
  slug: string
  name: string
  /** Type of an event; null for other kinds. */
  type: string | null
  on: z.infer<typeof StatedDate> | null
  nodeMentions: readonly NodeMention[]
  citations: readonly EdgeCitation[]
}

export type EdgeCitation = {
  id: string
  field: string | null
  /** A reference in a record as its route returns it; the id in a snapshot. */
  article: unknown
  start: number | null
  end: number | null
  quote: string
  confidence: number | null
}

export type Connection = {
  type: EdgeType
  source: GraphNode
  target: GraphNode
  fields: readonly string[]
}

type EventTypeName = z.infer<typeof EventType>
type ParticipantRoleName = z.infer<typeof ParticipantRole>
type MentionRole = ParticipantRoleName | 'good' | 'permit' | 'measure'
type EventEdgeRule = {
  sourceRoles: readonly ParticipantRoleName[]
  edgeType: EdgeType
  targetRoles: readonly MentionRole[]
}

/** The edges of those who help with a trade. */
const helperEdges: readonly EventEdgeRule[] = [
  { sourceRoles: ['broker'], edgeType: 'brokered', targetRoles: ['good', 'permit'] },
  { sourceRoles: ['carrier'], edgeType: 'carried', targetRoles: ['good'] },
  { sourceRoles: ['transit-state'], edgeType: 'let-pass', targetRoles: ['good'] },
  {
    sourceRoles: ['financier'],
    edgeType: 'financed',
    targetRoles: ['buyer', 'seller', 'good'],
  },
]

/** The edges of an event between its participants, and to its goods and the permits and measures that it concerns or changes. */
const eventEdgeRules: Readonly<Record<EventTypeName, readonly EventEdgeRule[]>> = {
  application: [
    {
      sourceRoles: ['applicant', 'exporter'],
      edgeType: 'applied',
      targetRoles: ['addressee', 'issuer', 'permit', 'good'],
    },
  ],
  request: [
    {
      sourceRoles: ['requester'],
      edgeType: 'pressed',
      targetRoles: ['addressee', 'permit', 'measure', 'good'],
    },
  ],
  assurance: [
    { sourceRoles: ['assurer'], edgeType: 'assured', targetRoles: ['addressee', 'permit', 'good'] },
  ],
  recommendation: [
    {
      sourceRoles: ['author'],
      edgeType: 'recommended',
      targetRoles: ['addressee', 'permit', 'measure', 'good'],
    },
  ],
  // The edges of decisions follow from their effects.
  'permit-decision': [],
  'measure-decision': [],
  delivery: [
    {
      sourceRoles: ['supplier', 'exporter'],
      edgeType: 'delivered',
      targetRoles: ['consignee', 'end-user', 'good', 'permit'],
    },
    { sourceRoles: ['consignee', 'end-user'], edgeType: 'received', targetRoles: ['good'] },
    ...helperEdges,
  ],
  transfer: [
    {
      sourceRoles: ['supplier'],
      edgeType: 'transferred',
      targetRoles: ['consignee', 'end-user', 'good'],
    },
    { sourceRoles: ['consignee', 'end-user'], edgeType: 'received', targetRoles: ['good'] },
    ...helperEdges,
  ],
  use: [
    { sourceRoles: ['user'], edgeType: 'used', targetRoles: ['good'] },
    { sourceRoles: ['user'], edgeType: 'used-against', targetRoles: ['opponent'] },
  ],
  report: [
    {
      sourceRoles: ['reporter', 'author'],
      edgeType: 'reported',
      targetRoles: ['subject', 'good', 'permit', 'measure'],
    },
  ],
  inquiry: [
    {
      sourceRoles: ['investigator'],
      edgeType: 'inquired',
      targetRoles: ['subject', 'good', 'permit', 'measure'],
    },
  ],
  disclosure: [
    {
      sourceRoles: ['discloser'],
      edgeType: 'disclosed',
      targetRoles: ['addressee', 'permit', 'measure', 'good'],
    },
    {
      sourceRoles: ['addressee'],
      edgeType: 'informed',
      targetRoles: ['permit', 'measure', 'good'],
    },
  ],
  statement: [
    {
      sourceRoles: ['speaker'],
      edgeType: 'spoke',
      targetRoles: ['subject', 'addressee', 'permit', 'measure', 'good'],
    },
  ],
  contract: [
    {
      sourceRoles: ['seller', 'supplier', 'exporter'],
      edgeType: 'contracted',
      targetRoles: ['buyer', 'consignee', 'end-user', 'good'],
    },
    ...helperEdges,
  ],
  payment: [
    {
      sourceRoles: ['buyer', 'financier'],
      edgeType: 'paid',
      targetRoles: ['seller', 'supplier', 'broker', 'addressee'],
    },
  ],
  complaint: [
    {
      sourceRoles: ['claimant'],
      edgeType: 'complained',
      targetRoles: ['defendant', 'subject', 'permit', 'measure'],
    },
  ],
  judgment: [
    {
      sourceRoles: ['court'],
      edgeType: 'judged',
      targetRoles: ['defendant', 'subject', 'permit', 'measure'],
    },
  ],
  'verification-visit': [
    {
      sourceRoles: ['inspector'],
      edgeType: 'inspected',
      targetRoles: ['subject', 'end-user', 'good', 'permit'],
    },
  ],
  seizure: [
    {
      sourceRoles: ['investigator', 'inspector'],
      edgeType: 'seized',
      targetRoles: ['good', 'subject'],
    },
    ...helperEdges,
  ],
  incident: [
    { sourceRoles: ['user'], edgeType: 'used', targetRoles: ['good'] },
    { sourceRoles: ['user'], edgeType: 'harmed', targetRoles: ['victim', 'opponent'] },
  ],
  vote: [
    {
      sourceRoles: ['author'],
      edgeType: 'voted',
      targetRoles: ['subject', 'addressee', 'permit', 'measure'],
    },
  ],
  arrest: [
    {
      sourceRoles: ['investigator'],
      edgeType: 'arrested',
      targetRoles: ['subject', 'defendant'],
    },
  ],
}

/** The edge from the actor to the organisation, by type of the affiliation. */
const affiliationEdges: Readonly<Record<z.infer<typeof AffiliationType>, EdgeType>> = {
  post: 'held-post',
  membership: 'member-of',
  ownership: 'owns',
  'part-of': 'part-of',
  successor: 'succeeded',
}

/** The connections that a record states. Each comes from fields of this record that name both nodes: nothing is inferred. */
export function findConnections(record: MentioningRecord): Connection[] {
  switch (record.kind) {
    case 'permit':
      return findPermitConnections(record)
    case 'good':
      return record.nodeMentions.map(({ field, node }) =>
        field === 'manufacturer'
          ? { type: 'manufactured', source: node, target: toNode(record), fields: [field] }
          : { type: 'belongs-to', source: toNode(record), target: node, fields: [field] },
      )
    case 'measure':
      return record.nodeMentions.map(({ field, node }) =>
        field === 'imposer'
          ? { type: 'imposed', source: node, target: toNode(record), fields: [field] }
          : { type: 'targeted', source: toNode(record), target: node, fields: [field] },
      )
    case 'affiliation': {
      const [actor, organisation] = ['actor', 'organisation'].map((name) =>
        record.nodeMentions.find(({ field }) => field === name),
      )
      if (!actor || !organisation) return []
      // Snapshots of older versions have posts alone, and no type.
      const type = affiliationEdges[(actor.qualifier ?? 'post') as keyof typeof affiliationEdges]
      const fields = ['type', 'actor', 'organisation', 'role', 'share']
      return [{ type, source: actor.node, target: organisation.node, fields }]
    }
    case 'event':
      return findEventConnections(record)
    default:
      return []
  }
}

const toNode = ({ id, kind, slug, name }: MentioningRecord): GraphNode => ({
  id,
  slug,
  name,
  kind: kind as NodeKind,
})

function findPermitConnections(record: MentioningRecord): Connection[] {
  const permit = toNode(record)
  return record.nodeMentions.map(({ field, qualifier: status, node }): Connection => {
    const isRefused = status === 'refused'
    const edgeFrom = (type: EdgeType) => ({ type, source: node, target: permit, fields: [field] })
    if (field === 'issuer') return edgeFrom(isRefused ? 'refused' : 'issued')
    if (field.startsWith('parties.')) return edgeFrom('named-on')
    if (field === 'exporter') return edgeFrom(isRefused ? 'named-on' : 'exported')
    if (field === 'consignee' || field === 'endUser')
      return edgeFrom(isRefused ? 'named-on' : 'received')
    const type = field.startsWith('items.') ? 'covers' : 'destined-for'
    return { type, source: permit, target: node, fields: [field] }
  })
}

function findEventConnections({ type, nodeMentions }: MentioningRecord): Connection[] {
  const effects = nodeMentions.filter(({ field }) => field.startsWith('effects.'))
  const withRole = (roles: readonly MentionRole[]) =>
    nodeMentions.filter((mention) => roles.includes(getMentionRole(mention)))
  const effectEdges = effects.flatMap((effect) => findEffectConnections(effect, nodeMentions))
  const ruleEdges = (eventEdgeRules[type as EventTypeName] ?? []).flatMap(
    ({ sourceRoles, edgeType, targetRoles }) =>
      connectAll(edgeType, withRole(sourceRoles), withRole(targetRoles)),
  )
  return [...effectEdges, ...ruleEdges]
}

/** The edges of one effect of an event: what happened to a permit or a measure, and by whom. */
function findEffectConnections(
  effect: NodeMention,
  nodeMentions: readonly NodeMention[],
): Connection[] {
  const parties = nodeMentions.filter(({ field }) => field.startsWith('participants.'))
  const withRole = (role: ParticipantRoleName) =>
    parties.filter(({ qualifier }) => qualifier === role)
  const edgeType = effect.qualifier as EdgeType
  if (effect.node.kind === 'measure')
    return [
      ...connectAll(edgeType, withRole('imposer'), [effect]),
      ...connectAll('targeted', [effect], withRole('target')),
    ]
  const measures = nodeMentions.filter(
    ({ field, node }) => field.startsWith('about.') && node.kind === 'measure',
  )
  const edges = [
    ...connectAll(edgeType, withRole('issuer'), [effect]),
    ...connectAll('set-against', [effect], measures),
  ]
  if (edgeType !== 'issued') return edges
  const recipients = [...withRole('consignee'), ...withRole('end-user')]
  return [
    ...edges,
    ...connectAll('exported', withRole('exporter'), [effect]),
    ...connectAll('received', recipients, [effect]),
  ]
}

/** An edge from each source to each target, except from a node to itself. */
const connectAll = (
  type: EdgeType,
  sources: readonly NodeMention[],
  targets: readonly NodeMention[],
): Connection[] =>
  sources.flatMap((source) =>
    targets
      .filter((target) => target.node.id !== source.node.id)
      .map((target) => ({
        type,
        source: source.node,
        target: target.node,
        fields: [source.field, target.field],
      })),
  )

/** The role of a participant. For other mentions the kind of the node. */
const getMentionRole = ({ field, qualifier, node }: NodeMention): MentionRole =>
  field.startsWith('participants.')
    ? (qualifier as ParticipantRoleName)
    : (node.kind as MentionRole)

/** A record as its route returns it, or a snapshot from the ledger. */
export type FullRecord = Readonly<Record<string, unknown>> & {
  id: string
  kind: Kind
  slug: string
}

/** `reference`: a reference in a record as its route returns it; the id in a snapshot. */
type UnresolvedMention = Omit<NodeMention, 'node'> & { kind: NodeKind; reference: unknown }

const permitParties = [
  'issuer',
  'exporter',
  'consignee',
  'endUser',
  'destination',
  'endDestination',
]
/** Members that name a node and the kind of that node, by kind of the record. */
const singleReferences: Readonly<Partial<Record<Kind, readonly (readonly [string, NodeKind])[]>>> =
  {
    permit: permitParties.map((name) => [name, 'actor'] as const),
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
const referenceLists: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  permit: ['items', 'destinations', 'parties'],
  measure: ['targets'],
  event: ['participants', 'goods', 'about', 'effects'],
}

function findMentions(record: FullRecord): UnresolvedMention[] {
  const mentions: UnresolvedMention[] = []
  const addMention = (field: string, qualifier: unknown, kind: NodeKind, reference: unknown) => {
    if (reference === null || reference === undefined) return
    const text = typeof qualifier === 'string' ? qualifier : null
    mentions.push({ field, qualifier: text, kind, reference })
  }
  const qualifier = { permit: record.status, affiliation: record.type }[record.kind as string]
  for (const [name, nodeKind] of singleReferences[record.kind] ?? [])
    addMention(name, qualifier ?? null, nodeKind, record[name])
  for (const list of referenceLists[record.kind] ?? [])
    for (const [position, member] of (record[list] as Record<string, unknown>[]).entries()) {
      const field = `${list}.${position}`
      // The first target is a mention already.
      if (list === 'targets' && position > 0) addMention(field, null, 'actor', member)
      // A single one is a mention already.
      if (list === 'destinations' && record.destination === null)
        addMention(field, null, 'actor', member)
      if (list === 'parties') addMention(field, null, 'actor', member.actor)
      if (list === 'items') addMention(`${field}.good`, null, 'good', member.good)
      if (list === 'participants') addMention(field, member.role, 'actor', member.actor)
      if (list === 'goods') addMention(field, null, 'good', member)
      if (list === 'about' || list === 'effects')
        for (const nodeKind of ['permit', 'measure'] as const)
          addMention(field, member.becomes, nodeKind, member[nodeKind])
    }
  return mentions
}

/** A record whose mentions are not yet resolved to nodes. */
export type UnresolvedRecord = Omit<MentioningRecord, 'nodeMentions'> & {
  unresolvedMentions: UnresolvedMention[]
}

/** Extracts the needed members of a record, so that the rest can be garbage collected. */
export const extractMentions = (
  { id, kind, slug, name }: Pick<MentioningRecord, 'id' | 'kind' | 'slug' | 'name'>,
  fullRecord: FullRecord,
): UnresolvedRecord => ({
  id,
  kind,
  slug,
  name,
  type: kind === 'event' ? String(fullRecord.type) : null,
  on: (fullRecord.on ?? fullRecord.during ?? null) as MentioningRecord['on'],
  citations: (fullRecord.citations as EdgeCitation[]).map(
    ({ id, field, article, start, end, quote, confidence }) => ({
      id,
      field,
      article,
      start,
      end,
      quote,
      confidence,
    }),
  ),
  unresolvedMentions: findMentions(fullRecord),
})

/** Mentions without a node are left out. */
export const resolveMentions = (
  mentions: readonly UnresolvedMention[],
  findNode: (reference: unknown, kind: NodeKind) => GraphNode | undefined,
): NodeMention[] =>
  mentions.flatMap(({ field, qualifier, kind, reference }) => {
    const node = findNode(reference, kind)
    return node === undefined ? [] : [{ field, qualifier, node }]
  })

const citationsPerField = 3

/** Up to three citations of each field. If no field has one: up to three of the record. */
export function selectCitations<C extends { field: string | null }>(
  citations: readonly C[],
  fields: readonly string[],
): C[] {
  const fieldCitations = [...new Set(fields)].flatMap((field) =>
    citations
      .filter((citation) => citation.field !== null && isSameOrNestedField(citation.field, field))
      .slice(0, citationsPerField),
  )
  return fieldCitations.length > 0
    ? [...new Set(fieldCitations)]
    : citations.slice(0, citationsPerField)
}
