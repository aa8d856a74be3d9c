import type { Context } from './context.ts'
import { type Dated, dateIn } from './dates.ts'
import { measureEvery, measureIdOf, type Permit, putMeasure } from './permits.ts'
import { type Actor, uuid } from './population.ts'
import { oneOf, popular } from './random.ts'
import { asides, uses } from './words.ts'

type Participants = readonly (readonly [actor: Actor, role: string])[]
type Happening = { type: string; title: string; participants: Participants }

const eventsEach = 10

function putEvent(
  context: Context,
  step: number,
  { type, title, participants }: Happening,
  on: Dated | null,
): string {
  const { index, publisher, put, random, year } = context
  const number = index * eventsEach + step
  const id = uuid(context.when(200 + step), 'event', number)
  const promises = type === 'assurance'
  context.record('event', id, `${type}-${year}-${number}`, title)
  put('event', [
    ...[id, type, on?.edtf ?? null, on?.asStated ?? null, on?.earliest ?? null, on?.latest ?? null],
    random() < 0.5 ? `${title}. ${oneOf(random, asides)}.` : null,
    random() < 0.5 ? context.place().id : null,
    promises ? (participants[0]?.[0].id ?? null) : null,
    promises && random() < 0.5 ? context.place().id : null,
    promises ? oneOf(random, uses) : null,
  ])
  for (const [position, [actor, role]] of participants.entries())
    put('event_participant', [
      ...[id, position, actor.id, role, on?.earliest ?? null, on?.latest ?? null],
    ])
  context.tell(
    { group: 'event', id, fields: ['on', 'title', 'participants', 'type', null] },
    `${title}${on ? ` ${on.asStated}` : ''}, according to papers seen by ${publisher.name}`,
  )
  return id
}

/** The event that issues or refuses the permit. */
export function putDecision(context: Context, permit: Permit, step: number): void {
  const { put, random, year } = context
  const { issuer, exporter, consignee, decision, good } = permit
  const verb = decision === 'issued' ? 'issues' : 'refuses'
  const happening: Happening = {
    type: 'permit-decision',
    title: `${issuer.name} ${verb} the permit of ${exporter.name} for ${good}`,
    participants: [
      [issuer, 'issuer'],
      [exporter, 'exporter'],
      ...(random() < 0.8 ? [[consignee, 'consignee'] as const] : []),
    ],
  }
  const id = putEvent(context, step, happening, dateIn(random, year))
  put('event_good', [id, 0, context.good().id, happening.type])
  put('event_effect', [id, 0, permit.id, null, decision])
}

/** What came of it in the year after: never before the decision, never what a permit cannot become. */
export function putAftermath(context: Context, permit: Permit, step: number, first: boolean): void {
  const { index, put, random, size, year } = context
  const { issuer, destination, decision } = permit
  const dated = () => dateIn(random, year + 1)
  if (first && index % measureEvery === 0) {
    const happening: Happening = {
      type: 'measure-decision',
      title: `${issuer.name} imposes an embargo on ${destination.name}`,
      participants: [
        [issuer, 'imposer'],
        [destination, 'target'],
      ],
    }
    const id = putEvent(context, step, happening, dated())
    put('event_effect', [id, 0, null, putMeasure(context, permit), 'imposed'])
  } else if (decision === 'issued' && random() < 0.1) {
    const becomes = oneOf(random, ['suspended', 'cancelled'])
    const happening: Happening = {
      type: becomes === 'suspended' ? 'measure-decision' : 'permit-decision',
      title: `${issuer.name} has permits for exports to ${destination.name} ${becomes}`,
      participants: [
        [issuer, 'issuer'],
        [destination, 'target'],
      ],
    }
    const id = putEvent(context, step, happening, dated())
    const measures = Math.floor(index / measureEvery) + 1
    put('event_effect', [id, 0, permit.id, null, becomes])
    put('event_about', [id, 0, null, measureIdOf(popular(random, measures), size.dossiers)])
  } else {
    const happening = happens(context, permit)
    const id = putEvent(context, step, happening, random() < 0.96 ? dated() : null)
    if (random() < 0.8) put('event_about', [id, 0, permit.id, null])
    if (random() < 0.3) put('event_good', [id, 0, context.good().id, happening.type])
  }
}

function happens(context: Context, permit: Permit): Happening {
  const { publisher, random } = context
  const { issuer, exporter, consignee, destination, good, name } = permit
  const user = permit.endUser ?? consignee
  const person = context.actor('person')
  const body = context.actor('body')
  const happening = (type: string, title: string, ...participants: Participants) => ({
    ...{ type, title, participants },
  })
  return oneOf<Happening>(random, [
    happening(
      'delivery',
      `${exporter.name} delivers ${good} to ${consignee.name}`,
      ...[[exporter, 'supplier'] as const, [consignee, 'consignee'] as const],
    ),
    happening(
      'use',
      `${user.name} uses ${good} near ${context.place().name}`,
      ...[[user, 'user'] as const, [destination, 'subject'] as const],
    ),
    happening(
      'report',
      `${publisher.name} reports on how ${name}`,
      ...[[publisher, 'reporter'] as const, [exporter, 'subject'] as const],
      [destination, 'subject'],
    ),
    happening(
      'assurance',
      `${destination.name} assures ${issuer.name} of the end use of ${good}`,
      ...[[destination, 'assurer'] as const, [issuer, 'addressee'] as const],
    ),
    happening(
      'request',
      `${destination.name} presses ${issuer.name} to allow ${good}`,
      ...[[destination, 'requester'] as const, [issuer, 'addressee'] as const],
    ),
    happening(
      'statement',
      `${person.name} asks why ${issuer.name} let ${good} go`,
      ...[[person, 'speaker'] as const, [issuer, 'addressee'] as const],
    ),
    happening(
      'inquiry',
      `A committee looks into how ${good} came to ${destination.name}`,
      ...[[body, 'investigator'] as const, [issuer, 'subject'] as const],
      [exporter, 'subject'],
    ),
  ])
}
