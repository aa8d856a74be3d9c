import type { z } from 'zod'
import type { Event } from '../../../records/kinds/events/schema.ts'
import type { Measure } from '../../../records/kinds/measures/schema.ts'
import type { Permit } from '../../../records/kinds/permits/schema.ts'
import type { Reference } from '../../../records/model/schema.ts'
import type { EventFacts, Facts, Item, MeasureFacts, Party, PermitFacts } from '../rules.ts'

/** A permit, measure or event as its own route shows it. */
export type Wire = z.infer<typeof Permit> | z.infer<typeof Measure> | z.infer<typeof Event>

/** What the facts need beyond the records themselves, by id. */
export type Around = {
  wires: ReadonlyMap<string, Wire>
  parties: ReadonlyMap<string, Party>
  items: ReadonlyMap<string, Item>
}

/** What rules see of a record. */
export function factsOf(wire: Wire, around: Around): Facts {
  if (wire.kind === 'permit') return permitFacts(wire, around)
  return wire.kind === 'measure' ? measureFacts(wire, around) : eventFacts(wire, around)
}

const party = ({ parties }: Around, { id }: Reference): Party => known(parties, id)
const partyOrNull = (around: Around, actor: Reference | null): Party | null =>
  actor && party(around, actor)
const itemsOf = ({ items }: Around, goods: readonly Reference[]): Item[] =>
  goods.map(({ id }) => known(items, id))

function known<T>(all: ReadonlyMap<string, T>, id: string): T {
  const one = all.get(id)
  if (one === undefined) throw new Error(`The facts of ${id} were not read.`)
  return one
}

const goodsOfPermit = (around: Around, id: string): Item[] => {
  const permit = around.wires.get(id)
  return permit?.kind === 'permit'
    ? itemsOf(
        around,
        permit.items.map(({ good }) => good),
      )
    : []
}

function permitFacts(permit: z.infer<typeof Permit>, around: Around): PermitFacts {
  const { id, title, exceptionRelied, statedEndUse } = permit
  const issue = permit.history.find(({ becomes }) => becomes === 'issued')
  return {
    ...{ kind: 'permit', id, name: title, exceptionRelied, statedEndUse },
    issuer: party(around, permit.issuer),
    exporter: partyOrNull(around, permit.exporter),
    consignee: partyOrNull(around, permit.consignee),
    endUser: partyOrNull(around, permit.endUser),
    destination: partyOrNull(around, permit.destination),
    endDestination: partyOrNull(around, permit.endDestination),
    goods: goodsOfPermit(around, id),
    issue: issue ? { event: issue.event.id, on: issue.on } : null,
  }
}

function measureFacts(measure: z.infer<typeof Measure>, around: Around): MeasureFacts {
  const { id, title, legalForm, scope, reason } = measure
  const turns = measure.history.filter(({ becomes }) => becomes !== 'amended')
  return {
    ...{ kind: 'measure', id, name: title, legalForm, scope, reason },
    imposer: party(around, measure.imposer),
    target: party(around, measure.target),
    times: turns.flatMap(({ becomes, on, event }, index) => {
      if (becomes !== 'imposed') return []
      const end = turns[index + 1]
      const imposing = around.wires.get(event.id)
      const goods = imposing?.kind === 'event' ? itemsOf(around, imposing.goods) : []
      const ended = { endedBy: end?.event.id ?? null, to: end?.on ?? null }
      return [{ imposedBy: event.id, from: on, ...ended, goods }]
    }),
  }
}

function eventFacts(event: z.infer<typeof Event>, around: Around): EventFacts {
  const { id, title, type, on, place, about, effects, assurance } = event
  const ties = [...about.map((one) => ({ ...one, becomes: null })), ...effects]
  return {
    ...{ kind: 'event', id, name: title, type, on, place },
    participants: event.participants.map(({ role, actor }) => ({
      role,
      actor: party(around, actor),
    })),
    goods: itemsOf(around, event.goods),
    permits: ties.flatMap(({ permit, becomes }) =>
      permit === null
        ? []
        : [
            {
              ...{ id: permit.id, name: permit.name, becomes },
              goods: type === 'assurance' ? goodsOfPermit(around, permit.id) : [],
            },
          ],
    ),
    measures: ties.flatMap(({ measure }) => measure?.id ?? []),
    assurance: assurance && { ...assurance, endUser: partyOrNull(around, assurance.endUser) },
  }
}
