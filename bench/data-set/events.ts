import { type GeneratedDate, generateDate } from './dates.ts'
import type { DossierContext } from './dossier-context.ts'
import { buildMeasureId, dossiersPerMeasure, type GeneratedPermit, putMeasure } from './permits.ts'
import { buildUuid, type GeneratedActor } from './population.ts'
import { pickOne, randomZipfIndex } from './random.ts'
import { unrelatedSentences, uses } from './words.ts'

type Participants = readonly (readonly [actor: GeneratedActor, role: string])[]
type EventDraft = { type: string; title: string; participants: Participants }

const eventsPerDossier = 10

function putEvent(
  context: DossierContext,
  step: number,
  { type, title, participants }: EventDraft,
  on: GeneratedDate | null,
): string {
  const { index, publisher, put, random, year } = context
  const number = index * eventsPerDossier + step
  const id = buildUuid(context.timeOfStep(200 + step), 'event', number)
  const promises = type === 'assurance'
  context.record('event', id, `${type}-${year}-${number}`, title)
  put('event', [
    id,
    type,
    on?.edtf ?? null,
    on?.asStated ?? null,
    on?.earliest ?? null,
    on?.latest ?? null,
    random() < 0.5 ? `${title}. ${pickOne(random, unrelatedSentences)}.` : null,
    random() < 0.5 ? context.place().id : null,
    promises ? (participants[0]?.[0].id ?? null) : null,
    promises && random() < 0.5 ? context.place().id : null,
    promises ? pickOne(random, uses) : null,
  ])
  for (const [position, [actor, role]] of participants.entries())
    put('event_participant', [
      id,
      position,
      actor.id,
      role,
      on?.earliest ?? null,
      on?.latest ?? null,
    ])
  context.writeSentences(
    { group: 'event', id, fields: ['on', 'title', 'participants', 'type', null] },
    `${title}${on ? ` ${on.asStated}` : ''}, according to papers seen by ${publisher.name}`,
  )
  return id
}

/** The event that issues or refuses the permit. */
export function putDecisionEvent(
  context: DossierContext,
  permit: GeneratedPermit,
  step: number,
): void {
  const { put, random, year } = context
  const { issuer, exporter, consignee, decision, good } = permit
  const verb = decision === 'issued' ? 'issues' : 'refuses'
  const draft: EventDraft = {
    type: 'permit-decision',
    title: `${issuer.name} ${verb} the permit of ${exporter.name} for ${good}`,
    participants: [
      [issuer, 'issuer'],
      [exporter, 'exporter'],
      ...(random() < 0.8 ? [[consignee, 'consignee'] as const] : []),
    ],
  }
  const id = putEvent(context, step, draft, generateDate(random, year))
  put('event_good', [id, 0, context.good().id, draft.type])
  put('event_effect', [id, 0, permit.id, null, decision])
}

/** What came of it in the year after: never before the decision, never what a permit cannot become. */
export function putFollowUpEvent(
  context: DossierContext,
  permit: GeneratedPermit,
  step: number,
  isFirst: boolean,
): void {
  const { index, put, random, size, year } = context
  const { issuer, destination, decision } = permit
  const generateDateAfter = () => generateDate(random, year + 1)
  if (isFirst && index % dossiersPerMeasure === 0) {
    const draft: EventDraft = {
      type: 'measure-decision',
      title: `${issuer.name} imposes an embargo on ${destination.name}`,
      participants: [
        [issuer, 'imposer'],
        [destination, 'target'],
      ],
    }
    const id = putEvent(context, step, draft, generateDateAfter())
    put('event_effect', [id, 0, null, putMeasure(context, permit), 'imposed'])
  } else if (decision === 'issued' && random() < 0.1) {
    const becomes = pickOne(random, ['suspended', 'cancelled'])
    const draft: EventDraft = {
      type: becomes === 'suspended' ? 'measure-decision' : 'permit-decision',
      title: `${issuer.name} has permits for exports to ${destination.name} ${becomes}`,
      participants: [
        [issuer, 'issuer'],
        [destination, 'target'],
      ],
    }
    const id = putEvent(context, step, draft, generateDateAfter())
    const measures = Math.floor(index / dossiersPerMeasure) + 1
    put('event_effect', [id, 0, permit.id, null, becomes])
    put('event_about', [
      id,
      0,
      null,
      buildMeasureId(randomZipfIndex(random, measures), size.dossiers),
    ])
  } else {
    const draft = pickFollowUp(context, permit)
    const id = putEvent(context, step, draft, random() < 0.96 ? generateDateAfter() : null)
    if (random() < 0.8) put('event_about', [id, 0, permit.id, null])
    if (random() < 0.3) put('event_good', [id, 0, context.good().id, draft.type])
  }
}

function pickFollowUp(context: DossierContext, permit: GeneratedPermit): EventDraft {
  const { publisher, random } = context
  const { issuer, exporter, consignee, destination, good, name } = permit
  const user = permit.endUser ?? consignee
  const person = context.actor('person')
  const body = context.actor('body')
  const buildDraft = (type: string, title: string, ...participants: Participants) => ({
    type,
    title,
    participants,
  })
  return pickOne<EventDraft>(random, [
    buildDraft(
      'delivery',
      `${exporter.name} delivers ${good} to ${consignee.name}`,
      [exporter, 'supplier'] as const,
      [consignee, 'consignee'] as const,
    ),
    buildDraft(
      'use',
      `${user.name} uses ${good} near ${context.place().name}`,
      [user, 'user'] as const,
      [destination, 'subject'] as const,
    ),
    buildDraft(
      'report',
      `${publisher.name} reports on how ${name}`,
      [publisher, 'reporter'] as const,
      [exporter, 'subject'] as const,
      [destination, 'subject'],
    ),
    buildDraft(
      'assurance',
      `${destination.name} assures ${issuer.name} of the end use of ${good}`,
      [destination, 'assurer'] as const,
      [issuer, 'addressee'] as const,
    ),
    buildDraft(
      'request',
      `${destination.name} presses ${issuer.name} to allow ${good}`,
      [destination, 'requester'] as const,
      [issuer, 'addressee'] as const,
    ),
    buildDraft(
      'statement',
      `${person.name} asks why ${issuer.name} let ${good} go`,
      [person, 'speaker'] as const,
      [issuer, 'addressee'] as const,
    ),
    buildDraft(
      'inquiry',
      `A committee looks into how ${good} came to ${destination.name}`,
      [body, 'investigator'] as const,
      [issuer, 'subject'] as const,
      [exporter, 'subject'],
    ),
  ])
}
