import type { Db } from '../../../database/database.ts'
import { kinds } from '../../../records/kinds/all-kinds.ts'
import { readListPage } from '../../../records/model/list-queries.ts'
import { buildHref } from '../../../records/model/schema.ts'
import { withDatabaseSnapshot } from '../../../records/read/records-from-ledger.ts'
import {
  addRecords,
  compareEdges,
  createGraphBuilder,
  findNeighbours,
  toNetworkEdges,
  toNetworkNodes,
} from '../graph-builder.ts'
import { createNetworkReader } from '../queries.ts'
import type { FullRecord, MentioningRecord } from '../rules.ts'
import type { Network } from '../schema.ts'
import { toMentioningRecord } from './record-connections.ts'

/** Kinds whose records state connections. */
const connectingKinds = ['event', 'permit', 'measure', 'affiliation', 'good'] as const
const edgesPerNode = 4

type CaseReference = { id: string; slug: string; name: string }

/**
 * The connections that the records of a case state, those recorded last. If there are more nodes than `limit`, it keeps the
 * ones with the most connections.
 */
export async function readCaseNetwork(
  db: Db,
  caseRecord: CaseReference,
  limit: number,
): Promise<Network> {
  const { records, isCut } = await readCaseRecords(db, caseRecord.id, limit)
  const builder = createGraphBuilder()
  addRecords(builder, { records, truncations: [] })
  const ranked = [...builder.nodes.values()]
    .map((node) => ({ node, degree: findNeighbours(builder, node.id).length }))
    .sort((a, b) => b.degree - a.degree || (a.node.id < b.node.id ? -1 : 1))
  const kept = ranked.slice(0, limit)
  const keptIds = new Set(kept.map(({ node }) => node.id))
  const edges = [...builder.edges.values()]
    .filter(({ source, target }) => keptIds.has(source.id) && keptIds.has(target.id))
    .sort(compareEdges)
  const keptEdges = edges.slice(0, limit * edgesPerNode)
  const nodesLeftOut = ranked.length - kept.length
  const edgesLeftOut = edges.length - keptEdges.length
  const complete = !isCut && nodesLeftOut + edgesLeftOut === 0
  return withDatabaseSnapshot(db, async (snapshot) => {
    const reader = createNetworkReader(snapshot)
    return {
      root: { ...caseRecord, href: buildHref('case', caseRecord.slug) },
      depth: 1,
      complete,
      message: complete ? null : describeOmissions({ isCut, nodesLeftOut, edgesLeftOut, limit }),
      cut: [],
      nodesLeftOut,
      edgesLeftOut,
      nodes: await toNetworkNodes(
        reader,
        kept.map(({ node }) => ({ node, distance: 1, expanded: complete ? 'whole' : 'part' })),
      ),
      edges: await toNetworkEdges(reader, keptEdges),
    }
  })
}

/** The last recorded records of each connecting kind. `isCut`: the case has more. */
async function readCaseRecords(
  db: Db,
  caseId: string,
  limit: number,
): Promise<{ records: MentioningRecord[]; isCut: boolean }> {
  const pages = await Promise.all(
    connectingKinds.map((kind) => {
      const { list, singleQuery } = kinds[kind]
      const complete = { ...list, members: singleQuery.members, sqlVariant: 'whole' }
      return readListPage(db, complete, {
        filterValues: { case: caseId },
        sort: '-revision',
        limit,
        cursor: undefined,
      })
    }),
  )
  return {
    records: pages.flatMap(({ entries }) =>
      entries.map((text) => nameArticlesById(toMentioningRecord(JSON.parse(text) as FullRecord))),
    ),
    isCut: pages.some(({ next }) => next !== null),
  }
}

/** As in snapshots of the ledger, from which the other networks are built. */
const nameArticlesById = (record: MentioningRecord): MentioningRecord => ({
  ...record,
  citations: record.citations.map((citation) => ({
    ...citation,
    article: (citation.article as { id: string }).id,
  })),
})

function describeOmissions(omissions: {
  isCut: boolean
  nodesLeftOut: number
  edgesLeftOut: number
  limit: number
}): string {
  const { isCut, nodesLeftOut, edgesLeftOut, limit } = omissions
  const sentences: string[] = []
  if (isCut)
    sentences.push(`Only the ${limit} records of each kind that were recorded last are read.`)
  if (nodesLeftOut > 0)
    sentences.push(
      `${nodesLeftOut} nodes with few connections are left out: \`limit\` is ${limit}.`,
    )
  if (edgesLeftOut > 0) sentences.push(`${edgesLeftOut} edges between kept nodes are left out.`)
  return sentences.join(' ')
}
