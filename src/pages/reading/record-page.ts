import type { Alternate, Page } from '../layout/page.ts'
import { encode, formatQuery, type PageDefinition, type PageRequest } from '../page-definition.ts'
import { type Html, html } from '../parts/html.ts'
import {
  type ApiRecord,
  getName,
  getPluralName,
  groupPassages,
  renderConflicts,
  renderFields,
  renderKicker,
  renderSources,
  renderTechnical,
} from '../parts/records.ts'
import { renderRevisionNotice } from '../parts/revision-notice.ts'
import { renderLink, toPagePath } from '../parts/values.ts'
import { renderLifecycle } from '../pictures/lifecycle.ts'
import { renderEventList, type TimelineEntry } from '../statements/events.ts'
import { type Finding, renderFindingList } from '../statements/findings.ts'
import { texts } from '../texts.ts'

const relatedLimit = 50

type List<T> = { data: T[]; next: string | null }

/** What else the API says about a record of a kind, in sections. */
type RelatedLoader = (request: PageRequest, record: ApiRecord) => Promise<Html[]>

const loadEvents = async (
  { ask }: PageRequest,
  filter: Readonly<Record<string, string>>,
): Promise<Html | null> => {
  const { data } = await ask<List<TimelineEntry>>('/v1/timeline', {
    ...filter,
    limit: relatedLimit,
  })
  if (data.length === 0) return null
  return renderSection('events', texts.relatedEvents, renderEventList(data))
}

const loadFindings = async (
  { ask }: PageRequest,
  filter: Readonly<Record<string, string>>,
): Promise<Html | null> => {
  const { data } = await ask<List<Finding>>('/v1/findings', { ...filter, limit: relatedLimit })
  if (data.length === 0) return null
  return renderSection('findings', texts.relatedFindings, renderFindingList(data))
}

const loadPermits = async ({ ask }: PageRequest, good: string): Promise<Html | null> => {
  const { data } = await ask<List<ApiRecord>>('/v1/permits', { good, limit: relatedLimit })
  if (data.length === 0) return null
  return renderSection('permits', texts.relatedPermits, renderRecordList(data))
}

export const renderSection = (id: string, title: string, content: unknown): Html =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}</section>`

/** Records by name, each with what tells it apart. */
export const renderRecordList = (records: readonly Record<string, unknown>[]): Html =>
  html`<ul class="records">${records.map(
    (record) => html`<li>${renderLink({ href: String(record.href), name: getName(record) })}</li>`,
  )}</ul>`

const related: Readonly<Record<string, RelatedLoader>> = {
  permit: async (request, { slug }) =>
    present(
      await loadFindings(request, { permit: slug }),
      await loadEvents(request, { permit: slug }),
    ),
  measure: async (request, { slug }) => present(await loadEvents(request, { measure: slug })),
  good: async (request, { slug }) =>
    present(await loadPermits(request, slug), await loadEvents(request, { good: slug })),
  actor: async (request, { slug }) =>
    present(
      await loadFindings(request, { actor: slug }),
      await loadEvents(request, { actor: slug }),
    ),
}

const present = (...sections: (Html | null)[]): Html[] =>
  sections.filter((section) => section !== null)

/** The page of a record of any kind but cases and articles. */
export const recordPage = (kind: string, plural: string): PageDefinition => ({
  path: `/${plural}/:ref`,
  apiPath: ({ ref }) => `/v1/${plural}/${encode(ref)}`,
  async render(request) {
    const { revision, asOf } = request.query
    const isPast = revision !== undefined || asOf !== undefined
    const record = await request.ask<ApiRecord>(`/v1/${plural}/${encode(request.params.ref)}`, {
      revision,
      asOf,
    })
    const sections = isPast ? [] : ((await related[kind]?.(request, record)) ?? [])
    return buildRecordPage(record, await renderRevisionNotice(request), sections)
  },
})

function buildRecordPage(record: ApiRecord, notice: Html | null, sections: readonly Html[]): Page {
  const passages = groupPassages(record)
  const name = getName(record)
  return {
    title: name,
    description: describeRecord(record),
    canonical: toPagePath(record.href),
    alternates: listAlternates(record),
    body: html`${notice}<article>
${renderKicker(record)}
<h1>${name}</h1>
${renderFields(record, passages)}
${renderConflicts(record)}${renderLifecycle(record)}${sections}
${renderSources(passages)}
${renderTechnical(record)}
</article>`,
  }
}

/** The first passage, which says most in the words of the source. */
const describeRecord = ({ kind, citations }: ApiRecord): string | undefined =>
  citations[0] && `${getPluralName(kind)}: “${citations[0].quote.slice(0, 200)}”`

/** Formats that the API has for every record. */
const listAlternates = ({ href }: ApiRecord): Alternate[] => [
  { type: 'application/json', href, title: 'JSON' },
  { type: 'text/csv', href: `${href}${formatQuery({ format: 'csv' })}`, title: 'CSV' },
]
