import type { MetadataEntry, MetadataField } from '../document.ts'
import { type Element, getAttribute, readText } from './page-tree.ts'

/** Values of `property` or `name` of `meta` elements, in lower case, the most trusted ones first. */
const metaNames: readonly (readonly [string, MetadataField])[] = [
  ['og:title', 'title'],
  ['twitter:title', 'title'],
  ['dc.title', 'title'],
  ['citation_title', 'title'],
  ['author', 'byline'],
  ['article:author', 'byline'],
  ['parsely-author', 'byline'],
  ['dc.creator', 'byline'],
  ['citation_author', 'byline'],
  ['sailthru.author', 'byline'],
  ['byl', 'byline'],
  ['article:published_time', 'published'],
  ['datepublished', 'published'],
  ['parsely-pub-date', 'published'],
  ['dc.date.issued', 'published'],
  ['dc.date', 'published'],
  ['dcterms.issued', 'published'],
  ['dcterms.date', 'published'],
  ['sailthru.date', 'published'],
  ['article.published', 'published'],
  ['citation_publication_date', 'published'],
  ['pubdate', 'published'],
  ['date', 'published'],
  ['article:modified_time', 'modified'],
  ['dc.language', 'language'],
  ['og:locale', 'language'],
  ['og:url', 'canonicalUrl'],
  ['og:site_name', 'siteName'],
  ['citation_publisher', 'siteName'],
  ['citation_journal_title', 'siteName'],
  ['dc.publisher', 'siteName'],
  ['application-name', 'siteName'],
  ['og:description', 'description'],
  ['description', 'description'],
]
const valueLengthMax = 1_000
const entriesMax = 100

type AddEntry = (name: MetadataField, value: unknown, foundIn: string) => void
type ElementsByTag = ReadonlyMap<string, readonly Element[]>

/** The metadata of a page: from `meta` elements, JSON-LD (schema.org), links and headings. */
export function readPageMetadata(pageElements: readonly Element[]): MetadataEntry[] {
  const entries: MetadataEntry[] = []
  const add: AddEntry = (name, value, foundIn) => {
    if (typeof value !== 'string') return
    const text = value
      .replaceAll('\0', '')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, valueLengthMax)
      .toWellFormed()
    const isDuplicate = entries.some(
      (entry) => entry.name === name && entry.foundIn === foundIn && entry.value === text,
    )
    if (text !== '' && !isDuplicate) entries.push({ name, value: text, foundIn })
  }
  const byTag = Map.groupBy(pageElements, ({ tagName }) => tagName)
  addMetaElements(byTag, add)
  for (const script of byTag.get('script') ?? [])
    if (/^application\/ld\+json/i.test(getAttribute(script, 'type') ?? ''))
      for (const article of parseJsonLd(readText(script))) addJsonLdMetadata(article, add)
  for (const link of byTag.get('link') ?? [])
    if (/\bcanonical\b/i.test(getAttribute(link, 'rel') ?? ''))
      add('canonicalUrl', getAttribute(link, 'href'), 'link[rel="canonical"]')
  addVisibleMetadata(byTag, add)
  return entries.slice(0, entriesMax)
}

function addMetaElements(byTag: ElementsByTag, add: AddEntry): void {
  const metaElements = byTag.get('meta') ?? []
  for (const [metaName, field] of metaNames)
    for (const meta of metaElements)
      for (const attribute of ['property', 'name', 'itemprop'] as const)
        if (getAttribute(meta, attribute)?.toLowerCase() === metaName)
          add(field, getAttribute(meta, 'content'), `meta[${attribute}="${metaName}"]`)
}

/** Adds the language, the first heading, title and time of the page, and the authors of links. */
function addVisibleMetadata(byTag: ElementsByTag, add: AddEntry): void {
  const [html] = byTag.get('html') ?? []
  if (html)
    add('language', getAttribute(html, 'lang') ?? getAttribute(html, 'xml:lang'), 'html[lang]')
  for (const heading of (byTag.get('h1') ?? []).slice(0, 1)) add('title', readText(heading), 'h1')
  for (const title of (byTag.get('title') ?? []).slice(0, 1)) add('title', readText(title), 'title')
  for (const time of (byTag.get('time') ?? []).slice(0, 1))
    add('published', getAttribute(time, 'datetime') ?? readText(time), 'time')
  for (const link of [...(byTag.get('a') ?? []), ...(byTag.get('span') ?? [])].slice(0, 5_000))
    if (
      /\bauthor\b/i.test(getAttribute(link, 'rel') ?? '') ||
      getAttribute(link, 'itemprop') === 'author'
    )
      add('byline', readText(link), '[rel="author"]')
}

type JsonLdObject = Record<string, unknown>

/** The articles of a JSON-LD script. None when it is not valid JSON. */
function parseJsonLd(text: string): JsonLdObject[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return []
  }
  const nodes = [parsed].flat().flatMap((node) => {
    const graph = (node as { '@graph'?: unknown } | null)?.['@graph']
    return Array.isArray(graph) ? graph : [node]
  })
  return nodes.filter(
    (node): node is JsonLdObject =>
      typeof node === 'object' &&
      node !== null &&
      /Article|Report|Posting/.test(String(Reflect.get(node, '@type'))),
  )
}

function addJsonLdMetadata(article: JsonLdObject, add: AddEntry): void {
  const path = (member: string) => `script[type="application/ld+json"] ${member}`
  const listNames = (value: unknown): unknown[] =>
    [value]
      .flat()
      .map((node) => (typeof node === 'object' && node !== null ? Reflect.get(node, 'name') : node))
  add('title', article.headline, path('headline'))
  for (const author of listNames(article.author)) add('byline', author, path('author.name'))
  add('published', article.datePublished, path('datePublished'))
  add('modified', article.dateModified, path('dateModified'))
  add('language', article.inLanguage, path('inLanguage'))
  for (const site of listNames(article.publisher)) add('siteName', site, path('publisher.name'))
}
