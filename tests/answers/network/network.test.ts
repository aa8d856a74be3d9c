import { beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, useApp } from '../../harness/app.ts'
import {
  buildActor,
  buildCitation,
  buildEvent,
  buildGood,
  buildPermit,
  storeRecords,
} from '../../harness/record-builders.ts'

const seeded = useApp()
const t = useApp({ CACHE_MB: 0 })

type Node = {
  id: string
  slug: string
  kind: string
  distance: number
  expanded: string
  href: string
}
type Citation = {
  id: string
  field: string | null
  quote: string
  confidence: number | null
  article: { slug: string }
}
type Edge = {
  type: string
  source: string
  target: string
  recordsTotal: number
  records: {
    record: { id: string; slug: string; href: string }
    kind: string
    on: { edtf: string } | null
    fields: string[]
    citations: Citation[]
  }[]
}
type Found = {
  nodes: Node[]
  edges: Edge[]
  complete: boolean
  message: string | null
  cut: { record: { slug: string }; relation: string; followed: number }[]
  nodesLeftOut: number
  length: number | null
  paths: string[][]
}

const get = async (of: TestApp, query: string): Promise<Found> =>
  (await of.api.get(`/v1/network${query}`).expect(200)).body

const slugsOf = ({ nodes }: Found) => new Map(nodes.map(({ id, slug }) => [id, slug]))
const edgesOf = (found: Found): string[] => {
  const slugs = slugsOf(found)
  return found.edges.map(
    ({ type, source, target }) => `${slugs.get(source)} ${type} ${slugs.get(target)}`,
  )
}
const pathsOf = (found: Found) => {
  const slugs = slugsOf(found)
  return found.paths.map((path) => path.map((id) => slugs.get(id)))
}

/** An authority with 60 permits for as many companies, of which the first is the oldest. */
beforeAll(async () => {
  const many = Array.from({ length: 60 }, (_, index) => index)
  await storeRecords(
    t.database,
    buildActor({ slug: 'hub', type: 'state', name: 'Ruritania' }),
    buildActor({ slug: 'other-hub', type: 'state', name: 'Strelsau' }),
    buildActor({ slug: 'alone' }),
    ...many.map((index) => buildActor({ slug: `company-${index}` })),
    buildGood({ slug: 'gun' }),
  )
  await storeRecords(
    t.database,
    buildPermit({ slug: 'shared', issuer: 'hub', destination: 'other-hub' }),
    buildPermit({ slug: 'no', issuer: 'alone', exporter: 'company-0', consignee: 'company-1' }),
  )
  for (const [who, other] of [
    ['hub', 'exporter'],
    ['other-hub', 'consignee'],
  ] as const)
    await storeRecords(
      t.database,
      ...many.map((index) =>
        buildPermit({ slug: `${who}-${index}`, issuer: who, [other]: `company-${index}` }),
      ),
    )
  await storeRecords(
    t.database,
    buildEvent({
      type: 'permit-decision',
      participants: [{ actor: 'alone', role: 'issuer' }],
      effects: [{ permit: 'no', becomes: 'refused' }],
    }),
    buildEvent({
      slug: 'crowded',
      type: 'report',
      participants: [
        { actor: 'alone', role: 'reporter' },
        ...many.map((index) => ({ actor: `company-${index}`, role: 'subject' })),
        ...many.map((index) => ({ actor: `company-${index}`, role: 'user' })),
      ],
    }),
  )
})

describe('GET /v1/network', () => {
  test('returns the actors, permits, measures and events around Turkey', async () => {
    const found = await get(seeded, '?actor=turkey')
    expect(found).toMatchObject({ complete: true, message: null, cut: [], nodesLeftOut: 0 })
    expect(found.nodes.map(({ kind, slug, distance }) => `${distance} ${kind} ${slug}`)).toEqual([
      '0 actor turkey',
      '1 actor canada',
      '1 good wescam-imaging-technology',
      '1 measure canada-arms-embargo-turkey-2019',
      '1 measure canada-drone-technology-suspension',
      '1 permit wescam-mx15d-baykar-2020',
    ])
    expect(
      edgesOf(found).filter((edge) => edge.includes('turkey ') || edge.endsWith(' turkey')),
    ).toEqual([
      'turkey assured canada',
      'turkey assured wescam-imaging-technology',
      'turkey assured wescam-mx15d-baykar-2020',
      'wescam-mx15d-baykar-2020 destined-for turkey',
      'turkey pressed canada',
      'turkey pressed wescam-imaging-technology',
      'turkey pressed wescam-mx15d-baykar-2020',
      'canada-arms-embargo-turkey-2019 targeted turkey',
      'canada-drone-technology-suspension targeted turkey',
    ])
  })

  test('returns the parties, goods, events and measures around the permit', async () => {
    const found = await get(seeded, '?permit=wescam-mx15d-baykar-2020')
    expect(edgesOf(found)).toEqual(
      expect.arrayContaining([
        'canada issued wescam-mx15d-baykar-2020',
        'l3harris-wescam exported wescam-mx15d-baykar-2020',
        'baykar received wescam-mx15d-baykar-2020',
        'marta-morgan recommended wescam-mx15d-baykar-2020',
        'wescam-mx15d-baykar-2020 covers mx-15d',
        'wescam-mx15d-baykar-2020 set-against canada-arms-embargo-turkey-2019',
        'kelsey-gallagher spoke wescam-mx15d-baykar-2020',
        'the-globe-and-mail reported wescam-mx15d-baykar-2020',
        'house-of-commons-foreign-affairs-committee informed wescam-mx15d-baykar-2020',
      ]),
    )
  })

  test('returns goods, uses, families, makers and posts', async () => {
    const edges = edgesOf(await get(seeded, '?good=wescam-imaging-technology&depth=3'))
    expect(edges).toEqual(
      expect.arrayContaining([
        'azerbaijan used wescam-imaging-technology',
        'azerbaijan used-against armenia',
        'l3harris-wescam manufactured wescam-imaging-technology',
        'mx-15d belongs-to wescam-imaging-technology',
        'marta-morgan held-post canada',
        'house-of-commons-foreign-affairs-committee inquired wescam-imaging-technology',
      ]),
    )
  })

  test('each edge has its records and the citations of its fields', async () => {
    const found = await get(seeded, '?actor=canada&depth=4&limit=500')
    expect(found.complete).toBe(true)
    for (const { records, recordsTotal, type } of found.edges) {
      expect(records).toHaveLength(recordsTotal)
      for (const { record, fields, citations } of records) {
        const whole = (await seeded.api.get(record.href).expect(200)).body
        expect(citations.length, `${type} ${record.slug}`).toBeGreaterThan(0)
        for (const citation of citations) {
          const {
            prefix,
            suffix,
            value,
            voices,
            state,
            stateReason,
            fragment,
            source,
            sourceConfidence,
            ...own
          } = whole.citations.find(({ id }: Citation) => id === citation.id)
          expect(citation).toEqual({ ...own, href: `/v1/citations/${own.id}` })
          expect(
            fields.some(
              (field) => field === citation.field || field.startsWith(`${citation.field}.`),
            ),
            `${record.slug} ${fields} ${citation.field}`,
          ).toBe(true)
        }
      }
    }
    const exported = found.edges.find(({ type }) => type === 'exported')
    expect(exported?.records[0]?.citations[0]?.confidence).toBe(0.8)
    const imposed = found.edges.find(({ type }) => type === 'imposed')
    expect(imposed?.records.map(({ kind, on }) => [kind, on?.edtf])).toEqual(
      expect.arrayContaining([
        ['measure', undefined],
        ['event', '2019-10/2019-12'],
      ]),
    )
  })

  test('a refused permit has no edges of issue and export', async () => {
    const found = await get(t, '?permit=no')
    expect(edgesOf(found).sort()).toEqual([
      'alone refused no',
      'company-0 named-on no',
      'company-1 named-on no',
    ])
  })

  test('an edge of an uncited field has the citations of the record', async () => {
    const { edges } = await get(t, '?permit=no')
    for (const { records } of edges)
      for (const { citations } of records)
        expect(citations[0]?.quote).toBe('Turkey had pressed Ottawa')
  })

  test('follows the latest records of a hub, always the same, and reports it', async () => {
    const found = await get(t, '?actor=hub&limit=500')
    expect(found.nodes).toHaveLength(26)
    expect(
      found.nodes
        .filter(({ kind }) => kind === 'permit')
        .map(({ slug }) => slug)
        .sort(),
    ).toEqual(Array.from({ length: 25 }, (_, index) => `hub-${59 - index}`).sort())
    expect(found).toMatchObject({ complete: false, nodesLeftOut: 0 })
    expect(found.cut).toMatchObject([
      { record: { slug: 'hub' }, relation: 'permits issued', followed: 25 },
    ])
    expect(found.message).toBe(
      'Only the latest connections of Ruritania were followed (see `cut`).',
    )
    expect(found.nodes[0]).toMatchObject({ slug: 'hub', expanded: 'part' })
    expect(await get(t, '?actor=hub&limit=500')).toEqual(found)
  })

  test('keeps the `limit` nodes with the most connections, and counts the others', async () => {
    const found = await get(t, '?actor=hub&depth=4&limit=10')
    expect(found.nodes).toHaveLength(10)
    expect(found.nodesLeftOut).toBeGreaterThan(0)
    expect(found.message).toContain('`limit` is 10')
    const ids = new Set(found.nodes.map(({ id }) => id))
    for (const { source, target } of found.edges)
      expect([ids.has(source), ids.has(target)]).toEqual([true, true])
    expect(await get(t, '?actor=hub&depth=4&limit=10')).toEqual(found)
  })

  test.each([
    // `limit`, and how many records of the hub are followed: two for each node that still fits, at most 25.
    [2, 2],
    [3, 4],
    [10, 18],
    [13, 24],
    [14, 25],
    [500, 25],
  ])('with `limit` %i follows %i records of a hub', async (limit, followed) => {
    const found = await get(t, `?actor=hub&depth=1&limit=${limit}`)
    expect(found.cut).toMatchObject([
      { record: { slug: 'hub' }, relation: 'permits issued', followed },
    ])
    expect(found.nodes).toHaveLength(Math.min(limit, followed + 1))
    expect(found.nodesLeftOut).toBe(followed + 1 - found.nodes.length)
  })

  test('reports records with more references than are read', async () => {
    const found = await get(t, '?actor=alone&limit=500')
    expect(found.cut).toMatchObject([
      { record: { slug: 'crowded' }, relation: 'participants', followed: 100 },
    ])
    expect(edgesOf(found).filter((edge) => edge.startsWith('alone reported '))).toHaveLength(60)
  })

  test('each depth adds one step', async () => {
    const sizes = []
    for (const depth of [1, 2, 3, 4])
      sizes.push(
        (await get(seeded, `?actor=armenia&depth=${depth}`)).nodes
          .map(({ distance }) => distance)
          .at(-1),
      )
    expect(sizes).toEqual([1, 2, 3, 4])
  })

  test.each([
    ['', 'invalid-request'],
    ['?actor=turkey&good=mx-15d', 'invalid-request'],
    ['?actor=turkey&depth=5', 'invalid-request'],
    ['?actor=turkey&depth=0', 'invalid-request'],
    ['?actor=turkey&depth=1e9', 'invalid-request'],
    ['?actor=turkey&limit=501', 'invalid-request'],
    ['?actor=turkey&actor=canada', 'invalid-request'],
    ['?actor=%00', 'invalid-request'],
    ['?actor=turky', 'unknown-reference'],
    ['?permit=turkey', 'unknown-reference'],
    ['?actor=turkey&format=pdf', 'invalid-request'],
  ])('400 for %s', async (query, code) => {
    const { body } = await seeded.api.get(`/v1/network${query}`).expect(400)
    expect(body.type).toBe(`/problems/${code}`)
  })

  test('404 suggests the nearest slug', async () => {
    const { body } = await seeded.api.get('/v1/network?actor=turky').expect(400)
    expect(body.errors).toEqual([
      { pointer: '/query/actor', detail: 'No actor has the slug "turky". Did you mean "turkey"?' },
    ])
  })
})

describe('GET /v1/network/paths', () => {
  test('returns the path between Azerbaijan and the maker of the technology', async () => {
    const found = await get(seeded, '/paths?from=azerbaijan&to=l3harris-wescam')
    expect(found).toMatchObject({ length: 2, complete: true, message: null })
    expect(pathsOf(found)).toEqual([['azerbaijan', 'wescam-imaging-technology', 'l3harris-wescam']])
    expect(edgesOf(found)).toEqual([
      'l3harris-wescam manufactured wescam-imaging-technology',
      'azerbaijan used wescam-imaging-technology',
    ])
    for (const { records } of found.edges)
      for (const { citations } of records) expect(citations.length).toBeGreaterThan(0)
  })

  test('returns exactly all shortest paths', async () => {
    const found = await get(seeded, '/paths?from=azerbaijan&to=baykar')
    const paths = pathsOf(found)
    expect(found.length).toBe(4)
    expect(paths).toHaveLength(6)
    expect(paths).toContainEqual([
      'azerbaijan',
      'wescam-imaging-technology',
      'mx-15d',
      'wescam-mx15d-baykar-2020',
      'baykar',
    ])
    for (const path of paths)
      expect([path.length, path[0], path[4]]).toEqual([5, 'azerbaijan', 'baykar'])
    const back = await get(seeded, '/paths?from=baykar&to=azerbaijan')
    expect(
      pathsOf(back)
        .map((path) => path.toReversed().join())
        .sort(),
    ).toEqual(paths.map((path) => path.join()).sort())
  })

  test('every step of every path is an edge of the answer', async () => {
    const found = await get(seeded, '/paths?from=azerbaijan&to=baykar')
    const steps = new Set(
      found.edges.flatMap(({ source, target }) => [`${source} ${target}`, `${target} ${source}`]),
    )
    for (const path of found.paths)
      for (const [index, id] of path.slice(1).entries())
        expect(steps).toContain(`${path[index]} ${id}`)
  })

  test.each([
    ['from=turkey&to=canada', 1],
    ['from=permit/wescam-mx15d-baykar-2020&to=measure/canada-arms-embargo-turkey-2019', 1],
    ['from=turkey&to=turkey', 0],
    ['from=azerbaijan&to=baykar&maxLength=3', null],
  ])('%s', async (query, length) => {
    expect((await get(seeded, `/paths?${query}`)).length).toBe(length)
  })

  test('returns no path for unconnected nodes', async () => {
    await storeRecords(
      seeded.database,
      buildActor({ slug: 'hermit', citations: [buildCitation()] }),
    )
    const found = await get(seeded, '/paths?from=hermit&to=turkey&maxLength=6')
    expect(found).toMatchObject({ length: null, paths: [], nodes: [], edges: [], complete: true })
  })

  test('finds the common record of two hubs, even if it is their oldest', async () => {
    const found = await get(t, '/paths?from=hub&to=other-hub&limit=50')
    expect(pathsOf(found)).toContainEqual(['hub', 'shared', 'other-hub'])
    expect(found.length).toBe(2)
    expect(found.complete).toBe(false)
    expect(found.message).toContain('there may be other paths')
  })

  test('reports further paths beyond the limit', async () => {
    const found = await get(seeded, '/paths?from=azerbaijan&to=baykar&limit=2')
    expect(found.paths).toHaveLength(2)
    expect(found).toMatchObject({
      complete: false,
      message: 'There are more paths: `limit` is 2.',
    })
  })

  test.each([
    ['', 'invalid-request'],
    ['from=turkey', 'invalid-request'],
    ['from=turkey&to=event/committee-inquiry', 'invalid-request'],
    ['from=turkey&to=nobody', 'unknown-reference'],
    ['from=turkey&to=canada&maxLength=7', 'invalid-request'],
    ['from=turkey&to=a/b/c', 'invalid-request'],
  ])('400 for %s', async (query, code) => {
    const { body } = await seeded.api.get(`/v1/network/paths?${query}`).expect(400)
    expect(body.type).toBe(`/problems/${code}`)
  })
})
