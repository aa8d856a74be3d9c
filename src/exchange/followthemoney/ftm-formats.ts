import { createHash } from 'node:crypto'
import { streamCsv } from '../../http/csv.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import { formatVoiceChain } from '../voice-chain.ts'
import {
  findRivalCitations,
  findSupportingCitations,
  type MappedEntity,
  type PropertyValue,
} from './entities.ts'
import { mapRecord } from './map-record.ts'

/** For values without a citation: ids, reference data, values derived from other records. */
const defaultDataset = 'casefile'

const parseEntities = (jsonText: string): MappedEntity[] => mapRecord(JSON.parse(jsonText))

/** One entity per line, as Aleph and the `ftm` tools read them. */
export const ftmEntities: EntryFormat = {
  recordForm: 'whole',
  async *write(batches, base) {
    for await (const jsonTexts of batches)
      yield jsonTexts
        .flatMap(parseEntities)
        .flatMap((mapped) => [formatEntity(mapped, base), ...formatDocumentations(mapped, base)])
        .map((entity) => `${JSON.stringify(entity)}\n`)
        .join('')
  },
}

/** Schemata that a `Documentation` can refer to. */
const thingSchemata = [
  'PublicBody',
  'Company',
  'Person',
  'Organization',
  'Asset',
  'License',
  'Event',
]
/** Schemata without `Documentation`: the entity itself contains the quotes. */
const intervalSchemata = ['Membership', 'Sanction']

function formatEntity(mapped: MappedEntity, base: string) {
  const { record, schema, id } = mapped
  const properties: Record<string, string[]> = {}
  const add = (property: string, value: string) => {
    properties[property] ??= []
    if (!properties[property].includes(value)) properties[property].push(value)
  }
  for (const { property, value } of mapped.values) add(property, value)
  if (id === record.id) add('alephUrl', `${base}${record.href}`)
  for (const citation of filterAnchored(record)) {
    if (thingSchemata.includes(schema)) add('proof', citation.article.id)
    if (!intervalSchemata.includes(schema)) continue
    add('summary', citation.quote)
    add('sourceUrl', `${base}/v1/citations/${citation.id}`)
  }
  return { id, schema, properties }
}

/** Citations as edges between an article and the entity of a record. */
const formatDocumentations = ({ id, schema, record }: MappedEntity, base: string) =>
  id !== record.id || !thingSchemata.includes(schema)
    ? []
    : filterAnchored(record).map((citation) => ({
        id: citation.id,
        schema: 'Documentation',
        properties: {
          document: [citation.article.id],
          entity: [id],
          summary: [citation.quote],
          ...(citation.field !== null && { role: [citation.field] }),
          ...(citation.voices.length > 0 && {
            description: [`Says who: ${formatVoiceChain(citation.voices)}`],
          }),
          sourceUrl: [`${base}/v1/citations/${citation.id}`],
        },
      }))

const filterAnchored = ({ citations }: MappedEntity['record']) =>
  citations.filter(({ state }) => state === 'anchored')

const statementColumns = [
  'id',
  'entity_id',
  'canonical_id',
  'schema',
  'prop',
  'value',
  'dataset',
  'lang',
  'original_value',
  'external',
  'first_seen',
  'last_seen',
  'origin',
  'article',
  'citation',
  'start',
  'end',
  'quote',
  'voices',
  'confidence',
  'rival',
].map((heading) => ({ heading, path: [heading] }))

/**
 * Statements as CSV: a row for each value of each property and each citation that supports it. A citation that states another
 * value than the record gives a row with that value and `rival`.
 */
export const ftmStatements: EntryFormat = {
  recordForm: 'whole',
  write: (batches) => streamCsv(statementColumns, formatRows(batches), { keepFormulas: true }),
}

async function* formatRows(batches: AsyncIterable<readonly string[]>) {
  for await (const jsonTexts of batches)
    yield jsonTexts
      .flatMap(parseEntities)
      .flatMap((mapped) => mapped.values.flatMap((value) => buildStatements(mapped, value)))
      .map((row) => JSON.stringify(row))
}

type EntityCitation = MappedEntity['record']['citations'][number]

function buildStatements(mapped: MappedEntity, value: PropertyValue) {
  const citations = findSupportingCitations(mapped, value)
  const supported =
    citations.length === 0
      ? [buildStatement(mapped, value, null, false)]
      : citations.map((citation) => buildStatement(mapped, value, citation, false))
  const rivals = findRivalCitations(mapped, value).map((citation) =>
    buildStatement(mapped, { ...value, value: toText(citation.value) }, citation, true),
  )
  return [...supported, ...rivals]
}

const toText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

function buildStatement(
  { id, schema }: MappedEntity,
  { property, value, original }: PropertyValue,
  citation: EntityCitation | null,
  rival: boolean,
) {
  const dataset = citation === null ? defaultDataset : citation.article.slug.replaceAll('-', '_')
  return {
    id: createHash('sha1').update(`${dataset}.${id}.${property}.${value}`).digest('hex'),
    entity_id: id,
    canonical_id: id,
    schema,
    prop: property,
    value,
    dataset,
    original_value: original ?? null,
    external: 'f',
    ...(citation && {
      origin: `citation:${citation.id}`,
      article: citation.article.id,
      citation: citation.id,
      start: citation.start,
      end: citation.end,
      quote: citation.quote,
      voices: formatVoiceChain(citation.voices),
      confidence: citation.confidence,
    }),
    rival,
  }
}
