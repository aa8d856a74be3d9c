import {
  DocumentError,
  type ExtractedDocument,
  joinBlocks,
  type MetadataEntry,
  type ReceivedDocument,
  type TextBlock,
} from '../document.ts'
import { removeMarks } from '../marks/marked-text.ts'
import { readParts } from './archive.ts'
import { BodyReader, type OmittedText, toRomanNumeral } from './document-body.ts'
import { readStyles, type Styles } from './styles.ts'
import {
  findChild,
  findChildren,
  listChildElements,
  parseXml,
  readXmlText,
  type XmlElement,
} from './xml-tree.ts'

/**
 * Extracts a Word document: paragraphs, tables, text boxes, notes, and the headers and footers of its pages. Hidden text,
 * comments and tracked deletions are left out, and the metadata says so.
 *
 * @throws {DocumentError}
 */
export async function readDocx({ bytes }: ReceivedDocument): Promise<ExtractedDocument> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts = await readParts(buffer)
  const mainName = findMainPart(parts)
  const main = parts.get(mainName)
  const document = main === undefined ? undefined : findChild(parseXml(main), 'document')
  if (document === undefined)
    throw new DocumentError(
      'document-unreadable',
      'The file is not a readable Word document (DOCX).',
    )
  const omitted: OmittedText = new Map()
  const blocks = readAllBlocks(document, openPackage(parts, mainName), omitted)
  const first = blocks.find(({ type }) => type === 'article')
  const title = first && removeMarks(first.text)
  return {
    ...joinBlocks(blocks),
    metadata: [
      ...readCoreProperties(parts.get('docProps/core.xml') ?? ''),
      ...(title && title.length <= 300
        ? [{ name: 'title' as const, value: title, foundIn: 'first paragraph' }]
        : []),
      ...[...omitted].map(([reason, count]) => ({
        name: 'omitted' as const,
        value: reason.startsWith('an ') ? `${reason} (${count})` : `${reason}: ${count} characters`,
        foundIn: mainName,
      })),
    ],
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  }
}

/** Whether an archive contains a Word document. */
export const isDocx = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('word/document')

type WordPackage = {
  styles: Styles
  /** The part that a relationship of the document points to; undefined when it is missing. */
  findPart(relationship: string | undefined): XmlElement | undefined
  /** The part of this type: `footnotes`, `endnotes`. */
  findPartOfType(type: string): XmlElement | undefined
}

/** The main part has another name in some documents, e.g. `word/document2.xml`. */
function findMainPart(parts: ReadonlyMap<string, string>): string {
  const relationships = listRelationships(parts.get('_rels/.rels'))
  const main = relationships.find(({ type }) => type === 'officeDocument')
  const name = main?.target.replace(/^\//, '')
  return name !== undefined && parts.has(name) ? name : 'word/document.xml'
}

type Relationship = { id: string; type: string; target: string }

const listRelationships = (xml: string | undefined): Relationship[] => {
  const root = xml === undefined ? undefined : findChild(parseXml(xml), 'Relationships')
  return (root ? findChildren(root, 'Relationship') : []).map(({ attributes }) => ({
    id: attributes.Id ?? '',
    type: attributes.Type?.split('/').at(-1) ?? '',
    target: attributes.Target ?? '',
  }))
}

function openPackage(parts: ReadonlyMap<string, string>, mainName: string): WordPackage {
  const folder = mainName.slice(0, mainName.lastIndexOf('/') + 1)
  const fileName = mainName.slice(folder.length)
  const relationships = listRelationships(parts.get(`${folder}_rels/${fileName}.rels`))
  const open = (relationship: Relationship | undefined): XmlElement | undefined => {
    if (relationship === undefined) return undefined
    const { target } = relationship
    const xml = parts.get(target.startsWith('/') ? target.slice(1) : `${folder}${target}`)
    return xml === undefined ? undefined : parseXml(xml)
  }
  const findPartOfType = (type: string) => open(relationships.find((one) => one.type === type))
  return {
    styles: readStyles(findPartOfType('styles')),
    findPart: (id) => open(relationships.find((one) => one.id === id)),
    findPartOfType,
  }
}

/** The blocks in the order of print: headers, text, notes, footers. */
function readAllBlocks(document: XmlElement, word: WordPackage, omitted: OmittedText): TextBlock[] {
  const body = new BodyReader(word.styles, omitted)
  body.readBlocks(document, 'article')
  const readNotes = (type: 'footnote' | 'endnote', ids: readonly string[]): TextBlock[] => {
    const root = word.findPartOfType(`${type}s`)
    const list = root && findChild(root, `${type}s`)
    const notes = new Map(
      (list ? findChildren(list, type) : []).map((note) => [note.attributes.id ?? '', note]),
    )
    return ids.flatMap((id, index) => {
      const note = notes.get(id)
      if (note === undefined) return []
      const reader = new BodyReader(word.styles, omitted)
      reader.readBlocks(note, 'note')
      const number = type === 'footnote' ? String(index + 1) : toRomanNumeral(index + 1)
      return [
        {
          type: 'note' as const,
          text: `[${number}] ${reader.blocks.map(({ text }) => text).join('\n')}`,
        },
      ]
    })
  }
  return [
    ...readMargins(document, word, 'header', omitted),
    ...body.blocks,
    ...readNotes('footnote', body.footnotes),
    ...readNotes('endnote', body.endnotes),
    ...readMargins(document, word, 'footer', omitted),
  ]
}

/** The different headers or footers of all sections, each once. */
function readMargins(
  document: XmlElement,
  word: WordPackage,
  type: 'header' | 'footer',
  omitted: OmittedText,
): TextBlock[] {
  const texts = new Set<string>()
  for (const { attributes } of listDescendants(document, `${type}Reference`)) {
    const part = word.findPart(attributes.id)
    if (part === undefined) continue
    const reader = new BodyReader(word.styles, omitted)
    reader.readBlocks(part, type)
    texts.add(reader.blocks.map(({ text }) => text).join('\n'))
  }
  return [...texts].filter((text) => text !== '').map((text) => ({ text, type }))
}

function listDescendants(root: XmlElement, name: string): XmlElement[] {
  return listChildElements(root).flatMap((child) =>
    child.name === name ? [child] : listDescendants(child, name),
  )
}

/** Dublin Core properties (ECMA-376, part 2, 11), by name without prefix. */
const corePropertyNames = {
  title: 'title',
  creator: 'byline',
  description: 'description',
  language: 'language',
  modified: 'modified',
} as const satisfies Record<string, MetadataEntry['name']>
const prefixes: Readonly<Record<string, string>> = { modified: 'dcterms' }

function readCoreProperties(xml: string): MetadataEntry[] {
  const root = findChild(parseXml(xml), 'coreProperties')
  return (root ? listChildElements(root) : []).flatMap((element) => {
    const name = corePropertyNames[element.name as keyof typeof corePropertyNames]
    const value = readXmlText(element)
      .replaceAll('\0', '')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, 1_000)
      .toWellFormed()
    const foundIn = `docProps/core.xml ${prefixes[element.name] ?? 'dc'}:${element.name}`
    return name === undefined || value === '' ? [] : [{ name, value, foundIn }]
  })
}
