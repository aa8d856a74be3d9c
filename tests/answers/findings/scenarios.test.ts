import { beforeAll, describe, expect, test } from 'vitest'
import { buildScenario, type ScenarioRecord, useScenarios } from './scenario-client.ts'

type Builder = ReturnType<typeof buildScenario>
/** The words of a scenario, its records, and every finding that its permit must have. */
type Scenario = [what: string, records: (c: Builder) => ScenarioRecord[], expected: string[]]

const s = useScenarios()

/** Enters the records of each scenario and compares the whole list of findings of its permit. */
const check = (scenarios: readonly Scenario[]) =>
  test.each(scenarios)('%s', async (_, build, expected) => {
    const scenario = buildScenario()
    await s.enter([scenario.destinationState, ...build(scenario)])
    expect(await s.brief(scenario.permitId)).toEqual(expected)
  })

const actor = (
  type: string,
  slug: string,
  name: string,
  country: string | null,
): ScenarioRecord => ({ kind: 'actor', slug, type, name, country })

beforeAll(() =>
  s.enter([
    actor('state', 'italy', 'Italy', 'IT'),
    actor('state', 'spain', 'Spain', 'ES'),
    actor('state', 'germany', 'Germany', 'DE'),
    actor('public-body', 'licensing-unit', 'Unit for licences of war material', 'IT'),
    actor('public-body', 'italian-ministry', 'Italian Ministry of Exports', 'IT'),
    actor('public-body', 'spanish-board', 'Board of Trade in War Material', 'ES'),
    actor('public-body', 'unit-of-nowhere', 'Export office', null),
    actor('armed-force', 'the-column', 'The Column', null),
    actor('state', 'united-kingdom', 'United Kingdom', 'GB'),
    actor('organisation', 'eu', 'European Union', null),
    actor('public-body', 'security-council', 'UN Security Council', null),
    actor('organisation', 'wassenaar', 'Wassenaar Arrangement', null),
    actor('organisation', 'club', 'Club of Careful Exporters', null),
    actor('company', 'kordia', 'Kordia', 'DE'),
    actor('company', 'nameless', 'Nameless Holding', null),
    actor('company', 'vantor', 'Vantor Trading', 'LI'),
  ]),
)

describe('1: the permit that the event of a measure stops came before it', () => {
  const stopAndImpose = (c: Builder, on: string | null) =>
    c.event('measure-decision', on, {
      effects: [
        { measure: c.measureId, becomes: 'imposed' },
        { permit: c.permitId, becomes: 'suspended' },
      ],
    })
  const suspension = (c: Builder) => c.measure('italy', { legalForm: 'suspension' })
  check([
    [
      'suspended by the event that imposes, then cancelled under the measure',
      (c) => [
        c.permit('italy'),
        suspension(c),
        c.decide('issued', '../2019-07'),
        stopAndImpose(c, '2019-07'),
        c.decide('cancelled', '2021-01', { about: [{ measure: c.measureId }] }),
      ],
      ['reversal certain', 'reversal certain'],
    ],
    [
      'the issue in the month of the measure',
      (c) => [
        c.permit('italy'),
        suspension(c),
        c.decide('issued', '2019-07'),
        stopAndImpose(c, '2019-07'),
      ],
      ['reversal certain'],
    ],
    [
      'the issue without a date',
      (c) => [
        c.permit('italy'),
        suspension(c),
        c.decide('issued', null),
        stopAndImpose(c, '2019-07'),
      ],
      ['reversal certain'],
    ],
    [
      'cancelled before the measure, issued on an unknown day: the measure came after',
      (c) => [
        c.permit('italy'),
        suspension(c),
        c.decide('issued', '../2019-12'),
        c.decide('cancelled', '2019-03'),
        c.impose('2019-07', { about: [{ permit: c.permitId }] }),
      ],
      ['reversal certain', 'reversal certain'],
    ],
    [
      'an unrelated order of dates, with an event that speaks of both before the end: possible',
      (c) => [
        c.permit('italy'),
        suspension(c),
        c.decide('issued', '2019'),
        c.impose('2019-07'),
        c.event('report', '2020', { about: [{ permit: c.permitId }, { measure: c.measureId }] }),
      ],
      ['permit-under-measure possible', 'reversal possible'],
    ],
  ])
})

describe('2: a dispute about one field weakens only what rests on it', () => {
  const disputed = (field: string, value: unknown) => ({
    citations: [s.nextCitation(), { ...s.nextCitation(), field, value }],
  })
  const twenty = (c: Builder) => ({ items: [{ good: c.goodId, quantity: 20, unit: 'bomb' }] })
  check([
    [
      'the quantity, and the permit was cancelled',
      (c) => [
        c.good(),
        c.permit('italy', { ...twenty(c), ...disputed('items.0.quantity', 21) }),
        c.decide('issued', '2018'),
        c.decide('cancelled', '2021-02-01'),
      ],
      ['reversal certain'],
    ],
    [
      'the quantity, and the permit was issued under an embargo',
      (c) => [
        c.good(),
        c.permit('italy', { ...twenty(c), ...disputed('items.0.quantity', 21) }),
        c.measure('italy'),
        c.impose('2017'),
        c.decide('issued', '2018'),
      ],
      ['permit-under-measure certain'],
    ],
    [
      'the destination, and the permit was issued under an embargo',
      (c) => [
        c.permit('italy', disputed('destination', 'turkey')),
        c.measure('italy'),
        c.impose('2017'),
        c.decide('issued', '2018'),
      ],
      ['permit-under-measure possible'],
    ],
    [
      'the title of the event that issued it',
      (c) => [
        c.permit('italy'),
        c.measure('italy'),
        c.impose('2017'),
        c.decide('issued', '2018', disputed('title', 'Another title')),
      ],
      ['permit-under-measure certain'],
    ],
    [
      'the day of the issue',
      (c) => [
        c.permit('italy'),
        c.measure('italy'),
        c.impose('2017'),
        c.decide('issued', '2018', disputed('on', { edtf: '2016' })),
      ],
      ['permit-under-measure possible'],
    ],
    [
      'the day of the issue, and the permit was cancelled',
      (c) => [
        c.permit('italy'),
        c.decide('issued', '2018', disputed('on', { edtf: '2016' })),
        c.decide('cancelled', '2021'),
      ],
      ['reversal certain'],
    ],
  ])
})

describe('3: a public body acts for its state', () => {
  const under =
    (issuer: string, imposer: string, given: object = {}) =>
    (c: Builder) => [
      c.permit(issuer, given),
      c.measure(imposer, { legalForm: 'suspension' }),
      c.impose('2019-07'),
      c.decide('issued', '2020-03'),
    ]
  check([
    [
      'a unit under a measure of its state',
      under('licensing-unit', 'italy'),
      ['permit-under-measure certain'],
    ],
    [
      'a state under a measure of its ministry',
      under('italy', 'italian-ministry'),
      ['permit-under-measure certain'],
    ],
    [
      'two bodies of a state',
      under('licensing-unit', 'italian-ministry'),
      ['permit-under-measure certain'],
    ],
    ['a body of another state', under('spanish-board', 'italy'), []],
    ['a body of no known country', under('unit-of-nowhere', 'italy'), []],
    ['a company of the state', under('l3harris-wescam', 'canada'), []],
  ])
})

describe('4: the scope of a measure', () => {
  const words = 'aircraft bombs and components'
  const under =
    (measure: object, imposition: object = {}, issue: object = {}) =>
    (c: Builder) => [
      c.good(),
      c.permit('italy', { items: [{ good: c.goodId }] }),
      c.measure('italy', measure),
      c.impose('2019-07', imposition),
      c.decide('issued', '2020-03', issue),
    ]
  check([
    ['only in words', under({ scope: words }), ['permit-under-measure possible']],
    ['no limit on record', under({}), ['permit-under-measure certain']],
    ['other goods are named', under({ scope: words }, { goods: ['turkish-made-drones'] }), []],
    [
      'the good is named',
      (c) => under({ scope: words }, { goods: [c.goodId] })(c),
      ['permit-under-measure certain'],
    ],
    [
      'in words, and the decision is recorded as one about the measure',
      (c) => under({ scope: words }, {}, { about: [{ measure: c.measureId }] })(c),
      ['permit-under-measure certain'],
    ],
    [
      'a measure of another form without a scope',
      under({ legalForm: 'other' }),
      ['permit-under-measure possible'],
    ],
  ])

  const item = (effect: string, given: object) => ({ effect, ...given })
  const scoped =
    (items: (c: Builder) => object[], good: object = {}, permitItem: object = {}) =>
    (c: Builder) => [
      c.good({ family: `${c.goodId}-series`, ...good }),
      { ...c.good({ family: `${c.goodId}-family`, ...good }), slug: `${c.goodId}-series` },
      { ...c.good(), slug: `${c.goodId}-family` },
      { ...c.good({ family: `${c.goodId}-others` }), slug: `${c.goodId}-other` },
      { ...c.good(), slug: `${c.goodId}-others` },
      c.permit('italy', { items: [{ good: c.goodId, ...permitItem }] }),
      c.measure('italy', { scope: words, scopeItems: items(c) }),
      c.impose('2019-07'),
      c.decide('issued', '2020-03'),
    ]
  const ml4 = { controlEntries: [{ list: 'EU ML', code: 'ML4a' }] }
  const code = (effect: string, name: string, list: string | null = 'EU ML') =>
    scoped(() => [item(effect, { list, code: name })], ml4)
  const [covered, open] = [['permit-under-measure certain'], ['permit-under-measure possible']]
  check([
    ['covers the good', scoped((c) => [item('covers', { good: c.goodId })]), covered],
    [
      'covers the family of its family',
      scoped((c) => [item('covers', { good: `${c.goodId}-family` })]),
      covered,
    ],
    [
      'covers the family, and excludes the good',
      scoped((c) => [
        item('covers', { good: `${c.goodId}-family` }),
        item('excludes', { good: c.goodId }),
      ]),
      [],
    ],
    [
      'covers the good, and excludes its family at another level',
      scoped((c) => [
        item('covers', { good: c.goodId }),
        item('excludes', { good: `${c.goodId}-family` }),
      ]),
      [],
    ],
    [
      'excludes only another good',
      scoped((c) => [item('excludes', { good: `${c.goodId}-other` })]),
      open,
    ],
    ['covers another family', scoped((c) => [item('covers', { good: `${c.goodId}-others` })]), []],
    [
      'covers a family, and that of the good is not on record',
      scoped((c) => [item('covers', { good: `${c.goodId}-others` })], { family: null }),
      open,
    ],
    ['covers an entry above that of the good', code('covers', 'ML4'), covered],
    ['covers the entry in another spelling', code('covers', 'ML 4.(a)'), covered],
    ['covers an entry whatever its list', code('covers', 'ML4', null), covered],
    ['covers another entry', code('covers', 'ML10'), []],
    ['covers an entry that only begins alike', code('covers', 'ML40'), []],
    ['covers an entry of another list', code('covers', 'ML10', 'A list of Italy'), open],
    ['covers a part of the entry of the good', code('covers', 'ML4a1'), open],
    ['excludes an entry above that of the good', code('excludes', 'ML4'), []],
    [
      'covers an entry, and that of the good is not on record',
      scoped(() => [item('covers', { list: 'EU ML', code: 'ML4' })]),
      open,
    ],
    [
      'covers the entry under which the permit names the good',
      scoped(() => [item('covers', { list: 'EU ML', code: 'ML4' })], {}, ml4),
      covered,
    ],
    [
      'the permit names no goods',
      (c) =>
        scoped(() => [item('covers', { list: 'EU ML', code: 'ML4' })])(c).map((record) =>
          record.kind === 'permit' ? { ...record, items: [] } : record,
        ),
      open,
    ],
  ])

  test('the reason names what is not on record about the good', async () => {
    const scenario = buildScenario()
    const records = scoped(() => [item('covers', { list: 'EU ML', code: 'ML4' })])(scenario)
    await s.enter([scenario.destinationState, ...records])
    const [found] = await s.list(`permit=${scenario.permitId}`)
    expect(found?.reason).toMatch(
      /^The measure covers EU ML ML4, and the records do not say whether Bomb S\d+ belongs to that\.$/,
    )
    expect(found?.neededForCertainty).toEqual([
      expect.stringMatching(/^The control list entry or the family of Bomb S\d+\.$/),
    ])
  })

  test('the sentence names the scope', async () => {
    const scenario = buildScenario()
    await s.enter([scenario.destinationState, ...under({ scope: words })(scenario)])
    const [found] = await s.list(`permit=${scenario.permitId}`)
    expect(found?.sentence).toContain('which covers “aircraft bombs and components”')
    expect(found?.neededForCertainty).toEqual([
      'The goods or control list entries that the measure covers.',
    ])
  })
})

describe('several targets and destinations', () => {
  const second = (c: Builder): ScenarioRecord => ({
    ...actor('state', `${c.destination}-2`, `Second ${c.destination}`, null),
  })
  const towards =
    (permit: (c: Builder) => object, measure: (c: Builder) => object) => (c: Builder) => [
      second(c),
      c.good(),
      c.permit('italy', { items: [{ good: c.goodId }], ...permit(c) }),
      c.measure('italy', measure(c)),
      c.impose('2019-07'),
      c.decide('issued', '2020-03'),
    ]
  const both = (c: Builder) => [c.destination, `${c.destination}-2`]
  check([
    [
      'the destination is the second target',
      towards(
        () => ({}),
        (c) => ({ target: `${c.destination}-2`, targets: [`${c.destination}-2`, c.destination] }),
      ),
      ['permit-under-measure certain'],
    ],
    [
      'the target is one of several destinations',
      towards(
        (c) => ({ destination: null, destinations: both(c) }),
        (c) => ({ target: `${c.destination}-2` }),
      ),
      ['permit-under-measure certain'],
    ],
    [
      'several of both',
      towards(
        (c) => ({ destination: null, destinations: ['turkey', `${c.destination}-2`] }),
        (c) => ({ target: c.destination, targets: both(c) }),
      ),
      ['permit-under-measure certain'],
    ],
    [
      'no target is a destination',
      towards(
        () => ({ destination: 'turkey' }),
        (c) => ({ target: c.destination, targets: both(c) }),
      ),
      [],
    ],
  ])

  test('the filters by case and actor find them', async () => {
    const c = buildScenario()
    await s.client
      .post('/v1/cases', { slug: `${c.permitId}-case`, title: 'Another case' })
      .expect(201)
    await s.client
      .post('/v1/articles', {
        slug: `${c.permitId}-article`,
        case: `${c.permitId}-case`,
        title: 'An article of the other case',
        text: 'The embargo stands.',
      })
      .expect(201)
    const records = towards(
      (b) => ({ destination: null, destinations: ['turkey', b.destination] }),
      (b) => ({
        target: `${b.destination}-2`,
        targets: [`${b.destination}-2`, b.destination],
        citations: [{ article: `${b.permitId}-article`, quote: 'The embargo stands.' }],
      }),
    )(c)
    await s.enter([c.destinationState, ...records])
    for (const filter of [`case=${c.permitId}-case`, `actor=${c.destination}`])
      expect(await s.list(filter), filter).toMatchObject([
        { rule: 'permit-under-measure', records: [{ record: { slug: c.permitId } }, {}, {}, {}] },
      ])
  })
})

describe('5: an organisation binds its members', () => {
  const under =
    (imposer: string, issuer: string, issued: string | null = '2020') =>
    (c: Builder) => [
      c.permit(issuer),
      c.measure(imposer),
      c.impose('1991-07'),
      c.decide('issued', issued),
    ]
  check([
    ['a member of the EU', under('eu', 'spain'), ['permit-under-measure certain']],
    ['a public body of a member', under('eu', 'licensing-unit'), ['permit-under-measure certain']],
    ['a state that is no member', under('eu', 'canada'), []],
    [
      'a member until then',
      under('eu', 'united-kingdom', '2019'),
      ['permit-under-measure certain'],
    ],
    [
      'a member for a part of that year',
      under('eu', 'united-kingdom'),
      ['permit-under-measure possible'],
    ],
    ['a member no more', under('eu', 'united-kingdom', '2021'), []],
    ['a permit without a date', under('eu', 'spain', null), []],
    [
      'a body of the United Nations',
      under('security-council', 'canada'),
      ['permit-under-measure certain'],
    ],
    [
      'an arrangement that binds by a promise',
      under('wassenaar', 'canada'),
      ['permit-under-measure possible'],
    ],
    ['an organisation that is not in the reference data', under('club', 'canada'), []],
  ])

  test('the finding says that the membership is reference data', async () => {
    const scenario = buildScenario()
    await s.enter([scenario.destinationState, ...under('eu', 'spain', '2020-03')(scenario)])
    const [found] = await s.list(`permit=${scenario.permitId}`)
    expect(found?.sentence).toMatch(
      /^Spain issued an export permit to .* in March 2020, while the European Union’s arms embargo on .* of July 1991 was in force\.$/,
    )
    expect(found?.reason).toContain(
      'Spain was a member of the European Union in March 2020, according to the reference data of the server.',
    )
  })
})

describe('6 and 7: who used the goods, and where', () => {
  const permitted = (c: Builder, given: object = {}) => [
    c.good(),
    c.permit('italy', { items: [{ good: c.goodId }], ...given }),
    c.decide('issued', '2018'),
  ]
  check([
    [
      'an armed group of no known country, at no place',
      (c) => [...permitted(c), c.use('2019', 'the-column')],
      ['diversion possible'],
    ],
    [
      'the same where the permit names an end user',
      (c) => [...permitted(c, { endUser: 'vantor' }), c.use('2019', 'the-column')],
      ['diversion possible'],
    ],
    [
      'the same abroad: who used it is what is open',
      (c) => [...permitted(c), c.use('2019', 'the-column', { place: 'idlib' })],
      ['diversion possible'],
    ],
    ['another state', (c) => [...permitted(c), c.use('2019', 'azerbaijan')], ['diversion certain']],
    [
      'another state, of which only a family two levels above is named',
      (c) => [
        ...permitted(c).map((record) =>
          record.kind === 'good' ? { ...record, family: `${c.goodId}-series` } : record,
        ),
        { ...c.good({ family: `${c.goodId}-family` }), slug: `${c.goodId}-series` },
        { ...c.good(), slug: `${c.goodId}-family` },
        c.use('2019', 'azerbaijan', { goods: [`${c.goodId}-family`] }),
      ],
      ['diversion possible'],
    ],
    [
      'another state abroad',
      (c) => [...permitted(c), c.use('2019', 'azerbaijan', { place: 'idlib' })],
      ['diversion certain'],
    ],
    ['another state before the issue', (c) => [...permitted(c), c.use('2017', 'azerbaijan')], []],
    ['another state, without a date', (c) => [...permitted(c), c.use(null, 'azerbaijan')], []],
    ['the destination at home', (c) => [...permitted(c), c.use('2019', c.destination)], []],
    [
      'the destination abroad',
      (c) => [...permitted(c), c.use('2019', c.destination, { place: 'idlib' })],
      ['use-abroad certain'],
    ],
    [
      'the destination in a place of no known country',
      (c) => [...permitted(c), c.use('2019', c.destination, { place: 'nagorno-karabakh' })],
      ['use-abroad possible'],
    ],
    [
      'somebody whom no source names, abroad',
      (c) => [...permitted(c), c.use('2019', null, { place: 'idlib' })],
      ['use-abroad possible'],
    ],
    [
      'the destination where the permit says that it would',
      (c) => [
        ...permitted(c, { statedEndUse: { text: 'patrols', place: 'idlib' } }),
        c.use('2019', c.destination, { place: 'idlib' }),
      ],
      [],
    ],
    [
      'the destination abroad, against a promise',
      (c) => [
        ...permitted(c),
        c.event('assurance', '2018', {
          participants: [{ actor: c.destination, role: 'assurer' }],
          about: [{ permit: c.permitId }],
          assurance: { endUser: c.destination, use: 'for border guards' },
        }),
        c.event('assurance', '2018', {
          participants: [{ actor: c.destination, role: 'assurer' }],
          about: [{ permit: c.permitId }],
          assurance: { place: 'northern-syria' },
        }),
        c.use('2019', c.destination, { place: 'nagorno-karabakh' }),
      ],
      ['use-abroad possible', 'assurance-contradicted possible'],
    ],
    [
      'without goods or permit',
      (c) => [...permitted(c), c.use('2019', 'azerbaijan', { goods: [] })],
      [],
    ],
  ])
})

describe('8: a delivery while the permit was not valid', () => {
  const delivered =
    (on: string | null, ...steps: [becomes: string, on: string | null][]) =>
    (c: Builder) => [
      c.permit('italy'),
      ...steps.map(([becomes, day]) => c.decide(becomes, day)),
      c.deliver(on),
    ]
  const issued: [string, string] = ['issued', '2018']
  const suspended: [string, string] = ['suspended', '2019-07']
  check([
    [
      'after the suspension',
      delivered('2020-05', issued, suspended),
      ['reversal certain', 'delivery-without-permit certain'],
    ],
    ['before it', delivered('2019-06', issued, suspended), ['reversal certain']],
    [
      'in its year',
      delivered('2019', issued, suspended),
      ['reversal certain', 'delivery-without-permit possible'],
    ],
    [
      'in its month',
      delivered('2019-07', issued, suspended),
      ['reversal certain', 'delivery-without-permit possible'],
    ],
    [
      'on an uncertain day after it',
      delivered('2020-05?', issued, suspended),
      ['reversal certain', 'delivery-without-permit possible'],
    ],
    ['without a date', delivered(null, issued, suspended), ['reversal certain']],
    [
      'after the reinstatement',
      delivered('2020-05', issued, suspended, ['reinstated', '2020-01']),
      ['reversal certain'],
    ],
    [
      'before the reinstatement',
      delivered('2019-10', issued, suspended, ['reinstated', '2020-01']),
      ['reversal certain', 'delivery-without-permit certain'],
    ],
    [
      'after it was cancelled',
      delivered('2020-05', issued, ['cancelled', '2019-07']),
      ['reversal certain', 'delivery-without-permit certain'],
    ],
    [
      'after it expired',
      delivered('2020-05', issued, ['expired', '2019-07']),
      ['delivery-without-permit certain'],
    ],
    [
      'under a refused permit',
      delivered('2020-05', ['refused', '2019-07']),
      ['delivery-without-permit certain'],
    ],
    ['before the issue', delivered('2017', issued), ['delivery-without-permit certain']],
    ['perhaps before the issue', delivered('2018', issued), []],
    [
      'that names another permit',
      (c) => [
        ...delivered('2020-05', issued, suspended)(c).slice(0, -1),
        c.deliver('2020-05', { about: [{ permit: 'wescam-mx15d-baykar-2020' }] }),
      ],
      ['reversal certain'],
    ],
    [
      'that names further permits',
      (c) => [
        ...delivered('2020-05', issued, suspended)(c).slice(0, -1),
        c.deliver('2020-05', {
          about: [{ permit: c.permitId }, { permit: 'wescam-mx15d-baykar-2020' }],
        }),
      ],
      ['reversal certain', 'delivery-without-permit possible'],
    ],
    [
      'after the stated end of validity',
      (c) => [
        c.permit('italy', { validUntil: { edtf: '2019-12-31' } }),
        c.decide('issued', '2018'),
        c.deliver('2020-05'),
      ],
      ['delivery-without-permit possible'],
    ],
  ])
})

describe('10: what another state had refused', () => {
  const refused =
    (on: string | null, given: (c: Builder) => object = () => ({})) =>
    (c: Builder) => [
      c.good({ family: `${c.permitId}-family` }),
      { ...c.good({ designation: `Family ${c.permitId}` }), slug: `${c.permitId}-family` },
      c.permit('italy', { items: [{ good: c.goodId }] }),
      c.decide('issued', '2019'),
      {
        ...c.permit('germany', { items: [{ good: c.goodId }], ...given(c) }),
        slug: `${c.permitId}-refused`,
      },
      c.event('permit-decision', on, {
        effects: [{ permit: `${c.permitId}-refused`, becomes: 'refused' }],
      }),
    ]
  check([
    ['before, the same good', refused('2018'), ['refused-elsewhere certain']],
    [
      'before, its family',
      refused('2018', (c) => ({ items: [{ good: `${c.permitId}-family` }] })),
      ['refused-elsewhere possible'],
    ],
    [
      'before, a good two levels below a family',
      (c) => [
        ...refused('2018', () => ({ items: [{ good: `${c.permitId}-top` }] }))(c).map((record) =>
          record.slug === `${c.permitId}-family`
            ? { ...record, family: `${c.permitId}-top` }
            : record,
        ),
        { ...c.good(), slug: `${c.permitId}-top` },
      ],
      ['refused-elsewhere possible'],
    ],
    [
      'before, a good of another branch of the family',
      (c) => [
        ...refused('2018', () => ({ items: [{ good: `${c.permitId}-cousin` }] }))(c).map(
          (record) =>
            record.slug === `${c.permitId}-family`
              ? { ...record, family: `${c.permitId}-top` }
              : record,
        ),
        { ...c.good(), slug: `${c.permitId}-top` },
        { ...c.good({ family: `${c.permitId}-aunt` }), slug: `${c.permitId}-cousin` },
        { ...c.good({ family: `${c.permitId}-top` }), slug: `${c.permitId}-aunt` },
      ],
      ['refused-elsewhere possible'],
    ],
    ['before, another good', refused('2018', () => ({ items: [{ good: 'mx-15d' }] })), []],
    ['before, without goods', refused('2018', () => ({ items: [] })), []],
    ['in the same year', refused('2019'), ['refused-elsewhere possible']],
    ['after', refused('2020'), []],
    ['without a date', refused(null), []],
    ['for another destination', refused('2018', () => ({ destination: 'turkey' })), []],
    ['for no known destination', refused('2018', () => ({ destination: null })), []],
    ['by a body of the same state', refused('2018', () => ({ issuer: 'licensing-unit' })), []],
    [
      'by a body of no known country',
      refused('2018', () => ({ issuer: 'unit-of-nowhere' })),
      ['refused-elsewhere possible'],
    ],
    [
      'for an end destination',
      refused('2018', (c) => ({ destination: 'turkey', endDestination: c.destination })),
      ['refused-elsewhere certain'],
    ],
  ])
})

describe('13: a measure that was lifted', () => {
  const lifted = (day: string | null, issued: string) => (c: Builder) => [
    c.permit('italy'),
    c.measure('italy'),
    c.impose('2015'),
    c.lift(day),
    c.decide('issued', issued),
  ]
  check([
    ['the day before the issue', lifted('2019-12-31', '2020-01-01'), []],
    [
      'around the issue',
      lifted('2019-12/2020-01', '2020-01-01'),
      ['permit-under-measure possible'],
    ],
    [
      'on the day of the issue',
      lifted('2020-01-01', '2020-01-01'),
      ['permit-under-measure possible'],
    ],
    ['the day after', lifted('2020-01-02', '2020-01-01'), ['permit-under-measure certain']],
    [
      'on a day that is uncertain',
      lifted('2020-06?', '2020-01-01'),
      ['permit-under-measure possible'],
    ],
    [
      'by the event that issues the permit',
      (c) => [
        c.permit('italy'),
        c.measure('italy'),
        c.impose('2015'),
        c.decide('issued', '2020-01', {
          effects: [
            { measure: c.measureId, becomes: 'lifted' },
            { permit: c.permitId, becomes: 'issued' },
          ],
        }),
      ],
      [],
    ],
  ])
})

describe('9: deliveries of more than the permit covers', () => {
  type Amount = number | { low?: number | null; high?: number | null; asStated?: string }
  const delivered =
    (permitted: Amount | null, ...amounts: (Amount | null)[]) =>
    (c: Builder) => [
      c.good(),
      c.permit('italy', { items: [{ good: c.goodId, quantity: permitted, unit: 'bomb' }] }),
      c.decide('issued', '2018'),
      ...amounts.map((quantity) =>
        c.deliver('2019', { items: [{ good: c.goodId, quantity, unit: 'bombs' }] }),
      ),
    ]
  check([
    ['certainly more', delivered(5_000, 3_000, 2_500), ['over-delivery certain']],
    ['as many', delivered(5_000, 3_000, 2_000), []],
    [
      'about as many as are left',
      delivered(5_000, 3_000, { asStated: 'about 2,000' }),
      ['over-delivery possible'],
    ],
    ['at most as many as are left', delivered(5_000, 3_000, { asStated: 'up to 2,000' }), []],
    [
      'more than are left',
      delivered(5_000, 3_000, { asStated: 'over 2,000' }),
      ['over-delivery certain'],
    ],
    ['at least some', delivered(5_000, 3_000, { low: 1, high: null }), []],
    ['a delivery without a quantity', delivered(5_000, 3_000, null), []],
    ['a permit without a quantity', delivered(null, 3_000), []],
    [
      'a permit of almost as many',
      delivered({ asStated: 'almost 5,000' }, 4_900),
      ['over-delivery possible'],
    ],
    [
      'in another unit',
      (c) => [
        ...delivered(5_000, 3_000)(c),
        c.deliver('2019', { items: [{ good: c.goodId, quantity: 9_000, unit: 'kg' }] }),
      ],
      [],
    ],
    [
      'a delivery of other goods',
      (c) => [
        ...delivered(5, 3)(c),
        c.deliver('2019', { items: [{ good: 'mx-15d', quantity: 9 }] }),
      ],
      [],
    ],
  ])

  test('the case of any of its deliveries finds it', async () => {
    const c = buildScenario()
    const deliveries = delivered(5_000, 3_000, 2_500, 100)(c)
    const cases: string[] = []
    for (const record of deliveries.filter(({ type }) => type === 'delivery')) {
      const { slug } = record
      await s.client.post('/v1/cases', { slug: `${slug}-case`, title: 'A case' }).expect(201)
      await s.client
        .post('/v1/articles', {
          slug: `${slug}-article`,
          case: `${slug}-case`,
          title: 'An article of one case',
          text: 'The bombs arrived.',
        })
        .expect(201)
      record.citations = [{ article: `${slug}-article`, quote: 'The bombs arrived.' }]
      cases.push(`${slug}-case`)
    }
    await s.enter([c.destinationState, ...deliveries])
    expect(cases).toHaveLength(3)
    for (const slug of cases)
      expect(await s.list(`case=${slug}`), slug).toMatchObject([{ rule: 'over-delivery' }])
  })

  test('the sentence says what comes to what', async () => {
    const scenario = buildScenario()
    await s.enter([scenario.destinationState, ...delivered(5_000, 3_000, 2_500)(scenario)])
    const [found] = await s.list(`permit=${scenario.permitId}`)
    expect(found?.sentence).toMatch(
      /^Deliveries of 3,000 in 2019 and 2,500 in 2019 under an export permit for 5,000 Bomb .* to .*, which Italy issued in 2018, come to 5,500 Bomb .*\.$/,
    )
  })
})

describe('12: figures and records that do not add up', () => {
  const day = '2021-04-12'
  const cancelled =
    (stated: number | { asStated: string }, records: number, on = day) =>
    (c: Builder) => [
      {
        kind: 'figure',
        slug: `${c.permitId}-figure`,
        title: 'A figure',
        measure: 'cancellations',
        quantity: stated,
        from: 'italy',
        to: c.destination,
        period: { edtf: day },
      },
      ...Array.from({ length: records }, (_, index) => {
        const slug = index === 0 ? c.permitId : `${c.permitId}-${index}`
        return [
          { ...c.permit('italy'), slug },
          c.event('permit-decision', '2018', { effects: [{ permit: slug, becomes: 'issued' }] }),
          c.event('permit-decision', on, { effects: [{ permit: slug, becomes: 'cancelled' }] }),
        ]
      }).flat(),
    ]
  check([
    ['fewer records', cancelled(29, 27), ['reversal certain', 'figures-disagree possible']],
    ['as many records', cancelled(5, 5), ['reversal certain']],
    ['more records', cancelled(4, 5), ['reversal certain', 'figures-disagree certain']],
    ['a figure that fits', cancelled({ asStated: 'over 4' }, 5), ['reversal certain']],
    ['far fewer records: they are incomplete', cancelled(29, 2), ['reversal certain']],
    ['records of another day', cancelled(1, 1, '2021-04-13'), ['reversal certain']],
    ['records that may be of that day', cancelled(5, 5, '2021-04'), ['reversal certain']],
  ])

  test('two figures for the same', async () => {
    const scenario = buildScenario()
    const figure = (slug: string, value: object, given: object = {}): ScenarioRecord => ({
      kind: 'figure',
      slug: `${scenario.permitId}-${slug}`,
      title: 'A figure',
      measure: 'licensed-value',
      value: { currency: 'EUR', ...value },
      from: 'germany',
      to: scenario.destination,
      period: { edtf: '2020' },
      ...given,
    })
    await s.enter([
      scenario.destinationState,
      figure('a', { amount: '752000000' }),
      figure('b', { amount: '763000000' }),
      figure('c', { asStated: 'over €750 million' }),
      figure('d', { amount: '1' }, { period: { edtf: '2019' } }),
      figure('e', { amount: '1' }, { category: 'small arms' }),
    ])
    const found = await s.list(`actor=${scenario.destination}&rule=figures-disagree`)
    expect(found).toMatchObject([
      {
        certainty: 'certain',
        sentence: expect.stringMatching(
          /^One source states licences worth 752,000,000 EUR by Germany for .* in 2020, another licences worth 763,000,000 EUR\.$/,
        ),
        records: [
          { record: { slug: `${scenario.permitId}-a` } },
          { record: { slug: `${scenario.permitId}-b` } },
        ],
      },
    ])
  })
})

describe('14 and 16: judgments, and permits that are first known in a later state', () => {
  check([
    [
      'annulled by a court',
      (c) => [
        c.permit('spain'),
        c.decide('issued', '2019'),
        c.event('judgment', '2020-06', { effects: [{ permit: c.permitId, becomes: 'annulled' }] }),
      ],
      ['reversal certain'],
    ],
    [
      'upheld by a court',
      (c) => [
        c.permit('spain'),
        c.decide('issued', '2019'),
        c.event('judgment', '2020-06', { effects: [{ permit: c.permitId, becomes: 'upheld' }] }),
      ],
      [],
    ],
    [
      'first known as suspended',
      (c) => [c.permit('spain'), c.decide('suspended', '2019-07')],
      ['reversal certain'],
    ],
    [
      'first known as suspended, under an older embargo: the issue may be older',
      (c) => [
        c.permit('spain'),
        c.measure('spain'),
        c.impose('2018'),
        c.decide('suspended', '2019-07'),
      ],
      ['reversal possible', 'reversal certain'],
    ],
    [
      'first known as suspended, and delivered after that',
      (c) => [c.permit('spain'), c.decide('suspended', '2019-07'), c.deliver('2020')],
      ['reversal certain', 'delivery-without-permit certain'],
    ],
  ])
})

describe('15: a subsidiary exports under the permit of another state', () => {
  const owned =
    (owner: string, given: object = {}) =>
    (c: Builder) => [
      {
        kind: 'actor',
        slug: `${c.permitId}-maker`,
        type: 'company',
        name: 'Kelvex',
        country: 'IT',
      },
      {
        kind: 'affiliation',
        slug: `${c.permitId}-owner`,
        type: 'ownership',
        actor: owner,
        organisation: `${c.permitId}-maker`,
        role: 'owner',
        share: 84,
      },
      c.permit('italy', { exporter: `${c.permitId}-maker`, ...given }),
      c.measure('germany'),
      c.impose('2017'),
      c.decide('issued', '2018'),
    ]
  check([
    ['the state of the owner has an embargo', owned('kordia'), ['offshore-supply possible']],
    ['an owner of another state', owned('vantor'), []],
    ['an owner of no known country', owned('nameless'), []],
    ['another exporter', owned('kordia', { exporter: 'vantor' }), []],
    ['no exporter on record', owned('kordia', { exporter: null }), []],
    [
      'an embargo of later',
      (c) =>
        owned('kordia')(c).map((one) =>
          one.type === 'measure-decision' ? { ...one, on: { edtf: '2019' } } : one,
        ),
      [],
    ],
  ])

  test('ownership and both laws are named', async () => {
    const scenario = buildScenario()
    await s.enter([scenario.destinationState, ...owned('kordia')(scenario)])
    const [found] = await s.list(`permit=${scenario.permitId}`)
    expect(found?.sentence).toMatch(
      /^Italy issued an export permit to .* in 2018; the exporter, Kelvex, belongs to Kordia of Germany \(84 per cent\), and Germany’s arms embargo on .* of 2017 was in force\.$/,
    )
    expect(found?.neededForCertainty).toEqual([
      'Whether the measure applies to subsidiaries abroad.',
    ])
  })
})

describe('what must not change findings', () => {
  const build = (c: Builder) => [
    c.destinationState,
    c.good(),
    c.permit('italy', { items: [{ good: c.goodId, quantity: 5, unit: 'bomb' }] }),
    c.measure('italy', { scope: 'aircraft bombs' }),
    c.impose('2017'),
    c.decide('issued', '2018'),
    c.decide('suspended', '2019'),
    c.deliver('2020', { items: [{ good: c.goodId, quantity: 6, unit: 'bomb' }] }),
    c.use('2020', 'the-column'),
  ]

  test('unrelated records', async () => {
    const scenario = buildScenario()
    await s.enter(build(scenario))
    const before = await s.list(`permit=${scenario.permitId}`)
    expect(before.map(({ rule }) => rule)).toEqual([
      'permit-under-measure',
      'diversion',
      'reversal',
      'delivery-without-permit',
      'over-delivery',
    ])
    await s.enter(build(buildScenario()))
    expect(await s.list(`permit=${scenario.permitId}`)).toEqual(before)
  })

  test('other names', async () => {
    const scenario = buildScenario()
    await s.enter(build(scenario))
    const outline = async () =>
      (await s.list(`permit=${scenario.permitId}`)).map(({ rule, certainty, records }) => [
        rule,
        certainty,
        records.map(({ role, record }) => [role, record.slug]),
      ])
    const before = await outline()
    for (const [path, patch] of [
      [`permits/${scenario.permitId}`, { title: 'Quite another title' }],
      [`measures/${scenario.measureId}`, { title: 'A bar' }],
      [`goods/${scenario.goodId}`, { designation: 'Something else' }],
      ['actors/the-column', { name: 'The Regiment' }],
    ] as const)
      expect((await s.client.patch(`/v1/${path}`, patch)).status).toBe(200)
    expect(await outline()).toEqual(before)
  })
})
