import type { Db } from '../../database/database.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import { isLargeCase } from '../../records/model/large-cases.ts'
import { countEntries, readListPage, readRecordJson } from '../../records/model/list-queries.ts'
import type { Kind } from '../../records/model/schema.ts'
import { listFindings } from '../findings/list-findings.ts'
import { timelineListing } from '../timeline/queries.ts'
import { readPage } from '../timeline/read-page.ts'
import { countCitedRecords } from './queries.ts'

/** So that the dossier of a large case costs about as much as that of a small one. */
const limits = { findings: 50, timeline: 150, permits: 20, others: 100 } as const

const parts = [
  ['permits', 'permit', '-issuedOn', limits.permits],
  ['measures', 'measure', 'slug', limits.others],
  ['actors', 'actor', 'name', limits.others],
  ['goods', 'good', 'name', limits.others],
  ['articles', 'article', '-publishedOn', limits.others],
] as const

/**
 * The dossier of a case as JSON text.
 *
 * @throws {Problem} not-found, retracted
 */
export async function readDossier(db: Db, ref: string): Promise<string> {
  const { from, members } = kinds.case.singleQuery
  const caseText = await readRecordJson(db, 'case', from, members, ref)
  const { id } = JSON.parse(caseText) as { id: string }
  const [findings, timeline, ...lists] = await Promise.all([
    readFindings(db, id),
    readPage(db, {
      filterValues: { case: id },
      sort: timelineListing.defaultSort,
      limit: limits.timeline,
      cursor: undefined,
    }),
    ...parts.map(([name, kind, sort, limit]) => readPart(db, id, { name, kind, sort, limit })),
  ])
  const texts = [
    `"case":${caseText}`,
    `"findings":${JSON.stringify(findings)}`,
    `"timeline":{"data":[${timeline.documents.join(',')}],"complete":${timeline.next === null}}`,
    ...lists,
  ]
  return `{${texts.join(',')}}`
}

/** The first findings; none of a large case, all of whose records would have to be compared. */
async function readFindings(db: Db, caseId: string) {
  if (await isLargeCase(db, caseId)) return { data: [], complete: false }
  const scope = { rules: null, certainty: null, filters: { case: caseId } }
  const { findings, next } = await listFindings(db, scope, undefined, limits.findings)
  return { data: findings, complete: next === null }
}

/** A member of the dossier: the first records of a kind, and how many there are. */
async function readPart(
  db: Db,
  caseId: string,
  part: { name: string; kind: Kind; sort: string; limit: number },
): Promise<string> {
  const { list } = kinds[part.kind]
  const filterValues = { case: caseId }
  const { entries, next } = await readListPage(db, list, {
    filterValues,
    sort: part.sort,
    limit: part.limit,
    cursor: undefined,
  })
  const count = () =>
    // An article belongs to a case without a citation.
    part.kind === 'article'
      ? countEntries(db, list, filterValues)
      : countCitedRecords(db, part.kind, caseId)
  const total = next === null ? entries.length : await count()
  return `"${part.name}":{"data":[${entries.join(',')}],"total":${total}}`
}
