import {
  type ExtractedDocument,
  joinBlocks,
  type ReceivedDocument,
  type TextBlock,
} from '../document.ts'
import { removeMarks } from '../marks/marked-text.ts'
import { isTeaserHeading } from '../text/teaser-headings.ts'
import { decodeText } from '../text/text-decoder.ts'
import {
  describeElement,
  findArticleBlocks,
  navigationPattern,
  teaserPattern,
} from './article-blocks.ts'
import { type PageBlock, splitBlocks } from './blocks.ts'
import { readPageMetadata } from './page-metadata.ts'
import { type Element, getAttribute, listElements, parsePage } from './page-tree.ts'
import { findHiddenSelectors } from './visibility.ts'

/** Readability visits every element many times. */
const elementsMax = 100_000

/**
 * Extracts all visible text of a web page in document order, with the type of each part (`findArticleBlocks`).
 *
 * @throws {DocumentError} document-unreadable, document-without-text, document-over-limit
 */
export function readHtml({ bytes, mediaType }: ReceivedDocument): ExtractedDocument {
  const { text, encoding } = decodeText(bytes, findDeclaredEncodings(bytes, mediaType))
  const page = parsePage(text)
  const pageElements = listElements(page)
  const { blocks, hidden } = splitBlocks(page, findHiddenSelectors(pageElements))
  const metadata = [...readPageMetadata(pageElements), encoding, ...describeOmitted(hidden)]
  const articleBlocks = pageElements.length > elementsMax ? null : findArticleBlocks(page, blocks)
  const titles = new Set(
    metadata.flatMap(({ name, value }) => (name === 'title' ? [normaliseTitle(value)] : [])),
  )
  let teaserHeading: string | null = null
  const typedBlocks = blocks.map((block, index): TextBlock => {
    const { text } = block
    const isInArticle = articleBlocks === null || articleBlocks.has(index)
    const classification = classifyBlock(block, isInArticle, titles)
    if (classification.type !== 'article') return { text, ...classification }
    if (index > blocks.length / 3 && isTeaserHeading(removeMarks(text)))
      teaserHeading = removeMarks(text)
    if (teaserHeading !== null) return { text, type: 'teaser', note: `below "${teaserHeading}"` }
    return { text, ...classification, type: block.isTable ? 'table' : 'article' }
  })
  return { ...joinBlocks(typedBlocks), metadata, mediaType: 'text/html' }
}

/** What the body leaves out because a browser does not show it. */
const describeOmitted = ({ parts, characters }: { parts: number; characters: number }) =>
  parts === 0
    ? []
    : [
        {
          name: 'omitted' as const,
          value: `${characters} characters of hidden text in ${parts} part(s) of the page`,
          foundIn: 'elements that a browser does not show',
        },
      ]

function classifyBlock(
  { text, path, linkShare }: PageBlock,
  inArticle: boolean,
  titles: ReadonlySet<string>,
): Pick<TextBlock, 'type' | 'note'> {
  const tags = path.map(({ tagName }) => tagName)
  if (tags[0] === 'h1' && titles.has(normaliseTitle(text))) return { type: 'article' }
  if (inArticle) {
    if (tags.includes('figcaption') || tags[0] === 'caption') return { type: 'caption' }
    return isNote(path) ? { type: 'note' } : { type: 'article' }
  }
  const ancestorNames = path.map(describeElement)
  const hasAncestorNamed = (pattern: RegExp) => ancestorNames.some((words) => pattern.test(words))
  if (hasAncestorNamed(navigationPattern)) return { type: 'navigation', note: null }
  if (hasAncestorNamed(teaserPattern)) return { type: 'teaser', note: null }
  if (tags.includes('figcaption')) return { type: 'caption' }
  if (linkShare > 0.8 && !tags.includes('footer'))
    return { type: text.split(/\s+/).length > 4 ? 'teaser' : 'navigation', note: null }
  return { type: 'boilerplate', note: 'not part of the article on the page' }
}

/** Whether a block is the text of a footnote or an endnote. */
const isNote = (path: readonly Element[]): boolean =>
  path.some(
    (element) =>
      /doc-(footnote|endnote)/.test(getAttribute(element, 'role') ?? '') ||
      /(?:^|[\s_-])(?:foot|end)notes?(?:$|[\s_-])/i.test(
        `${getAttribute(element, 'class') ?? ''} ${getAttribute(element, 'id') ?? ''}`,
      ),
  )

/** Letters and digits only, to compare a heading with a title. */
const normaliseTitle = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** WHATWG HTML, 13.2.3.2: the sender's declaration first, then those in the first bytes of the page. */
function findDeclaredEncodings(bytes: Uint8Array, mediaType: string | null) {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 4_096))
  const labelPattern = '["\']?\\s*([\\w:.-]+)'
  return [
    { text: mediaType ?? '', pattern: `charset=${labelPattern}`, foundIn: 'Content-Type' },
    { text: head, pattern: `<meta[^>]+charset=${labelPattern}`, foundIn: 'meta[charset]' },
    {
      text: head,
      pattern: `^\\s*<\\?xml[^>]+encoding=${labelPattern}`,
      foundIn: 'XML declaration',
    },
  ].flatMap(({ text, pattern, foundIn }) => {
    const [, label] = new RegExp(pattern, 'i').exec(text) ?? []
    return label === undefined ? [] : [{ label, foundIn }]
  })
}
