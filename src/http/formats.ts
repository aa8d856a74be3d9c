import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Problem } from '../problem.ts'

/** The formats of this API, by the word that `format=` takes. */
export const mediaTypes = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
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
} as const
export type Format = keyof typeof mediaTypes

/** By `Accept` these are not to be had: who accepts NDJSON or CSV means that of the records. */
const formatsByNameOnly: readonly Format[] = ['ftm', 'ftm-statements']

/** Other names under which clients ask for them. */
const mediaTypeAliases: Readonly<Record<string, Format>> = {
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/problem+json': 'json',
}

/**
 * The best of `offered` (our preference first) for `format=`, or else for the `Accept` header (RFC 9110, 12.5.1).
 * `types`: media types that some have on this route instead of their own.
 *
 * @throws {Problem} not-acceptable, naming those that are offered
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
  throw new Problem('not-acceptable', `To be had here: ${list}.`)
}

function selectByAccept<F extends Format>(
  accept: string,
  offered: readonly F[],
  types: Readonly<Record<string, string>>,
): F | undefined {
  const acceptRanges = accept.split(',').map((wish) => {
    const [type = '', ...parameters] = wish.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { type, q: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
  })
  const candidates = offered.map((format) => {
    if (formatsByNameOnly.includes(format)) return { format, q: 0 }
    const type = types[format] ?? ''
    const exactMatch = acceptRanges.find(
      (wish) => wish.type === type || mediaTypeAliases[wish.type] === format,
    )
    const range = acceptRanges.find((wish) => wish.type === `${type.split('/')[0]}/*`)
    const any = acceptRanges.find((wish) => wish.type === '*/*')
    return { format, q: (exactMatch ?? range ?? any)?.q ?? 0 }
  })
  const best = candidates.reduce((a, b) => (b.q > a.q ? b : a))
  return best.q > 0 ? best.format : undefined
}

/** The words that `format=` takes anywhere; which of them fit is said by the route that is asked. */
const formatNames = Object.keys(mediaTypes) as [Format, ...Format[]]

/** `format=`: a format that the route does not have is a 406, as by `Accept`; a word that is none is a 400. */
export const formatParameter = (description: string) =>
  z.enum(formatNames).optional().describe(description)

/** The same, which names those that the route has, and what else is to be said. */
export const formatParameterFor = (offered: readonly Format[], more = '') =>
  formatParameter(
    `Instead of the \`Accept\` header: ${offered.map((word) => `\`${word}\``).join(', ')}. ${more}`.trim(),
  )

/** The `content` of a declared answer in these formats, each as text, besides what is declared already. */
export const textResponseContent = (formats: readonly Format[]) =>
  Object.fromEntries(formats.map((format) => [mediaTypes[format], { schema: z.string() }]))

export const contentTypeOf = (format: Format): string =>
  format === 'w3c-annotations'
    ? 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"; charset=utf-8'
    : `${mediaTypes[format]}; charset=utf-8`
