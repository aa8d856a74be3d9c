import type { Page } from '../layout/page.ts'
import type { ProblemBody } from '../page-definition.ts'
import { type Html, html } from '../parts/html.ts'
import { capitalise, texts } from '../texts.ts'

/** What the API says about an import. */
export type RegisterImport = {
  isDryRun: boolean
  article: string
  rows: number
  withdrawn: number
  skipped: number
  rejected: number
  records: Record<string, Record<string, number>>
  rejects: { row: number; column: string; reason: string; text: string }[]
  leftOpen: { cell: string; rows: number; suggestions: string[] }[]
  warnings: string[]
  notes: string[]
  notWithdrawn: string | null
}
type Outcome = { result: RegisterImport | null; problem: ProblemBody | null }

/** The upload of a register, and what an import of it does or would do. */
export const registerPage = ({ result, problem }: Outcome): Page => ({
  title: texts.register.title,
  section: 'review',
  scripts: ['desk'],
  body: html`<p class="kicker"><a href="/review">${texts.review.title}</a></p>
<h1>${texts.register.title}</h1>
<p class="intro">${texts.register.intro}</p>
<form class="stacked" method="post" action="/review/registers" enctype="multipart/form-data" data-keep-files="register-result">
<label for="register-file">${texts.register.file}</label><input id="register-file" name="file" type="file" required>
<label for="register-map">${texts.register.map}</label><input id="register-map" name="map" type="file" required accept=".yaml,.yml">
<label for="register-side">${texts.register.side}</label><input id="register-side" name="side" type="file" multiple>
<button class="primary" type="submit" name="dryRun" value="true">${texts.register.check}</button>
<button type="submit" name="dryRun" value="false">${texts.register.importAll}</button></form>
<div id="register-result" aria-live="polite">${problem ? renderProblem(problem) : null}${result ? renderResult(result) : null}</div>`,
})

const renderProblem = ({ title, detail }: ProblemBody): Html =>
  html`<div class="warning" role="alert"><p><strong>${title}</strong> ${detail}</p></div>`

function renderResult(result: RegisterImport): Html {
  const { isDryRun, article, rows, rejected, skipped, withdrawn, notWithdrawn } = result
  const remarks = [...result.warnings, ...result.notes, ...(notWithdrawn ? [notWithdrawn] : [])]
  return html`<section aria-labelledby="register-outcome"><h2 id="register-outcome">${
    isDryRun ? texts.register.would : texts.register.did
  }</h2>
${isDryRun ? html`<p>${texts.register.nothingWritten}</p>` : html`<p><a href="/articles/${article}">${texts.register.article}</a></p>`}
<p>${texts.register.counts(rows, rejected, skipped, withdrawn)}</p>
${renderCounts(result.records)}
${remarks.length > 0 ? html`<h3>${texts.register.remarks}</h3><ul>${remarks.map((text) => html`<li>${text}</li>`)}</ul>` : null}
${renderRejects(result)}
${renderOpenCells(result)}</section>`
}

const outcomes = ['added', 'changed', 'renewed', 'unchanged'] as const

const renderCounts = (records: RegisterImport['records']): Html =>
  renderTable(
    texts.register.records,
    [texts.register.kind, ...outcomes.map((outcome) => texts.register.outcome[outcome])],
    Object.entries(records).map(([kind, counts]) => [
      capitalise(`${kind}s`),
      ...outcomes.map((outcome) => String(counts[outcome] ?? 0)),
    ]),
  )

const renderRejects = ({ rejects, rejected }: RegisterImport): Html | null =>
  rejects.length === 0
    ? null
    : renderTable(
        texts.register.rejects(rejects.length, rejected),
        texts.register.rejectColumns,
        rejects.map(({ row, column, reason, text }) => [String(row), column, reason, text]),
      )

const renderOpenCells = ({ leftOpen }: RegisterImport): Html | null =>
  leftOpen.length === 0
    ? null
    : renderTable(
        texts.register.leftOpen,
        texts.register.leftOpenColumns,
        leftOpen.map(({ cell, rows, suggestions }) => [cell, String(rows), suggestions.join(', ')]),
      )

const renderTable = (
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Html =>
  html`<div class="table-frame" tabindex="0" role="group" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head.map(
    (name) => html`<th scope="col">${name}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`
