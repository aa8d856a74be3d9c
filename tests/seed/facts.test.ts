import { beforeAll, describe, expect, test } from 'vitest'
import { useApp } from '../harness/app.ts'
import {
  extractFacts,
  type FullRecord,
  formatVoices,
  readAllRecords,
  readEntries,
  readSlugs,
} from '../harness/record-reader.ts'

/** What the document says, one by one, as the running API answers it. */

const t = useApp()

let records: FullRecord[]
beforeAll(async () => {
  records = await readAllRecords(t)
})

const read = async (path: string) => (await t.api.get(path).expect(200)).body
const isUnsure = ({ confidence }: { confidence: number | null }) => confidence !== null
const quotesOn = (record: FullRecord, field: string) =>
  record.citations.filter((citation) => citation.field === field).map(({ quote }) => quote)

describe('actors', () => {
  const actors = [
    ['canada', 'state', 'Canada', 'CA', ['Ottawa']],
    ['turkey', 'state', 'Turkey', 'TR', ['Ankara']],
    ['azerbaijan', 'state', 'Azerbaijan', 'AZ', []],
    ['armenia', 'state', 'Armenia', 'AM', []],
    ['syria', 'state', 'Syria', 'SY', []],
    ['baykar', 'company', 'Baykar', 'TR', []],
    ['l3harris-wescam', 'company', 'L3Harris Wescam', 'CA', ['Wescam']],
    ['project-ploughshares', 'organisation', 'Project Ploughshares', null, []],
    [
      'house-of-commons-foreign-affairs-committee',
      'public-body',
      'House of Commons foreign affairs committee',
      null,
      [],
    ],
    ['justin-trudeau', 'person', 'Justin Trudeau', null, []],
    ['marta-morgan', 'person', 'Marta Morgan', null, []],
    ['francois-philippe-champagne', 'person', 'François-Philippe Champagne', null, []],
    ['kelsey-gallagher', 'person', 'Kelsey Gallagher', null, []],
    ['the-globe-and-mail', 'publisher', 'The Globe and Mail', null, []],
    ['panarmenian-net', 'publisher', 'PanARMENIAN.Net', null, []],
  ] as const

  test.each(actors)('%s is a %s', async (slug, type, name, country, aliases) => {
    expect(extractFacts(await read(`/v1/actors/${slug}`))).toEqual({
      slug,
      type,
      name,
      country,
      identifiers: [],
      aliases: aliases.map((alias) => ({ name: alias, language: 'en' })),
    })
  })

  test('are exactly these fifteen', async () => {
    expect((await readSlugs(t, '/v1/actors')).sort()).toEqual(actors.map(([slug]) => slug).sort())
  })
})

describe('posts, as the text gives them', () => {
  test.each([
    ['justin-trudeau', 'canada', 'Prime Minister', '2020', 'last year'],
    ['marta-morgan', 'canada', 'deputy minister of foreign affairs', '2020-05-06', 'May 6, 2020'],
    [
      'francois-philippe-champagne',
      'canada',
      'foreign affairs minister',
      '2020-05-06',
      'May 6, 2020',
    ],
    ['kelsey-gallagher', 'project-ploughshares', 'researcher', '2021-01/2021-05', null],
  ] as const)('%s', async (actor, organisation, role, edtf, asStated) => {
    const { data } = await read(`/v1/affiliations?actor=${actor}`)
    expect(data).toEqual([expect.objectContaining({ role })])
    expect(data[0]).toMatchObject({
      actor: { slug: actor },
      organisation: { slug: organisation },
      during: { edtf, asStated },
    })
  })

  test('an organisation that the text does not state has a confidence below 1', async () => {
    const unsure = records
      .filter(({ kind, citations }) => kind === 'affiliation' && citations.some(isUnsure))
      .map(({ slug }) => slug)
    expect(unsure.sort()).toEqual([
      'champagne-foreign-affairs-minister',
      'morgan-deputy-minister-of-foreign-affairs',
      'trudeau-prime-minister',
    ])
  })

  test('are exactly these four', async () => {
    expect(await readEntries(t, '/v1/affiliations')).toHaveLength(4)
  })
})

describe('goods', () => {
  test('the MX-15D is made by L3Harris Wescam and part of the Wescam imaging technology', async () => {
    expect(extractFacts(await read('/v1/goods/mx-15d'))).toEqual({
      slug: 'mx-15d',
      designation: 'MX-15D',
      description: 'air-strike targeting system',
      manufacturer: 'l3harris-wescam',
      family: 'wescam-imaging-technology',
      controlEntries: [],
      members: [],
    })
  })

  test('the family is imaging and targeting technology made by L3Harris Wescam', async () => {
    expect(extractFacts(await read('/v1/goods/wescam-imaging-technology'))).toEqual({
      slug: 'wescam-imaging-technology',
      designation: 'Wescam imaging technology',
      description:
        'Restricted Canadian imaging technology; also called Canadian-made air-strike targeting gear',
      manufacturer: 'l3harris-wescam',
      family: null,
      controlEntries: [],
      members: ['mx-15d'],
    })
  })

  test('the drones are Turkish-made: neither model nor maker is named', async () => {
    expect(extractFacts(await read('/v1/goods/turkish-made-drones'))).toEqual({
      slug: 'turkish-made-drones',
      designation: 'Turkish-made drones',
      description: null,
      manufacturer: null,
      family: null,
      controlEntries: [],
      members: [],
    })
    expect(JSON.stringify(records)).not.toMatch(/TB-?2|Bayraktar|Akıncı|Akinci|Anka\b/i)
  })

  test('are exactly these three', async () => {
    expect(await readEntries(t, '/v1/goods')).toHaveLength(3)
  })
})

describe('the permit', () => {
  const path = '/v1/permits/wescam-mx15d-baykar-2020'

  test('has exactly the facts of the text', async () => {
    const permit = await read(path)
    expect(extractFacts(permit)).toEqual({
      slug: 'wescam-mx15d-baykar-2020',
      title: 'Export permits for seven MX-15D air-strike targeting systems to Baykar',
      type: null,
      number: null,
      issuer: 'canada',
      exporter: 'l3harris-wescam',
      consignee: 'baykar',
      endUser: null,
      destination: 'turkey',
      destinations: ['turkey'],
      endDestination: null,
      parties: [],
      permitCount: null,
      permitCountRange: null,
      items: [
        {
          good: 'mx-15d',
          quantity: 7,
          quantityRange: { low: 7, high: 7, excludes: null, asStated: null },
          unit: 'system',
          controlEntries: [],
          value: null,
        },
      ],
      value: null,
      validUntil: null,
      legalBasis: null,
      exceptionRelied: 'exceptional circumstances',
      statedEndUse: { text: 'to safeguard civilians', place: 'idlib' },
      restrictions: 'authorized for export to Turkey only',
      status: 'issued',
      issuedOn: '2020-05',
      history: [{ becomes: 'issued', on: '2020-05', event: 'canada-issues-permits-for-baykar' }],
    })
    expect(permit.statedEndUse.place).toMatchObject({ name: 'Idlib', country: 'SY' })
  })

  test('was issued "last May", which is May of 2020', async () => {
    expect((await read(path)).issuedOn).toEqual({
      edtf: '2020-05',
      asStated: 'last May',
      reasoning: expect.stringContaining('"last May"'),
      earliest: '2020-05-01',
      latest: '2020-05-31',
    })
  })

  test.each([
    ['items.0.quantity', 'seven MX-15D air-strike targeting systems'],
    [
      'exceptionRelied',
      'In the memo, Morgan said this represents an “exceptional circumstances” case.',
    ],
    ['restrictions', 'The Wescam gear had been authorized for export to Turkey only.'],
    ['destination', 'That green light for shipments to Turkey came despite an arms embargo'],
  ])('its %s cites its words', async (field, quote) => {
    expect(quotesOn(await read(path), field)).toEqual([quote])
  })

  test('seven is the number of systems, not of permits', async () => {
    expect(await readEntries(t, '/v1/permits')).toHaveLength(1)
    expect(JSON.stringify(await read(path))).not.toMatch(/\b(one|two|seven|7) permits?\b/i)
  })

  test('a citation that implies a field has a confidence below 1', async () => {
    const unsure = (await read(path)).citations.filter(isUnsure)
    expect(unsure.map(({ field }: { field: string }) => field)).toEqual([
      'exporter',
      'exceptionRelied',
      'restrictions',
    ])
  })
})

describe('the embargo', () => {
  const path = '/v1/measures/canada-arms-embargo-turkey-2019'

  test('is on most categories of military gear, over the conduct in northern Syria', async () => {
    expect(extractFacts(await read(path))).toEqual({
      slug: 'canada-arms-embargo-turkey-2019',
      title: 'Canadian arms embargo on Turkey in place since late 2019',
      imposer: 'canada',
      target: 'turkey',
      targets: ['turkey'],
      legalForm: 'embargo',
      legalInstrument: null,
      scopeItems: [],
      statedEnd: null,
      scope: 'most categories of military gear',
      exceptions: null,
      reason: { text: "Ankara's conduct in northern Syria", place: 'northern-syria' },
      status: 'in-force',
      inForce: [{ from: '2019-10/2019-12', to: null }],
      history: [
        { becomes: 'imposed', on: '2019-10/2019-12', event: 'canada-bars-arms-exports-to-turkey' },
      ],
    })
  })

  test('is in place since "late 2019"', async () => {
    expect((await read(path)).inForce[0].from).toEqual({
      edtf: '2019-10/2019-12',
      asStated: 'late 2019',
      reasoning: expect.stringContaining('last quarter'),
      earliest: '2019-10-01',
      latest: '2019-12-31',
    })
  })

  test('was certainly in force when the permit was issued', async () => {
    const { inForce } = await read(path)
    const { issuedOn } = await read('/v1/permits/wescam-mx15d-baykar-2020')
    const certainly = inForce.filter(
      ({ from, to }: { from: { latest: string }; to: { earliest: string } | null }) =>
        from.latest < issuedOn.earliest && (to === null || to.earliest > issuedOn.latest),
    )
    expect(certainly).toHaveLength(1)
  })

  test('is linked to the permit by an event', async () => {
    expect(await readSlugs(t, '/v1/permits?measure=canada-arms-embargo-turkey-2019')).toEqual([
      'wescam-mx15d-baykar-2020',
    ])
  })
})

describe('the suspension', () => {
  const path = '/v1/measures/canada-drone-technology-suspension'

  test('is of sophisticated Canadian drone technology, after reports of the use', async () => {
    expect(extractFacts(await read(path))).toEqual({
      slug: 'canada-drone-technology-suspension',
      title: 'Canadian suspension of exports of sophisticated drone technology to Turkey',
      imposer: 'canada',
      target: 'turkey',
      targets: ['turkey'],
      legalForm: 'suspension',
      legalInstrument: null,
      scopeItems: [],
      statedEnd: null,
      scope: 'sophisticated Canadian drone technology',
      exceptions: null,
      reason: {
        text: 'after reports that the Turkish drones were used against Armenians in Nagorno-Karabakh',
        place: 'nagorno-karabakh',
      },
      status: 'in-force',
      inForce: [{ from: '2020/2021-05', to: null }],
      history: [
        {
          becomes: 'imposed',
          on: '2020/2021-05',
          event: 'canada-suspends-drone-technology-exports',
        },
      ],
    })
  })

  test('affects no permit', async () => {
    const touching = await readEntries(t, '/v1/events?measure=canada-drone-technology-suspension')
    expect(touching.map(({ slug }) => slug)).toEqual(['canada-suspends-drone-technology-exports'])
    for (const { about, effects } of touching)
      for (const { permit } of [about, effects].flat() as { permit: unknown }[])
        expect(permit).toBeNull()
    expect(await readSlugs(t, '/v1/permits?measure=canada-drone-technology-suspension')).toEqual([])
    const { status, history } = await read('/v1/permits/wescam-mx15d-baykar-2020')
    expect([status, history.length]).toEqual(['issued', 1])
  })

  test('there are exactly two measures', async () => {
    expect(await readEntries(t, '/v1/measures')).toHaveLength(2)
  })
})

describe('events', () => {
  const issued = { permit: 'wescam-mx15d-baykar-2020', measure: null }
  const embargo = { permit: null, measure: 'canada-arms-embargo-turkey-2019' }
  const events = [
    {
      slug: 'canada-bars-arms-exports-to-turkey',
      type: 'measure-decision',
      on: '2019-10/2019-12',
      asStated: 'late 2019',
      participants: ['canada imposer', 'turkey target'],
      effects: [{ ...embargo, becomes: 'imposed' }],
    },
    {
      slug: 'turkey-presses-canada',
      type: 'request',
      on: '../2020-05',
      asStated: null,
      participants: ['turkey requester', 'canada addressee'],
      goods: ['wescam-imaging-technology'],
      about: [issued],
    },
    {
      slug: 'ankara-gives-assurances',
      type: 'assurance',
      on: '../2020-05',
      asStated: null,
      participants: ['turkey assurer', 'canada addressee'],
      goods: ['wescam-imaging-technology'],
      about: [issued],
      assurance: { endUser: null, place: 'syria', use: 'only to protect civilians under attack' },
    },
    {
      slug: 'morgan-memo-recommends-export',
      type: 'recommendation',
      on: '2020-05-06',
      asStated: 'May 6, 2020',
      participants: ['marta-morgan author', 'francois-philippe-champagne addressee'],
      goods: ['wescam-imaging-technology'],
      about: [issued],
    },
    {
      slug: 'canada-issues-permits-for-baykar',
      type: 'permit-decision',
      on: '2020-05',
      asStated: 'last May',
      participants: ['canada issuer', 'baykar consignee'],
      goods: ['mx-15d'],
      about: [embargo],
      effects: [{ ...issued, becomes: 'issued' }],
    },
    {
      slug: 'azerbaijan-operates-drones-with-wescam-technology',
      type: 'use',
      on: '2020',
      asStated: '2020',
      place: 'nagorno-karabakh',
      participants: ['azerbaijan user', 'armenia opponent'],
      goods: ['wescam-imaging-technology', 'turkish-made-drones'],
    },
    {
      slug: 'reports-of-drone-use-in-nagorno-karabakh',
      type: 'report',
      on: '2020/2021-05',
      asStated: null,
      participants: [],
      goods: ['turkish-made-drones'],
    },
    {
      slug: 'canada-suspends-drone-technology-exports',
      type: 'measure-decision',
      on: '2020/2021-05',
      asStated: 'After reports surfaced',
      participants: ['canada imposer', 'turkey target'],
      effects: [
        { permit: null, measure: 'canada-drone-technology-suspension', becomes: 'imposed' },
      ],
    },
    {
      slug: 'committee-inquiry',
      type: 'inquiry',
      on: '2020/2021-05',
      asStated: null,
      participants: ['house-of-commons-foreign-affairs-committee investigator'],
      goods: ['wescam-imaging-technology', 'turkish-made-drones'],
    },
    {
      slug: 'documents-made-public',
      type: 'disclosure',
      on: '2021-01/2021-05',
      asStated: 'on Friday',
      participants: ['house-of-commons-foreign-affairs-committee addressee'],
      about: [issued, embargo],
    },
    {
      slug: 'gallagher-asks-why',
      type: 'statement',
      on: '2021-01/2021-05',
      asStated: null,
      participants: ['kelsey-gallagher speaker', 'canada subject'],
      about: [issued, embargo],
    },
    {
      slug: 'globe-and-mail-reports',
      type: 'report',
      on: '2021-01/2021-05',
      asStated: null,
      participants: ['the-globe-and-mail reporter'],
      about: [issued, embargo],
    },
  ]

  test.each(events)('$slug: $type, $on', async ({ slug, asStated, participants, ...stated }) => {
    const event = await read(`/v1/events/${slug}`)
    expect(extractFacts(event)).toEqual({
      place: null,
      goods: [],
      items: [],
      victims: [],
      about: [],
      effects: [],
      assurance: null,
      slug,
      title: expect.any(String),
      description: event.description,
      ...stated,
      participants: participants.map((participant) => {
        const [actor, role] = participant.split(' ')
        return { actor, role }
      }),
    })
    expect(event.on.asStated).toBe(asStated)
  })

  test('are exactly these twelve', async () => {
    const known = events.map(({ slug }) => slug).sort()
    expect((await readSlugs(t, '/v1/events')).sort()).toEqual(known)
  })

  test('an inferred date has a reasoning', async () => {
    for (const { slug, on } of await readEntries(t, '/v1/events')) {
      const { asStated, reasoning } = on as { asStated: string | null; reasoning: string | null }
      if (asStated !== 'May 6, 2020') expect(reasoning, slug).toMatch(/\w{3,}/)
    }
  })

  test('the stated words of a date occur in the text', async () => {
    const { body } = await read('/v1/articles/turkey-pressed-canada')
    for (const { on } of [
      ...(await readEntries(t, '/v1/events')),
      ...(await readEntries(t, '/v1/affiliations')).map(({ during }) => ({ on: during })),
    ]) {
      const { asStated } = on as { asStated: string | null }
      if (asStated !== null) expect(body).toContain(asStated)
    }
  })

  const voicesOf = async (slug: string, field: string) => {
    const { citations } = await read(`/v1/events/${slug}`)
    return (citations as FullRecord['citations'])
      .filter((citation) => citation.field === field)
      .map(formatVoices)
  }
  const shown = ['"Canadian government documents"', 'the-globe-and-mail', 'panarmenian-net']

  test('the grounds: Turkey gave them, the documents show it, The Globe and Mail reports it', async () => {
    expect(await voicesOf('turkey-presses-canada', 'description')).toEqual([['turkey', ...shown]])
  })

  test('that Turkey pressed is the word of the documents, not its own', async () => {
    expect((await voicesOf('turkey-presses-canada', 'type'))[0]).toEqual(shown)
    expect(await voicesOf('turkey-presses-canada', 'title')).toEqual([shown])
  })

  test('the documents show that there were assurances; what they promise is Turkey’s word', async () => {
    expect(await voicesOf('ankara-gives-assurances', 'type')).toEqual([shown])
    expect(await voicesOf('ankara-gives-assurances', 'assurance')).toEqual([['turkey', ...shown]])
  })

  test('the memo speaks for itself before the newspaper does', async () => {
    const { citations } = await read('/v1/events/morgan-memo-recommends-export')
    const [memo] = citations as FullRecord['citations']
    expect(formatVoices(memo as FullRecord['citations'][number])).toEqual([
      'marta-morgan',
      '"A May 6, 2020, memo"',
      'the-globe-and-mail',
      'panarmenian-net',
    ])
  })

  test('the use in Karabakh is of the technology: that it was the seven MX-15D is not said', async () => {
    expect(await readSlugs(t, '/v1/events?good=mx-15d')).toEqual([
      'canada-issues-permits-for-baykar',
    ])
  })
})
