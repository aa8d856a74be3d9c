import { formatQuery, type PageDefinition, type PageRequest } from '../page-definition.ts'
import { type Html, html, join } from '../parts/html.ts'
import { getKindName, getPluralName } from '../parts/records.ts'
import { type Reference, renderLink } from '../parts/values.ts'
import { formatNumber, texts } from '../texts.ts'

type Snippet = {
  field: string
  text: string
  highlights: { start: number; end: number }[]
  passage: { article: Reference; citation: string | null } | null
}
type Hit = { record: Reference; kind: string; snippets: Snippet[] }
type SearchAnswer = {
  data: Hit[]
  next: string | null
  total: { count: number; isExact: boolean }
  facets: { kind: { value: string; count: number }[] }
  corrections: { from: string; to: string[] }[]
}

export const searchPage: PageDefinition = {
  path: '/search',
  apiPath: () => null,
  async render(request) {
    const { q = '' } = request.query
    const results = q.trim() === '' ? null : await search(request)
    return {
      title: q === '' ? texts.search.title : `${texts.search.title}: ${q}`,
      hasSearch: true,
      section: 'search',
      alternates:
        results === null
          ? []
          : [{ type: 'application/json', href: `/v1/search${formatQuery({ q })}`, title: 'JSON' }],
      body: html`<h1>${texts.search.title}</h1>
<form class="search" action="/search" role="search"><label for="q">${texts.search.prompt}</label>
<div class="search-row"><input id="q" name="q" type="search" value="${q}" maxlength="1000"><button type="submit">${texts.searchButton}</button></div></form>
${results && renderResults(results, request.query)}`,
    }
  },
}

const search = ({ ask, query }: PageRequest): Promise<SearchAnswer> => {
  const { q, kind, case: caseRef, year, cursor } = query
  return ask<SearchAnswer>('/v1/search', { q, kind, case: caseRef, year, cursor })
}

function renderResults(answer: SearchAnswer, query: PageRequest['query']): Html {
  const { q = '' } = query
  if (answer.data.length === 0) return html`<p role="status">${texts.search.none(q)}</p>`
  return html`<p role="status">${texts.search.total(answer.total.count, answer.total.isExact)}</p>
${answer.corrections.map(({ from, to }) => html`<p class="notice">${texts.search.corrected(from, to.join(', '))}</p>`)}
${renderKindFilter(answer, query)}
<ol class="hits">${answer.data.map(renderHit)}</ol>
${answer.next && html`<p><a class="more" rel="next" href="${`/search${formatQuery({ ...query, cursor: answer.next })}`}">${texts.search.more}</a></p>`}`
}

const renderKindFilter = ({ facets }: SearchAnswer, query: PageRequest['query']): Html =>
  html`<nav class="facets" aria-label="${texts.search.kindFilter}"><ul><li><a href="${`/search${formatQuery({ q: query.q })}`}"${
    query.kind === undefined ? html` aria-current="true"` : null
  }>${texts.search.all}</a></li>${facets.kind.map(
    ({ value, count }) =>
      html`<li><a href="${`/search${formatQuery({ q: query.q, kind: value })}`}"${
        query.kind === value ? html` aria-current="true"` : null
      }>${getPluralName(value)} <span class="count">${formatNumber(count)}</span></a></li>`,
  )}</ul></nav>`

const renderHit = ({ record, kind, snippets }: Hit): Html =>
  html`<li class="hit"><p class="hit-title"><span class="label">${getKindName(kind)}</span> ${renderLink(record)}</p>
${snippets
  .filter(({ field, text }) => !(field === 'name' && text === record.name))
  .map(
    (snippet) =>
      html`<p class="snippet">${renderHighlights(snippet)}${
        snippet.passage?.citation
          ? html` <a class="permalink" href="/citations/${snippet.passage.citation}" aria-label="${texts.openCitation}">¶</a>`
          : null
      }</p>`,
  )}</li>`

/** The positions of highlights count code points. */
function renderHighlights({ text, highlights }: Snippet): Html {
  const characters = Array.from(text)
  const parts: unknown[] = []
  let position = 0
  for (const { start, end } of highlights) {
    parts.push(characters.slice(position, start).join(''))
    parts.push(html`<b>${characters.slice(start, end).join('')}</b>`)
    position = end
  }
  parts.push(characters.slice(position).join(''))
  return join(parts, '')
}
