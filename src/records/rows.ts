import type { Tx } from '../database/transaction.ts'
import type { Prisma } from '../generated/prisma/client.ts'

/** Rows of the kinds' own tables, by table. */
export type Rows = {
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
  goodControlEntry?: Prisma.GoodControlEntryCreateManyInput[]
  permitItem?: Prisma.PermitItemCreateManyInput[]
  eventParticipant?: Prisma.EventParticipantCreateManyInput[]
  eventGood?: Prisma.EventGoodCreateManyInput[]
  eventAbout?: Prisma.EventAboutCreateManyInput[]
  eventEffect?: Prisma.EventEffectCreateManyInput[]
}
type Table = keyof Rows

/** Tables in the order in which their rows can refer to one another, with the column that names the record. */
const tables = {
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
  goodControlEntry: 'goodId',
  permitItem: 'permitId',
  eventParticipant: 'eventId',
  eventGood: 'eventId',
  eventAbout: 'eventId',
  eventEffect: 'eventId',
} as const satisfies Record<Table, string>
const inOrder = Object.keys(tables) as Table[]

/** What is used of Prisma's delegates here, whichever table it is. */
type Delegate = {
  createMany(given: { data: object[] }): Promise<unknown>
  update(given: { where: object; data: object }): Promise<unknown>
  deleteMany(given: { where: object }): Promise<unknown>
}
const delegate = (tx: Tx, table: Table): Delegate => tx[table] as unknown as Delegate

/** Writes the rows of many new records, one statement a table. */
export async function insertRows(tx: Tx, records: readonly Rows[]): Promise<void> {
  for (const table of inOrder) {
    const data = records.flatMap((rows): object[] => rows[table] ?? [])
    if (data.length > 0) await delegate(tx, table).createMany({ data })
  }
}

/** Puts these rows in the place of what the record has; `rows` names each of its tables, also the empty ones. */
export async function replaceRows(tx: Tx, id: string, rows: Rows): Promise<void> {
  for (const table of inOrder) {
    const data: object[] | undefined = rows[table]
    if (data === undefined) continue
    const owner = tables[table]
    const [row] = data
    if (owner === 'id') {
      if (row) await delegate(tx, table).update({ where: { id }, data: row })
    } else {
      await delegate(tx, table).deleteMany({ where: { [owner]: id } })
      if (row) await delegate(tx, table).createMany({ data })
    }
  }
}
