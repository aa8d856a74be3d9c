import { createHash } from 'node:crypto'
import { streamCsv } from '../../http/csv.ts'
import { formatJsonLines } from '../../http/json-lines.ts'
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
        .flatMap((mapped) => addEvidence(mapped, base))
        .map((mapped) => formatJsonLines([JSON.stringify(formatEntity(mapped))]))
        .join('')
  },
}

function formatEntity({ schema, id, values }: MappedEntity) {
  const properties: Record<string, string[]> = {}
  for (const { property, value } of values) {
    properties[property] ??= []
    if (!properties[property].includes(value)) properties[property].push(value)
  }
  return { id, schema, properties }
}

/** Things can be the subject of a `Documentation`. An `Interval` cannot, so it holds its passages itself. */
const thingSchemata = [
  'PublicBody',
  'Company',
  'Person',
  'Organization',
  'Asset',
  'License',
  'Event',
]
const intervalSchemata = ['Membership', 'Sanction', 'UnknownLink']

/** The entity with its articles and its page, and an entity for each of its passages. */
function addEvidence(mapped: MappedEntity, base: string): MappedEntity[] {
  const { id, schema, record: of } = mapped
  const isRecord = id === of.id
  const isThing = thingSchemata.includes(schema)
  const isInterval = intervalSchemata.includes(schema)
  const values: PropertyValue[] = isRecord
    ? [{ property: 'alephUrl', value: `${base}${of.href}`, field: null }]
    : []
  for (const citation of isThing || isInterval ? filterAnchored(of) : []) {
    values.push({ property: 'proof', value: citation.article.id, field: null, citation })
    if (!isInterval || !isRecord) continue
    values.push(
      { property: 'summary', value: citation.quote, field: null, citation },
      { property: 'sourceUrl', value: getCitationUrl(citation, base), field: null, citation },
    )
  }
  return [
    { ...mapped, values: [...mapped.values, ...values] },
    ...(isRecord && isThing
      ? filterAnchored(of).map((citation) => mapDocumentation(mapped, citation, base))
      : []),
  ]
}

const getCitationUrl = ({ id }: EntityCitation, base: string): string =>
  `${base}/v1/citations/${id}`

/** A passage as the edge between the article and what it is cited for. */
function mapDocumentation(
  { id, record: of }: MappedEntity,
  citation: EntityCitation,
  base: string,
): MappedEntity {
  const properties: [property: string, value: string | null][] = [
    ['document', citation.article.id],
    ['entity', id],
    ['summary', citation.quote],
    ['role', citation.field],
    [
      'description',
      citation.voices.length > 0 ? `Says who: ${formatVoiceChain(citation.voices)}` : null,
    ],
    ['sourceUrl', getCitationUrl(citation, base)],
  ]
  const values = properties.flatMap(([property, value]) =>
    value ? [{ property, value, field: null, citation }] : [],
  )
  return { id: citation.id, schema: 'Documentation', values, record: of }
}

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
  write: (batches, base) =>
    streamCsv(statementColumns, formatRows(batches, base), { keepFormulas: true }),
}

async function* formatRows(batches: AsyncIterable<readonly string[]>, base: string) {
  for await (const jsonTexts of batches)
    yield jsonTexts
      .flatMap(parseEntities)
      .flatMap((mapped) => addEvidence(mapped, base))
      .flatMap((mapped) => mapped.values.flatMap((value) => buildStatements(mapped, value)))
      .map((row) => JSON.stringify(row))
}

type EntityCitation = MappedEntity['record']['citations'][number]

function buildStatements(mapped: MappedEntity, value: PropertyValue) {
  if (value.citation) return [buildStatement(mapped, value, value.citation, false)]
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
  const source = citation?.id ?? defaultDataset
  const dataset = citation === null ? defaultDataset : citation.article.slug.replaceAll('-', '_')
  return {
    // With the citation, because two passages of one article can state the same value.
    id: createHash('sha1')
      .update(JSON.stringify([source, id, property, value, original, rival]))
      .digest('hex'),
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
