import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findingRules } from '../../../src/answers/findings/all-rules.ts'
import { readEvidence } from '../../../src/answers/findings/evidence/queries.ts'
import { evaluatePair } from '../../../src/answers/findings/pair-evaluation.ts'
import type { Pairing, RecordFacts } from '../../../src/answers/findings/rules.ts'
import { readEntries } from '../../harness/record-reader.ts'
import { type ScenarioRecord, useScenarios } from './scenario-client.ts'

const s = useScenarios()

const seed = 11
const worldCount = 30

/** Actors that all worlds share: states with bodies, forces, companies, and organisations with their bodies. */
const actors: ScenarioRecord[] = [
  ['state', 'it', 'Italy', 'IT'],
  ['state', 'es', 'Spain', 'ES'],
  ['state', 'om', 'Oman', 'OM'],
  ['state', 'ye', 'Yemen', 'YE'],
  ['state', 'nameless-state', 'The Old Kingdom', null],
  ['public-body', 'it-unit', 'Unit', 'IT'],
  ['public-body', 'om-ministry', 'Ministry', 'OM'],
  ['public-body', 'office', 'Office', null],
  ['armed-force', 'it-navy', 'Navy', 'IT'],
  ['armed-force', 'column', 'Column', null],
  ['organisation', 'eu', 'European Union', null],
  ['organisation', 'osce', 'OSCE', 'AT'],
  ['public-body', 'council', 'UN Security Council', null],
  ['company', 'it-maker', 'Maker', 'IT'],
  ['company', 'es-owner', 'Owner', 'ES'],
  ['company', 'stray', 'Stray', null],
].map(([type, slug, name, country]) => ({ kind: 'actor', slug: `${slug}`, type, name, country }))
const slugs = actors.map(({ slug }) => slug)

const anyActor = fc.constantFrom(...slugs)
const issuer = fc.constantFrom('it', 'es', 'it-unit', 'office', 'om-ministry', 'nameless-state')
const state = fc.constantFrom('om', 'ye', 'it')
const imposer = fc.constantFrom('it', 'it-unit', 'it-navy', 'es', 'eu', 'osce', 'council', 'office')
const on = fc
  .constantFrom('2012', '2015-03', '2015-03-10', '2016?', '../2015', '2014/2016', '2015/..', null)
  .map((edtf) => edtf && { edtf })
const good = fc.constantFrom('a', 'b', 'c', 'family')
const items = fc.uniqueArray(good, { maxLength: 2 })

const goods: ScenarioRecord[] = [
  { slug: 'family' },
  { slug: 'a', family: 'family', manufacturer: 'it-maker' },
  { slug: 'b', family: 'family' },
  { slug: 'c', manufacturer: 'it-maker' },
].map((one) => ({
  ...one,
  slug: `world-good-${one.slug}`,
  kind: 'good',
  designation: `Good ${one.slug}`,
  ...('family' in one && { family: 'world-good-family' }),
}))

const world = fc.record({
  issuer,
  otherIssuer: issuer,
  destination: state,
  several: fc.boolean(),
  otherDestination: state,
  end: fc.option(state),
  exporter: fc.option(fc.constantFrom('it-maker', 'stray')),
  endUser: fc.option(anyActor),
  consignee: fc.option(anyActor),
  items,
  otherItems: items,
  imposer,
  targets: fc.uniqueArray(fc.oneof(state, anyActor), { minLength: 1, maxLength: 2 }),
  legalForm: fc.constantFrom('embargo', 'suspension', 'other'),
  issuedOn: on,
  imposedOn: on,
  stopOn: on,
  useOn: on,
  refusedOn: on,
  becomes: fc.constantFrom('issued', 'suspended'),
  stops: fc.boolean(),
  isAbout: fc.boolean(),
  useType: fc.constantFrom('use', 'transfer'),
  useItems: items,
  user: anyActor,
  names: fc.boolean(),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

const named = (list: readonly string[]) => list.map((slug) => `world-good-${slug}`)

function toRecords(w: World, n: number): ScenarioRecord[] {
  const permit = `w${n}-permit`
  const measure = `w${n}-measure`
  let events = 0
  const event = (type: string, day: object | null, given: object): ScenarioRecord => ({
    kind: 'event',
    slug: `w${n}-event-${events++}`,
    type,
    title: `Event of world ${n}`,
    ...(day && { on: day }),
    ...given,
  })
  const about = w.isAbout ? { about: [{ measure }] } : {}
  const toItems = (list: readonly string[]) => named(list).map((one) => ({ good: one }))
  return [
    {
      kind: 'permit',
      slug: permit,
      title: `Permit of world ${n}`,
      issuer: w.issuer,
      ...(w.several && w.destination !== w.otherDestination
        ? { destinations: [w.otherDestination, w.destination] }
        : { destination: w.destination }),
      endDestination: w.end,
      exporter: w.exporter,
      endUser: w.endUser,
      consignee: w.consignee,
      items: toItems(w.items),
    },
    {
      kind: 'permit',
      slug: `${permit}-2`,
      title: `Refused permit of world ${n}`,
      issuer: w.otherIssuer,
      destination: w.otherDestination,
      items: toItems(w.otherItems),
    },
    {
      kind: 'measure',
      slug: measure,
      title: `Measure of world ${n}`,
      imposer: w.imposer,
      target: w.targets[0],
      targets: w.targets,
      legalForm: w.legalForm,
    },
    event('permit-decision', w.refusedOn, {
      effects: [{ permit: `${permit}-2`, becomes: 'refused' }],
    }),
    event('measure-decision', w.imposedOn, { effects: [{ measure, becomes: 'imposed' }] }),
    event('permit-decision', w.issuedOn, { effects: [{ permit, becomes: w.becomes }], ...about }),
    event(w.useType, w.useOn, {
      goods: named(w.useItems),
      participants: [{ actor: w.user, role: w.useType === 'use' ? 'user' : 'consignee' }],
      ...(w.names && { about: [{ permit }] }),
    }),
    event('delivery', w.stopOn, { about: [{ permit }] }),
  ]
}

test('the pairs of the database miss nothing that the rules find', async () => {
  await s.enter([
    ...actors,
    ...goods,
    {
      kind: 'affiliation',
      slug: 'world-share',
      type: 'ownership',
      role: 'owner',
      actor: 'es-owner',
      organisation: 'it-maker',
    },
  ])
  const worlds = fc.sample(world, { numRuns: worldCount, seed })
  for (const [index, given] of worlds.entries()) await s.enter(toRecords(given, index))

  const kindsOfFacts = ['permits', 'measures', 'events', 'affiliations'] as const
  const [permits = [], measures = [], events = [], ownerships = []] = await Promise.all(
    kindsOfFacts.map(async (path) =>
      (await readEntries(s.t, `/v1/${path}`))
        .filter(({ slug }) => /^w(?:\d|orld-)/.test(slug))
        .map(({ id }) => id),
    ),
  )
  const evidence = await readEvidence(s.t.database.db, {
    permits,
    measures,
    events,
    furtherRecords: ownerships,
  })
  const counterparts: Partial<Record<Pairing, string[]>> = {
    'permit-measure': measures,
    'permit-theatre': measures,
    'permit-stop': [...measures, ...events],
    'permit-offshore': measures,
    'permit-refusal': permits,
    'permit-use': events,
    'permit-issue': events,
    'permit-delivery': events,
  }
  const missed: string[] = []
  const found = new Map<string, number>()
  const listed = new Set((await readEntries(s.t, '/v1/findings')).map(({ id }) => id))
  for (const rule of findingRules)
    for (const anchor of permits)
      for (const counterpart of counterparts[rule.pairing] ?? []) {
        const pair = {
          anchor,
          counterpart,
          others: rule.pairing === 'permit-offshore' ? ownerships : [],
        }
        if (!isPaired(rule.pairing, anchor, evidence.get(counterpart)?.facts)) continue
        const finding = evaluatePair(rule, pair, evidence)
        if (finding === null) continue
        found.set(rule.rule, (found.get(rule.rule) ?? 0) + 1)
        if (!listed.has(finding.id))
          missed.push(`${rule.rule}: ${finding.sentence} ${finding.reason}`)
      }
  expect(missed).toEqual([])
  expect([...found.keys()].sort()).toEqual([
    'delivery-without-permit',
    'diversion',
    'offshore-supply',
    'permit-under-measure',
    're-export',
    'refused-elsewhere',
    'reversal',
  ])
})

/** Rules presume the type of an event, and that a delivery names the permit or a decision issued it. */
function isPaired(pairing: Pairing, permit: string, facts: RecordFacts | undefined): boolean {
  if (facts?.kind !== 'event') return true
  if (pairing === 'permit-use') return facts.type === 'use' || facts.type === 'transfer'
  if (pairing === 'permit-delivery')
    return facts.type === 'delivery' && facts.permits.some(({ id }) => id === permit)
  if (pairing === 'permit-issue')
    return facts.permits.some(({ id, becomes }) => id === permit && becomes === 'issued')
  return true
}
