import type { PageDefinition } from '../page-definition.ts'
import { html } from '../parts/html.ts'
import { type ApiRecord, getPluralName } from '../parts/records.ts'
import { renderLink } from '../parts/values.ts'
import { type RecordChange, renderRevisions } from '../site/changes-page.ts'
import { texts } from '../texts.ts'

type Changes = { data: RecordChange[]; revision: number }
type CaseListed = ApiRecord & { title: string; summary: string | null }

const shownRevisions = 5
const shownChanges = 12

/** The start page. `plurals`: the kinds that have lists. */
export const startPage = (plurals: ReadonlyMap<string, string>): PageDefinition => ({
  path: '/',
  apiPath: () => null,
  async render({ ask }) {
    const [cases, newest] = await Promise.all([
      ask<{ data: CaseListed[]; next: string | null }>('/v1/cases', { sort: '-revision' }),
      ask<Changes>('/v1/changes', { limit: 1 }),
    ])
    const since = Math.max(0, newest.revision - shownRevisions)
    const changes = await ask<Changes>('/v1/changes', { since, limit: shownChanges })
    return {
      title: texts.site,
      hasSearch: true,
      section: 'cases',
      canonical: '/',
      alternates: [{ type: 'application/json', href: '/v1/cases', title: 'JSON' }],
      body: html`<div class="hero"><h1>${texts.start.title}</h1>
<p class="lead">${texts.start.lead}</p>
<form class="search" action="/search" role="search"><label for="q">${texts.searchLabel}</label>
<div class="search-row"><input id="q" name="q" type="search" maxlength="1000"><button type="submit">${texts.searchButton}</button></div></form></div>
<section aria-labelledby="cases"><h2 id="cases">${texts.start.cases}</h2>
${cases.data.length === 0 ? html`<p>${texts.start.noCases}</p>` : null}${cases.data.map(
  (one) =>
    html`<article class="card"><h3>${renderLink({ href: one.href, name: one.title })}</h3>${
      one.summary && html`<p>${one.summary}</p>`
    }</article>`,
)}
${cases.next && html`<p><a class="more" href="/cases">${texts.start.allCases}</a></p>`}</section>
<nav aria-labelledby="browse"><h2 id="browse">${texts.start.kinds}</h2><ul class="browse">${[
        ...plurals,
      ]
        .filter(([kind]) => kind !== 'case')
        .map(
          ([kind, plural]) => html`<li><a href="/${plural}">${getPluralName(kind)}</a></li>`,
        )}<li><a href="/findings">${texts.start.findings}</a></li></ul></nav>
<section aria-labelledby="new"><h2 id="new">${texts.start.latest}</h2>
${changes.data.length === 0 ? html`<p>${texts.start.nothingNew}</p>` : renderRevisions(changes.data, 3)}
<p><a class="more" href="/changes">${texts.start.allChanges}</a></p></section>
<section aria-labelledby="programs"><h2 id="programs">${texts.start.forPrograms}</h2>
<p>${texts.start.forProgramsText} <a href="/docs">${texts.start.documentation}</a></p>
<p>${texts.start.questions}:</p>
<ul>${texts.start.examples.map(([question, href]) => html`<li>${question} <a href="${href}"><code>${href}</code></a></li>`)}</ul></section>`,
    }
  },
})
