import type { EntryFormats } from '../records/model/entry-format.ts'
import { annotations } from './annotations/annotate.ts'
import { bibtex } from './bibliography/bibtex.ts'
import { cslJson } from './bibliography/csl.ts'
import { ftmEntities, ftmStatements } from './followthemoney/write.ts'
import { jsonLd } from './linked-data/context.ts'
import { geojson } from './map/geojson.ts'

/** What every kind of record can be had as. */
const ofRecords = {
  jsonld: jsonLd,
  'w3c-annotations': annotations,
  ftm: ftmEntities,
  'ftm-statements': ftmStatements,
} as const

/** Which list, and which single record, can be had as what besides JSON, CSV and NDJSON. */
export const entryFormats = {
  case: ofRecords,
  article: { ...ofRecords, bibtex, 'csl-json': cslJson },
  actor: ofRecords,
  affiliation: ofRecords,
  good: ofRecords,
  permit: ofRecords,
  measure: ofRecords,
  event: { ...ofRecords, geojson },
  citation: { 'w3c-annotations': annotations },
} as const satisfies EntryFormats
