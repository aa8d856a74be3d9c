import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse, serialize } from 'parse5'

export type Element = DefaultTreeAdapterTypes.Element
export type Node = DefaultTreeAdapterTypes.Node

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

/** Runs of white space become one space; no-break spaces stay. */
export const collapseWhiteSpace = (text: string): string =>
  text.replaceAll(/[^\S\n\u00a0]*\n[^\S\n\u00a0]*|[^\S\n\u00a0]+/g, ' ').trim()
