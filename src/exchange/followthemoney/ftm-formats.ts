import { createHash } from 'node:crypto'
import { streamCsv } from '../../http/csv.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import {
  findRivalCitations,
  findSupportingCitations,
  type MappedEntity,
  type PropertyValue,
} from './entities.ts'
import { mapRecord } from './map-record.ts'

/** What nothing is cited for: ids of files, reference data, what follows from other records. */
const defaultDataset = 'casefile'

const parseEntities = (jsonText: string): MappedEntity[] => mapRecord(JSON.parse(jsonText))

/** Entities, one a line, as Aleph and the `ftm` tools read them. */
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

/** Things can be documented; what lasts or joins (`Interval`) cannot, and has its passages in itself. */
const thingSchemata = [
  'PublicBody',
  'Company',
  'Person',
  'Organization',
  'Asset',
  'License',
  'Event',
]
const intervalSchemata = ['Membership', 'Sanction']

function formatEntity(mapped: MappedEntity, base: string) {
  const { record: of, schema, id } = mapped
  const properties: Record<string, string[]> = {}
  const add = (property: string, value: string) => {
    properties[property] ??= []
    if (!properties[property].includes(value)) properties[property].push(value)
  }
  for (const { property, value } of mapped.values) add(property, value)
  if (id === of.id) add('alephUrl', `${base}${of.href}`)
  for (const citation of filterAnchored(of)) {
    if (thingSchemata.includes(schema)) add('proof', citation.article.id)
    if (!intervalSchemata.includes(schema)) continue
    add('summary', citation.quote)
    add('sourceUrl', `${base}/v1/citations/${citation.id}`)
  }
  return { id, schema, properties }
}

/** A passage as the edge between the article and what it is cited for. */
const formatDocumentations = ({ id, schema, record: of }: MappedEntity, base: string) =>
  id !== of.id || !thingSchemata.includes(schema)
    ? []
    : filterAnchored(of).map((citation) => ({
        id: citation.id,
        schema: 'Documentation',
        properties: {
          document: [citation.article.id],
          entity: [id],
          summary: [citation.quote],
          ...(citation.field !== null && { role: [citation.field] }),
          ...(citation.voices.length > 0 && {
            description: [`Says who: ${formatVoices(citation)}`],
          }),
          sourceUrl: [`${base}/v1/citations/${citation.id}`],
        },
      }))

const filterAnchored = ({ citations }: MappedEntity['record']) =>
  citations.filter(({ state }) => state === 'anchored')

const formatVoices = ({ voices }: EntityCitation): string =>
  voices.map(({ actor, document }) => actor?.name ?? document).join(' > ')

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
 * Statements: each value of each property with the passage that says so, one row a passage. A passage that claims another
 * value than the record has is a row with that value and `rival`.
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
  const cited = findSupportingCitations(mapped, value)
  return [
    ...(cited.length === 0
      ? [buildStatement(mapped, value, null, false)]
      : cited.map((citation) => buildStatement(mapped, value, citation, false))),
    ...findRivalCitations(mapped, value).map((citation) =>
      buildStatement(mapped, { ...value, value: toText(citation.value) }, citation, true),
    ),
  ]
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
      voices: formatVoices(citation),
      confidence: citation.confidence,
    }),
    rival,
  }
}
