import { encode, type PageDefinition } from '../page-definition.ts'
import { type Html, html } from '../parts/html.ts'
import {
  type ApiRecord,
  getKindName,
  groupPassages,
  renderConflicts,
  renderFields,
  renderKicker,
  renderSources,
  renderTechnical,
} from '../parts/records.ts'
import { renderRevisionNotice } from '../parts/revision-notice.ts'
import { type Reference, renderLink, toPagePath } from '../parts/values.ts'
import { nameFieldPath, texts } from '../texts.ts'
import {
  type CitedRange,
  type MarkedPassage,
  numberPassages,
  renderMarkedText,
} from './marked-text.ts'

/** The text of an article with its citations as the API gives it. */
type MarkedBody = {
  body: string
  spans: {
    type: string
    start: number
    end: number
    citation: string | null
    record: Reference | null
    field: string | null
  }[]
  ranges: CitedRange[]
}

/** Longer texts (registers) are not shown on a page. */
const maxTextLength = 60_000
const maxPassages = 400

export const articlePage: PageDefinition = {
  path: '/articles/:ref',
  apiPath: ({ ref }) => `/v1/articles/${encode(ref)}`,
  async render(request) {
    const { revision, asOf } = request.query
    const path = `/v1/articles/${encode(request.params.ref)}`
    const record = await request.ask<ApiRecord & { bodyLength: number; body: string | null }>(
      path,
      {
        revision,
        asOf,
      },
    )
    const isLong = record.bodyLength > maxTextLength
    const marked = isLong
      ? null
      : await request.ask<MarkedBody>(`${path}/body`, { citations: 'true' })
    const passages = groupPassages(record)
    return {
      title: String(record.title),
      canonical: toPagePath(record.href),
      layout: 'wide',
      scripts: ['enhance'],
      alternates: [
        { type: 'application/json', href: record.href, title: 'JSON' },
        { type: 'text/plain', href: `${record.href}/body`, title: texts.article.readText },
        {
          type: 'application/ld+json',
          href: `${record.href}/body?citations=true`,
          title: 'Text with citations (JSON)',
        },
      ],
      body: html`${await renderRevisionNotice(request)}<article>
${renderKicker(record)}
<h1>${record.title}</h1>
${renderFields(record, passages)}
${renderConflicts(record)}
${marked ? renderText(marked) : renderLongText(record.href)}
<p><a href="${record.href}/source">${texts.article.received}</a></p>
${renderSources(passages)}
${renderTechnical(record)}
</article>`,
    }
  },
}

const renderLongText = (href: string): Html =>
  html`<section aria-labelledby="text"><h2 id="text">${texts.article.text}</h2><p>${texts.article.long} <a href="${href}/body">${texts.article.readText}</a></p></section>`

function renderText({ body, spans, ranges }: MarkedBody): Html {
  const passages = numberPassages(spans.filter(({ type }) => type === 'citation')).slice(
    0,
    maxPassages,
  )
  const uncitable = spans.filter(({ type }) => /^(boilerplate|navigation|teaser)$/.test(type))
  return html`<div class="reader">
<section class="text-column" aria-labelledby="text"><h2 id="text">${texts.article.text}</h2>
<p class="intro">${texts.article.textIntro}</p>
<div class="marked-text">${renderMarkedText(body, ranges, passages, uncitable)}</div></section>
<section class="facts-column" aria-labelledby="facts"><h2 id="facts">${texts.article.facts}</h2>
${passages.length === 0 ? html`<p>${texts.article.noFacts}</p>` : renderFacts(passages)}</section>
</div>`
}

const renderFacts = (passages: readonly MarkedPassage[]): Html =>
  html`<ol class="facts">${passages.map(
    ({
      number,
      facts,
      start,
      end,
    }) => html`<li id="facts-${number}" value="${number}" data-start="${start}" data-end="${end}"><ul class="plain">${facts.map(
      ({ record, field, citation }) =>
        html`<li>${
          record
            ? html`<span class="label">${getKindName(kindOf(record.href))}</span> ${renderLink(record)}`
            : null
        }: ${nameFieldPath(field)} <a class="permalink" href="/citations/${citation}" aria-label="${texts.openCitation}">¶</a></li>`,
    )}</ul>
<a class="back" href="#mark-${number}">${texts.backToText} <span class="visually-hidden">${number}</span></a></li>`,
  )}</ol>`

/** `/v1/permits/x` is a permit. */
const kindOf = (href: string): string => href.split('/')[2]?.replace(/s$/, '') ?? ''
