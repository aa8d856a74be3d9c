import { encode, formatQuery, type PageDefinition } from '../page-definition.ts'
import { formatInstant } from '../parts/dates.ts'
import { type Html, html } from '../parts/html.ts'
import { getKindName } from '../parts/records.ts'
import { isObject, isPresent, renderValue, toPagePath } from '../parts/values.ts'
import { nameFieldPath, texts } from '../texts.ts'

export type RecordChange = {
  revision: number
  committedAt: string
  author: string
  change: string
  action: string
  record: { id: string; kind: string; slug: string; href: string; gone: boolean }
  patch: { op: string; path: string; value?: unknown }[]
}
type ChangesAnswer = { data: RecordChange[]; next: string | null; revision: number }

/** Revisions of one page. One can have thousands of changes: no more are shown than `changesPerPage`. */
const revisionsPerPage = 20
const changesPerPage = 200

export const changesPage: PageDefinition = {
  path: '/changes',
  apiPath: () => '/v1/changes',
  async render({ ask, query }) {
    const { revision: newest } = await ask<ChangesAnswer>('/v1/changes', { limit: 1 })
    const requested = /^\d{1,15}$/.test(query.until ?? '') ? Number(query.until) : newest
    const until = Math.min(requested, newest)
    const since = Math.max(0, until - revisionsPerPage)
    const { data } = await ask<ChangesAnswer>('/v1/changes', {
      since,
      limit: changesPerPage,
      case: query.case,
    })
    const shown = data.filter(({ revision }) => revision <= until)
    return {
      title: texts.changes.title,
      section: 'changes',
      alternates: [
        { type: 'application/json', href: `/v1/changes${formatQuery({ since })}`, title: 'JSON' },
        { type: 'application/atom+xml', href: '/changes.atom', title: 'Atom' },
      ],
      body: html`<h1>${texts.changes.title}</h1>
<p class="intro">${texts.changes.intro} <a href="/changes.atom">${texts.changes.feed}</a></p>
${shown.length === 0 ? html`<p>${texts.changes.none}</p>` : renderRevisions(shown)}
<nav class="pager" aria-label="${texts.changes.pages}">${
        until < newest ? html`<a href="/changes">${texts.changes.newest}</a> ` : null
      }${since > 0 ? html`<a rel="next" href="/changes?until=${since}">${texts.changes.more}</a>` : null}</nav>`,
    }
  },
}

/** Changes by revision, the newest first. @param level of the headings */
export function renderRevisions(changes: readonly RecordChange[], level: 2 | 3 = 2): Html {
  const tag = `h${level}`
  const byRevision = [...Map.groupBy(changes, ({ revision }) => revision)].reverse()
  return html`<ol class="revisions">${byRevision.map(
    ([
      revision,
      group,
    ]) => html`<li><${tag} id="r${revision}">${texts.changes.revision(revision)} <span class="details">${formatInstant(
      group[0]?.committedAt ?? '',
    )}, ${texts.changes.by(group[0]?.author ?? '')}</span></${tag}>
<ul class="changes">${group.map(renderChange)}</ul></li>`,
  )}</ol>`
}

function renderChange({ action, record, patch }: RecordChange): Html {
  const title = html`<span class="label">${getKindName(record.kind)}</span> <a href="${toPagePath(record.href)}">${record.slug}</a> ${
    texts.changes.action[action] ?? action
  }`
  if (action === 'create') return html`<li>${title}</li>`
  return html`<li>${title}
<ul class="patch">${patch.slice(0, 50).map(renderOperation)}</ul></li>`
}

const renderOperation = ({ op, path, value }: RecordChange['patch'][number]): Html =>
  html`<li><span class="label">${nameFieldPath(path.split('/').slice(1).map(decodePointer).join('.') || null)}</span> ${
    op === 'remove'
      ? html`<del>${texts.changes.removed}</del>`
      : html`<ins>${renderPatchValue(value)}</ins>`
  }</li>`

/** Snapshots hold references as ids, which say nothing to a reader: a citation is shown by its quote. */
function renderPatchValue(value: unknown): Html {
  if (isObject(value) && typeof value.quote === 'string') return html`“${value.quote}”`
  if (typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value))
    return html`<a href="/records/${value}">${texts.changes.otherRecord}</a>`
  return isPresent(value) ? renderValue(value) : html`${texts.changes.empty}`
}

const decodePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')

/** The history of a record of a kind. */
export const historyPage = (kind: string, plural: string): PageDefinition => ({
  path: `/${plural}/:ref/history`,
  apiPath: ({ ref }) => `/v1/${plural}/${encode(ref)}/history`,
  async render({ ask, params, query }) {
    const path = `/v1/${plural}/${encode(params.ref)}/history`
    const { data, next } = await ask<ChangesAnswer>(path, { limit: 100, cursor: query.cursor })
    const name = data[0]?.record.slug ?? params.ref ?? ''
    const recordPath = `/${plural}/${encode(name)}`
    return {
      title: texts.history.title(name),
      canonical: `${recordPath}/history`,
      alternates: [{ type: 'application/json', href: path, title: 'JSON' }],
      body: html`<p class="kicker">${getKindName(kind)}</p>
<h1>${texts.history.title(name)}</h1>
<ol class="revisions">${data.map(
        (
          change,
        ) => html`<li><h2>${texts.changes.revision(change.revision)} <span class="details">${formatInstant(
          change.committedAt,
        )}, ${texts.changes.by(change.author)}</span></h2>
<ul class="changes">${renderChange(change)}</ul>
${change.record.gone ? null : html`<p><a href="${recordPath}?revision=${change.revision}">${texts.history.readThen}</a></p>`}</li>`,
      )}</ol>
${next && html`<p><a rel="next" href="?cursor=${encodeURIComponent(next)}">${texts.changes.later}</a></p>`}`,
    }
  },
})
