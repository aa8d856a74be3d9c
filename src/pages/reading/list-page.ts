import { formatQuery, type PageDefinition } from '../page-definition.ts'
import { type Html, html } from '../parts/html.ts'
import { type ApiRecord, getName, getPluralName } from '../parts/records.ts'
import { isPresent, isReference, renderLink, renderValue, renderWord } from '../parts/values.ts'
import { type Finding, renderFindingList } from '../statements/findings.ts'
import { nameField, texts } from '../texts.ts'

type List<T> = { data: T[]; next: string | null; total?: number }

/** The list of a kind, with the filters of the API in its query. */
export const listPage = (kind: string, plural: string): PageDefinition => ({
  path: `/${plural}`,
  apiPath: () => `/v1/${plural}`,
  async render({ ask, query }) {
    const { cursor, ...filters } = query
    const list = await ask<List<ApiRecord>>(`/v1/${plural}`, { ...filters, cursor, count: 'true' })
    const path = `/v1/${plural}`
    return {
      title: getPluralName(kind),
      canonical: `/${plural}`,
      layout: 'wide',
      alternates: [
        { type: 'application/json', href: `${path}${formatQuery(filters)}`, title: 'JSON' },
        {
          type: 'text/csv',
          href: `${path}${formatQuery({ ...filters, format: 'csv' })}`,
          title: 'CSV',
        },
        {
          type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          href: `${path}${formatQuery({ ...filters, format: 'xlsx' })}`,
          title: 'XLSX',
        },
      ],
      body: html`<h1>${getPluralName(kind)}</h1>
<p role="status">${texts.list.total(list.total ?? list.data.length)}${renderFilters(filters)}</p>
${renderRecordTable(getPluralName(kind), list.data)}
${renderNext(`/${plural}`, query, list.next)}`,
    }
  },
})

export const findingsPage: PageDefinition = {
  path: '/findings',
  apiPath: () => '/v1/findings',
  async render({ ask, query }) {
    const { data, next } = await ask<List<Finding>>('/v1/findings', query)
    return {
      title: texts.start.findings,
      canonical: '/findings',
      alternates: [
        { type: 'application/json', href: `/v1/findings${formatQuery(query)}`, title: 'JSON' },
      ],
      body: html`<h1>${texts.start.findings}</h1>
<p class="intro">${texts.dossier.findingsIntro} <a href="/about#rules">${texts.about.rulesTitle}</a></p>
${data.length === 0 ? html`<p>${texts.list.none}</p>` : renderFindingList(data)}
${renderNext('/findings', query, next)}`,
    }
  },
}

const renderFilters = (filters: Readonly<Record<string, string | undefined>>): Html =>
  html`${Object.entries(filters).map(([name, value]) => html` · <span class="label">${nameField(name)}</span> ${value}`)}`

const renderNext = (
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  next: string | null,
): Html | null =>
  next === null
    ? null
    : html`<p><a class="more" rel="next" href="${`${path}${formatQuery({ ...query, cursor: next })}`}">${texts.list.more}</a></p>`

/** Fields that a table of records shows when some record has them, the most telling first. */
const columns = [
  'type',
  'status',
  'issuedOn',
  'on',
  'publishedOn',
  'during',
  'number',
  'issuer',
  'imposer',
  'exporter',
  'destination',
  'destinations',
  'target',
  'targets',
  'actor',
  'organisation',
  'manufacturer',
  'items',
  'measure',
  'value',
  'from',
  'to',
  'category',
  'period',
  'country',
]
const maxColumns = 5

export function renderRecordTable(caption: string, records: readonly ApiRecord[]): Html {
  if (records.length === 0) return html`<p>${texts.list.none}</p>`
  const shown = columns
    .filter((field) => records.some((record) => isPresent(record[field])))
    .slice(0, maxColumns)
  return html`<div class="table-frame" tabindex="0" role="group" aria-label="${caption}"><table class="records-table"><thead><tr><th scope="col">${texts.list.name}</th>${shown.map(
    (field) => html`<th scope="col">${nameField(field)}</th>`,
  )}</tr></thead><tbody>${records.map(
    (record) =>
      html`<tr><th scope="row">${renderLink({ href: record.href, name: getName(record) })}</th>${shown.map(
        (field) =>
          html`<td>${isPresent(record[field]) ? renderCell(record[field], field) : null}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`
}

const renderCell = (value: unknown, field: string): Html =>
  typeof value === 'string' && !isReference(value) ? renderWord(value) : renderValue(value, field)
