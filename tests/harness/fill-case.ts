import type { TestApp } from './app.ts'
import { buildActor, storeRecords } from './record-builders.ts'

/**
 * Adds records to the seed's case until its answers are some megabytes longer than the buffers of a connection: rows that only
 * the tables have.
 */
export async function fillTables({ database }: TestApp, actors = 8_000): Promise<void> {
  await database.pool.query(`
    WITH made AS (
      INSERT INTO record (id, kind, slug, name, revision)
      SELECT gen_random_uuid(), 'actor', 'filling-' || n, repeat(md5(n::text), 30), 1
      FROM generate_series(1, ${actors}) AS n
      RETURNING id
    )
    INSERT INTO actor (id, type) SELECT id, 'company' FROM made`)
  await database.pool.query(`
    INSERT INTO citation (id, record_id, position, article_id, start_at, end_at, quote, prefix, suffix)
    SELECT gen_random_uuid(), record.id, 0, article.id, 0, 6, 'Turkey', '', ''
    FROM record, article
    JOIN record AS cited ON cited.id = article.id
    WHERE record.slug LIKE 'filling-%' AND cited.slug = 'turkey-pressed-canada'`)
}

/** The same with records that the ledger has too: in many revisions, as a stream of its lines reads some ahead. */
export async function fillLedger(t: TestApp): Promise<void> {
  const aliases = Array.from({ length: 30 }, (_, index) => ({
    name: `${'Alias of a company with a long name '.repeat(12)}${index}`,
    language: 'en',
  }))
  for (let batch = 0; batch < 50; batch += 1)
    await storeRecords(
      t.database,
      ...Array.from({ length: 10 }, (_, index) =>
        buildActor({ slug: `aliased-${batch}-${index}`, aliases }),
      ),
    )
}
