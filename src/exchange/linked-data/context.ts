import type { EntryFormat } from '../../records/model/entry-format.ts'

const own = 'urn:casefile:'
const list = (name: string) => ({ '@id': `${own}${name}`, '@container': '@list' })
const day = (name: string) => ({ '@id': `${own}${name}`, '@type': 'xsd:date' })

/**
 * What the members of the API's JSON mean as linked data (JSON-LD 1.1): a record is the resource at its `href`. Words that
 * a common vocabulary has are that vocabulary's; all others are `urn:casefile:` and the word. What is ordered is a list.
 */
export const jsonLdContext = {
  '@context': {
    '@version': 1.1,
    '@vocab': own,
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
      '@id': `${own}edtf`,
      '@type': 'http://id.loc.gov/datatypes/edtf/EDTF',
    },
    earliest: day('earliest'),
    latest: day('latest'),
    authors: list('authors'),
    voices: list('voices'),
    items: list('items'),
    history: list('history'),
    inForce: list('inForce'),
    participants: list('participants'),
    citations: list('citations'),
    // Whatever a passage claims: no resource, but JSON as it stands.
    value: { '@id': `${own}value`, '@type': '@json' },
    conflicts: { '@id': `${own}conflicts`, '@type': '@json' },
  },
}

const contextPath = '/context.jsonld'

/** Records as they are, with the context that says what their members mean. */
export const jsonLd: EntryFormat = {
  needs: 'whole',
  async *write(batches, base) {
    const context = `"@context":[${JSON.stringify(`${base}${contextPath}`)},{"@base":${JSON.stringify(`${base}/`)}}]`
    yield `{${context},"@graph":[`
    let separator = ''
    for await (const documents of batches) {
      yield separator + documents.join(',\n')
      separator = ',\n'
    }
    yield ']}\n'
  },
}
