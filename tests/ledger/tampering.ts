import type pg from 'pg'

export type Column = { table: string; name: string; type: string; isNullable: boolean }

/** Every column of every table, from the catalog; what migrations note is no data of the product. */
export async function listColumns(client: pg.ClientBase): Promise<Column[]> {
  const { rows } = await client.query<Column>(`
    SELECT
      relname AS table, attname AS name, format_type(atttypid, NULL) AS type, NOT attnotnull AS "isNullable"
    FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid
    WHERE relkind = 'r'
      AND relnamespace = 'public'::regnamespace
      AND relname <> '_prisma_migrations'
      AND attnum > 0
      AND NOT attisdropped
    ORDER BY relname, attnum`)
  return rows
}

const quote = (name: string) => `"${name}"`

/** Expressions that give another value of a type, the likeliest to pass the constraints of the table first. */
const otherValues: Readonly<Record<string, readonly string[]>> = {
  text: [
    `translate(%, '0123456789abcdef', '123456789abcdef0')`,
    `% || 'x'`,
    `'x' || %`,
    `upper(%)`,
    `left(%, 1)`,
  ],
  uuid: [`gen_random_uuid()`],
  integer: ['% + 1', '% - 1', '% + 7'],
  bigint: ['% + 1', '% + 1000'],
  numeric: ['% + 1', '% / 2'],
  'double precision': ['% / 2', '% + 1', '0.5'],
  date: [`% + 1`, `% - 400`],
  'timestamp with time zone': [`% + interval '1 second'`],
  boolean: ['NOT %'],
  bytea: [`% || '\\x00'::bytea`],
  jsonb: [`'"other"'::jsonb`],
  tsvector: [`% || 'zqother:1A'::tsvector`],
  'text[]': [`% || 'x'::text`],
  'uuid[]': [`% || gen_random_uuid()`],
  'bigint[]': [`% || 7::bigint`],
}
const valuesForNull: Readonly<Record<string, readonly string[]>> = {
  text: [`'x'`, `'XX'`, `'USD'`, `'some words'`],
  uuid: [`gen_random_uuid()`],
  integer: ['1', '2000'],
  bigint: ['1'],
  numeric: ['17', '1e12'],
  'double precision': ['0.5', '50', '1e9'],
  date: [`'2020-02-02'::date`],
  'timestamp with time zone': [`'2020-02-02T00:00:00Z'::timestamptz`],
  bytea: [`'\\x00'::bytea`],
  jsonb: [`'"other"'::jsonb`],
}

/** Words of the CHECK constraints of a table, and values that other rows have: what closed sets of words allow. */
async function listAllowedValues(
  client: pg.ClientBase,
  { table, name }: Column,
): Promise<string[]> {
  const { rows: checks } = await client.query<{ text: string }>(
    `SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE contype = 'c' AND conrelid = $1::regclass`,
    [table],
  )
  const words = checks.flatMap(({ text }) =>
    text.includes(name)
      ? [...text.matchAll(/'([\w-]+)'::text/g)].map((match) => `'${match[1]}'`)
      : [],
  )
  return words
}

/**
 * Gives one row another value in one column, whatever triggers and foreign keys say; constraints of the table hold all the same.
 *
 * @returns what was done, or null when no other value passes the constraints
 */
export async function changeColumn(
  client: pg.ClientBase,
  column: Column,
  random: number,
): Promise<string | null> {
  const { table, name, type } = column
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${quote(table)}`,
  )
  const count = rows[0]?.count ?? 0
  const target = quote(name)
  const expressions = [
    ...(otherValues[type] ?? []).map((text) => text.replaceAll('%', target)),
    ...(type === 'text' ? await listAllowedValues(client, column) : []),
    ...(valuesForNull[type] ?? []),
    ...(column.isNullable ? ['NULL'] : []),
  ]
  if (expressions.length === 0) throw new Error(`There is no other value of the type ${type}.`)
  for (let attempt = 0; attempt < Math.min(count, rowsTried); attempt += 1) {
    const offset = (random + attempt) % count
    const row = `(SELECT ctid FROM ${quote(table)} ORDER BY ${quote(table)}::text OFFSET ${offset} LIMIT 1)`
    for (const expression of expressions) {
      const isChanged = await tryStatement(
        client,
        `UPDATE ${quote(table)} SET ${target} = ${expression}
          WHERE ctid = ${row} AND ${target}::text IS DISTINCT FROM (${expression})::text`,
      )
      if (isChanged) return `${table}.${name} = ${expression} in row ${offset}`
    }
  }
  return null
}

const rowsTried = 400

/** Whether it changed a row; false also when a constraint refuses it. */
async function tryStatement(client: pg.ClientBase, statement: string): Promise<boolean> {
  await client.query('SAVEPOINT attempt')
  try {
    const { rowCount } = await client.query(statement)
    if (rowCount === 1) return true
  } catch (error) {
    if (!/^23/.test(String((error as { code?: string }).code))) throw error
  }
  await client.query('ROLLBACK TO SAVEPOINT attempt')
  return false
}

/** Moves a row in front of the others of its parent; null where every parent has one row at most. */
export async function moveToFront(
  client: pg.ClientBase,
  { table }: Column,
  random: number,
): Promise<string | null> {
  const { rows } = await client.query<{ parent: string }>(
    `SELECT attname AS parent FROM pg_attribute
      WHERE attrelid = $1::regclass AND attname <> 'id' AND attname LIKE '%\\_id' AND attnotnull ORDER BY attnum LIMIT 1`,
    [table],
  )
  const parent = quote(rows[0]?.parent ?? '')
  const laterRows = `SELECT ctid FROM ${quote(table)} AS one WHERE EXISTS (
    SELECT 1 FROM ${quote(table)} AS other WHERE other.${parent} = one.${parent} AND other.position < one.position)`
  const { rows: chosen } = await client.query<{ ctid: string }>(
    `SELECT ctid::text FROM ${quote(table)} WHERE ctid IN (${laterRows}) ORDER BY ${quote(table)}::text`,
  )
  if (chosen.length === 0) return null
  const { ctid } = chosen[random % chosen.length] ?? { ctid: '' }
  await client.query(`UPDATE ${quote(table)} SET position = -1 WHERE ctid = $1::tid`, [ctid])
  return `${table}.position = -1`
}

export async function deleteRow(
  client: pg.ClientBase,
  table: string,
  random: number,
): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${quote(table)}`,
  )
  const offset = random % (rows[0]?.count || 1)
  await client.query(`DELETE FROM ${quote(table)} WHERE ctid = (
    SELECT ctid FROM ${quote(table)} ORDER BY ${quote(table)}::text OFFSET ${offset} LIMIT 1)`)
}

/** Adds a copy of a row, different in as few columns of its keys as the constraints allow. */
export async function addRow(
  client: pg.ClientBase,
  columns: readonly Column[],
  random: number,
): Promise<void> {
  const table = columns[0]?.table ?? ''
  const { rows: keys } = await client.query<{ name: string }>(
    `SELECT DISTINCT attname AS name, indisprimary, attnum FROM pg_index
      JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
      WHERE indisunique AND indrelid = $1::regclass ORDER BY indisprimary DESC, attnum DESC`,
    [table],
  )
  const { rows: count } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${quote(table)}`,
  )
  const total = count[0]?.count ?? 0
  if (table === 'origin_text') {
    await client.query(`INSERT INTO origin_text (hash, text)
      SELECT encode(sha256('added'), 'hex'), 'added'`)
    return
  }
  const names = [...new Set(keys.map(({ name }) => name))]
  for (let attempt = 0; attempt < total * names.length; attempt += 1) {
    const changed = 1 + (attempt % names.length)
    const offset = (random + Math.floor(attempt / names.length)) % total
    const selected = columns.map(({ name, type }) => {
      const [expression = '%'] = otherValues[type] ?? []
      const other = type === 'integer' ? '% + 1000' : type === 'bigint' ? '% + 100000' : expression
      return names.slice(0, changed).includes(name)
        ? other.replaceAll('%', quote(name))
        : quote(name)
    })
    const isAdded = await tryStatement(
      client,
      `INSERT INTO ${quote(table)} SELECT ${selected.join(', ')} FROM ${quote(table)}
        ORDER BY ${quote(table)}::text OFFSET ${offset} LIMIT 1`,
    )
    if (isAdded) return
  }
  throw new Error(`No row can be added to ${table}.`)
}
