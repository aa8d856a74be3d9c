import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import type { PageBlock } from './blocks.ts'
import {
  type Element,
  getAttribute,
  type parsePage,
  serializePage,
  setAttribute,
} from './page-tree.ts'

export const navigationPattern =
  /\b(nav|navbar|navigation|menu|breadcrumbs?|pagination|pager|toolbar|skip-?link)\b/i
export const teaserPattern =
  /\b(related|teasers?|recommend(ed|ations)?|promo|popular|trending|top-?stories|more-?(news|stories|from)|read-?(more|next|also)|most-?(read|viewed|popular)|latest|sidebar|newsletter|outbrain|taboola)\b/i
/** Parts within an article that are not its text. */
const foreignPattern =
  /\b(share|sharing|social|comments?|disqus|cookies?|consent|subscribe|subscription|paywall|advert(isement|orial)?|ads?|sponsored|tags?|topics|byline-links|author-bio|signup|sign-up)\b/i
const foreignTags = new Set([
  'nav',
  'aside',
  'form',
  'footer',
  'menu',
  'dialog',
  'button',
  'search',
])

/** Tag, class, id and role of an element, as words. */
export const describeElement = (element: Element): string =>
  [
    element.tagName,
    getAttribute(element, 'class'),
    getAttribute(element, 'id'),
    getAttribute(element, 'role'),
  ]
    .filter(Boolean)
    .join(' ')

const markerAttribute = 'data-casefile-block'
/** Share of the text of an article that its element contains. */
const containedShareMin = 0.9

/**
 * The indexes of the blocks of the article; null when none is found, so that any block may belong to it. Mozilla's
 * Readability finds where the article is. Its selection drops short and linked paragraphs, so whatever else stands within
 * the article belongs to it as well, except navigation, teasers, comments and lists of links.
 */
export function findArticleBlocks(
  page: ReturnType<typeof parsePage>,
  blocks: readonly PageBlock[],
): ReadonlySet<number> | null {
  const kept = findReadableBlocks(page, blocks)
  if (kept === null) return null
  const lengths = measureElements(blocks, kept)
  const { element, isArticle } = findArticleElement(blocks, kept, lengths)
  const first = Math.min(...kept)
  const last = Math.max(...kept)
  return new Set(
    blocks.flatMap((block, index) => {
      const depth = element === null ? -1 : block.path.indexOf(element)
      const isBetween = index > first && index < last
      // Behind the text of an article without an element of its own only paragraphs are taken.
      const isParagraph = element !== null && index > last && block.path[0]?.tagName === 'p'
      const isWithin = (element === null || depth !== -1) && (isArticle || isBetween || isParagraph)
      if (!kept.has(index) && !isWithin) return []
      const inner = depth === -1 ? block.path : block.path.slice(0, depth)
      return isForeign(inner, lengths) || isLinkList(blocks, index, kept) ? [] : [index]
    }),
  )
}

/** Lengths of the kept text in each element; `total` of all of it. */
type KeptLengths = { total: number; byElement: ReadonlyMap<Element, number> }

function measureElements(blocks: readonly PageBlock[], kept: ReadonlySet<number>): KeptLengths {
  const byElement = new Map<Element, number>()
  let total = 0
  for (const index of kept) {
    const { text, path } = blocks[index] ?? { text: '', path: [] }
    total += text.length
    for (const element of path) byElement.set(element, (byElement.get(element) ?? 0) + text.length)
  }
  return { total, byElement }
}

/** Within the article, but another part of the page. What has half of the text is the article, whatever its name. */
const isForeign = (path: readonly Element[], { total, byElement }: KeptLengths): boolean =>
  path.some((element) => {
    if ((byElement.get(element) ?? 0) >= total / 2) return false
    if (foreignTags.has(element.tagName)) return true
    const words = describeElement(element)
    return [navigationPattern, teaserPattern, foreignPattern].some((pattern) => pattern.test(words))
  })

/** Linked headings that Readability drops, and three or more linked items in a row; paragraphs belong to the text. */
function isLinkList(
  blocks: readonly PageBlock[],
  index: number,
  kept: ReadonlySet<number>,
): boolean {
  const isLinked = (at: number): boolean =>
    (blocks[at]?.linkShare ?? 0) > 0.8 && blocks[at]?.path[0]?.tagName !== 'p'
  if (!isLinked(index)) return false
  const tag = blocks[index]?.path[0]?.tagName ?? ''
  if (/^h[1-6]$/.test(tag) && !kept.has(index)) return true
  let from = index
  while (isLinked(from - 1)) from -= 1
  let to = index
  while (isLinked(to + 1)) to += 1
  return to - from >= 2
}

/** The blocks that Readability keeps; null when it finds no article. */
function findReadableBlocks(
  page: ReturnType<typeof parsePage>,
  blocks: readonly PageBlock[],
): ReadonlySet<number> | null {
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

/**
 * The element of the article: the nearest `article` around the smallest element with nearly all of the kept text, or that
 * element. Null when only the whole page contains it.
 */
function findArticleElement(
  blocks: readonly PageBlock[],
  kept: ReadonlySet<number>,
  { total, byElement }: KeptLengths,
): { element: Element | null; isArticle: boolean } {
  const longest = [...kept].toSorted(
    (a, b) => (blocks[b]?.text.length ?? 0) - (blocks[a]?.text.length ?? 0),
  )[0]
  const path = longest === undefined ? [] : (blocks[longest]?.path ?? [])
  const smallest = path.findIndex(
    (element) => (byElement.get(element) ?? 0) >= total * containedShareMin,
  )
  if (smallest === -1) return { element: null, isArticle: false }
  const article = path.slice(smallest).find(isArticleElement)
  if (article) return { element: article, isArticle: true }
  const element = path[smallest]
  return element === undefined || /^(body|html)$/.test(element.tagName)
    ? { element: null, isArticle: false }
    : { element, isArticle: false }
}

const isArticleElement = (element: Element): boolean =>
  element.tagName === 'article' ||
  getAttribute(element, 'itemprop') === 'articleBody' ||
  getAttribute(element, 'role') === 'article'
