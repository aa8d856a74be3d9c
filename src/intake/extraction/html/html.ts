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
/** Readability goes over every element many times. */
const elementsMax = 100_000

/**
 * A web page: all of its visible text in the order of the page, so that nothing is lost, with each part marked. What
 * belongs to the article is what Mozilla's Readability keeps.
 *
 * @throws {Refusal}
 */
export function readHtml({ bytes, mediaType }: ReceivedDocument): ExtractedDocument {
  const { text, encoding } = decodeText(bytes, findDeclaredEncodings(bytes, mediaType))
  const page = parsePage(text)
  const pageElements = listElements(page)
  const metadata = [...readPageMetadata(pageElements), encoding]
  const blocks = splitBlocks(page)
  const inArticle = pageElements.length > elementsMax ? null : findArticleBlocks(page, blocks)
  const titles = new Set(
    metadata.flatMap(({ name, value }) => (name === 'title' ? [normaliseTitle(value)] : [])),
  )
  let teaserHeading: string | null = null
  const typedBlocks = blocks.map((block, index): TextBlock => {
    const text = normaliseText(block.text.replaceAll('\0', ''))
    const own = classifyBlock(block, inArticle === null || inArticle.has(index), titles)
    if (own.type === 'article' && index > blocks.length / 3 && isTeaserHeading(text))
      teaserHeading = text
    if (teaserHeading !== null && own.type === 'article')
      return { text, type: 'teaser', note: `below "${teaserHeading}"` }
    return { text, ...own }
  })
  return { ...joinBlocks(typedBlocks), metadata, mediaType: 'text/html' }
}

/** The blocks that Readability keeps, by their number; null when it finds no article, and so all may be one. */
function findArticleBlocks(page: ReturnType<typeof parsePage>, blocks: readonly PageBlock[]) {
  const marked = new Set<Element>()
  const blockElements = blocks.map(({ path: [holder] }) => holder)
  for (const [index, holder] of blockElements.entries())
    if (holder && !marked.has(holder)) {
      setAttribute(holder, markerAttribute, String(index))
      marked.add(holder)
    }
  const { document } = parseHTML(serializePage(page)) as unknown as { document: never }
  // A short article is an article too: the standard of 500 characters would take the whole page instead.
  const found = new Readability(document, { charThreshold: 140, disableJSONLD: true }).parse()
  const kept = new Set(
    [...(found?.content ?? '').matchAll(new RegExp(`${markerAttribute}="(\\d+)"`, 'g'))].map(
      ([, n]) => Number(n),
    ),
  )
  if (kept.size === 0) return null
  const keptElements = new Set([...kept].map((index) => blockElements[index]))
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

/** WHATWG HTML, 13.2.3.2: the sender's word first, then what the first bytes of the page say. */
function findDeclaredEncodings(bytes: Uint8Array, mediaType: string | null) {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 4_096))
  const label = '["\']?\\s*([\\w:.-]+)'
  return [
    { text: mediaType ?? '', pattern: `charset=${label}`, foundIn: 'Content-Type' },
    { text: head, pattern: `<meta[^>]+charset=${label}`, foundIn: 'meta[charset]' },
    { text: head, pattern: `^\\s*<\\?xml[^>]+encoding=${label}`, foundIn: 'XML declaration' },
  ].flatMap(({ text, pattern, foundIn }) => {
    const [, found] = new RegExp(pattern, 'i').exec(text) ?? []
    return found === undefined ? [] : [{ label: found, foundIn }]
  })
}
