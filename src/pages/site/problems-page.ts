import type { Page } from '../layout/page.ts'
import { html, join } from '../parts/html.ts'
import { texts } from '../texts.ts'

type ProblemKind = { code: string; status: number; title: string; explanation: string }

/** The list of all errors of the API. */
export const problemsPage = (problems: readonly ProblemKind[]): Page => ({
  title: texts.problems.title,
  body: html`<h1>${texts.problems.title}</h1>
<p>${texts.problems.intro}</p>
<dl class="problems">${problems.map(
    ({ code, status, title }) =>
      html`<dt><a href="/problems/${code}"><code>${code}</code></a> (${status})</dt><dd>${title}</dd>`,
  )}</dl>`,
})

export const problemKindPage = ({ code, status, title, explanation }: ProblemKind): Page => ({
  title,
  body: html`<p><a href="/problems">${texts.problems.title}</a></p>
<h1>${title}</h1>
<p><code>${code}</code>, status ${status}</p>
<p>${renderProse(explanation)}</p>`,
})

/** Shows words in backticks as code. */
const renderProse = (text: string) =>
  join(
    text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part)),
    '',
  )
