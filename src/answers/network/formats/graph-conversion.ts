import type { Network, Paths } from '../schema.ts'
import type { ExportGraph } from './graph.ts'

/** The network as a graph that any format can write; of an edge's evidence, paths to records and citations, and a quote. */
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
    const citations = records.flatMap((one) => one.citations)
    const [dated] = records.filter(({ on }) => on !== null)
    return {
      id,
      source,
      target,
      label: type,
      attributes: {
        type,
        records: records.map(({ record }) => record.href).join(' '),
        recordsTotal,
        date: dated?.on?.edtf ?? null,
        citations: citations.map(({ href }) => href).join(' '),
        quote: citations[0]?.quote ?? null,
      },
    }
  }),
})
