import type { z } from 'zod'
import type { Event } from '../../../records/kinds/events/schema.ts'
import type { Measure } from '../../../records/kinds/measures/schema.ts'
import type { Permit } from '../../../records/kinds/permits/schema.ts'
import type { Reference } from '../../../records/model/schema.ts'
import type {
  ActorFacts,
  EventFacts,
  GoodFacts,
  MeasureFacts,
  PermitFacts,
  RecordFacts,
} from '../rules.ts'

/** A permit, measure or event as its route returns it. */
export type EvidenceWire = z.infer<typeof Permit> | z.infer<typeof Measure> | z.infer<typeof Event>

/** All records and facts that were read, by id. */
export type FactsContext = {
  wires: ReadonlyMap<string, EvidenceWire>
  actors: ReadonlyMap<string, ActorFacts>
  goods: ReadonlyMap<string, GoodFacts>
}

export function extractFacts(wire: EvidenceWire, context: FactsContext): RecordFacts {
  if (wire.kind === 'permit') return extractPermitFacts(wire, context)
  return wire.kind === 'measure'
    ? extractMeasureFacts(wire, context)
    : extractEventFacts(wire, context)
}

const findActor = ({ actors }: FactsContext, { id }: Reference): ActorFacts =>
  requireFacts(actors, id)
const findActorOrNull = (context: FactsContext, actor: Reference | null): ActorFacts | null =>
  actor && findActor(context, actor)
const findGoods = (context: FactsContext, goods: readonly Reference[]): GoodFacts[] =>
  goods.map(({ id }) => requireFacts(context.goods, id))

function requireFacts<T>(factsById: ReadonlyMap<string, T>, id: string): T {
  const facts = factsById.get(id)
  if (facts === undefined) throw new Error(`The facts of ${id} were not read.`)
  return facts
}

const findPermitGoods = (context: FactsContext, id: string): GoodFacts[] => {
  const permit = context.wires.get(id)
  if (permit?.kind !== 'permit') return []
  const references = permit.items.map(({ good }) => good)
  return findGoods(context, references)
}

function extractPermitFacts(permit: z.infer<typeof Permit>, context: FactsContext): PermitFacts {
  const { id, title, exceptionRelied, statedEndUse } = permit
  const issue = permit.history.find(({ becomes }) => becomes === 'issued')
  return {
    kind: 'permit',
    id,
    name: title,
    exceptionRelied,
    statedEndUse,
    issuer: findActor(context, permit.issuer),
    exporter: findActorOrNull(context, permit.exporter),
    consignee: findActorOrNull(context, permit.consignee),
    endUser: findActorOrNull(context, permit.endUser),
    destination: findActorOrNull(context, permit.destination),
    endDestination: findActorOrNull(context, permit.endDestination),
    goods: findPermitGoods(context, id),
    issue: issue ? { event: issue.event.id, on: issue.on } : null,
  }
}

function extractMeasureFacts(
  measure: z.infer<typeof Measure>,
  context: FactsContext,
): MeasureFacts {
  const { id, title, legalForm, scope, reason } = measure
  const statusChanges = measure.history.filter(({ becomes }) => becomes !== 'amended')
  return {
    kind: 'measure',
    id,
    name: title,
    legalForm,
    scope,
    reason,
    imposer: findActor(context, measure.imposer),
    target: findActor(context, measure.target),
    periods: statusChanges.flatMap(({ becomes, on, event }, index) => {
      if (becomes !== 'imposed') return []
      const end = statusChanges[index + 1]
      const imposition = context.wires.get(event.id)
      return [
        {
          imposedBy: event.id,
          from: on,
          endedBy: end?.event.id ?? null,
          to: end?.on ?? null,
          goods: imposition?.kind === 'event' ? findGoods(context, imposition.goods) : [],
        },
      ]
    }),
  }
}

function extractEventFacts(event: z.infer<typeof Event>, context: FactsContext): EventFacts {
  const { id, title, type, on, place, about, effects, assurance } = event
  const links = [...about.map((link) => ({ ...link, becomes: null })), ...effects]
  return {
    kind: 'event',
    id,
    name: title,
    type,
    on,
    place,
    participants: event.participants.map(({ role, actor }) => ({
      role,
      actor: findActor(context, actor),
    })),
    goods: findGoods(context, event.goods),
    permits: links.flatMap(({ permit, becomes }) =>
      permit === null
        ? []
        : [
            {
              id: permit.id,
              name: permit.name,
              becomes,
              goods: type === 'assurance' ? findPermitGoods(context, permit.id) : [],
            },
          ],
    ),
    measures: links.flatMap(({ measure }) => measure?.id ?? []),
    assurance: assurance && { ...assurance, endUser: findActorOrNull(context, assurance.endUser) },
  }
}
