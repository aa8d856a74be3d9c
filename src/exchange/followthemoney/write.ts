import { createHash } from 'node:crypto'
import { csvOf } from '../../http/table.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import { mapRecord } from './map-record.ts'
import { citationsOf, type Mapped, rivalsOf, type Value } from './values.ts'

/** What nothing is cited for: ids of files, reference data, what follows from other records. */
const ownDataset = 'casefile'

const entitiesOf = (document: string): Mapped[] => mapRecord(JSON.parse(document))

/** Entities, one a line, as Aleph and the `ftm` tools read them. */
export const ftmEntities: EntryFormat = {
  needs: 'whole',
  async *write(batches, base) {
    for await (const documents of batches)
      yield documents
        .flatMap(entitiesOf)
        .flatMap((mapped) => [asEntity(mapped, base), ...passagesOf(mapped, base)])
        .map((entity) => `${JSON.stringify(entity)}\n`)
        .join('')
  },
}

/** Things can be documented; what lasts or joins (`Interval`) cannot, and has its passages in itself. */
const things = ['PublicBody', 'Company', 'Person', 'Organization', 'Asset', 'License', 'Event']
const intervals = ['Membership', 'Sanction']

function asEntity(mapped: Mapped, base: string) {
  const { of, schema, id } = mapped
  const properties: Record<string, string[]> = {}
  const add = (property: string, value: string) => {
    properties[property] ??= []
    if (!properties[property].includes(value)) properties[property].push(value)
  }
  for (const { property, value } of mapped.values) add(property, value)
  if (id === of.id) add('alephUrl', `${base}${of.href}`)
  for (const citation of anchored(of)) {
    if (things.includes(schema)) add('proof', citation.article.id)
    if (!intervals.includes(schema)) continue
    add('summary', citation.quote)
    add('sourceUrl', `${base}/v1/citations/${citation.id}`)
  }
  return { id, schema, properties }
}

/** A passage as the edge between the article and what it is cited for. */
const passagesOf = ({ id, schema, of }: Mapped, base: string) =>
  id !== of.id || !things.includes(schema)
    ? []
    : anchored(of).map((citation) => ({
        id: citation.id,
        schema: 'Documentation',
        properties: {
          ...{ document: [citation.article.id], entity: [id], summary: [citation.quote] },
          ...(citation.field !== null && { role: [citation.field] }),
          ...(citation.voices.length > 0 && { description: [`Says who: ${voicesOf(citation)}`] }),
          sourceUrl: [`${base}/v1/citations/${citation.id}`],
        },
      }))

const anchored = ({ citations }: Mapped['of']) =>
  citations.filter(({ state }) => state === 'anchored')

const voicesOf = ({ voices }: Citation): string =>
  voices.map(({ actor, document }) => actor?.name ?? document).join(' > ')

const columns = [
  ...['id', 'entity_id', 'canonical_id', 'schema', 'prop', 'value', 'dataset', 'lang'],
  ...['original_value', 'external', 'first_seen', 'last_seen', 'origin'],
  ...['article', 'citation', 'start', 'end', 'quote', 'voices', 'confidence', 'rival'],
].map((heading) => ({ heading, path: [heading] }))

/**
 * Statements: each value of each property with the passage that says so, one row a passage. A passage that claims another
 * value than the record has is a row with that value and `rival`.
 */
export const ftmStatements: EntryFormat = {
  needs: 'whole',
  write: (batches) => csvOf(columns, rowsOf(batches), { plain: true }),
}

async function* rowsOf(batches: AsyncIterable<readonly string[]>) {
  for await (const documents of batches)
    yield documents
      .flatMap(entitiesOf)
      .flatMap((mapped) => mapped.values.flatMap((value) => statementsOf(mapped, value)))
      .map((row) => JSON.stringify(row))
}

type Citation = Mapped['of']['citations'][number]

function statementsOf(mapped: Mapped, value: Value) {
  const cited = citationsOf(mapped, value)
  return [
    ...(cited.length === 0
      ? [statement(mapped, value, null, false)]
      : cited.map((citation) => statement(mapped, value, citation, false))),
    ...rivalsOf(mapped, value).map((citation) =>
      statement(mapped, { ...value, value: plain(citation.value) }, citation, true),
    ),
  ]
}

const plain = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

function statement(
  { id, schema }: Mapped,
  { property, value, original }: Value,
  citation: Citation | null,
  rival: boolean,
) {
  const dataset = citation === null ? ownDataset : citation.article.slug.replaceAll('-', '_')
  return {
    id: createHash('sha1').update(`${dataset}.${id}.${property}.${value}`).digest('hex'),
    ...{ entity_id: id, canonical_id: id, schema, prop: property, value, dataset },
    ...{ original_value: original ?? null, external: 'f' },
    ...(citation && {
      origin: `citation:${citation.id}`,
      ...{ article: citation.article.id, citation: citation.id },
      ...{ start: citation.start, end: citation.end, quote: citation.quote },
      voices: voicesOf(citation),
      confidence: citation.confidence,
    }),
    rival,
  }
}
