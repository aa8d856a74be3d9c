import { type Html, html, jsonScript } from '../parts/html.ts'
import { texts } from '../texts.ts'
import { assets } from './assets.ts'

/** An alternative representation of a page. */
export type Alternate = { type: string; href: string; title: string }

/** What a page definition gives; the layout makes a document of it. */
export type Page = {
  title: string
  description?: string | undefined
  body: Html
  /** Path of the page under its own name: its slug, without parameters of tracking. */
  canonical?: string | undefined
  alternates?: readonly Alternate[]
  /** schema.org data. */
  structuredData?: object | undefined
  /** A class of the page for its style. */
  layout?: 'text' | 'wide' | undefined
  /** The page has a search form of its own, so the frame has none. */
  hasSearch?: boolean
  scripts?: readonly (keyof typeof assets)[]
  /** The part of the navigation that is current. */
  section?: keyof typeof texts.nav | undefined
}

export type SiteSettings = {
  /** The address of the server without a slash at the end; null when it is not set. */
  publicUrl: string | null
  robots: 'all' | 'none'
}

const navigation = [
  ['cases', '/'],
  ['search', '/search'],
  ['changes', '/changes'],
  ['about', '/about'],
  ['review', '/review'],
] as const

const renderHead = (page: Page, { publicUrl, robots }: SiteSettings): Html => {
  const fullTitle = page.title === texts.site ? page.title : `${page.title} · ${texts.site}`
  const url = publicUrl !== null && page.canonical ? `${publicUrl}${page.canonical}` : null
  return html`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${fullTitle}</title>
<meta name="description" content="${page.description ?? texts.siteDescription}">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="${robots === 'all' ? 'index, follow' : 'noindex, nofollow'}">
<meta property="og:title" content="${page.title}">
<meta property="og:description" content="${page.description ?? texts.siteDescription}">
<meta property="og:type" content="article">
<meta property="og:site_name" content="${texts.site}">
${url && html`<meta property="og:url" content="${url}">\n`}${
  page.canonical && html`<link rel="canonical" href="${url ?? page.canonical}">\n`
}<link rel="stylesheet" href="${assets.style}">
<link rel="icon" href="${assets.icon}" type="image/svg+xml">
<link rel="alternate" type="application/atom+xml" title="${texts.changes.title}" href="/changes.atom">
${(page.alternates ?? []).map(
  ({ type, href, title }) =>
    html`<link rel="alternate" type="${type}" href="${href}" title="${title}">\n`,
)}${
  page.structuredData &&
  html`<script type="application/ld+json">${jsonScript(page.structuredData)}</script>\n`
}${(page.scripts ?? []).map((name) => html`<script type="module" src="${assets[name]}"></script>\n`)}`
}

const renderSearch = (): Html =>
  html`<form class="site-search" action="/search" role="search"><label class="visually-hidden" for="site-q">${texts.searchLabel}</label><input id="site-q" name="q" type="search" maxlength="1000" autocomplete="off" placeholder="${texts.nav.search}"><button type="submit">${texts.searchButton}</button></form>`

const renderHeader = ({ section, hasSearch }: Page): Html => html`<header class="site">
<a class="skip" href="#content">${texts.skip}</a>
<a class="wordmark" href="/">${texts.site}</a>
<nav aria-label="Main"><ul>${navigation.map(
  ([name, path]) =>
    html`<li><a href="${path}"${section === name ? html` aria-current="page"` : null}>${texts.nav[name]}</a></li>`,
)}</ul></nav>
${hasSearch ? null : renderSearch()}
</header>`

const renderFooter = ({ alternates = [] }: Page): Html => html`<footer class="site">
${
  alternates.length > 0
    ? html`<p>${texts.otherFormats}: ${alternates.map(
        ({ href, title, type }, index) =>
          html`${index > 0 ? ' · ' : null}<a href="${href}" type="${type}">${title}</a>`,
      )}</p>`
    : null
}
<p>${texts.footer} <a href="/about">${texts.nav.about}</a> · <a href="/docs">${texts.start.documentation}</a></p>
</footer>`

/** A whole HTML document. */
export const renderDocument = (page: Page, settings: SiteSettings): string =>
  String(html`<!doctype html>
<html lang="en">
<head>
${renderHead(page, settings)}</head>
<body class="${page.layout ?? 'text'}">
${renderHeader(page)}
<main id="content" tabindex="-1">
${page.body}
</main>
${renderFooter(page)}
</body>
</html>
`)
