import { renderEmbedCode } from '../embeds/embed-pages.ts'
import { encode, type PageDefinition } from '../page-definition.ts'
import { type Citation, renderQuote, renderVoices } from '../parts/citations.ts'
import { type Html, html } from '../parts/html.ts'
import { getKindName } from '../parts/records.ts'
import { type Reference, renderLink, renderValue } from '../parts/values.ts'
import { nameFieldPath, texts } from '../texts.ts'
import { renderSection } from './record-page.ts'

type CitationOfRecord = Citation & { record: Reference; recordKind: string; href: string }
type Verification = {
  holds: boolean
  reason: string | null
  found: string
  bodyIntact: boolean
  bodySha256: string
}

/** The page behind a footnote: a passage, who says it, what it supports, and whether it holds. */
export const citationPage: PageDefinition = {
  path: '/citations/:id',
  apiPath: ({ id }) => `/v1/citations/${encode(id)}`,
  async render({ ask, params, settings }) {
    const path = `/v1/citations/${encode(params.id)}`
    const [citation, verification] = await Promise.all([
      ask<CitationOfRecord>(path),
      ask<Verification>(`${path}/verify`),
    ])
    const pagePath = `/citations/${citation.id}`
    return {
      title: `“${shorten(citation.quote, 80)}”`,
      description: `${citation.article.name}: “${shorten(citation.quote, 200)}”`,
      canonical: pagePath,
      scripts: ['enhance'],
      alternates: [
        { type: 'application/json', href: path, title: 'JSON' },
        {
          type: 'application/ld+json',
          href: `${path}?format=w3c-annotations`,
          title: 'W3C Web Annotation',
        },
        oembedOf(settings.publicUrl, `/citations/${citation.id}`),
      ],
      body: html`<article>
<p class="kicker">${texts.citation.kicker}</p>
<h1 class="visually-hidden">${texts.citation.kicker}: ${shorten(citation.quote, 80)}</h1>
<div class="figure-quote">${renderQuote(citation)}</div>
<p class="lead-source">${renderLink(citation.article)}</p>
${renderSpeakers(citation)}
${renderSection('supports', texts.citation.supports, renderSupported(citation))}
${renderSection('check', texts.citation.check, renderVerification(verification))}
${renderSection('cite', texts.citation.cite, renderHowToCite(citation, settings.publicUrl))}
${renderEmbedCode(settings.publicUrl, 'quote', citation.id, texts.citation.kicker)}
</article>`,
    }
  },
}

/** The oEmbed description of a page. */
export const oembedOf = (publicUrl: string | null, path: string) => ({
  type: 'application/json+oembed',
  href: `/oembed?url=${encodeURIComponent(`${publicUrl ?? ''}${path}`)}`,
  title: 'oEmbed',
})

const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`

function renderSpeakers({ voices, confidence }: CitationOfRecord): Html | null {
  if (voices.length === 0 && confidence === null) return null
  return renderSection(
    'speakers',
    texts.citation.speakers,
    html`${voices.length > 0 ? html`<p>${renderVoices(voices)}.${voices.length > 1 ? ` ${texts.citation.chain}` : ''}</p>` : null}${
      confidence === null ? null : html`<p>${texts.confidence(confidence)}.</p>`
    }`,
  )
}

const renderSupported = ({ record, recordKind, field, value }: CitationOfRecord): Html =>
  html`<p><span class="label">${getKindName(recordKind)}</span> ${renderLink(record)}: ${nameFieldPath(field)}${
    value === null || value === undefined
      ? '.'
      : html`. <span class="rival">${texts.saysInstead}: ${renderValue(value)}</span>`
  }</p>`

const renderVerification = ({ holds, reason, found, bodyIntact, bodySha256 }: Verification): Html =>
  html`<p class="${holds ? 'check-holds' : 'warning'}"><span aria-hidden="true">${holds ? '✓' : '✗'}</span> ${
    holds ? texts.citation.holds : texts.citation.holdsNot
  }${reason && ` ${reason}`}</p>${holds ? null : html`<blockquote class="quote"><p>${found}</p></blockquote>`}
<p>${bodyIntact ? texts.citation.intact : texts.citation.notIntact} <span class="details">SHA-256 <code class="hash">${bodySha256}</code></span></p>`

function renderHowToCite(citation: CitationOfRecord, publicUrl: string | null): Html {
  const path = `/citations/${citation.id}`
  return html`<p class="how-to-cite" id="citation-text">“${citation.quote}” ${citation.article.name}. ${texts.site}, ${publicUrl ?? ''}${path}</p>
<p class="details">${texts.citation.position(citation.start, citation.end)}. <a href="${`/articles/${citation.article.slug}`}">${texts.inArticle}</a></p>`
}
