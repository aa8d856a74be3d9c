import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import { normaliseText } from '../../../evidence/text.ts'
import { type Block, compose, type ReadDocument, type ReceivedDocument } from '../document.ts'
import { decode } from '../text/decode.ts'
import { opensTail } from '../text/furniture.ts'
import {
  attribute,
  blocksOf,
  type Element,
  elements,
  type PageBlock,
  parsePage,
  serializePage,
  setAttribute,
} from './blocks.ts'
import { pageMetadata } from './page-metadata.ts'

const marker = 'data-casefile-block'
/** Readability goes over every element many times. */
const elementsMax = 100_000

/**
 * A web page: all of its visible text in the order of the page, so that nothing is lost, with each part marked. What
 * belongs to the article is what Mozilla's Readability keeps.
 *
 * @throws {Refusal}
 */
export function readHtml({ bytes, mediaType }: ReceivedDocument): ReadDocument {
  const { text, encoding } = decode(bytes, declaredEncodings(bytes, mediaType))
  const page = parsePage(text)
  const all = elements(page)
  const metadata = [...pageMetadata(all), encoding]
  const blocks = blocksOf(page)
  const inArticle = all.length > elementsMax ? null : articleBlocks(page, blocks)
  const titles = new Set(
    metadata.flatMap(({ name, value }) => (name === 'title' ? [bare(value)] : [])),
  )
  let tail: string | null = null
  const typed = blocks.map((block, index): Block => {
    const text = normaliseText(block.text.replaceAll('\0', ''))
    const own = typeOf(block, inArticle === null || inArticle.has(index), titles)
    if (own.type === 'article' && index > blocks.length / 3 && opensTail(text)) tail = text
    if (tail !== null && own.type === 'article')
      return { text, type: 'teaser', note: `below "${tail}"` }
    return { text, ...own }
  })
  return { ...compose(typed), metadata, mediaType: 'text/html' }
}

/** The blocks that Readability keeps, by their number; null when it finds no article, and so all may be one. */
function articleBlocks(page: ReturnType<typeof parsePage>, blocks: readonly PageBlock[]) {
  const marked = new Set<Element>()
  const holders = blocks.map(({ path: [holder] }) => holder)
  for (const [index, holder] of holders.entries())
    if (holder && !marked.has(holder)) {
      setAttribute(holder, marker, String(index))
      marked.add(holder)
    }
  const { document } = parseHTML(serializePage(page)) as unknown as { document: never }
  // A short article is an article too: the standard of 500 characters would take the whole page instead.
  const found = new Readability(document, { charThreshold: 140, disableJSONLD: true }).parse()
  const kept = new Set(
    [...(found?.content ?? '').matchAll(new RegExp(`${marker}="(\\d+)"`, 'g'))].map(([, n]) =>
      Number(n),
    ),
  )
  if (kept.size === 0) return null
  const keptHolders = new Set([...kept].map((index) => holders[index]))
  return new Set(blocks.flatMap((_, index) => (keptHolders.has(holders[index]) ? [index] : [])))
}

const navigation =
  /\b(nav|navbar|navigation|menu|breadcrumbs?|pagination|pager|toolbar|skip-?link)\b/i
const teaser =
  /\b(related|teasers?|recommend(ed|ations)?|promo|popular|trending|top-?stories|more-?(news|stories|from)|read-?(more|next|also)|most-?(read|viewed|popular)|latest|sidebar|newsletter|outbrain|taboola)\b/i

function typeOf(
  { text, path, linked }: PageBlock,
  inArticle: boolean,
  titles: ReadonlySet<string>,
): Pick<Block, 'type' | 'note'> {
  const tags = path.map(({ tagName }) => tagName)
  if (tags[0] === 'h1' && titles.has(bare(text))) return { type: 'article' }
  if (inArticle)
    return tags.includes('figcaption') || tags[0] === 'caption'
      ? { type: 'caption' }
      : { type: 'article' }
  const around = path.map((element) =>
    [
      element.tagName,
      attribute(element, 'class'),
      attribute(element, 'id'),
      attribute(element, 'role'),
    ]
      .filter(Boolean)
      .join(' '),
  )
  const named = (pattern: RegExp) => around.some((words) => pattern.test(words))
  if (named(navigation)) return { type: 'navigation', note: null }
  if (named(teaser)) return { type: 'teaser', note: null }
  if (tags.includes('figcaption')) return { type: 'caption' }
  if (linked > 0.8 && !tags.includes('footer'))
    return { type: text.split(/\s+/).length > 4 ? 'teaser' : 'navigation', note: null }
  return { type: 'boilerplate', note: 'not part of the article on the page' }
}

/** Letters and digits only, to compare a heading with a title. */
const bare = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** WHATWG HTML, 13.2.3.2: the sender's word first, then what the first bytes of the page say. */
function declaredEncodings(bytes: Uint8Array, mediaType: string | null) {
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
