import { UndirectedGraph } from 'graphology'
import forceAtlas2 from 'graphology-layout-forceatlas2'
import { type Html, html } from '../parts/html.ts'
import { getKindName } from '../parts/records.ts'
import { type Reference, renderLink, toPagePath } from '../parts/values.ts'
import { nameWord, texts } from '../texts.ts'

type NetworkNode = Reference & { id: string; kind: string; type: string | null }
type NetworkEdge = {
  type: string
  source: string
  target: string
  recordsTotal: number
  records: { record: Reference; citations: { id: string; quote: string }[] }[]
}
/** A network as the API gives it. */
export type Network = {
  nodes: NetworkNode[]
  edges: NetworkEdge[]
  message: string | null
}
type Placed = NetworkNode & { x: number; y: number; degree: number }

const width = 1_000
const height = 620
const margin = { x: 110, y: 40 }
const labelLength = 26
const iterations = 300
/** A CommonJS module: its types wrongly describe the function as a member `default`. */
const computeLayout = forceAtlas2 as unknown as typeof forceAtlas2.default
/** Radians: neighbouring points of a spiral with this angle are far apart. */
const goldenAngle = Math.PI * (3 - Math.sqrt(5))

/** Nodes by form (what they are) and edges that open their evidence. Null: there are no connections. */
export function renderNetworkPicture({ nodes, edges }: Network): Html | null {
  if (edges.length === 0) return null
  const placed = placeNodes(nodes, edges)
  const labels = new LabelPlaces()
  const byDegree = [...placed.values()].sort((a, b) => b.degree - a.degree)
  return html`<figure><div class="picture-frame" tabindex="0" role="group" aria-label="${texts.network.picture}"><svg class="picture network" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-labelledby="network-title network-desc">
<title id="network-title">${texts.network.picture}</title>
<desc id="network-desc">${texts.network.pictureDescription}</desc>
${mergeEdges(edges).map((group) => renderEdge(group, placed))}
${byDegree.map(renderNode)}
${byDegree.map((node) => renderLabel(node, labels))}
</svg></div><figcaption>${texts.network.legend}</figcaption></figure>`
}

function placeNodes(
  nodes: readonly NetworkNode[],
  edges: readonly NetworkEdge[],
): Map<string, Placed> {
  const graph = new UndirectedGraph()
  for (const [index, { id }] of nodes.entries()) {
    const radius = Math.sqrt(index + 1)
    const angle = index * goldenAngle
    graph.addNode(id, { x: radius * Math.cos(angle), y: radius * Math.sin(angle) })
  }
  for (const { source, target } of edges)
    if (source !== target && graph.hasNode(source) && graph.hasNode(target))
      graph.mergeEdge(source, target)
  const positions = computeLayout(graph, {
    iterations,
    settings: { gravity: 0.05, scalingRatio: 10, strongGravityMode: true },
  })
  const scale = (axis: 'x' | 'y', size: number, edge: number) => {
    const values = Object.values(positions).map((position) => position[axis] ?? 0)
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return (value: number) => edge + ((value - low) / (high - low || 1)) * (size - 2 * edge)
  }
  const [toX, toY] = [scale('x', width, margin.x), scale('y', height, margin.y)]
  return new Map(
    nodes.map((node) => {
      const { x = 0, y = 0 } = positions[node.id] ?? {}
      return [
        node.id,
        { ...node, x: round(toX(x)), y: round(toY(y)), degree: graph.degree(node.id) },
      ]
    }),
  )
}

/** Edges between the same two nodes are one line. */
const mergeEdges = (edges: readonly NetworkEdge[]): NetworkEdge[][] => [
  ...Map.groupBy(edges, ({ source, target }) => [source, target].sort().join(' ')).values(),
]

function renderEdge(
  group: readonly NetworkEdge[],
  placed: ReadonlyMap<string, Placed>,
): Html | null {
  const [edge] = group
  const source = placed.get(edge?.source ?? '')
  const target = placed.get(edge?.target ?? '')
  if (edge === undefined || source === undefined || target === undefined) return null
  const sentences = group.map((one) => describeEdge(one, placed))
  return html`<a href="${findEvidence(edge)}" aria-label="${sentences.join('; ')}"><title>${sentences.join('\n')}</title><line class="edge-hit" x1="${source.x}" y1="${source.y}" x2="${target.x}" y2="${target.y}"/><line class="edge" x1="${source.x}" y1="${source.y}" x2="${target.x}" y2="${target.y}"/></a>`
}

const describeEdge = (
  { type, source, target }: NetworkEdge,
  placed: ReadonlyMap<string, { name: string }>,
): string =>
  `${placed.get(source)?.name ?? ''} – ${nameWord(type)} – ${placed.get(target)?.name ?? ''}`

/** The page of the first passage that states the edge, or of the record. */
const findEvidence = ({ records }: NetworkEdge): string => {
  const citation = records.flatMap(({ citations }) => citations)[0]
  if (citation) return `/citations/${citation.id}`
  return toPagePath(records[0]?.record.href ?? '/')
}

const shapes: Readonly<Record<string, string>> = {
  actor: 'm-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0',
  good: 'm-8-8h16v16h-16z',
  permit: 'm0-11l11 11l-11 11l-11-11z',
  measure: 'm0-11l11 19h-22z',
}

const renderNode = ({ x, y, kind, href, name }: Placed): Html =>
  html`<a href="${toPagePath(href)}" aria-label="${getKindName(kind)}: ${name}"><title>${getKindName(kind)}: ${name}</title><path class="node node-${kind}" d="M${x} ${y}${shapes[kind] ?? shapes.actor}"/></a>`

/** Boxes that labels take already. */
class LabelPlaces {
  readonly #boxes: [left: number, top: number, right: number, bottom: number][] = []

  take(left: number, top: number, right: number, bottom: number): boolean {
    const isFree =
      left > 0 &&
      right < width &&
      this.#boxes.every((box) => right < box[0] || left > box[2] || bottom < box[1] || top > box[3])
    if (isFree) this.#boxes.push([left, top, right, bottom])
    return isFree
  }
}

/** Right, left, above or below its node, where there is room; otherwise the title of the node must do. */
function renderLabel({ x, y, name }: Placed, places: LabelPlaces): Html | null {
  const text = name.length > labelLength ? `${name.slice(0, labelLength - 1).trimEnd()}…` : name
  const size = text.length * 7.2
  const candidates = [
    { anchor: 'start', at: x + 14, top: y - 8, left: x + 14 },
    { anchor: 'end', at: x - 14, top: y - 8, left: x - 14 - size },
    { anchor: 'middle', at: x, top: y - 30, left: x - size / 2 },
    { anchor: 'middle', at: x, top: y + 14, left: x - size / 2 },
  ]
  const place = candidates.find(({ left, top }) => places.take(left, top, left + size, top + 16))
  if (place === undefined) return null
  return html`<text class="node-label" x="${round(place.at)}" y="${round(place.top + 13)}" text-anchor="${place.anchor}">${text}</text>`
}

const round = (value: number): number => Math.round(value * 10) / 10

/** The same connections as a table. */
export function renderNetworkTable({ nodes, edges, message }: Network): Html {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return html`<details class="picture-table"><summary>${texts.dossier.networkTable}</summary><div class="table-frame" tabindex="0" role="group" aria-label="${texts.dossier.networkTable}"><table><thead><tr><th scope="col">${texts.network.from}</th><th scope="col">${texts.network.relation}</th><th scope="col">${texts.network.to}</th><th scope="col">${texts.network.evidence}</th></tr></thead><tbody>${edges.map(
    (edge) =>
      html`<tr><td>${renderEnd(byId.get(edge.source))}</td><td>${nameWord(edge.type)}</td><td>${renderEnd(byId.get(edge.target))}</td><td>${edge.records.map(
        ({ record, citations }) =>
          html`${renderLink(record)} ${citations
            .slice(0, 1)
            .map(
              ({ id }) =>
                html`<a class="permalink" href="/citations/${id}" aria-label="${texts.openCitation}">¶</a>`,
            )} `,
      )}</td></tr>`,
  )}</tbody></table></div></details>${message && html`<p class="details">${texts.network.incomplete}</p>`}`
}

const renderEnd = (node: NetworkNode | undefined): Html => (node ? renderLink(node) : html``)
