import { type Graph, present, writable } from './graph.ts'

/** GEXF 1.2, as Gephi reads it. The libraries are loaded when somebody asks for it. */
export async function writeGexf({ title, note, nodes, edges }: Graph): Promise<string> {
  const [{ MultiDirectedGraph }, { default: gexf }] = await Promise.all([
    import('graphology'),
    import('graphology-gexf'),
  ])
  const graph = new MultiDirectedGraph()
  graph.setAttribute('title', writable(title))
  if (note !== null) graph.setAttribute('description', writable(note))
  for (const { id, label, attributes } of nodes)
    graph.addNode(id, { label: writable(label), ...Object.fromEntries(present(attributes)) })
  for (const { id, source, target, label, attributes } of edges)
    graph.addEdgeWithKey(id, source, target, {
      label: writable(label),
      ...Object.fromEntries(present(attributes)),
    })
  // `kind` of an edge would stand on the edge itself, in a place that version 1.2 does not have.
  const format = (_id: string, { label, ...attributes }: Record<string, unknown>) => ({
    label: String(label),
    attributes,
  })
  return gexf.write(graph, { version: '1.2', formatNode: format, formatEdge: format })
}
