import {
  describeGraph,
  type ExportGraph,
  gexfCreator,
  listAttributes,
  replaceInvalidCharacters,
} from './graph.ts'

/** GEXF 1.2, as Gephi reads it. The libraries are loaded on first use. */
export async function writeGexf({ title, note, nodes, edges }: ExportGraph): Promise<string> {
  const [{ MultiDirectedGraph }, { default: gexf }] = await Promise.all([
    import('graphology'),
    import('graphology-gexf'),
  ])
  const graph = new MultiDirectedGraph()
  graph.setAttribute('creator', gexfCreator)
  graph.setAttribute('description', replaceInvalidCharacters(describeGraph(title, note)))
  for (const { id, label, attributes } of nodes)
    graph.addNode(id, {
      label: replaceInvalidCharacters(label),
      ...Object.fromEntries(listAttributes(attributes)),
    })
  for (const { id, source, target, label, attributes } of edges)
    graph.addEdgeWithKey(id, source, target, {
      label: replaceInvalidCharacters(label),
      ...Object.fromEntries(listAttributes(attributes)),
    })
  // Otherwise the library writes `kind` as an XML attribute of the edge, which version 1.2 does not have.
  const splitLabel = (_id: string, { label, ...attributes }: Record<string, unknown>) => ({
    label: String(label),
    attributes,
  })
  return gexf.write(graph, { version: '1.2', formatNode: splitLabel, formatEdge: splitLabel })
}
