import { Problem } from '../../problem.ts'
import { assets } from '../layout/assets.ts'
import { encode, formatQuery, type PageRequest, type Query } from '../page-definition.ts'
import { type Citation, renderQuote, renderVoices } from '../parts/citations.ts'
import { type Html, html } from '../parts/html.ts'
import { renderTimelinePicture } from '../pictures/timeline.ts'
import { loadChart } from '../pictures/totals.ts'
import type { TimelineEntry } from '../statements/events.ts'
import { type Finding, renderCertainty } from '../statements/findings.ts'
import { texts } from '../texts.ts'

/** What an embed shows, and the page that has all of it. */
export type Embed = { title: string; body: Html; page: string; height: number }

type EmbedKind = {
  /** The page of which it is a part, as a pattern of its path; null if there is no such page. */
  page: RegExp | null
  load(ask: PageRequest['ask'], ref: string, query: Query): Promise<Embed>
}

/** Entries of an embedded timeline. */
const timelineLength = 30

export const embedKinds: Readonly<Record<string, EmbedKind>> = {
  quote: {
    page: /^\/citations\/([0-9a-f-]{36})$/,
    async load(ask, ref) {
      const citation = await ask<Citation>(`/v1/citations/${encode(ref)}`)
      const { quote, voices, article } = citation
      return {
        title: `“${quote.slice(0, 80)}”`,
        page: `/citations/${citation.id}`,
        height: 240,
        body: html`${renderQuote(citation)}<p class="source">${
          voices.length > 0 ? html`${texts.saidBy} ${renderVoices(voices)}. ` : null
        }${article.name}</p>`,
      }
    },
  },
  finding: {
    page: /^\/findings\/([a-z0-9.-]+)$/,
    async load(ask, ref) {
      const finding = await ask<Finding>(`/v1/findings/${encode(ref)}`)
      return {
        title: finding.sentence,
        page: `/findings/${finding.id}`,
        height: 260,
        body: html`<div class="finding finding-${finding.certainty}"><p class="finding-sentence">${finding.sentence}</p><p class="finding-reason">${renderCertainty(finding.certainty)} ${finding.reason}</p></div>`,
      }
    },
  },
  timeline: {
    page: /^\/cases\/([a-z0-9-]+)$/,
    async load(ask, ref) {
      const [{ title, slug }, { data }] = await Promise.all([
        ask<{ title: string; slug: string }>(`/v1/cases/${encode(ref)}`),
        ask<{ data: TimelineEntry[] }>('/v1/timeline', { case: ref, limit: timelineLength }),
      ])
      return {
        title,
        page: `/cases/${slug}`,
        height: 480,
        body: html`<p class="embed-title">${title}</p>${
          renderTimelinePicture(data) ?? html`<p>${texts.dossier.noEvents}</p>`
        }`,
      }
    },
  },
  totals: {
    page: null,
    async load(ask, ref, query) {
      if (!/^(permits|events|figures)$/.test(ref))
        throw new Problem('not-found', 'There are totals of permits, events and figures.')
      const chart = await loadChart(ask, ref, query)
      return {
        title: chart.title,
        page: `/v1/${encode(ref)}/totals${formatQuery(query)}`,
        height: 560,
        body: chart.picture,
      }
    },
  },
}

/** A whole document for an iframe. Links open outside the frame. */
export const renderEmbed = (
  { title, body, page }: Embed,
  base: string,
  theme: string | undefined,
): string =>
  String(html`<!doctype html>
<html lang="en"${/^(light|dark)$/.test(theme ?? '') ? html` class="${theme}"` : null}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="robots" content="noindex">
<base href="${base}/" target="_top">
<link rel="stylesheet" href="${assets.style}">
<link rel="icon" href="${assets.icon}" type="image/svg+xml">
</head>
<body class="embed">
<main>
<h1 class="visually-hidden">${title}</h1>
${body}
<p class="embed-source"><a href="${page}">${texts.embed.source}</a></p>
</main>
</body>
</html>
`)

/** The HTML that shows the embed on another site. */
export const buildIframe = (base: string, kind: string, ref: string, embed: Embed): string =>
  String(
    html`<iframe src="${base}/embed/${kind}/${ref}" title="${embed.title}" width="640" height="${embed.height}" loading="lazy"></iframe>`,
  )

/** The HTML to copy, on the page of a passage, a finding or a case. */
export const renderEmbedCode = (
  publicUrl: string | null,
  kind: string,
  ref: string,
  title: string,
): Html =>
  html`<details class="embed-code"><summary>${texts.embed.title}</summary>
<label for="embed-html">${texts.embed.label}</label>
<textarea id="embed-html" rows="3" readonly>${`<iframe src="${publicUrl ?? ''}/embed/${kind}/${ref}" title="${title.replaceAll('"', '&quot;')}" width="640" height="320" loading="lazy"></iframe>`}</textarea>
<button type="button" data-copy="embed-html">${texts.embed.copy}</button></details>`
