import type { MetadataEntry, MetadataField } from '../document.ts'
import { type Element, getAttribute, readText } from './blocks.ts'

/** `meta` elements by their `property` or `name`, in lower case, the most trusted ones first. */
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
  ['article:published_time', 'published'],
  ['datepublished', 'published'],
  ['parsely-pub-date', 'published'],
  ['dc.date.issued', 'published'],
  ['dc.date', 'published'],
  ['citation_publication_date', 'published'],
  ['pubdate', 'published'],
  ['date', 'published'],
  ['article:modified_time', 'modified'],
  ['dc.language', 'language'],
  ['og:locale', 'language'],
  ['og:url', 'canonicalUrl'],
  ['og:site_name', 'siteName'],
  ['application-name', 'siteName'],
  ['og:description', 'description'],
  ['description', 'description'],
]
const valueLengthMax = 1_000
const entriesMax = 100

/** What a page says of itself: in `meta` elements, JSON-LD (schema.org), links, and its headings. */
export function readPageMetadata(all: readonly Element[]): MetadataEntry[] {
  const found: MetadataEntry[] = []
  const add = (name: MetadataField, value: unknown, foundIn: string): void => {
    if (typeof value !== 'string') return
    const text = value
      .replaceAll('\0', '')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, valueLengthMax)
      .toWellFormed()
    const known = found.some(
      (one) => one.name === name && one.foundIn === foundIn && one.value === text,
    )
    if (text !== '' && !known) found.push({ name, value: text, foundIn })
  }
  const byTag = Map.groupBy(all, ({ tagName }) => tagName)

  const metas = byTag.get('meta') ?? []
  for (const [wanted, name] of metaNames)
    for (const meta of metas)
      for (const key of ['property', 'name', 'itemprop'] as const)
        if (getAttribute(meta, key)?.toLowerCase() === wanted)
          add(name, getAttribute(meta, 'content'), `meta[${key}="${wanted}"]`)

  for (const script of byTag.get('script') ?? [])
    if (/^application\/ld\+json/i.test(getAttribute(script, 'type') ?? ''))
      for (const thing of parseJsonLd(readText(script))) addJsonLdMetadata(thing, add)

  for (const link of byTag.get('link') ?? [])
    if (/\bcanonical\b/i.test(getAttribute(link, 'rel') ?? ''))
      add('canonicalUrl', getAttribute(link, 'href'), 'link[rel="canonical"]')
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
  return found.slice(0, entriesMax)
}

type JsonLdObject = Record<string, unknown>

/** Articles in a piece of JSON-LD; whoever wrote broken JSON said nothing. */
function parseJsonLd(text: string): JsonLdObject[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return []
  }
  const candidates = [parsed].flat().flatMap((one) => {
    const graph = (one as { '@graph'?: unknown } | null)?.['@graph']
    return Array.isArray(graph) ? graph : [one]
  })
  return candidates.filter(
    (one): one is JsonLdObject =>
      typeof one === 'object' &&
      one !== null &&
      /Article|Report|Posting/.test(String(Reflect.get(one, '@type'))),
  )
}

function addJsonLdMetadata(
  thing: JsonLdObject,
  add: (name: MetadataField, value: unknown, foundIn: string) => void,
): void {
  const at = (member: string) => `script[type="application/ld+json"] ${member}`
  const named = (value: unknown): unknown[] =>
    [value]
      .flat()
      .map((one) => (typeof one === 'object' && one !== null ? Reflect.get(one, 'name') : one))
  add('title', thing.headline, at('headline'))
  for (const author of named(thing.author)) add('byline', author, at('author.name'))
  add('published', thing.datePublished, at('datePublished'))
  add('modified', thing.dateModified, at('dateModified'))
  add('language', thing.inLanguage, at('inLanguage'))
  for (const site of named(thing.publisher)) add('siteName', site, at('publisher.name'))
}
