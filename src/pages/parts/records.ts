import { capitalise, kindNames, nameField, nameFieldPath, texts } from '../texts.ts'
import {
  type Citation,
  groupByPassage,
  type Passage,
  renderMarkers,
  renderPassages,
} from './citations.ts'
import { type Html, html } from './html.ts'
import { isPresent, renderValue, renderWord, toPagePath } from './values.ts'

/** A single record as the API gives it, with the fields of its kind. */
export type ApiRecord = {
  id: string
  kind: string
  slug: string
  revision: number
  href: string
  conflicts: { field: string; chosen: unknown; claims: { value: unknown; citation: string }[] }[]
  citations: Citation[]
  [field: string]: unknown
}

/** What a record is called. */
export const getName = (record: Record<string, unknown>): string =>
  String(record.title ?? record.name ?? record.designation ?? record.role ?? record.slug)

export const getKindName = (kind: string): string => kindNames[kind]?.[0] ?? capitalise(kind)
export const getPluralName = (kind: string): string =>
  kindNames[kind]?.[1] ?? `${capitalise(kind)}s`

/** Shown elsewhere on the page, or as technical details. */
const omittedFields = new Set(['kind', 'slug', 'href', 'conflicts', 'citations', 'history', 'body'])
const technicalFields =
  /^(id|revision|bodyLength|bodySha256|sourceSha256|sourceMediaType|spans|boilerplate|metadata)$/
/** How a document is filed: no fact. */
const filingFields = /^(case|language|url)$/
/** Computed from events, so they have no passage of their own. */
const derivedFields = /^(status|issuedOn|inForce|members|permitStatus)$/

/** The fields of a record that say something, with the numbers of their passages. */
export function renderFields(record: ApiRecord, passages: readonly Passage[]): Html {
  const nameFields = new Set(['title', 'name', 'designation'])
  const shown = Object.entries(record).filter(
    ([field, value]) =>
      !omittedFields.has(field) &&
      !technicalFields.test(field) &&
      !nameFields.has(field) &&
      isPresent(value),
  )
  return html`<dl class="fields">${shown.map(
    ([field, value]) =>
      html`<div class="field"><dt>${nameField(field)}</dt><dd>${renderValue(value, field)}${renderOrigin(field, passages)}</dd></div>`,
  )}</dl>`
}

function renderOrigin(field: string, passages: readonly Passage[]): Html | null {
  const markers = renderMarkers(passages, field)
  if (markers || filingFields.test(field)) return markers
  return derivedFields.test(field)
    ? html` <span class="origin" title="${texts.derivedTitle}">${texts.derived}</span>`
    : html` <span class="origin" title="${texts.uncitedTitle}">${texts.uncited}</span>`
}

/** Passages that say other things than the record. */
export function renderConflicts({ conflicts, citations }: ApiRecord): Html | null {
  if (conflicts.length === 0) return null
  return html`<section class="conflicts" aria-labelledby="conflicts"><h2 id="conflicts">${texts.conflictTitle}</h2>${conflicts.map(
    ({ field, chosen, claims }) => html`<p>${texts.conflict(nameFieldPath(field))}</p>
<dl class="fields"><div class="field"><dt>${texts.conflictChosen}</dt><dd>${renderValue(chosen, field)}</dd></div>${claims.map(
      ({ value, citation }) =>
        html`<div class="field"><dt>${texts.conflictOther}</dt><dd>${renderValue(value, field)} <a href="/citations/${citation}">${
          citations.find(({ id }) => id === citation)?.article.name ?? texts.openCitation
        }</a></dd></div>`,
    )}</dl>`,
  )}</section>`
}

/** The kicker above a title: kind and type. */
export const renderKicker = (record: ApiRecord): Html =>
  html`<p class="kicker">${getKindName(record.kind)}${
    typeof record.type === 'string' ? html` · ${renderWord(record.type)}` : null
  }${
    typeof record.status === 'string'
      ? html` <span class="status status-${record.status}">${renderWord(record.status)}</span>`
      : null
  }</p>`

export const renderSources = (passages: readonly Passage[]): Html =>
  html`<section aria-labelledby="passages"><h2 id="passages">${texts.sourcesTitle}</h2>
${passages.length > 0 ? html`<p class="intro">${texts.sourcesIntro}</p>` : null}${renderPassages(passages)}</section>`

export const renderTechnical = (record: ApiRecord): Html => {
  const shown = Object.entries(record).filter(
    ([field, value]) =>
      technicalFields.test(field) && isPresent(value) && typeof value !== 'object',
  )
  return html`<details class="technical"><summary>${texts.technicalTitle}</summary><dl class="fields">${shown.map(
    ([field, value]) =>
      html`<div class="field"><dt>${nameField(field)}</dt><dd><code>${String(value)}</code></dd></div>`,
  )}</dl>
<p><a href="/records/${record.id}/history">${texts.recordHistory}</a> · <a href="/review/edit${toPagePath(record.href)}" rel="nofollow">${texts.correctRecord}</a></p></details>`
}

export const groupPassages = (record: ApiRecord): Passage[] => groupByPassage(record.citations)
