import type { z } from 'zod'
import type { EventType, ParticipantRole } from '../../records/kinds/events/schema.ts'
import type { Kind, StatedDate } from '../../records/model/schema.ts'
import type { EdgeType, NodeKind } from './schema.ts'

export type Node = { id: string; kind: NodeKind; slug: string; name: string }

/** What a record says in one of its fields about a node. */
export type Pointer = {
  field: string
  /** Role of a participant, effect of an event, status of a permit; else null. */
  word: string | null
  node: Node
}

/** A record with everything in it that names a node. */
export type Telling = {
  id: string
  kind: Kind
  slug: string
  name: string
  /** Of an event. */
  type: string | null
  on: z.infer<typeof StatedDate> | null
  pointers: readonly Pointer[]
  citations: readonly Cited[]
}

/** A citation as a record shows it, or with the id of the article alone. */
export type Cited = {
  id: string
  field: string | null
  article: unknown
  start: number | null
  end: number | null
  quote: string
  confidence: number | null
}

export type Connection = { type: EdgeType; source: Node; target: Node; fields: readonly string[] }

type Type = z.infer<typeof EventType>
type Role = z.infer<typeof ParticipantRole>
type Part = Role | 'good' | 'permit' | 'measure'
type Act = { by: readonly Role[]; does: EdgeType; to: readonly Part[] }

/** Who does what to whom in an event. `permit` and `measure` are those that it concerns or changes. */
const acts: Readonly<Record<Type, readonly Act[]>> = {
  application: [
    {
      by: ['applicant', 'exporter'],
      does: 'applied',
      to: ['addressee', 'issuer', 'permit', 'good'],
    },
  ],
  request: [{ by: ['requester'], does: 'pressed', to: ['addressee', 'permit', 'measure', 'good'] }],
  assurance: [{ by: ['assurer'], does: 'assured', to: ['addressee', 'permit', 'good'] }],
  recommendation: [
    { by: ['author'], does: 'recommended', to: ['addressee', 'permit', 'measure', 'good'] },
  ],
  // What these decide is read off their effects.
  'permit-decision': [],
  'measure-decision': [],
  delivery: [
    {
      by: ['supplier', 'exporter'],
      does: 'delivered',
      to: ['consignee', 'end-user', 'good', 'permit'],
    },
    { by: ['consignee', 'end-user'], does: 'received', to: ['good'] },
  ],
  transfer: [
    { by: ['supplier'], does: 'transferred', to: ['consignee', 'end-user', 'good'] },
    { by: ['consignee', 'end-user'], does: 'received', to: ['good'] },
  ],
  use: [
    { by: ['user'], does: 'used', to: ['good'] },
    { by: ['user'], does: 'used-against', to: ['opponent'] },
  ],
  report: [
    { by: ['reporter', 'author'], does: 'reported', to: ['subject', 'good', 'permit', 'measure'] },
  ],
  inquiry: [
    { by: ['investigator'], does: 'inquired', to: ['subject', 'good', 'permit', 'measure'] },
  ],
  disclosure: [
    { by: ['discloser'], does: 'disclosed', to: ['addressee', 'permit', 'measure', 'good'] },
    { by: ['addressee'], does: 'informed', to: ['permit', 'measure', 'good'] },
  ],
  statement: [
    { by: ['speaker'], does: 'spoke', to: ['subject', 'addressee', 'permit', 'measure', 'good'] },
  ],
}

/** The connections of which a record tells. Nothing is inferred: each is made of fields that name both nodes. */
export function connectionsOf(record: Telling): Connection[] {
  switch (record.kind) {
    case 'permit':
      return connectionsOfPermit(record)
    case 'good':
      return record.pointers.map(({ field, node }) =>
        field === 'manufacturer'
          ? { type: 'manufactured', source: node, target: itself(record), fields: [field] }
          : { type: 'belongs-to', source: itself(record), target: node, fields: [field] },
      )
    case 'measure':
      return record.pointers.map(({ field, node }) =>
        field === 'imposer'
          ? { type: 'imposed', source: node, target: itself(record), fields: [field] }
          : { type: 'targeted', source: itself(record), target: node, fields: [field] },
      )
    case 'affiliation': {
      const [actor, organisation] = ['actor', 'organisation'].map((name) =>
        record.pointers.find(({ field }) => field === name),
      )
      if (!actor || !organisation) return []
      const fields = ['actor', 'organisation', 'role']
      return [{ type: 'held-post', source: actor.node, target: organisation.node, fields }]
    }
    case 'event':
      return connectionsOfEvent(record)
    default:
      return []
  }
}

const itself = ({ id, kind, slug, name }: Telling): Node => ({
  ...{ id, slug, name },
  kind: kind as NodeKind,
})

function connectionsOfPermit(record: Telling): Connection[] {
  const permit = itself(record)
  return record.pointers.map(({ field, word, node }): Connection => {
    const refused = word === 'refused'
    const from = (type: EdgeType) => ({ type, source: node, target: permit, fields: [field] })
    if (field === 'issuer') return from(refused ? 'refused' : 'issued')
    if (field === 'exporter') return from(refused ? 'named-on' : 'exported')
    if (field === 'consignee' || field === 'endUser') return from(refused ? 'named-on' : 'received')
    const type = field.startsWith('items.') ? 'covers' : 'destined-for'
    return { type, source: permit, target: node, fields: [field] }
  })
}

function connectionsOfEvent({ type, pointers }: Telling): Connection[] {
  const effects = pointers.filter(({ field }) => field.startsWith('effects.'))
  const parties = pointers.filter(({ field }) => field.startsWith('participants.'))
  const playing = (roles: readonly Part[]) =>
    pointers.filter((pointer) => roles.includes(partOf(pointer)))
  const between = (does: EdgeType, from: Pointer, to: Pointer): Connection[] =>
    from.node.id === to.node.id
      ? []
      : [{ type: does, source: from.node, target: to.node, fields: [from.field, to.field] }]
  const each = (does: EdgeType, from: readonly Pointer[], to: readonly Pointer[]) =>
    from.flatMap((one) => to.flatMap((other) => between(does, one, other)))
  const decided = effects.flatMap((effect) => {
    const by = (role: Role) => parties.filter(({ word }) => word === role)
    const does = effect.word as EdgeType
    if (effect.node.kind === 'measure')
      return [...each(does, by('imposer'), [effect]), ...each('targeted', [effect], by('target'))]
    const receivers = [...by('consignee'), ...by('end-user')]
    const about = pointers.filter(
      ({ field, node }) => field.startsWith('about.') && node.kind === 'measure',
    )
    return [
      ...each(does, by('issuer'), [effect]),
      ...each('set-against', [effect], about),
      ...(does === 'issued'
        ? [...each('exported', by('exporter'), [effect]), ...each('received', receivers, [effect])]
        : []),
    ]
  })
  const done = (acts[type as Type] ?? []).flatMap(({ by, does, to }) =>
    each(does, playing(by), playing(to)),
  )
  return [...decided, ...done]
}

/** The role of a participant, or else the kind of what an event concerns. */
const partOf = ({ field, word, node }: Pointer): Part =>
  field.startsWith('participants.') ? (word as Role) : (node.kind as Part)

/** A record as its own route shows it, or its document in the ledger. */
export type Whole = Readonly<Record<string, unknown>> & { id: string; kind: Kind; slug: string }

/** Where a record names a node: by a reference, or in a document by its id. */
type Mention = Omit<Pointer, 'node'> & { kind: NodeKind; given: unknown }

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
const lists: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  permit: ['items'],
  event: ['participants', 'goods', 'about', 'effects'],
}

/** Every mention of a node in a whole record. */
function mentionsIn(record: Whole): Mention[] {
  const mentions: Mention[] = []
  const mention = (field: string, word: unknown, kind: NodeKind, given: unknown) => {
    if (given === null || given === undefined) return
    mentions.push({ field, word: typeof word === 'string' ? word : null, kind, given })
  }
  for (const [name, kindOfNode] of single[record.kind] ?? [])
    mention(name, record.kind === 'permit' ? record.status : null, kindOfNode, record[name])
  for (const list of lists[record.kind] ?? [])
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
export type Told = Omit<Telling, 'pointers'> & { mentions: Mention[] }

/** Takes out of a whole record what is needed of it, so that the rest of it need not be held. */
export const toldBy = (
  { id, kind, slug, name }: Pick<Telling, 'id' | 'kind' | 'slug' | 'name'>,
  whole: Whole,
): Told => ({
  ...{ id, kind, slug, name },
  type: kind === 'event' ? String(whole.type) : null,
  on: (whole.on ?? whole.during ?? null) as Telling['on'],
  citations: (whole.citations as Cited[]).map(
    ({ id, field, article, start, end, quote, confidence }) => ({
      ...{ id, field, article, start, end, quote, confidence },
    }),
  ),
  mentions: mentionsIn(whole),
})

/** `nodeOf` finds a node by how it is mentioned. */
export const pointersOf = (
  mentions: readonly Mention[],
  nodeOf: (given: unknown, kind: NodeKind) => Node | undefined,
): Pointer[] =>
  mentions.flatMap(({ field, word, kind, given }) => {
    const node = nodeOf(given, kind)
    return node === undefined ? [] : [{ field, word, node }]
  })

const citationsOfField = 3

/** Up to three citations of each of the fields; where there are none, of the record. */
export function citationsFor<C extends { field: string | null }>(
  citations: readonly C[],
  fields: readonly string[],
): C[] {
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
