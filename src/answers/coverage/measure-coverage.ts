import type { Database } from '../../database/database.ts'
import { citedFields, getCaseReference, recordsOfCase } from './queries.ts'
import { factFields, isCited } from './rules.ts'
import type { Coverage } from './schema.ts'

/** Counts the facts of a case and those that are cited. */
export async function measureCoverage(database: Database, caseId: string): Promise<Coverage> {
  const cited = await citedFields(database, caseId)
  const records: Coverage['records'] = []
  for await (const { kind, record } of recordsOfCase(database, caseId)) {
    const fields = factFields(kind, record)
    const missing = fields.filter((field) => !isCited(field, cited.get(record.id) ?? []))
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
  const sum = (of: 'facts' | 'cited') => records.reduce((total, record) => total + record[of], 0)
  const [facts, citedFacts] = [sum('facts'), sum('cited')]
  return {
    case: await getCaseReference(database, caseId),
    facts,
    cited: citedFacts,
    share: facts === 0 ? 1 : citedFacts / facts,
    records,
  }
}
