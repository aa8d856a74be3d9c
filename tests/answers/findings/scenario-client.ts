import { beforeAll, expect } from 'vitest'
import type { Certainty, RuleName } from '../../../src/answers/findings/schema.ts'
import { useApp } from '../../harness/app.ts'
import { useWriteClient } from '../../harness/write-client.ts'

/** A record as the body of its `POST`, without citations: each gets a passage of its own. */
export type ScenarioRecord = { kind: string; slug: string; [member: string]: unknown }

export type FoundFinding = {
  rule: RuleName
  certainty: Certainty
  sentence: string
  reason: string
  neededForCertainty: string[]
  records: { role: string; record: { slug: string } }[]
}

const passageCount = 2_000
const formatPassage = (number: number): string => `Passage ${String(number).padStart(4, '0')}.`

/** A server on which scenarios are entered over HTTP. */
export function useScenarios() {
  const t = useApp({ CACHE_MB: 0 })
  const client = useWriteClient(t)
  let passages = 0
  const nextCitation = (): object => ({
    article: 'scenario-passages',
    quote: formatPassage(passages++),
  })

  const enter = async (records: readonly ScenarioRecord[]): Promise<void> => {
    const items = records.map(({ kind, ...record }) => ({
      op: 'create',
      kind,
      record: { citations: [nextCitation()], ...record },
    }))
    const { body, status } = await client.post('/v1/batch', { items })
    expect(body, JSON.stringify(body)).toHaveProperty('revision')
    expect(status).toBe(200)
  }

  const list = async (query: string): Promise<FoundFinding[]> =>
    (await t.api.get(`/v1/findings?${query}`).expect(200)).body.data

  beforeAll(async () => {
    const body = Array.from({ length: passageCount }, (_, number) => formatPassage(number)).join(
      ' ',
    )
    await client
      .post('/v1/articles', {
        slug: 'scenario-passages',
        case: 'canada-turkey-wescam',
        title: 'Passages of invented scenarios',
        text: body,
      })
      .expect(201)
  })

  return {
    t,
    client,
    enter,
    nextCitation,
    list,
    /** `rule certainty` of each finding of a permit. */
    brief: async (permit: string): Promise<string[]> =>
      (await list(`permit=${permit}`)).map(({ rule, certainty }) => `${rule} ${certainty}`),
  }
}

/** Destinations of scenarios: each has one of its own, so that measures of one do not touch another. */
const destinationCodes =
  'AE AO BD BF BH BJ BO BR BW CI CL CM CN CO CR DJ DO DZ EC EG ER ET GA GE GH GN GT GY HN HT ID IL IN IQ JM JO KE KG KH KW KZ LA LB LK LR LS LY MA MD MG ML MN MR MU MW MX MY MZ NA NE NG NI NP OM PA PE PG PH PK PY QA RW SA SD SG SL SN SO SV TD TG TH TJ TL TM TN TZ UA UG UY UZ VE VN YE ZM ZW AL AT BA BE BG BY CH CY CZ DK EE FI GR HR HU IE IS LT LU LV MC ME MK MT NL NO PL PT RO RS SE SI SK SM AU NZ JP KR US BB BS BZ CF CG CV FJ GD GM GQ GW KI KM KN LC MH NR PW SB ST SZ TO TT TV VC VU WS'.split(
    ' ',
  )
const countryNames = new Intl.DisplayNames('en', { type: 'region' })
let scenarioCount = 0

/** Records of one scenario, with a destination of its own. Their slugs begin with its name. */
export function buildScenario() {
  const country = destinationCodes[scenarioCount++]
  if (country === undefined) throw new Error('There are more scenarios than destinations.')
  const name = `s${scenarioCount}`
  const destination = `${name}-state`
  let events = 0
  const event = (type: string, on: string | null, given: object = {}): ScenarioRecord => ({
    kind: 'event',
    slug: `${name}-event-${events++}`,
    type,
    title: `An event of ${name}`,
    ...(on !== null && { on: { edtf: on } }),
    ...given,
  })
  const permitId = `${name}-permit`
  const measureId = `${name}-measure`
  const goodId = `${name}-good`
  return {
    permitId,
    measureId,
    goodId,
    event,
    destination,
    country,
    destinationState: {
      kind: 'actor',
      slug: destination,
      type: 'state',
      name: countryNames.of(country) ?? country,
      country,
    } satisfies ScenarioRecord,
    good: (given: object = {}): ScenarioRecord => ({
      kind: 'good',
      slug: goodId,
      designation: `Bomb ${name.toUpperCase()}`,
      ...given,
    }),
    permit: (issuer: string, given: object = {}): ScenarioRecord => ({
      kind: 'permit',
      slug: permitId,
      title: `A permit of ${name}`,
      issuer,
      destination,
      ...given,
    }),
    measure: (imposer: string, given: object = {}): ScenarioRecord => ({
      kind: 'measure',
      slug: measureId,
      title: `A measure of ${name}`,
      imposer,
      target: destination,
      legalForm: 'embargo',
      ...given,
    }),
    /** What a decision makes of the permit. */
    decide: (becomes: string, on: string | null, given: object = {}): ScenarioRecord =>
      event('permit-decision', on, { effects: [{ permit: permitId, becomes }], ...given }),
    impose: (on: string | null, given: object = {}): ScenarioRecord =>
      event('measure-decision', on, {
        effects: [{ measure: measureId, becomes: 'imposed' }],
        ...given,
      }),
    lift: (on: string | null): ScenarioRecord =>
      event('measure-decision', on, { effects: [{ measure: measureId, becomes: 'lifted' }] }),
    deliver: (on: string | null, given: object = {}): ScenarioRecord =>
      event('delivery', on, { about: [{ permit: permitId }], ...given }),
    use: (on: string | null, user: string | null, given: object = {}): ScenarioRecord =>
      event('use', on, {
        goods: [goodId],
        participants: user === null ? [] : [{ actor: user, role: 'user' }],
        ...given,
      }),
  }
}
