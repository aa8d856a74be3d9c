import type { Page } from '../layout/page.ts'
import type { ProblemBody } from '../page-definition.ts'
import { html } from '../parts/html.ts'
import { texts } from '../texts.ts'

/** What went wrong, and where to go on. A retracted record keeps its history. */
export function problemPage({ status, detail, title, type }: ProblemBody, url: string): Page {
  const { title: heading, help } =
    status === 404 || status === 410
      ? texts.missing[status]
      : { title: title || texts.missing.other.title, help: null }
  const path = url.split('?')[0] ?? ''
  return {
    title: heading,
    body: html`<p class="kicker">${status}</p>
<h1>${heading}</h1>
<p>${detail}</p>
${help && html`<p>${help}</p>`}
<ul>${status === 410 ? html`<li><a href="${path}/history">${texts.history.ofRecord}</a></li>` : null}
<li><a href="${type}">${texts.missing.explain}</a></li>
<li><a href="/search">${texts.search.title}</a></li>
<li><a href="/">${texts.toStart}</a></li></ul>`,
  }
}
