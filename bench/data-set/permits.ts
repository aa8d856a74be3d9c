import type { DossierContext } from './dossier-context.ts'
import { buildUuid, type GeneratedActor, slugOf } from './population.ts'
import { pickOne, randomZipfIndex } from './random.ts'
import { exceptions, restrictions, states, units, uses } from './words.ts'

/** As much of a permit as the events about it need. */
export type GeneratedPermit = {
  id: string
  name: string
  issuer: GeneratedActor
  exporter: GeneratedActor
  consignee: GeneratedActor
  endUser: GeneratedActor | null
  destination: GeneratedActor
  /** Designation of the first good. */
  good: string
  decision: 'issued' | 'refused'
}

const permitFields = [
  'issuer',
  'exporter',
  'consignee',
  'destination',
  'items.0.quantity',
  'items.0.good',
  'statedEndUse',
  null,
]

export function putPermit(context: DossierContext, number: number, step: number): GeneratedPermit {
  const { cast, put, random, year } = context
  const id = buildUuid(context.timeOfStep(100 + step), 'permit', number)
  const exporter = context.actor('exporter')
  const consignee = context.actor('consignee')
  const issuer = cast.actor('state', exporter.home)
  const destination = cast.actor('state', consignee.home)
  const endUser = random() < 0.7 ? context.actor('body') : null
  const items = Array.from({ length: 1 + randomZipfIndex(random, 4) }, () => ({
    good: context.good(),
    quantity: random() < 0.9 ? 1 + randomZipfIndex(random, 500) : null,
    unit: pickOne(random, units),
  }))
  const [first] = items
  const good = first?.good.name ?? ''
  const code = states[issuer.home]?.code ?? ''
  const use = random() < 0.6 ? pickOne(random, uses) : null
  const name = `${issuer.name} lets ${exporter.name} export ${good} to ${consignee.name}`
  context.record('permit', id, `${code.toLowerCase()}-${year}-${number}`, name)
  put('permit', [
    id,
    issuer.id,
    random() < 0.9 ? `${code}/${year}/${number}` : null,
    exporter.id,
    consignee.id,
    endUser?.id ?? null,
    destination.id,
    random() < 0.4 ? 'Export and Import Permits Act, section 7' : null,
    random() < 0.3 ? pickOne(random, exceptions) : null,
    use,
    use && random() < 0.6 ? context.place().id : null,
    random() < 0.3 ? pickOne(random, restrictions) : null,
  ])
  for (const [position, item] of items.entries())
    put('permit_item', [id, position, item.good.id, item.quantity, item.unit])
  const many = first?.quantity ?? 'some'
  context.writeSentences(
    { group: 'permit', id, fields: permitFields },
    `${issuer.name} granted ${exporter.name} the permit for ${many} ${good}, to be delivered to ${consignee.name} in ${destination.name}`,
    `The application of ${exporter.name} said that the ${good} would be used ${use ?? 'as the contract says'}, and named ${endUser?.name ?? 'no end user'}`,
  )
  const decision = random() < 0.08 ? 'refused' : 'issued'
  return { id, name, issuer, exporter, consignee, endUser, destination, good, decision }
}

/** Dossiers that bring a measure with them: one in so many. */
export const dossiersPerMeasure = 100

export const buildMeasureId = (number: number, dossiers: number): string =>
  buildUuid((number * dossiersPerMeasure) / dossiers, 'measure', number)

/** The embargo of the permit's issuer on its destination. */
export function putMeasure(
  context: DossierContext,
  { issuer, destination }: GeneratedPermit,
): string {
  const { index, put, random, size, year } = context
  const number = index / dossiersPerMeasure
  const id = buildMeasureId(number, size.dossiers)
  const name = `Embargo of ${issuer.name} on ${destination.name}, ${year + 1}`
  const legalForm = pickOne(random, ['embargo', 'suspension', 'presumptive-denial'])
  context.record('measure', id, `${slugOf(name)}-${number}`, name)
  put('measure', [
    id,
    issuer.id,
    destination.id,
    legalForm,
    'most categories of military gear',
    'operations across the border that put civilians at risk',
    context.place().id,
  ])
  context.writeSentences(
    { group: 'other', id, fields: ['imposer', 'target', 'scope', 'reason'] },
    `The ${legalForm} of ${issuer.name} covers most categories of military gear for ${destination.name} and has stood since ${year + 1}`,
  )
  return id
}
