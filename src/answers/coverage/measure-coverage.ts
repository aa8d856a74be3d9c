import type { Database } from '../../database/database.ts'
import { getCaseReference, loadCitedFields, streamCaseRecords } from './queries.ts'
import { isCited, listFactFields } from './rules.ts'
import type { Coverage } from './schema.ts'

export async function measureCoverage(database: Database, caseId: string): Promise<Coverage> {
  const fieldsByRecord = await loadCitedFields(database, caseId)
  const records: Coverage['records'] = []
  for await (const { kind, record } of streamCaseRecords(database, caseId)) {
    const fields = listFactFields(kind, record)
    const missing = fields.filter((field) => !isCited(field, fieldsByRecord.get(record.id) ?? []))
    const { id, slug, href } = record
    const name = record.name ?? record.title ?? record.designation ?? record.role
    records.push({
      record: { id, slug, name, href },
      kind,
      facts: fields.length,
      cited: fields.length - missing.length,
      missing,
    })
  }
  const facts = records.reduce((total, record) => total + record.facts, 0)
  const cited = records.reduce((total, record) => total + record.cited, 0)
  return {
    case: await getCaseReference(database, caseId),
    facts,
    cited,
    share: facts === 0 ? 1 : cited / facts,
    records,
  }
}
