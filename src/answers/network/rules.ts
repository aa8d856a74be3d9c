import type { z } from 'zod'
import type { EventType, ParticipantRole } from '../../records/kinds/events/schema.ts'
import type { Kind, StatedDate } from '../../records/model/schema.ts'
import type { EdgeType, NodeKind } from './schema.ts'

export type GraphNode = { id: string; kind: NodeKind; slug: string; name: string }

/** What a record says in one of its fields about a node. */
export type NodeMention = {
  field: string
  /** Role of a participant, effect of an event, status of a permit; else null. */
  qualifier: string | null
  node: GraphNode
}

/** A record with everything in it that names a node. */
export type MentioningRecord = {
  id: string
  kind: Kind
  slug: string
  name: string
  /** Of an event. */
  type: string | null
  on: z.infer<typeof StatedDate> | null
  nodeMentions: readonly NodeMention[]
  citations: readonly EdgeCitation[]
}

/** A citation as a record shows it, or with the id of the article alone. */
export type EdgeCitation = {
  id: string
  field: string | null
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

/** Who does what to whom in an event. `permit` and `measure` are those that it concerns or changes. */
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
  // What these decide is read off their effects.
  'permit-decision': [],
  'measure-decision': [],
  delivery: [
    {
      sourceRoles: ['supplier', 'exporter'],
      edgeType: 'delivered',
      targetRoles: ['consignee', 'end-user', 'good', 'permit'],
    },
    { sourceRoles: ['consignee', 'end-user'], edgeType: 'received', targetRoles: ['good'] },
  ],
  transfer: [
    {
      sourceRoles: ['supplier'],
      edgeType: 'transferred',
      targetRoles: ['consignee', 'end-user', 'good'],
    },
    { sourceRoles: ['consignee', 'end-user'], edgeType: 'received', targetRoles: ['good'] },
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
}

/** The connections of which a record tells. Nothing is inferred: each is made of fields that name both nodes. */
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
      const fields = ['actor', 'organisation', 'role']
      return [{ type: 'held-post', source: actor.node, target: organisation.node, fields }]
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
  return record.nodeMentions.map(({ field, qualifier: word, node }): Connection => {
    const refused = word === 'refused'
    const edgeFrom = (type: EdgeType) => ({ type, source: node, target: permit, fields: [field] })
    if (field === 'issuer') return edgeFrom(refused ? 'refused' : 'issued')
    if (field === 'exporter') return edgeFrom(refused ? 'named-on' : 'exported')
    if (field === 'consignee' || field === 'endUser')
      return edgeFrom(refused ? 'named-on' : 'received')
    const type = field.startsWith('items.') ? 'covers' : 'destined-for'
    return { type, source: permit, target: node, fields: [field] }
  })
}

function findEventConnections({ type, nodeMentions: pointers }: MentioningRecord): Connection[] {
  const effects = pointers.filter(({ field }) => field.startsWith('effects.'))
  const parties = pointers.filter(({ field }) => field.startsWith('participants.'))
  const withRole = (roles: readonly MentionRole[]) =>
    pointers.filter((pointer) => roles.includes(getMentionRole(pointer)))
  const connect = (does: EdgeType, from: NodeMention, to: NodeMention): Connection[] =>
    from.node.id === to.node.id
      ? []
      : [{ type: does, source: from.node, target: to.node, fields: [from.field, to.field] }]
  const connectAll = (does: EdgeType, from: readonly NodeMention[], to: readonly NodeMention[]) =>
    from.flatMap((one) => to.flatMap((other) => connect(does, one, other)))
  const effectEdges = effects.flatMap((effect) => {
    const by = (role: ParticipantRoleName) => parties.filter(({ qualifier: word }) => word === role)
    const does = effect.qualifier as EdgeType
    if (effect.node.kind === 'measure')
      return [
        ...connectAll(does, by('imposer'), [effect]),
        ...connectAll('targeted', [effect], by('target')),
      ]
    const receivers = [...by('consignee'), ...by('end-user')]
    const about = pointers.filter(
      ({ field, node }) => field.startsWith('about.') && node.kind === 'measure',
    )
    return [
      ...connectAll(does, by('issuer'), [effect]),
      ...connectAll('set-against', [effect], about),
      ...(does === 'issued'
        ? [
            ...connectAll('exported', by('exporter'), [effect]),
            ...connectAll('received', receivers, [effect]),
          ]
        : []),
    ]
  })
  const ruleEdges = (eventEdgeRules[type as EventTypeName] ?? []).flatMap(
    ({ sourceRoles: by, edgeType: does, targetRoles: to }) =>
      connectAll(does, withRole(by), withRole(to)),
  )
  return [...effectEdges, ...ruleEdges]
}

/** The role of a participant, or else the kind of what an event concerns. */
const getMentionRole = ({ field, qualifier: word, node }: NodeMention): MentionRole =>
  field.startsWith('participants.') ? (word as ParticipantRoleName) : (node.kind as MentionRole)

/** A record as its own route shows it, or its document in the ledger. */
export type FullRecord = Readonly<Record<string, unknown>> & {
  id: string
  kind: Kind
  slug: string
}

/** Where a record names a node: by a reference, or in a document by its id. */
type UnresolvedMention = Omit<NodeMention, 'node'> & { kind: NodeKind; given: unknown }

const permitParties = [
  'issuer',
  'exporter',
  'consignee',
  'endUser',
  'destination',
  'endDestination',
]
/** Members of a record that name a node, by its kind. */
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
  permit: ['items'],
  event: ['participants', 'goods', 'about', 'effects'],
}

/** Every mention of a node in a whole record. */
function findMentions(record: FullRecord): UnresolvedMention[] {
  const mentions: UnresolvedMention[] = []
  const mention = (field: string, word: unknown, kind: NodeKind, given: unknown) => {
    if (given === null || given === undefined) return
    mentions.push({ field, qualifier: typeof word === 'string' ? word : null, kind, given })
  }
  for (const [name, kindOfNode] of singleReferences[record.kind] ?? [])
    mention(name, record.kind === 'permit' ? record.status : null, kindOfNode, record[name])
  for (const list of referenceLists[record.kind] ?? [])
    for (const [position, one] of (record[list] as Record<string, unknown>[]).entries()) {
      const field = `${list}.${position}`
      if (list === 'items') mention(`${field}.good`, null, 'good', one.good)
      if (list === 'participants') mention(field, one.role, 'actor', one.actor)
      if (list === 'goods') mention(field, null, 'good', one)
      if (list === 'about' || list === 'effects')
        for (const kindOfNode of ['permit', 'measure'] as const)
          mention(field, one.becomes, kindOfNode, one[kindOfNode])
    }
  return mentions
}

/** What a record tells, before it is known which nodes it mentions. */
export type UnresolvedRecord = Omit<MentioningRecord, 'nodeMentions'> & {
  unresolvedMentions: UnresolvedMention[]
}

/** Takes out of a whole record what is needed of it, so that the rest of it need not be held. */
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

/** `nodeOf` finds a node by how it is mentioned. */
export const resolveMentions = (
  mentions: readonly UnresolvedMention[],
  findNode: (given: unknown, kind: NodeKind) => GraphNode | undefined,
): NodeMention[] =>
  mentions.flatMap(({ field, qualifier, kind, given }) => {
    const node = findNode(given, kind)
    return node === undefined ? [] : [{ field, qualifier, node }]
  })

const citationsOfField = 3

/** Up to three citations of each of the fields; where there are none, of the record. */
export function selectCitations<C extends { field: string | null }>(
  citations: readonly C[],
  fields: readonly string[],
): C[] {
  const found = [...new Set(fields)].flatMap((field) =>
    citations
      .filter((one) => one.field !== null && isSameOrNested(one.field, field))
      .slice(0, citationsOfField),
  )
  return found.length > 0 ? [...new Set(found)] : citations.slice(0, citationsOfField)
}

/** Whether two paths are the same field, or one is in the other. */
const isSameOrNested = (a: string, b: string): boolean =>
  a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
