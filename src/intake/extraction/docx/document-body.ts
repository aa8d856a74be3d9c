import type { TextBlock } from '../document.ts'
import { joinCells, joinRows } from '../html/tables.ts'
import { hasText, mark, removeInvisible, removeMarks } from '../marks/marked-text.ts'
import { markRaisedCharacters, renderLowered, renderRaised } from '../marks/raised-text.ts'
import { formatFormula } from './formulas.ts'
import { mergeProperties, readTextProperties, type Styles, type TextProperties } from './styles.ts'
import {
  findChild,
  findChildren,
  listChildElements,
  readToggle,
  readXmlText,
  type XmlElement,
} from './xml-tree.ts'

/** Elements that only wrap others. */
const wrappers = new Set([
  'sdt',
  'sdtContent',
  'hyperlink',
  'smartTag',
  'fldSimple',
  'ins',
  'moveTo',
  'customXml',
  'dir',
  'bdo',
  'body',
  'ruby',
  'rubyBase',
  'footnote',
  'endnote',
  'hdr',
  'ftr',
])
/** Text that a tracked change has taken out. */
const deletedElements = new Set(['del', 'moveFrom'])
/** A longer cell belongs to a layout, not to a table of data. */
const cellLengthMax = 1_500

/** What the body leaves out, by reason: numbers of characters. */
export type OmittedText = Map<string, number>

type Segment = { text: string; properties: TextProperties }

/** Reads the paragraphs and tables of a part of a Word document (ECMA-376, 17) as marked text. */
export class BodyReader {
  readonly blocks: TextBlock[] = []
  /** Ids of the notes in the order in which the text refers to them. */
  readonly footnotes: string[] = []
  readonly endnotes: string[] = []
  readonly #styles: Styles
  readonly #omitted: OmittedText
  #segments: Segment[] = []
  /** Text boxes of a paragraph follow it. */
  #boxes: XmlElement[] = []

  constructor(styles: Styles, omitted: OmittedText) {
    this.#styles = styles
    this.#omitted = omitted
  }

  /** Reads blocks until the end of an element, all with this type. */
  readBlocks(element: XmlElement, type: TextBlock['type']): void {
    for (const child of listChildElements(element)) {
      if (child.name === 'p') this.#readParagraph(child, type)
      else if (child.name === 'tbl') this.#readTable(child, type)
      else if (child.name === 'oMathPara') this.#addBlock(formatFormula(child), type)
      else if (child.name === 'AlternateContent') this.readBlocks(chooseContent(child), type)
      else if (wrappers.has(child.name)) this.readBlocks(child, type)
      else if (child.name === 'altChunk') this.#omit('an embedded document', 1)
    }
    this.#endParagraph(type)
  }

  #omit(reason: string, characters: number): void {
    if (characters > 0) this.#omitted.set(reason, (this.#omitted.get(reason) ?? 0) + characters)
  }

  #addBlock(text: string, type: TextBlock['type']): void {
    if (hasText(text)) this.blocks.push({ text, type })
  }

  #readParagraph(paragraph: XmlElement, type: TextBlock['type']): void {
    const properties = findChild(paragraph, 'pPr')
    const styleId = properties && findChild(properties, 'pStyle')?.attributes.val
    const isCaption = /^caption/.test(this.#styles.nameOf(styleId))
    this.#readRuns(paragraph, this.#styles.find(styleId))
    const markProperties = properties && findChild(properties, 'rPr')
    // A paragraph mark that a tracked change has taken out: the next paragraph continues this one.
    if (markProperties && findChild(markProperties, 'del')) {
      this.#segments.push({ text: ' ', properties: plain })
      return
    }
    this.#endParagraph(type === 'article' && isCaption ? 'caption' : type)
  }

  #endParagraph(type: TextBlock['type']): void {
    const segments = this.#segments
    const boxes = this.#boxes
    this.#segments = []
    this.#boxes = []
    this.#addBlock(formatSegments(segments), type)
    for (const box of boxes) this.readBlocks(box, type)
  }

  #readRuns(element: XmlElement, inherited: TextProperties | undefined): void {
    for (const child of listChildElements(element)) {
      if (child.name === 'r') this.#readRun(child, inherited)
      else if (child.name === 'oMath' || child.name === 'oMathPara')
        this.#segments.push({ text: formatFormula(child), properties: plain })
      else if (deletedElements.has(child.name))
        this.#omit('deleted by a tracked change', readXmlText(child).length)
      else if (child.name === 'AlternateContent') this.#readRuns(chooseContent(child), inherited)
      else if (wrappers.has(child.name)) this.#readRuns(child, inherited)
    }
  }

  #readRun(run: XmlElement, inherited: TextProperties | undefined): void {
    const own = findChild(run, 'rPr')
    const style = own && findChild(own, 'rStyle')?.attributes.val
    const properties = mergeProperties(inherited, this.#styles.find(style), readTextProperties(own))
    const parts = listChildElements(run)
      .map((child) => this.#readRunPart(child))
      .join('')
    if (properties.hidden) this.#omit('hidden text', removeMarks(parts).length)
    else if (parts !== '') this.#segments.push({ text: parts, properties })
  }

  /** The text of a part of a run; text boxes are kept for later. */
  #readRunPart(part: XmlElement): string {
    switch (part.name) {
      case 't':
        return markRaisedCharacters(removeInvisible(readXmlText(part).replaceAll(/\s+/g, ' ')))
      case 'tab':
      case 'ptab':
        return ' '
      case 'br':
        return /^(page|column)$/.test(part.attributes.type ?? '') ? ' ' : '\n'
      case 'cr':
        return '\n'
      case 'noBreakHyphen':
        return '-'
      case 'footnoteReference':
        return this.#referToNote(part, this.footnotes, String)
      case 'endnoteReference':
        return this.#referToNote(part, this.endnotes, toRomanNumeral)
      case 'AlternateContent':
        this.#collectBoxes(chooseContent(part))
        return ''
      case 'drawing':
      case 'pict':
      case 'object':
        this.#collectBoxes(part)
        return ''
      case 'delText':
        this.#omit('deleted by a tracked change', readXmlText(part).length)
        return ''
      default:
        return ''
    }
  }

  #referToNote(
    { attributes }: XmlElement,
    notes: string[],
    format: (number: number) => string,
  ): string {
    notes.push(attributes.id ?? '')
    // The mark follows as text of the run.
    if (/^(1|true|on)$/.test(attributes.customMarkFollows ?? '')) return ''
    return mark('footnote', `[${format(notes.length)}]`)
  }

  #collectBoxes(element: XmlElement): void {
    for (const child of listChildElements(element))
      if (child.name === 'txbxContent') this.#boxes.push(child)
      else if (child.name === 'AlternateContent') this.#collectBoxes(chooseContent(child))
      else this.#collectBoxes(child)
  }

  #readTable(table: XmlElement, type: TextBlock['type']): void {
    this.#endParagraph(type)
    const rows = listRows(table).map((row) => this.#readRow(row))
    const isData = rows.some(({ length }) => length > 1)
    const cells = rows.flat()
    if (isData && cells.every(({ length }) => length <= cellLengthMax)) {
      const text = joinRows(rows.map(joinCells))
      if (hasText(text)) this.blocks.push({ text, type: type === 'article' ? 'table' : type })
      return
    }
    for (const cell of cells) this.#addBlock(cell, type)
  }

  /** The cells of a row. A cell over several columns is followed by empty ones. */
  #readRow(row: XmlElement): string[] {
    return listCells(row).flatMap((cell) => {
      const properties = findChild(cell, 'tcPr')
      const span = Number((properties && findChild(properties, 'gridSpan')?.attributes.val) ?? 1)
      const merged = properties && findChild(properties, 'vMerge')
      const isContinued = merged !== undefined && merged.attributes.val !== 'restart'
      const empty = Array.from({ length: Math.min(100, Math.max(1, span || 1)) - 1 }, () => '')
      return [isContinued ? '' : this.#readCell(cell), ...empty]
    })
  }

  #readCell(cell: XmlElement): string {
    const reader = new BodyReader(this.#styles, this.#omitted)
    // Notes are numbered through the whole document.
    reader.footnotes.push(...this.footnotes)
    reader.endnotes.push(...this.endnotes)
    reader.readBlocks(cell, 'article')
    this.footnotes.splice(0, Number.POSITIVE_INFINITY, ...reader.footnotes)
    this.endnotes.splice(0, Number.POSITIVE_INFINITY, ...reader.endnotes)
    return reader.blocks.map(({ text }) => text.replaceAll(/[\t\n]+/g, ' ')).join(' ')
  }
}

const plain: TextProperties = { hidden: null, struck: null, raised: null }

/** What a program that knows everything shows; the fallback repeats it for older programs. */
function chooseContent(alternate: XmlElement): XmlElement {
  const choices = [...findChildren(alternate, 'Choice'), ...findChildren(alternate, 'Fallback')]
  return choices[0] ?? { name: '', attributes: {}, children: [] }
}

const listRows = (table: XmlElement): XmlElement[] =>
  listChildElements(table).flatMap((child) => {
    if (child.name === 'tr') {
      const properties = findChild(child, 'trPr')
      const isGone =
        properties &&
        (findChild(properties, 'del') !== undefined || readToggle(properties, 'hidden') === true)
      return isGone ? [] : [child]
    }
    return wrappers.has(child.name) ? listRows(child) : []
  })

const listCells = (row: XmlElement): XmlElement[] =>
  listChildElements(row).flatMap((child) => {
    if (child.name === 'tc') return [child]
    return wrappers.has(child.name) ? listCells(child) : []
  })

/** Joins runs; raised and struck runs that follow each other are one piece. */
function formatSegments(segments: readonly Segment[]): string {
  let text = ''
  for (let index = 0; index < segments.length; ) {
    const { properties } = segments[index] ?? { properties: plain }
    let piece = ''
    while (index < segments.length && isSameFormat(segments[index]?.properties, properties)) {
      piece += segments[index]?.text ?? ''
      index += 1
    }
    const isMark = removeMarks(piece) !== piece && properties.raised === 'superscript'
    if (properties.raised === 'superscript' && !isMark) piece = renderRaised(text, piece)
    if (properties.raised === 'subscript') piece = renderLowered(text, piece)
    text += properties.struck ? mark('struck', piece) : piece
  }
  return text
    .split('\n')
    .map((line) => line.replaceAll(/[^\S\u00a0]+/g, ' ').trim())
    .filter((line) => removeMarks(line) !== '')
    .join('\n')
}

const isSameFormat = (a: TextProperties | undefined, b: TextProperties): boolean =>
  a !== undefined &&
  Boolean(a.struck) === Boolean(b.struck) &&
  (a.raised ?? 'baseline') === (b.raised ?? 'baseline')

const romanDigits = [
  ['x', 10],
  ['ix', 9],
  ['v', 5],
  ['iv', 4],
  ['i', 1],
] as const

/** Word numbers endnotes i, ii, iii. */
export function toRomanNumeral(number: number): string {
  let rest = number
  let numeral = ''
  for (const [digits, value] of romanDigits)
    while (rest >= value) {
      numeral += digits
      rest -= value
    }
  return numeral
}
