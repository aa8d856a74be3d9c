import type { EntryFormats } from '../records/model/entry-format.ts'
import { webAnnotations } from './annotations/web-annotations.ts'
import { bibtex } from './bibliography/bibtex.ts'
import { cslJson } from './bibliography/csl.ts'
import { ftmEntities, ftmStatements } from './followthemoney/ftm-formats.ts'
import { jsonLd } from './linked-data/json-ld.ts'
import { geojson, placesGeojson } from './map/geojson.ts'

/** Formats of every kind of record. */
const recordFormats = {
  jsonld: jsonLd,
  'w3c-annotations': webAnnotations,
  ftm: ftmEntities,
  'ftm-statements': ftmStatements,
} as const

/** Formats of the lists and single records of each kind, in addition to JSON, CSV and NDJSON. */
export const entryFormats = {
  case: recordFormats,
  article: { ...recordFormats, bibtex, 'csl-json': cslJson },
  actor: recordFormats,
  affiliation: recordFormats,
  figure: recordFormats,
  good: recordFormats,
  permit: recordFormats,
  measure: recordFormats,
  event: { ...recordFormats, geojson },
  place: { ...recordFormats, geojson: placesGeojson },
  citation: { 'w3c-annotations': webAnnotations },
} as const satisfies EntryFormats
