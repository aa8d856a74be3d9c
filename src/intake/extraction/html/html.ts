import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import { normaliseText } from '../../../evidence/text.ts'
import {
  type ExtractedDocument,
  joinBlocks,
  type ReceivedDocument,
  type TextBlock,
} from '../document.ts'
import { isTeaserHeading } from '../text/teaser-headings.ts'
import { decodeText } from '../text/text-decoder.ts'
import {
  type Element,
  getAttribute,
  listElements,
  type PageBlock,
  parsePage,
  serializePage,
  setAttribute,
  splitBlocks,
} from './blocks.ts'
import { readPageMetadata } from './page-metadata.ts'

const markerAttribute = 'data-casefile-block'
/** Readability visits every element many times. */
const elementsMax = 100_000

/**
 * Extracts all visible text of a web page in document order, with the type of each part. The parts that Mozilla's
 * Readability keeps belong to the article.
 *
 * @throws {DocumentError} document-unreadable, document-without-text, document-over-limit
 */
export function readHtml({ bytes, mediaType }: ReceivedDocument): ExtractedDocument {
  const { text, encoding } = decodeText(bytes, findDeclaredEncodings(bytes, mediaType))
  const page = parsePage(text)
  const pageElements = listElements(page)
  const metadata = [...readPageMetadata(pageElements), encoding]
  const blocks = splitBlocks(page)
  const articleBlocks = pageElements.length > elementsMax ? null : findArticleBlocks(page, blocks)
  const titles = new Set(
    metadata.flatMap(({ name, value }) => (name === 'title' ? [normaliseTitle(value)] : [])),
  )
  let teaserHeading: string | null = null
  const typedBlocks = blocks.map((block, index): TextBlock => {
    const text = normaliseText(block.text.replaceAll('\0', ''))
    const isInArticle = articleBlocks === null || articleBlocks.has(index)
    const classification = classifyBlock(block, isInArticle, titles)
    if (classification.type !== 'article') return { text, ...classification }
    if (index > blocks.length / 3 && isTeaserHeading(text)) teaserHeading = text
    if (teaserHeading !== null) return { text, type: 'teaser', note: `below "${teaserHeading}"` }
    return { text, ...classification }
  })
  return { ...joinBlocks(typedBlocks), metadata, mediaType: 'text/html' }
}

/** The indexes of the blocks that Readability keeps; null when it finds no article, so that any block may belong to it. */
function findArticleBlocks(page: ReturnType<typeof parsePage>, blocks: readonly PageBlock[]) {
  const markedElements = new Set<Element>()
  const blockElements = blocks.map(({ path: [element] }) => element)
  for (const [index, element] of blockElements.entries())
    if (element && !markedElements.has(element)) {
      setAttribute(element, markerAttribute, String(index))
      markedElements.add(element)
    }
  const { document } = parseHTML(serializePage(page)) as unknown as { document: never }
  // For an article below the threshold Readability keeps the whole page; its default of 500 characters is too high.
  const article = new Readability(document, { charThreshold: 140, disableJSONLD: true }).parse()
  const markers = (article?.content ?? '').matchAll(new RegExp(`${markerAttribute}="(\\d+)"`, 'g'))
  const keptElements = new Set([...markers].map(([, index]) => blockElements[Number(index)]))
  if (keptElements.size === 0) return null
  return new Set(
    blocks.flatMap((_, index) => (keptElements.has(blockElements[index]) ? [index] : [])),
  )
}

const navigationPattern =
  /\b(nav|navbar|navigation|menu|breadcrumbs?|pagination|pager|toolbar|skip-?link)\b/i
const teaserPattern =
  /\b(related|teasers?|recommend(ed|ations)?|promo|popular|trending|top-?stories|more-?(news|stories|from)|read-?(more|next|also)|most-?(read|viewed|popular)|latest|sidebar|newsletter|outbrain|taboola)\b/i

function classifyBlock(
  { text, path, linkShare }: PageBlock,
  inArticle: boolean,
  titles: ReadonlySet<string>,
): Pick<TextBlock, 'type' | 'note'> {
  const tags = path.map(({ tagName }) => tagName)
  if (tags[0] === 'h1' && titles.has(normaliseTitle(text))) return { type: 'article' }
  if (inArticle)
    return tags.includes('figcaption') || tags[0] === 'caption'
      ? { type: 'caption' }
      : { type: 'article' }
  const ancestorNames = path.map((element) =>
    [
      element.tagName,
      getAttribute(element, 'class'),
      getAttribute(element, 'id'),
      getAttribute(element, 'role'),
    ]
      .filter(Boolean)
      .join(' '),
  )
  const hasAncestorNamed = (pattern: RegExp) => ancestorNames.some((words) => pattern.test(words))
  if (hasAncestorNamed(navigationPattern)) return { type: 'navigation', note: null }
  if (hasAncestorNamed(teaserPattern)) return { type: 'teaser', note: null }
  if (tags.includes('figcaption')) return { type: 'caption' }
  if (linkShare > 0.8 && !tags.includes('footer'))
    return { type: text.split(/\s+/).length > 4 ? 'teaser' : 'navigation', note: null }
  return { type: 'boilerplate', note: 'not part of the article on the page' }
}

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
