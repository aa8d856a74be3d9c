import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Problem } from '../problem.ts'

/** Media types of all formats, by the value of `format=`. */
export const mediaTypes = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
  text: 'text/plain',
  html: 'text/html',
  timelinejs: 'application/vnd.timelinejs+json',
  ics: 'text/calendar',
  gexf: 'application/gexf+xml',
  graphml: 'application/graphml+xml',
  dot: 'text/vnd.graphviz',
  zip: 'application/zip',
  jsonld: 'application/ld+json',
  'w3c-annotations': 'application/ld+json',
  geojson: 'application/geo+json',
  bibtex: 'application/x-bibtex',
  'csl-json': 'application/vnd.citationstyles.csl+json',
  ftm: 'application/x-ndjson',
  'ftm-statements': 'text/csv',
  svg: 'image/svg+xml',
} as const
export type Format = keyof typeof mediaTypes

/** Formats that `Accept` cannot select: their media types mean the plain NDJSON and CSV of the records. */
const formatsByNameOnly: readonly Format[] = ['ftm', 'ftm-statements']

/** Other media types that clients send for these formats. */
const mediaTypeAliases: Readonly<Record<string, Format>> = {
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/problem+json': 'json',
}

/**
 * Selects a format by `format=`, or else by the `Accept` header (RFC 9110, 12.5.1).
 *
 * @param offered available formats, preferred first
 * @param requested the value of `format=`
 * @param types media types of the formats on this route
 * @throws {Problem} not-acceptable
 */
export function negotiateFormat<F extends Format>(
  request: FastifyRequest,
  offered: readonly [F, ...F[]],
  requested?: string | undefined,
  types: Readonly<Record<string, string>> = mediaTypes,
): F {
  const requestedFormat = offered.find((format) => format === requested)
  if (requestedFormat) return requestedFormat
  const accept = request.headers.accept
  if (requested === undefined) {
    if (accept === undefined || accept === '*/*') return offered[0]
    const best = selectByAccept(accept, offered, types)
    if (best) return best
  }
  const list = offered.map((format) => `${types[format]} (format=${format})`).join(', ')
  throw new Problem('not-acceptable', `None of the requested formats is available. Use ${list}.`)
}

function selectByAccept<F extends Format>(
  accept: string,
  offered: readonly F[],
  types: Readonly<Record<string, string>>,
): F | undefined {
  const acceptRanges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { type, q: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
  })
  const candidates = offered.map((format) => {
    if (formatsByNameOnly.includes(format)) return { format, q: 0 }
    const type = types[format] ?? ''
    const exactMatch = acceptRanges.find(
      (range) => range.type === type || mediaTypeAliases[range.type] === format,
    )
    const subtypeRange = acceptRanges.find((range) => range.type === `${type.split('/')[0]}/*`)
    const anyRange = acceptRanges.find((range) => range.type === '*/*')
    return { format, q: (exactMatch ?? subtypeRange ?? anyRange)?.q ?? 0 }
  })
  const best = candidates.reduce((a, b) => (b.q > a.q ? b : a))
  return best.q > 0 ? best.format : undefined
}

/** Values of `format=` on any route. */
const formatNames = Object.keys(mediaTypes) as [Format, ...Format[]]

/** `format=`. A format that the route does not have is a 406, as with `Accept`. An unknown word is a 400. */
export const formatParameter = (description: string) =>
  z.enum(formatNames).optional().describe(description)

/** `format=` with a description that lists the formats of the route, followed by `more`. */
export const formatParameterFor = (offered: readonly Format[], more = '') =>
  formatParameter(
    `Instead of the \`Accept\` header: ${offered.map((word) => `\`${word}\``).join(', ')}. ${more}`.trim(),
  )

/**
 * The `content` of a declared answer in these formats. Formats without a schema are text. `types`: media types that some
 * have on this route instead of their own.
 */
export function describeContent(
  formats: readonly Format[],
  schemas: Partial<Record<Format, z.ZodType>>,
  types: Readonly<Record<string, string>> = mediaTypes,
): Record<string, { schema: z.ZodType }> {
  const formatsByType = Map.groupBy(formats, (format) => types[format] ?? mediaTypes[format])
  return Object.fromEntries(
    [...formatsByType].map(([type, formats]) => {
      const [first, ...more] = formats.flatMap((format) => schemas[format] ?? [])
      const schema =
        first === undefined ? z.string() : more.length > 0 ? z.union([first, ...more]) : first
      return [type, { schema }]
    }),
  )
}

/** The schemas of the formats that have one. */
export const listFormatSchemas = (
  formats: Readonly<Record<string, { schema?: z.ZodType }>>,
): Partial<Record<Format, z.ZodType>> =>
  Object.fromEntries(
    Object.entries(formats).flatMap(([name, { schema }]) => (schema ? [[name, schema]] : [])),
  )

const binaryFormats: readonly Format[] = ['xlsx', 'parquet', 'zip']

export const contentTypeOf = (format: Format): string => {
  if (format === 'w3c-annotations')
    return 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"; charset=utf-8'
  return binaryFormats.includes(format)
    ? mediaTypes[format]
    : `${mediaTypes[format]}; charset=utf-8`
}
