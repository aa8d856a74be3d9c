import type { z } from 'zod'
import { certaintyBefore } from '../../../evidence/edtf.ts'
import type { Affiliation } from '../../../records/kinds/affiliations/schema.ts'
import type { Event } from '../../../records/kinds/events/schema.ts'
import type { Figure } from '../../../records/kinds/figures/schema.ts'
import type { Measure } from '../../../records/kinds/measures/schema.ts'
import type { Permit } from '../../../records/kinds/permits/schema.ts'
import type { Reference } from '../../../records/model/schema.ts'
import type {
  ActorFacts,
  EventFacts,
  FactDate,
  FigureFacts,
  GoodFacts,
  MeasureFacts,
  NamedGood,
  OwnershipFacts,
  PermitFacts,
  RecordFacts,
  ScopeItem,
} from '../rules.ts'

/** A record as its route returns it. */
export type EvidenceWire =
  | z.infer<typeof Permit>
  | z.infer<typeof Measure>
  | z.infer<typeof Event>
  | z.infer<typeof Affiliation>
  | z.infer<typeof Figure>

/** All records and facts that were read, by id. */
export type FactsContext = {
  wires: ReadonlyMap<string, EvidenceWire>
  actors: ReadonlyMap<string, ActorFacts>
  goods: ReadonlyMap<string, GoodFacts>
}

export function extractFacts(wire: EvidenceWire, context: FactsContext): RecordFacts {
  switch (wire.kind) {
    case 'permit':
      return extractPermitFacts(wire, context)
    case 'measure':
      return extractMeasureFacts(wire, context)
    case 'event':
      return extractEventFacts(wire, context)
    case 'affiliation':
      return extractOwnershipFacts(wire, context)
    case 'figure':
      return extractFigureFacts(wire, context)
  }
}

const findActor = ({ actors }: FactsContext, { id }: Reference): ActorFacts =>
  requireFacts(actors, id)
const findActorOrNull = (context: FactsContext, actor: Reference | null): ActorFacts | null =>
  actor && findActor(context, actor)
/** The goods that an event is about: those with a quantity first. */
function findEventGoods(context: FactsContext, event: z.infer<typeof Event>): NamedGood[] {
  const counted = findItems(context, event.items)
  const countedIds = new Set(counted.map(({ good }) => good.id))
  const others = event.goods.map(({ id }, index) => ({
    good: requireFacts(context.goods, id),
    field: `goods.${index}`,
    quantity: null,
    unit: null,
    controlEntries: [],
  }))
  return [...counted, ...others.filter(({ good }) => !countedIds.has(good.id))]
}

type PermitItem = z.infer<typeof Permit>['items'][number]
type Item = Pick<PermitItem, 'good' | 'quantityRange' | 'unit'> &
  Partial<Pick<PermitItem, 'controlEntries'>>

const findItems = (context: FactsContext, items: readonly Item[]): NamedGood[] =>
  items.map(({ good, quantityRange, unit, controlEntries = [] }, index) => ({
    good: requireFacts(context.goods, good.id),
    field: `items.${index}.good`,
    quantity: quantityRange,
    unit,
    controlEntries,
  }))

function requireFacts<T>(factsById: ReadonlyMap<string, T>, id: string): T {
  const facts = factsById.get(id)
  if (facts === undefined) throw new Error(`The facts of ${id} were not read.`)
  return facts
}

function findPermitGoods(context: FactsContext, id: string): NamedGood[] {
  const permit = context.wires.get(id)
  return permit?.kind === 'permit' ? findItems(context, permit.items) : []
}

function extractPermitFacts(permit: z.infer<typeof Permit>, context: FactsContext): PermitFacts {
  const { id, title, exceptionRelied, statedEndUse, validUntil } = permit
  return {
    kind: 'permit',
    id,
    name: title,
    exceptionRelied,
    statedEndUse,
    validUntil,
    issuer: findActor(context, permit.issuer),
    exporter: findActorOrNull(context, permit.exporter),
    consignee: findActorOrNull(context, permit.consignee),
    endUser: findActorOrNull(context, permit.endUser),
    destinations: permit.destination
      ? [{ actor: findActor(context, permit.destination), field: 'destination' }]
      : permit.destinations.map((state, index) => ({
          actor: findActor(context, state),
          field: `destinations.${index}`,
        })),
    otherParties: permit.parties.map(({ actor }, index) => ({
      actor: findActor(context, actor),
      field: `parties.${index}`,
    })),
    type: permit.type,
    permitCount: permit.permitCountRange,
    endDestination: findActorOrNull(context, permit.endDestination),
    goods: findPermitGoods(context, id),
    history: permit.history.map(({ becomes, on, event }) => ({ becomes, on, event: event.id })),
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
    scopeItems: extractScopeItems(measure, context),
    reason,
    imposer: findActor(context, measure.imposer),
    targets: measure.targets.map((target, index, all) => ({
      actor: findActor(context, target),
      field: all.length === 1 ? 'target' : `targets.${index}`,
    })),
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
          statedEnd: end === undefined ? findStatedEnd(measure, on) : null,
          goods: imposition?.kind === 'event' ? findEventGoods(context, imposition) : [],
        },
      ]
    }),
  }
}

/** A measure that was imposed again after its stated end is in force without one. */
const findStatedEnd = (
  { statedEnd }: z.infer<typeof Measure>,
  from: FactDate | null,
): FactDate | null =>
  statedEnd && from && certaintyBefore(statedEnd, from) === 'certain' ? null : statedEnd

const extractScopeItems = (
  { scopeItems }: z.infer<typeof Measure>,
  context: FactsContext,
): ScopeItem[] =>
  scopeItems.flatMap(({ effect, good, list, code }, index): ScopeItem[] => {
    const field = `scopeItems.${index}`
    if (good) return [{ effect, field, good: requireFacts(context.goods, good.id), entry: null }]
    return code === null ? [] : [{ effect, field, good: null, entry: { list, code } }]
  })

const extractOwnershipFacts = (
  { id, role, actor, organisation, shareRange }: z.infer<typeof Affiliation>,
  context: FactsContext,
): OwnershipFacts => ({
  kind: 'affiliation',
  id,
  name: role,
  owner: findActor(context, actor),
  owned: findActor(context, organisation),
  share: shareRange,
})

function extractFigureFacts(figure: z.infer<typeof Figure>, context: FactsContext): FigureFacts {
  const { id, title, measure, quantityRange, unit, value, category, period } = figure
  const money = value && {
    low: value.low === null ? null : Number(value.low),
    high: value.high === null ? null : Number(value.high),
    excludes: value.excludes,
    asStated: value.asStated,
  }
  return {
    kind: 'figure',
    id,
    name: title,
    measure,
    category,
    period,
    amount: quantityRange ?? money ?? { low: null, high: null, excludes: null, asStated: null },
    unit: value?.currency ?? unit,
    from: findActorOrNull(context, figure.from),
    to: findActorOrNull(context, figure.to),
    good: figure.good && requireFacts(context.goods, figure.good.id),
    isLimited: figure.controlEntries.length > 0,
  }
}

function extractEventFacts(event: z.infer<typeof Event>, context: FactsContext): EventFacts {
  const { id, title, type, on, place, about, effects, assurance } = event
  const links = [
    ...about.map((link, index) => ({ ...link, becomes: null, field: `about.${index}` })),
    ...effects.map((link, index) => ({ ...link, field: `effects.${index}` })),
  ]
  return {
    kind: 'event',
    id,
    name: title,
    type,
    on,
    place,
    participants: event.participants.map(({ role, actor }, index) => ({
      role,
      actor: findActor(context, actor),
      field: `participants.${index}`,
    })),
    goods: findEventGoods(context, event),
    permits: links.flatMap(({ permit, becomes, field }) =>
      permit === null
        ? []
        : [
            {
              id: permit.id,
              name: permit.name,
              becomes,
              field,
              goods: type === 'assurance' ? findPermitGoods(context, permit.id) : [],
            },
          ],
    ),
    measures: links.flatMap(({ measure, becomes, field }) =>
      measure === null ? [] : [{ id: measure.id, becomes, field }],
    ),
    assurance: assurance && { ...assurance, endUser: findActorOrNull(context, assurance.endUser) },
  }
}
