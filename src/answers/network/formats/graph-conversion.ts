import type { Network, Paths } from '../schema.ts'
import type { ExportGraph } from './graph.ts'

/** Of the evidence of an edge, the graph has the paths of records and citations, a date and a quote. */
export const toExportGraph = (
  title: string,
  { message, nodes, edges }: Pick<Network | Paths, 'message' | 'nodes' | 'edges'>,
): ExportGraph => ({
  title,
  note: message,
  nodes: nodes.map(({ id, name, kind, type, slug, href, distance, expanded }) => ({
    id,
    label: name,
    attributes: { kind, type, slug, href, distance, expanded },
  })),
  edges: edges.map(({ id, type, source, target, records, recordsTotal }) => {
    const citations = records.flatMap((record) => record.citations)
    const datedRecord = records.find(({ on }) => on !== null)
    return {
      id,
      source,
      target,
      label: type,
      attributes: {
        type,
        records: records.map(({ record }) => record.href).join(' '),
        recordsTotal,
        date: datedRecord?.on?.edtf ?? null,
        citations: citations.map(({ href }) => href).join(' '),
        quote: citations[0]?.quote ?? null,
      },
    }
  }),
})
