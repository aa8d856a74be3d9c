import fc from 'fast-check'
import type { Database } from '../../src/database/database.ts'

/** Registers that were made up, and what came of them: for tests that hold two imports against each other. */

export type GeneratedRow = { key: number; day: number; value: number; good: number; state: number }

const stateNames = ['SYRIA', 'TURKEY', 'GRAUSTARK']

export const formatRegister = (rows: readonly GeneratedRow[]): string =>
  [
    'number;issued;state;goods;value',
    ...rows.map(
      ({ key, day, value, good, state }) =>
        `${key};2020-01-${String(day).padStart(2, '0')};${stateNames[state]};part ${good};${value}`,
    ),
    '',
  ].join('\n')

export const buildColumnMap = (register: string, release: number): string => `register: ${register}
case: { slug: ${register}, title: Made up }
article: { slug: ${register}-r${release}, title: Release ${release} }
file: { delimiter: ";" }
permit:
  key: [number]
  title: Permit {number}
  number: { column: number }
  issuer: { actor: ${register}-land }
  issuedOn: { column: issued, formats: [yyyy-MM-dd] }
  destination: { column: state, table: states }
  goods: { column: goods }
  value: { column: value, currency: EUR }
actors: [{ slug: ${register}-land, type: state, name: The issuer, country: null }]
tables:
  states:
    SYRIA: syria
    TURKEY: turkey
    GRAUSTARK: { slug: graustark, type: state, name: Graustark, country: null }
`

const rowArbitrary = fc.record({
  key: fc.integer({ min: 1, max: 25 }),
  day: fc.integer({ min: 1, max: 6 }),
  value: fc.integer({ min: 1, max: 3 }),
  good: fc.integer({ min: 0, max: 1 }),
  state: fc.integer({ min: 0, max: 2 }),
})

const editArbitrary = fc.oneof(
  fc.constant('keep' as const),
  fc.constant('drop' as const),
  fc.record({ value: fc.constant(9) }),
  fc.record({ day: fc.integer({ min: 1, max: 9 }) }),
)

/** Releases of one register, each made of the one before: rows stay, go, change, and others come between them. */
export const releasesArbitrary = fc
  .tuple(
    fc.array(rowArbitrary, { minLength: 30, maxLength: 50 }),
    fc.array(
      fc.tuple(
        fc.array(editArbitrary, { minLength: 60, maxLength: 60 }),
        fc.array(rowArbitrary, { maxLength: 15 }),
      ),
      { minLength: 2, maxLength: 3 },
    ),
  )
  .map(([first, later]) => {
    const releases = [first]
    for (const [edits, addedRows] of later) {
      const rows = (releases.at(-1) ?? []).flatMap((row, index): GeneratedRow[] => {
        const change = edits[index % edits.length]
        if (change === 'drop') return []
        return [typeof change === 'object' ? { ...row, ...change } : row]
      })
      const next = [...rows, ...addedRows]
      if (next.length > 0) releases.push(next)
    }
    return releases
  })

/** All that is on record of a register, without ids, revisions and instants. */
export async function readRegisterRecords(
  database: Database,
  register: string,
): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `SELECT record.kind, record.slug, record.name, record.state, record.state_reason,
      permit.number, permit.status, permit.value_amount, permit.issued_earliest::text, permit.issued_latest::text,
      permit.valid_until_edtf, permit.register_key, event.on_edtf,
      (SELECT slug FROM record AS r WHERE r.id = permit.destination_id) AS destination,
      (SELECT json_agg(json_build_array(i.position, (SELECT slug FROM record AS r WHERE r.id = i.good_id)) ORDER BY i.position)
        FROM permit_item AS i WHERE i.permit_id = permit.id) AS items,
      (SELECT json_agg(json_build_array(c.position, c.fragment, c.quote, c.field, c.start_at, c.prefix, c.suffix, (SELECT slug FROM record AS r WHERE r.id = c.article_id)) ORDER BY c.position)
        FROM citation AS c WHERE c.record_id = record.id) AS citations,
      (SELECT json_agg(json_build_array(e.becomes, (SELECT slug FROM record AS r WHERE r.id = e.event_id)) ORDER BY v.on_earliest, e.becomes)
        FROM event_effect AS e JOIN event AS v ON v.id = e.event_id WHERE e.permit_id = record.id) AS history,
      (SELECT json_agg(json_build_array(p.role, (SELECT slug FROM record AS r WHERE r.id = p.actor_id)) ORDER BY p.position)
        FROM event_participant AS p WHERE p.event_id = record.id) AS participants,
      (SELECT d.change FROM ledger_document AS d WHERE d.record_id = record.id AND d.revision = record.revision) AS change,
      EXISTS (SELECT 1 FROM search_document AS s WHERE s.record_id = record.id) AS searched
    FROM record LEFT JOIN permit ON permit.id = record.id LEFT JOIN event ON event.id = record.id
    WHERE record.slug = $1 OR record.slug LIKE $1 || '-%'
    ORDER BY record.kind, record.slug`,
    [register],
  )
  return rows
}
