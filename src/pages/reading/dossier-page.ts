import { renderEmbedCode } from '../embeds/embed-pages.ts'
import type { Page } from '../layout/page.ts'
import { encode, formatQuery, type PageDefinition, type PageRequest } from '../page-definition.ts'
import type { StatedDate } from '../parts/dates.ts'
import { type Html, html } from '../parts/html.ts'
import {
  type ApiRecord,
  groupPassages,
  renderConflicts,
  renderSources,
  renderTechnical,
} from '../parts/records.ts'
import { renderRevisionNotice } from '../parts/revision-notice.ts'
import { renderLink, renderValue, toPagePath } from '../parts/values.ts'
import { collectPlaces, renderMapPicture } from '../pictures/map.ts'
import { type Network, renderNetworkPicture, renderNetworkTable } from '../pictures/network.ts'
import { renderTimelinePicture } from '../pictures/timeline.ts'
import { loadChart } from '../pictures/totals.ts'
import { renderEventList, type TimelineEntry } from '../statements/events.ts'
import { type Finding, renderFindingList } from '../statements/findings.ts'
import { Notes } from '../statements/notes.ts'
import { capitalise, texts } from '../texts.ts'
import { renderRecordTable } from './list-page.ts'
import { renderRecordList, renderSection } from './record-page.ts'

type Part = { data: ApiRecord[]; total: number }
type Dossier = {
  case: ApiRecord & { title: string; summary: string | null }
  findings: { data: Finding[]; complete: boolean }
  timeline: { data: TimelineEntry[]; complete: boolean }
  permits: Part
  measures: Part
  actors: Part
  goods: Part
  articles: Part
}
type CaseFile = { revision: number; case: Dossier['case']; [kind: string]: unknown }

/** So many permits are shown as charts. */
const manyPermits = 100
/** More nodes would be no picture. */
const networkLimit = 45

export const dossierPage: PageDefinition = {
  path: '/cases/:ref',
  apiPath: ({ ref }) => `/v1/cases/${encode(ref)}/dossier`,
  render: (request) =>
    request.query.revision === undefined && request.query.asOf === undefined
      ? renderDossier(request)
      : renderPastCase(request),
}

async function renderDossier({ ask, params, settings }: PageRequest): Promise<Page> {
  const path = `/v1/cases/${encode(params.ref)}`
  const [dossier, network] = await Promise.all([
    ask<Dossier>(`${path}/dossier`),
    ask<Network>('/v1/network', { case: params.ref, limit: networkLimit }),
  ])
  const { case: record, findings, timeline } = dossier
  const { slug } = record
  const charts = dossier.permits.total >= manyPermits ? await renderCharts(ask, slug) : null
  const notes = new Notes([
    ...findings.data.flatMap(({ records }) => records.flatMap(({ citations }) => citations)),
    ...timeline.data.flatMap(({ citations }) => citations),
  ])
  return {
    ...describeCase(record),
    scripts: ['enhance'],
    body: html`<article>
${renderHeading(record)}
${renderContents(dossier)}
${renderSection(
  'findings',
  texts.dossier.findings,
  html`<p class="intro">${texts.dossier.findingsIntro}</p>${
    findings.data.length === 0
      ? html`<p>${findings.complete ? texts.dossier.noFindings : texts.dossier.largeCase}</p>`
      : renderFindingList(findings.data, notes)
  }${findings.complete ? null : renderMore('/findings', slug, texts.dossier.moreFindings)}`,
)}
${renderSection(
  'timeline',
  texts.dossier.timeline,
  timeline.data.length === 0
    ? html`<p>${texts.dossier.noEvents}</p>`
    : html`<p class="intro">${texts.dossier.timelineIntro}</p>
${renderTimelinePicture(timeline.data)}
${renderEventList(timeline.data, notes)}${timeline.complete ? null : renderMore('/events', slug, texts.dossier.moreEvents)}`,
)}
${renderNetwork(network)}
${renderMap(timeline.data)}
${charts}
${renderPart('permits', 'permit', dossier.permits, slug)}
${renderPart('measures', 'measure', dossier.measures, slug)}
${renderNames('actors', texts.dossier.parties, dossier.actors, slug)}
${renderNames('goods', texts.dossier.goods, dossier.goods, slug)}
${renderSection('sources', texts.dossier.sources, renderArticles(dossier.articles.data))}
${notes.renderList(settings.publicUrl)}
${record.citations.length > 0 ? renderSources(groupPassages(record)) : null}
${renderEmbedCode(settings.publicUrl, 'timeline', slug, texts.timeline.picture)}
${renderTechnical(record)}
</article>`,
  }
}

const describeCase = (record: Dossier['case']) => ({
  title: record.title,
  description: record.summary ?? undefined,
  canonical: toPagePath(record.href),
  layout: 'wide' as const,
  section: 'cases' as const,
  alternates: [
    { type: 'application/json', href: `${record.href}/dossier`, title: 'JSON' },
    {
      type: 'text/calendar',
      href: `/v1/timeline${formatQuery({ case: record.slug, format: 'ics' })}`,
      title: 'Calendar',
    },
    { type: 'application/zip', href: `${record.href}/bundle`, title: 'Bundle' },
  ],
})

const renderHeading = (
  record: Dossier['case'],
): Html => html`<p class="kicker">${texts.dossier.kicker}</p>
<h1>${record.title}</h1>
${record.summary && html`<div class="summary">${record.summary.split(/\n+/).map((line) => html`<p>${line}</p>`)}</div>`}
${renderConflicts(record)}`

const renderContents = ({ permits, measures, actors, goods }: Dossier): Html =>
  html`<nav class="contents" aria-label="${texts.dossier.contents}"><ul>
<li><a href="#findings">${texts.dossier.findings}</a></li>
<li><a href="#timeline">${texts.dossier.timeline}</a></li>
<li><a href="#network">${texts.dossier.network}</a></li>
${permits.total > 0 ? html`<li><a href="#permits">${texts.dossier.permits}</a></li>` : null}
${measures.total > 0 ? html`<li><a href="#measures">${texts.dossier.measures}</a></li>` : null}
${actors.total > 0 ? html`<li><a href="#actors">${texts.dossier.parties}</a></li>` : null}
${goods.total > 0 ? html`<li><a href="#goods">${texts.dossier.goods}</a></li>` : null}
<li><a href="#sources">${texts.dossier.sources}</a></li>
</ul></nav>`

const renderNetwork = (network: Network): Html | null => {
  const picture = renderNetworkPicture(network)
  return (
    picture &&
    renderSection(
      'network',
      texts.dossier.network,
      html`<p class="intro">${texts.dossier.networkIntro}</p>${picture}${renderNetworkTable(network)}`,
    )
  )
}

/** Where the permits go, and how many there were over time. */
async function renderCharts(ask: PageRequest['ask'], slug: string): Promise<Html> {
  const charts = await Promise.all(
    ['destination', 'year'].map((by) => loadChart(ask, 'permits', { case: slug, by })),
  )
  return renderSection(
    'totals',
    texts.dossier.totals,
    html`${charts.map(({ picture }) => picture)}<p><a class="more" href="/v1/permits/totals${formatQuery({ case: slug, by: 'destination' })}">${texts.dossier.totalsData}</a></p>`,
  )
}

const renderMap = (entries: readonly TimelineEntry[]): Html | null => {
  const picture = renderMapPicture(collectPlaces(entries))
  return picture && renderSection('map', texts.dossier.map, picture)
}

const renderMore = (path: string, slug: string, title: string): Html =>
  html`<p><a class="more" href="${`${path}${formatQuery({ case: slug })}`}">${title}</a></p>`

function renderPart(
  id: 'permits' | 'measures',
  noun: string,
  { data, total }: Part,
  slug: string,
): Html | null {
  if (total === 0) return null
  return renderSection(
    id,
    texts.dossier[id],
    html`${data.length < total ? html`<p class="intro">${texts.dossier.newest(data.length, total)}</p>` : null}${renderRecordTable(texts.dossier[id], data)}${
      data.length < total ? renderMore(`/${id}`, slug, texts.dossier.all(total, noun)) : null
    }`,
  )
}

function renderNames(
  id: 'actors' | 'goods',
  title: string,
  { data, total }: Part,
  slug: string,
): Html | null {
  if (total === 0) return null
  return renderSection(
    id,
    title,
    html`${renderRecordList(data)}${
      data.length < total
        ? renderMore(`/${id}`, slug, texts.dossier.all(total, id.slice(0, -1)))
        : null
    }`,
  )
}

const renderArticles = (articles: readonly ApiRecord[]): Html =>
  html`<ul class="records articles">${articles.map(
    (article) =>
      html`<li>${renderLink({ href: article.href, name: String(article.title) })}<br><span class="details">${renderValue(
        article.publisher,
      )}${article.publishedOn ? html` · ${renderValue(article.publishedOn as StatedDate)}` : null}</span></li>`,
  )}</ul>`

/** A case as it was: its records, but nothing that is computed from the current ones. */
async function renderPastCase(request: PageRequest): Promise<Page> {
  const { revision, asOf } = request.query
  const file = await request.ask<CaseFile>(`/v1/cases/${encode(request.params.ref)}/file`, {
    revision,
    asOf,
  })
  const { case: record, revision: shownRevision } = file
  const kinds = Object.entries(file).flatMap(([name, records]) =>
    Array.isArray(records) ? [[name, records as ApiRecord[]] as const] : [],
  )
  return {
    ...describeCase(record),
    body: html`${await renderRevisionNotice(request)}<article>
${renderHeading(record)}
<p class="intro">${texts.dossier.pastOnly}</p>
${kinds.map(([name, records]) =>
  records.length === 0
    ? null
    : renderSection(name, capitalise(name), renderPastRecords(records, shownRevision)),
)}
${renderSources(groupPassages(record))}
</article>`,
  }
}

const renderPastRecords = (records: readonly ApiRecord[], revision: number): Html =>
  renderRecordList(
    records.map((record) => ({ ...record, href: `${record.href}?revision=${revision}` })),
  )
