import { z } from 'zod'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import { Kind, RecordId } from '../../records/model/schema.ts'

const vocabulary = 'urn:casefile:'
const defineListTerm = (name: string) => ({ '@id': `${vocabulary}${name}`, '@container': '@list' })
const defineDateTerm = (name: string) => ({ '@id': `${vocabulary}${name}`, '@type': 'xsd:date' })

/**
 * The JSON-LD 1.1 context of the API's JSON. A record is the resource at its `href`. Members use a term of a common vocabulary if
 * there is one, otherwise `urn:casefile:` and their name. Ordered arrays are lists.
 */
export const jsonLdContext = {
  '@context': {
    '@version': 1.1,
    '@vocab': vocabulary,
    xsd: 'http://www.w3.org/2001/XMLSchema#',
    oa: 'http://www.w3.org/ns/oa#',
    schema: 'https://schema.org/',
    dcterms: 'http://purl.org/dc/terms/',
    geo: 'http://www.w3.org/2003/01/geo/wgs84_pos#',
    href: '@id',
    kind: '@type',
    data: '@graph',
    id: 'dcterms:identifier',
    name: 'schema:name',
    designation: 'schema:name',
    title: 'dcterms:title',
    summary: 'dcterms:abstract',
    description: 'dcterms:description',
    publisher: 'dcterms:publisher',
    language: 'dcterms:language',
    url: { '@id': 'schema:url', '@type': '@id' },
    latitude: 'geo:lat',
    longitude: 'geo:long',
    source: 'dcterms:source',
    quote: 'oa:exact',
    prefix: 'oa:prefix',
    suffix: 'oa:suffix',
    start: { '@id': 'oa:start', '@type': 'xsd:nonNegativeInteger' },
    end: { '@id': 'oa:end', '@type': 'xsd:nonNegativeInteger' },
    edtf: {
      '@id': `${vocabulary}edtf`,
      '@type': 'http://id.loc.gov/datatypes/edtf/EDTF',
    },
    earliest: defineDateTerm('earliest'),
    latest: defineDateTerm('latest'),
    authors: defineListTerm('authors'),
    voices: defineListTerm('voices'),
    items: defineListTerm('items'),
    history: defineListTerm('history'),
    inForce: defineListTerm('inForce'),
    participants: defineListTerm('participants'),
    citations: defineListTerm('citations'),
    // Any JSON value, not a resource.
    value: { '@id': `${vocabulary}value`, '@type': '@json' },
    conflicts: { '@id': `${vocabulary}conflicts`, '@type': '@json' },
  },
}

const contextPath = '/context.jsonld'

const JsonLdFile = z
  .strictObject({
    '@context': z.array(z.union([z.string(), z.strictObject({ '@base': z.string() })])),
    '@graph': z.array(
      z
        .looseObject({ id: RecordId, kind: Kind, slug: z.string(), href: z.string() })
        .describe('A record with the same members as in JSON.'),
    ),
  })
  .meta({ id: 'JsonLdFile', description: 'Records as linked data (JSON-LD 1.1).' })

/** Records as they are, with the context that says what their members mean. */
export const jsonLd: EntryFormat = {
  schema: JsonLdFile,
  recordForm: 'whole',
  async *write(batches, base) {
    const context = `"@context":[${JSON.stringify(`${base}${contextPath}`)},{"@base":${JSON.stringify(`${base}/`)}}]`
    yield `{${context},"@graph":[`
    let separator = ''
    for await (const jsonTexts of batches) {
      yield separator + jsonTexts.join(',\n')
      separator = ',\n'
    }
    yield ']}\n'
  },
}
