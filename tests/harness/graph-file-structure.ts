import { JSDOM } from 'jsdom'

/**
 * The parts of the XML schemas of GEXF 1.2 (gexf.net) and GraphML 1.0 (graphdrawing.org) that the files here use. The
 * schemas themselves state no licence, so they are not in the repository.
 */
type ElementRule = {
  /** A sequence, in this order; or any order, if `anyOrder`. */
  children?: readonly string[]
  anyOrder?: boolean
  required?: readonly string[]
  optional?: readonly string[]
  values?: Readonly<Record<string, RegExp>>
}
type FileRules = {
  namespace: string
  root: string
  elements: Readonly<Record<string, ElementRule>>
}

/** XML Schema `NMTOKEN`, for the characters that can occur here. */
const nameToken = /^[\w.:-]+$/u

const gexfRules: FileRules = {
  namespace: 'http://www.gexf.net/1.2draft',
  root: 'gexf',
  elements: {
    gexf: { children: ['meta', 'graph'], required: ['version'], values: { version: /^1\.2$/ } },
    meta: {
      children: ['creator', 'keywords', 'description'],
      anyOrder: true,
      optional: ['lastmodifieddate'],
    },
    creator: {},
    keywords: {},
    description: {},
    graph: {
      children: ['attributes', 'nodes', 'edges'],
      anyOrder: true,
      optional: ['mode', 'defaultedgetype', 'idtype'],
      values: { mode: /^(static|dynamic)$/, defaultedgetype: /^(directed|undirected|mutual)$/ },
    },
    attributes: {
      children: ['attribute'],
      required: ['class'],
      optional: ['mode'],
      values: { class: /^(node|edge)$/ },
    },
    attribute: {
      required: ['id', 'title', 'type'],
      values: { type: /^(integer|long|double|float|boolean|liststring|string|anyURI)$/ },
    },
    nodes: { children: ['node'], optional: ['count'] },
    edges: { children: ['edge'], optional: ['count'] },
    node: { children: ['attvalues'], required: ['id', 'label'] },
    edge: {
      children: ['attvalues'],
      required: ['id', 'source', 'target'],
      optional: ['label', 'type', 'weight'],
      values: { type: /^(directed|undirected|mutual)$/ },
    },
    attvalues: { children: ['attvalue'] },
    attvalue: { required: ['for', 'value'] },
  },
}

const graphmlRules: FileRules = {
  namespace: 'http://graphml.graphdrawing.org/xmlns',
  root: 'graphml',
  elements: {
    graphml: { children: ['desc', 'key', 'data', 'graph'], optional: ['xsi:schemaLocation'] },
    desc: {},
    key: {
      children: ['desc', 'default'],
      required: ['id'],
      optional: ['for', 'attr.name', 'attr.type'],
      values: {
        id: nameToken,
        for: /^(node|edge|graph|all)$/,
        'attr.type': /^(boolean|int|long|float|double|string)$/,
      },
    },
    graph: {
      children: ['desc', 'node', 'edge'],
      required: ['edgedefault'],
      optional: ['id'],
      values: { id: nameToken, edgedefault: /^(directed|undirected)$/ },
    },
    node: { children: ['desc', 'data'], required: ['id'], values: { id: nameToken } },
    edge: {
      children: ['desc', 'data'],
      required: ['source', 'target'],
      optional: ['id', 'directed'],
      values: { id: nameToken, source: nameToken, target: nameToken },
    },
    data: { required: ['key'], values: { key: nameToken } },
  },
}

/** What the schema of the format would complain about. */
export function findGraphFileFaults(format: 'gexf' | 'graphml', text: string): string[] {
  const rules = format === 'gexf' ? gexfRules : graphmlRules
  const { documentElement: root } = new JSDOM(text, { contentType: 'application/xml' }).window
    .document
  const ids = new Set<string>()
  const faults = [root.tagName, ...findElementFaults(root, rules)]
  for (const element of root.querySelectorAll('node, edge')) {
    const id = `${element.tagName} ${element.getAttribute('id')}`
    if (ids.has(id)) faults.push(`${id} occurs twice`)
    ids.add(id)
  }
  const declared = [...root.querySelectorAll('key, attribute')].map(
    (element) => `${element.parentElement?.getAttribute('class') ?? ''} ${element.id}`,
  )
  if (new Set(declared).size !== declared.length) faults.push('a key is declared twice')
  return faults.filter((fault) => fault !== rules.root)
}

function findElementFaults(element: Element, rules: FileRules): string[] {
  const { tagName } = element
  const rule = rules.elements[tagName]
  if (rule === undefined || element.namespaceURI !== rules.namespace)
    return [`<${tagName}> is not in the schema`]
  const { children = [], anyOrder = false, required = [], optional = [], values = {} } = rule
  const attributes = [...element.attributes].filter(({ name }) => !name.startsWith('xmlns'))
  const names = attributes.map(({ name }) => name)
  const positions = [...element.children].map((child) => children.indexOf(child.tagName))
  return [
    ...required
      .filter((name) => !names.includes(name))
      .map((name) => `<${tagName}> has no ${name}`),
    ...attributes
      .filter(({ name }) => ![...required, ...optional].includes(name))
      .map(({ name }) => `<${tagName}> has ${name}`),
    ...attributes
      .filter(({ name, value }) => values[name]?.test(value) === false)
      .map(({ name, value }) => `<${tagName} ${name}="${value}">`),
    ...(positions.includes(-1) ? [`<${tagName}> has a foreign child`] : []),
    ...(!anyOrder && positions.some((position, index) => position < (positions[index - 1] ?? 0))
      ? [`the children of <${tagName}> are out of order`]
      : []),
    ...[...element.children].flatMap((child) => findElementFaults(child, rules)),
  ]
}
