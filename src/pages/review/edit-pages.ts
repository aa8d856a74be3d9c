import type { Page } from '../layout/page.ts'
import type { ProblemBody } from '../page-definition.ts'
import { type Html, html } from '../parts/html.ts'
import { getKindName, getName } from '../parts/records.ts'
import { type RecordChange, renderRevisions } from '../site/changes-page.ts'
import { texts } from '../texts.ts'
import type { Proposal } from './desk-page.ts'
import { type ApiDescription, listFields, renderFormFields } from './form-fields.ts'

/** A proposal with an input for each field of its kind. */
export function proposalEditPage(ref: string, proposal: Proposal, api: ApiDescription): Page {
  const { id, kind, draft } = proposal
  return {
    title: `${texts.review.edit}: ${getName(draft)}`,
    section: 'review',
    scripts: ['desk'],
    body: html`<p class="kicker"><a href="/review/articles/${ref}#p-${id}">${texts.review.proposals}</a></p>
<h1>${getKindName(kind)}: ${getName(draft)}</h1>
<form class="stacked edit" method="post" action="/review/articles/${ref}/proposals/${id}">
<input type="hidden" name="decision" value="accept"><input type="hidden" name="withNeeded" value="true">
${renderFormFields(listFields(`${kind}s`, api), draft, draft, api)}
<button class="primary" type="submit">${texts.review.accept}</button></form>`,
  }
}

/** A record in the form in which it is written, and the state that was read. */
export type EditableRecord = {
  plural: string
  slug: string
  input: Record<string, unknown>
  etag: string
  revision: number
}

type Outcome = {
  problem: ProblemBody | null
  /** What the person entered; null at the beginning. */
  entered: Record<string, unknown> | null
  /** What others changed since the form was opened. */
  changes: readonly RecordChange[]
}

/** A record with an input for each field. After a refusal, what was entered stays in the form. */
export function recordEditPage(
  { plural, slug, input, etag, revision }: EditableRecord,
  api: ApiDescription,
  outcome: Outcome,
): Page {
  const fields = Object.fromEntries(
    Object.entries(listFields(plural, api)).filter(([field]) => field in input),
  )
  return {
    title: `${texts.review.correct}: ${getName(input)}`,
    section: 'review',
    scripts: ['desk'],
    body: html`<p class="kicker"><a href="/${plural}/${slug}">${getName(input)}</a></p>
<h1>${texts.review.correct}: ${getName(input)}</h1>
${renderProblem(outcome)}
<p class="intro">${texts.review.correctIntro}</p>
<form class="stacked edit" method="post" action="/review/edit/${plural}/${slug}">
<input type="hidden" name="etag" value="${etag}"><input type="hidden" name="revision" value="${revision}">
${renderFormFields(fields, outcome.entered ?? input, input, api)}
<button class="primary" type="submit">${texts.review.save}</button></form>`,
  }
}

function renderProblem({ problem, changes }: Outcome): Html | null {
  if (problem === null) return null
  const isConflict = problem.status === 412
  return html`<div class="warning" role="alert"><p><strong>${
    isConflict ? texts.review.changedMeanwhile : problem.title
  }</strong> ${isConflict ? texts.review.saveAgain : problem.detail}</p>${
    changes.length > 0 ? renderRevisions(changes) : null
  }</div>`
}
