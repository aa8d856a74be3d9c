import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import { buildEvent, buildMeasure, storeRecords } from '../harness/record-builders.ts'
import { extractFacts, readSlugs } from '../harness/record-reader.ts'

const t = useApp()
const embargo = 'canada-arms-embargo-turkey-2019'
const suspension = 'canada-drone-technology-suspension'

const effect = (measure: string, becomes: string, edtf: string, slug = `${measure}-${becomes}`) =>
  buildEvent({ slug, type: 'measure-decision', on: { edtf }, effects: [{ measure, becomes }] })

beforeAll(() =>
  storeRecords(
    t.database,
    buildMeasure({
      slug: 'twice',
      title: 'Général embargo',
      imposer: 'turkey',
      target: 'armenia',
      legalForm: 'presumptive-denial',
      exceptions: 'medical goods',
    }),
    effect('twice', 'imposed', '1993'),
    effect('twice', 'amended', '1995'),
    effect('twice', 'suspended', '2000'),
    effect('twice', 'imposed', '2005-03', 'twice-imposed-again'),
    effect('twice', 'lifted', '2010'),
    buildMeasure({ slug: 'suspended' }),
    effect('suspended', 'imposed', '2001'),
    effect('suspended', 'suspended', '2002/..'),
    buildMeasure({ slug: 'planned', legalForm: 'other' }),
  ),
)

describe('GET /v1/measures', () => {
  test.each([
    ['imposer=turkey', ['twice']],
    ['imposer=armenia', []],
    ['target=turkey', [embargo, suspension, 'planned', 'suspended']],
    ['target=canada', []],
    ['imposer=canada&target=turkey&legalForm=suspension', [suspension]],
    ['legalForm=embargo', [embargo, 'suspended']],
    ['legalForm=other&legalForm=suspension', [suspension, 'planned']],
    ['status=in-force', [embargo, suspension]],
    ['status=lifted', ['twice']],
    ['status=suspended', ['suspended']],
    ['status=lifted&status=suspended', ['suspended', 'twice']],
    ['title=arms embago', [embargo]],
    ['title=general', ['twice']],
    ['title=nothing of the kind', []],
    ['from=2019&to=2019', [embargo]],
    ['from=2019-11&to=2019-11', [embargo]],
    ['from=2019-11&to=2019-11&certainty=certain', []],
    ['from=2019&to=2021&certainty=certain', [embargo, suspension]],
    ['to=1993', ['twice']],
    ['from=2005&to=2005', []],
    ['sort=imposedOn&status=in-force', [embargo, suspension]],
    ['sort=-imposedOn&status=in-force', [suspension, embargo]],
  ])('?%s', async (query, expected) => {
    expect(await readSlugs(t, `/v1/measures?${query}`)).toEqual(expected)
  })
})

describe('GET /v1/measures/:ref', () => {
  test('a measure that was imposed twice has two periods in force', async () => {
    const { body } = await t.api.get('/v1/measures/twice').expect(200)
    expect(extractFacts(body)).toEqual({
      slug: 'twice',
      title: 'Général embargo',
      imposer: 'turkey',
      target: 'armenia',
      targets: ['armenia'],
      legalForm: 'presumptive-denial',
      legalInstrument: null,
      scope: null,
      scopeItems: [],
      statedEnd: null,
      exceptions: 'medical goods',
      reason: null,
      status: 'lifted',
      inForce: [
        { from: '1993', to: '2000' },
        { from: '2005-03', to: '2010' },
      ],
      history: [
        { becomes: 'imposed', on: '1993', event: 'twice-imposed' },
        { becomes: 'amended', on: '1995', event: 'twice-amended' },
        { becomes: 'suspended', on: '2000', event: 'twice-suspended' },
        { becomes: 'imposed', on: '2005-03', event: 'twice-imposed-again' },
        { becomes: 'lifted', on: '2010', event: 'twice-lifted' },
      ],
    })
  })

  test('a measure without events has no status and no period in force', async () => {
    const { body } = await t.api.get('/v1/measures/planned').expect(200)
    expect(body).toMatchObject({ status: null, inForce: [], history: [] })
  })

  test('404 suggests the nearest slug', async () => {
    const { body } = await t.api.get('/v1/measures/canada-arms-embargo-turkey-2020').expect(404)
    expect(body.detail).toContain(`Did you mean "${embargo}"?`)
  })
})
