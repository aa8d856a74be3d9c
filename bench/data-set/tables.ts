/** The columns that the data set fills, by table, in the order of their values. */
export const columns = {
  revision: ['number', 'committed_at', 'change', 'author', 'previous_hash', 'hash'],
  place: ['id', 'slug', 'name', 'country', 'latitude', 'longitude', 'source'],
  record: ['id', 'kind', 'slug', 'name', 'revision', 'created_at'],
  case_file: ['id', 'summary'],
  article: [
    ...['id', 'case_id', 'publisher_id', 'authors', 'url', 'language'],
    ...['published_edtf', 'published_as_stated', 'published_earliest', 'published_latest'],
    ...['body', 'body_length', 'body_sha256', 'source', 'source_media_type', 'source_sha256'],
  ],
  actor: ['id', 'type', 'country'],
  actor_alias: ['actor_id', 'position', 'name', 'language'],
  actor_identifier: ['actor_id', 'position', 'scheme', 'value'],
  affiliation: [
    ...['id', 'actor_id', 'organisation_id'],
    ...['during_edtf', 'during_as_stated', 'during_earliest', 'during_latest'],
  ],
  good: ['id', 'description', 'manufacturer_id', 'family_id'],
  good_control_entry: ['good_id', 'position', 'list', 'code'],
  permit: [
    ...['id', 'issuer_id', 'number', 'exporter_id', 'consignee_id', 'end_user_id'],
    ...['destination_id', 'legal_basis', 'exception_relied'],
    ...['stated_end_use', 'stated_end_use_place_id', 'restrictions'],
  ],
  permit_item: ['permit_id', 'position', 'good_id', 'quantity', 'unit'],
  measure: ['id', 'imposer_id', 'target_id', 'legal_form', 'scope', 'reason', 'reason_place_id'],
  event: [
    ...['id', 'type', 'on_edtf', 'on_as_stated', 'on_earliest', 'on_latest'],
    ...['description', 'place_id', 'scope_end_user_id', 'scope_place_id', 'scope_use'],
  ],
  event_participant: [
    ...['event_id', 'position', 'actor_id', 'role', 'event_earliest', 'event_latest'],
  ],
  event_good: ['event_id', 'position', 'good_id', 'event_type'],
  event_about: ['event_id', 'position', 'permit_id', 'measure_id'],
  event_effect: ['event_id', 'position', 'permit_id', 'measure_id', 'becomes'],
  citation: [
    ...['id', 'record_id', 'position', 'article_id', 'start_at', 'end_at'],
    ...['quote', 'prefix', 'suffix', 'field', 'value', 'confidence'],
  ],
  citation_voice: ['citation_id', 'position', 'actor_id', 'document'],
} as const satisfies Record<string, readonly string[]>

export type DataSetTable = keyof typeof columns
export const tables = Object.keys(columns) as DataSetTable[]

/** Arrays are arrays of text, bytes are `bytea`; null is NULL. */
export type ColumnValue = string | number | null | readonly string[] | Uint8Array

/** Takes a row: its values in the order of `columns`. */
export type RowWriter = (table: DataSetTable, values: readonly ColumnValue[]) => void
