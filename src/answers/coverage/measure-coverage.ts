import type { Database, DatabaseSnapshot, ExportRequester } from '../../database/database.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { type CaseRecord, getCaseReference, loadCitedFields, streamCaseRecords } from './queries.ts'
import { isCited, isCitedAsWhole } from './rules.ts'
import type { Coverage } from './schema.ts'

type RecordCoverage = Coverage['records'][number]

/**
 * The coverage of a case as the text of one JSON object, piece by piece; the totals come last.
 *
 * @throws {Problem} not-found, before the first piece
 */
export async function streamCoverage(
  database: Database,
  caseId: string,
  requester: ExportRequester,
): Promise<AsyncGenerator<string>> {
  const reference = await getCaseReference(database, caseId)
  return writeCoverage(database, caseId, reference, await database.openSnapshot(requester))
}

async function* writeCoverage(
  { db }: Database,
  caseId: string,
  reference: Coverage['case'],
  snapshot: DatabaseSnapshot,
): AsyncGenerator<string> {
  let facts = 0
  let cited = 0
  let citedAsWhole = 0
  let separator = ''
  try {
    yield `{"case":${JSON.stringify(reference)},"records":[`
    for await (const batch of streamCaseRecords(db, snapshot, caseId)) {
      const ids = batch.map(({ record }) => record.id)
      const fieldsByRecord = await loadCitedFields(db, snapshot, ids)
      const records = batch.map((one) =>
        measureRecord(one, fieldsByRecord.get(one.record.id) ?? []),
      )
      for (const record of records) {
        facts += record.facts
        cited += record.cited
        citedAsWhole += record.citedAsWhole
      }
      yield separator + records.map((record) => JSON.stringify(record)).join(',')
      separator = ','
    }
    yield `],"facts":${facts},"cited":${cited},"citedAsWhole":${citedAsWhole},"share":${facts === 0 ? 1 : cited / facts}}`
  } finally {
    await snapshot.close()
  }
}

function measureRecord(
  { kind, record }: CaseRecord,
  citedFields: readonly string[],
): RecordCoverage {
  const fields = kinds[kind].fields.listFacts(record)
  const others = fields.filter((field) => !isCited(field, citedFields))
  const missing = isCitedAsWhole(citedFields) ? [] : others
  const { id, slug, href } = record as unknown as RecordCoverage['record']
  const name = String(record[kinds[kind].nameMember])
  const cited = fields.length - others.length
  const citedAsWhole = others.length - missing.length
  return {
    record: { id, slug, name, href },
    kind,
    facts: fields.length,
    cited,
    citedAsWhole,
    missing,
  }
}
