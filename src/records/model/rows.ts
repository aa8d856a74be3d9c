import { deleteRows, type ModelRows, updateRow } from '../../database/row-writer.ts'
import type { Tx } from '../../database/transaction.ts'
import type { Prisma } from '../../generated/prisma/client.ts'

/** Rows of the kinds' own tables, by table. */
export type RecordRows = {
  caseFile?: Prisma.CaseFileCreateManyInput[]
  actor?: Prisma.ActorCreateManyInput[]
  /** When an article is corrected, without the text, which never changes. */
  article?: Partial<Prisma.ArticleCreateManyInput>[]
  affiliation?: Prisma.AffiliationCreateManyInput[]
  good?: Prisma.GoodCreateManyInput[]
  permit?: Prisma.PermitCreateManyInput[]
  measure?: Prisma.MeasureCreateManyInput[]
  event?: Prisma.EventCreateManyInput[]
  actorAlias?: Prisma.ActorAliasCreateManyInput[]
  actorIdentifier?: Prisma.ActorIdentifierCreateManyInput[]
  articleSpan?: Prisma.ArticleSpanCreateManyInput[]
  articleMetadata?: Prisma.ArticleMetadataCreateManyInput[]
  goodControlEntry?: Prisma.GoodControlEntryCreateManyInput[]
  permitItem?: Prisma.PermitItemCreateManyInput[]
  eventParticipant?: Prisma.EventParticipantCreateManyInput[]
  eventGood?: Prisma.EventGoodCreateManyInput[]
  eventAbout?: Prisma.EventAboutCreateManyInput[]
  eventEffect?: Prisma.EventEffectCreateManyInput[]
}
type RecordTable = keyof RecordRows

/** Tables in the order in which their rows can refer to one another, with the column that names the record. */
const ownerColumns = {
  caseFile: 'id',
  actor: 'id',
  article: 'id',
  affiliation: 'id',
  good: 'id',
  permit: 'id',
  measure: 'id',
  event: 'id',
  actorAlias: 'actorId',
  actorIdentifier: 'actorId',
  articleSpan: 'articleId',
  articleMetadata: 'articleId',
  goodControlEntry: 'goodId',
  permitItem: 'permitId',
  eventParticipant: 'eventId',
  eventGood: 'eventId',
  eventAbout: 'eventId',
  eventEffect: 'eventId',
} as const satisfies Record<RecordTable, string>
const tablesInInsertOrder = Object.keys(ownerColumns) as RecordTable[]

/** The rows of many new records together. */
export const mergeRows = (records: readonly RecordRows[]): ModelRows =>
  Object.fromEntries(
    tablesInInsertOrder.map((table) => [
      table,
      records.flatMap((rows): object[] => rows[table] ?? []),
    ]),
  )

/** Puts these rows in the place of what the record has; `rows` names each of its tables, also the empty ones. */
export async function replaceRows(tx: Tx, id: string, rows: RecordRows): Promise<void> {
  for (const table of tablesInInsertOrder) {
    const given: object[] | undefined = rows[table]
    if (given === undefined) continue
    const owner = ownerColumns[table]
    const [row] = given
    if (owner === 'id') {
      if (row) await updateRow(tx.db, table, id, row)
    } else {
      await deleteRows(tx.db, table, owner, id)
      await tx.insert({ [table]: given })
    }
  }
}
