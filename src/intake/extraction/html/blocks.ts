import { defaultTreeAdapter, html } from 'parse5'
import { DocumentError } from '../document.ts'
import {
  closeMark,
  hasText,
  mark,
  openMark,
  removeInvisible,
  removeMarks,
} from '../marks/marked-text.ts'
import { markRaisedCharacters, renderLowered, renderRaised } from '../marks/raised-text.ts'
import {
  collapseWhiteSpace,
  type Element,
  getAttribute,
  listElements,
  type Node,
  readText,
} from './page-tree.ts'
import { addQuotationMarks } from './quotation-marks.ts'
import { formatTable, isDataTable } from './tables.ts'
import { type HiddenSelectors, isHidden } from './visibility.ts'

/** The marked text between two block boundaries of a page, white space collapsed. */
export type PageBlock = {
  text: string
  /** The containing element and its ancestors, innermost first. */
  path: readonly Element[]
  /** Share of the text that is in links, 0 to 1. */
  linkShare: number
  isTable: boolean
}

/** The blocks of a page, and what it contains that a browser does not show. */
export type PageText = { blocks: PageBlock[]; hidden: { parts: number; characters: number } }

const blockTags = new Set(
  `address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
  footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol option p pre search section select
  summary table tbody td tfoot th thead tr ul`.split(/\s+/),
)
/** Elements whose content a browser does not show as text. */
const invisibleTags = new Set(
  `audio canvas datalist embed head iframe input link map math meta noembed noframes noscript object param picture
  progress rp script style svg template textarea title track video button`.split(/\s+/),
)
const struckTags = new Set(['s', 'del', 'strike'])

/** Deeper nesting is an attack on the parser. */
const depthMax = 1_000
/** Stands for a line break until white space is collapsed. */
const lineBreak = '\u0003'

/**
 * The visible text of a page, block by block in the order of the document. Tables of data are one block each.
 *
 * @throws {DocumentError} document-over-limit when the elements are nested too deep
 */
export function splitBlocks(root: Node, hiddenSelectors: HiddenSelectors): PageText {
  const reader = new BlockReader(hiddenSelectors)
  reader.visit(root, [], false, 0)
  reader.endBlock([])
  return { blocks: reader.blocks, hidden: reader.hidden }
}

class BlockReader {
  readonly blocks: PageBlock[] = []
  readonly hidden = { parts: 0, characters: 0 }
  readonly #hiddenSelectors: HiddenSelectors
  #parts: string[] = []
  #linkedLength = 0
  #isStruck = false

  constructor(hiddenSelectors: HiddenSelectors) {
    this.#hiddenSelectors = hiddenSelectors
  }

  endBlock(path: readonly Element[]): void {
    const text = formatLines(this.#parts.join(''))
    if (hasText(text)) this.#addBlock(text, path, false)
    this.#parts = []
    this.#linkedLength = 0
  }

  #addBlock(text: string, path: readonly Element[], isTable: boolean): void {
    const linkShare = Math.min(1, this.#linkedLength / Math.max(1, removeMarks(text).length))
    this.blocks.push({ text, path, linkShare, isTable })
  }

  visit(node: Node, path: readonly Element[], inLink: boolean, depth: number): void {
    if (depth > depthMax)
      throw new DocumentError(
        'document-over-limit',
        'The elements of the page are nested too deep.',
      )
    if (defaultTreeAdapter.isTextNode(node)) {
      this.#addText(node.value, path[0]?.tagName === 'pre', inLink)
      return
    }
    if (!('childNodes' in node)) return
    if (defaultTreeAdapter.isElementNode(node)) this.#visitElement(node, path, inLink, depth)
    else for (const child of node.childNodes) this.visit(child, path, inLink, depth + 1)
  }

  #addText(value: string, isPreformatted: boolean, inLink: boolean): void {
    const text = markRaisedCharacters(removeInvisible(value))
    this.#parts.push(isPreformatted ? text.replaceAll('\n', lineBreak) : text)
    if (inLink) this.#linkedLength += value.trim().length
  }

  #isShown(element: Element): boolean {
    if (invisibleTags.has(element.tagName) || element.namespaceURI !== html.NS.HTML) return false
    if (!isHidden(element, this.#hiddenSelectors)) return true
    const characters = /^(nav|footer|header)$/.test(element.tagName) ? 0 : readText(element).length
    if (characters > 0) {
      this.hidden.parts += 1
      this.hidden.characters += characters
    }
    return false
  }

  #visitElement(element: Element, path: readonly Element[], inLink: boolean, depth: number): void {
    const { tagName } = element
    if (!this.#isShown(element)) return
    if (tagName === 'br') {
      this.#parts.push(lineBreak)
      return
    }
    if (tagName === 'table' && isDataTable(element)) {
      this.#addTable(element, path, depth)
      return
    }
    const inner = inLink || tagName === 'a'
    const isBlock = blockTags.has(tagName)
    if (isBlock) this.endBlock(path)
    const childPath = isBlock ? [element, ...path] : path
    const visitChildren = (): void => {
      for (const child of element.childNodes) this.visit(child, childPath, inner, depth + 1)
    }
    if (isStruckOut(element) && !this.#isStruck)
      this.#visitStruck(element, childPath, visitChildren)
    else if (isBlock) visitChildren()
    else this.#visitInline(element, visitChildren)
    if (isBlock) this.endBlock(childPath)
  }

  /** A mark cannot go across blocks: struck blocks are marked one by one. */
  #visitStruck(element: Element, path: readonly Element[], visitChildren: () => void): void {
    const hasBlocks = path[0] === element || listElements(element).some(isBlockElement)
    if (hasBlocks) this.endBlock(path)
    const before = this.#parts
    const firstBlock = this.blocks.length
    this.#parts = []
    this.#isStruck = true
    visitChildren()
    this.#isStruck = false
    if (hasBlocks) {
      this.endBlock(path)
      for (const block of this.blocks.slice(firstBlock)) block.text = strikeLines(block.text)
      return
    }
    const inner = this.#parts.join('')
    this.#parts = before
    if (inner.trim() !== '') before.push(openMark('struck'), inner, closeMark)
  }

  #visitInline(element: Element, visitChildren: () => void): void {
    const { tagName } = element
    const isLowered = tagName === 'sub'
    const isRaised = tagName === 'sup' || isNoteReference(element) || isStyledRaised(element)
    if (tagName !== 'q' && !isLowered && !isRaised) {
      visitChildren()
      return
    }
    const outer = this.#parts
    const before = outer.slice(-20).join('')
    this.#parts = []
    visitChildren()
    const content = this.#parts.join('')
    this.#parts = outer
    if (tagName === 'q') outer.push(addQuotationMarks(element, content))
    else if (content.includes(lineBreak)) outer.push(content)
    else {
      const isLink = isNoteReference(element) || hasLink(element)
      const render = isLowered ? renderLowered : renderRaised
      outer.push(render(collapseWhiteSpace(before), collapseWhiteSpace(content), isLink))
    }
  }

  #addTable(table: Element, path: readonly Element[], depth: number): void {
    this.endBlock(path)
    const caption = table.childNodes.find(
      (node): node is Element =>
        defaultTreeAdapter.isElementNode(node) && node.tagName === 'caption',
    )
    if (caption) this.visit(caption, [table, ...path], false, depth + 1)
    const text = formatTable(
      table,
      (element) => this.#isShown(element),
      (cell) => this.#readCell(cell, depth),
    )
    if (hasText(text)) this.#addBlock(text, [table, ...path], true)
    this.#parts = []
    this.#linkedLength = 0
  }

  /** The text of a cell as one line. */
  #readCell(cell: Element, depth: number): string {
    const reader = new BlockReader(this.#hiddenSelectors)
    for (const child of cell.childNodes) reader.visit(child, [], false, depth + 1)
    reader.endBlock([])
    this.hidden.parts += reader.hidden.parts
    this.hidden.characters += reader.hidden.characters
    return reader.blocks.map(({ text }) => text.replaceAll('\n', ' ')).join(' ')
  }
}

const formatLines = (text: string): string =>
  text
    .split(lineBreak)
    .map(collapseWhiteSpace)
    .join('\n')
    .trim()
    .replaceAll(/\n{2,}/g, '\n')

const isBlockElement = ({ tagName }: Element): boolean => blockTags.has(tagName)

/** Cells and lines are struck one by one, because tabs and line ends tell them apart. */
const strikeLines = (text: string): string =>
  text.replaceAll(/[^\t\n]+/g, (part) => mark('struck', part))

const isStruckOut = (element: Element): boolean =>
  struckTags.has(element.tagName) ||
  /(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through/i.test(
    getAttribute(element, 'style') ?? '',
  )

/** A link to a note: by its role, or by its class or target when it has the form of a mark. */
function isNoteReference(element: Element): boolean {
  if (element.tagName !== 'a') return false
  const role = `${getAttribute(element, 'role') ?? ''} ${getAttribute(element, 'epub:type') ?? ''}`
  if (/\bnoteref\b|doc-noteref/.test(role)) return true
  const text = readText(element)
  if (!/^[[(]?(?:\d{1,3}|[a-z*†‡§])[\])]?$/i.test(text)) return false
  const [href, id, classes] = ['href', 'id', 'class'].map((name) => getAttribute(element, name))
  return (
    /#.*(fn|note|ref|cite|_ftn|_edn)/i.test(href ?? '') ||
    /(foot|end)note|fn-?ref|note-?ref/i.test(`${id ?? ''} ${classes ?? ''}`)
  )
}

const isStyledRaised = (element: Element): boolean =>
  /(?:^|;)\s*vertical-align\s*:\s*super/i.test(getAttribute(element, 'style') ?? '') ||
  (element.tagName === 'span' &&
    /(?:^|\s)(?:sup|superscript|footnote-?ref|note-?ref|fn-?ref)(?:$|\s)/i.test(
      getAttribute(element, 'class') ?? '',
    ))

/** Whether it contains a link, or is in one. */
function hasLink(element: Element): boolean {
  if (element.parentNode !== null && 'tagName' in element.parentNode)
    if (element.parentNode.tagName === 'a') return isNoteReference(element.parentNode)
  return element.childNodes.some(
    (node) => defaultTreeAdapter.isElementNode(node) && node.tagName === 'a',
  )
}
