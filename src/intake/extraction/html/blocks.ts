import { type DefaultTreeAdapterTypes, defaultTreeAdapter, html, parse, serialize } from 'parse5'
import { DocumentError } from '../document.ts'

export type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

/** The text between two block boundaries of a page, white space collapsed. */
export type PageBlock = {
  text: string
  /** The containing element and its ancestors, innermost first. */
  path: readonly Element[]
  /** Share of the text that is in links, 0 to 1. */
  linkShare: number
}

const blockTags = new Set(
  `address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
  footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol option p pre search section select
  summary table tbody tfoot thead tr ul`.split(/\s+/),
)
/** Elements whose content a browser does not show as text. */
const invisibleTags = new Set(
  `audio canvas datalist embed head iframe input link map math meta noembed noframes noscript object param picture
  progress rp script style svg template textarea title track video button`.split(/\s+/),
)
const cellTags = new Set(['td', 'th'])

/** Deeper nesting is an attack on the parser. */
const depthMax = 1_000

/** Parses a page, even a broken one, into the tree that a browser builds (WHATWG HTML, 13.2). */
export const parsePage = (text: string) => parse(text)
export const serializePage = (document: DefaultTreeAdapterTypes.Document): string =>
  serialize(document)

export const getAttribute = (element: Element, name: string): string | null =>
  element.attrs.find((attribute) => attribute.name === name)?.value ?? null

export const setAttribute = (element: Element, name: string, value: string): void => {
  element.attrs.push({ name, value })
}

/** Every element in the order of the document. */
export function listElements(root: Node): Element[] {
  const elements: Element[] = []
  const stack: Node[] = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (defaultTreeAdapter.isElementNode(node)) elements.push(node)
    if ('childNodes' in node) for (const child of node.childNodes.toReversed()) stack.push(child)
  }
  return elements
}

/** All text within an element, white space collapsed. */
export function readText(root: Element): string {
  const parts: string[] = []
  const stack: Node[] = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (defaultTreeAdapter.isTextNode(node)) parts.push(node.value)
    if ('childNodes' in node) for (const child of node.childNodes.toReversed()) stack.push(child)
  }
  return collapseWhiteSpace(parts.join(''))
}

const collapseWhiteSpace = (text: string): string =>
  text.replaceAll(/[^\S\n\u00a0]*\n[^\S\n\u00a0]*|[^\S\n\u00a0]+/g, ' ').trim()

/**
 * The visible text of a page, block by block in the order of the document.
 *
 * @throws {DocumentError} document-over-limit when the elements are nested too deep
 */
export function splitBlocks(root: Node): PageBlock[] {
  const blocks: PageBlock[] = []
  let parts: string[] = []
  let linkedLength = 0
  const flush = (path: readonly Element[]): void => {
    const text = parts
      .join('')
      .split('\u0000')
      .map(collapseWhiteSpace)
      .join('\n')
      .trim()
      .replaceAll(/\n{2,}/g, '\n')
    if (text !== '')
      blocks.push({ text, path, linkShare: Math.min(1, linkedLength / Math.max(1, text.length)) })
    parts = []
    linkedLength = 0
  }
  const visit = (node: Node, path: readonly Element[], inLink: boolean, depth: number): void => {
    if (depth > depthMax)
      throw new DocumentError(
        'document-over-limit',
        'The elements of the page are nested too deep.',
      )
    if (defaultTreeAdapter.isTextNode(node)) {
      const preformatted = path[0]?.tagName === 'pre'
      const value = preformatted
        ? node.value.replaceAll('\n', '\u0000')
        : node.value.replaceAll('\u0000', '')
      parts.push(value)
      if (inLink) linkedLength += value.trim().length
      return
    }
    if (!('childNodes' in node)) return
    if (!defaultTreeAdapter.isElementNode(node)) {
      for (const child of node.childNodes) visit(child, path, inLink, depth + 1)
      return
    }
    const { tagName, namespaceURI } = node
    if (invisibleTags.has(tagName) || namespaceURI !== html.NS.HTML || isHidden(node)) return
    if (tagName === 'br') {
      parts.push('\u0000')
      return
    }
    const isBlock = blockTags.has(tagName)
    if (isBlock) flush(path)
    const childPath = isBlock ? [node, ...path] : path
    for (const child of node.childNodes)
      visit(child, childPath, inLink || tagName === 'a', depth + 1)
    if (isBlock) flush(childPath)
    if (cellTags.has(tagName)) parts.push('\t ')
  }
  visit(root, [], false, 0)
  flush([])
  return blocks
}

const isHidden = (element: Element): boolean =>
  getAttribute(element, 'hidden') !== null ||
  /display\s*:\s*none|visibility\s*:\s*hidden/i.test(getAttribute(element, 'style') ?? '')
