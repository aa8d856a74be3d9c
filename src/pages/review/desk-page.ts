import type { Page } from '../layout/page.ts'
import type { ProblemBody } from '../page-definition.ts'
import { type Html, html } from '../parts/html.ts'
import { getKindName, getName } from '../parts/records.ts'
import { isPresent, type Reference, renderLink, renderValue, toPagePath } from '../parts/values.ts'
import { type MarkedPassage, renderMarkedText } from '../reading/marked-text.ts'
import { nameField, texts } from '../texts.ts'

export type Proposal = {
  id: string
  kind: string
  state: string
  record: Reference | null
  draft: Record<string, unknown> & { citations: unknown[] }
  passages: { start: number; end: number; quote: string }[]
  score: number
  reasons: string[]
  needs: string[]
}
export type Proposals = { article: Reference; data: Proposal[] }
export type MarkedBody = {
  body: string
  spans: { type: string; start: number; end: number }[]
}

type Outcome = { done?: string | undefined; problem: ProblemBody | null }

/** Proposals of a page; the others follow when these are decided. */
const maxProposals = 60

/** An article with its text on one side and its open proposals on the other. */
export function deskPage(
  ref: string,
  { article, data }: Proposals,
  { body, spans }: MarkedBody,
  outcome: Outcome,
): Page {
  const proposals = data.slice(0, maxProposals)
  const passages = numberPassages(proposals)
  const uncitable = spans.filter(({ type }) => /^(boilerplate|navigation|teaser)$/.test(type))
  return {
    title: `${texts.review.title}: ${article.name}`,
    section: 'review',
    layout: 'wide',
    scripts: ['desk'],
    body: html`<p class="kicker"><a href="/review">${texts.review.title}</a></p>
<h1>${article.name}</h1>
${renderOutcome(ref, outcome)}
<div class="reader desk">
<section class="text-column" aria-labelledby="text"><h2 id="text">${texts.article.text}</h2>
<div class="marked-text" id="desk-text">${renderMarkedText(body, passages, passages, uncitable)}</div>
${renderCitationForm(ref)}</section>
<section class="facts-column" aria-labelledby="proposals"><h2 id="proposals">${texts.review.proposals}</h2>
<p class="intro">${texts.review.keys}</p>
${proposals.length === 0 ? html`<p>${texts.review.nothingOpen}</p>` : null}
<ol class="proposals">${proposals.map((proposal) => renderProposal(ref, proposal, proposals, passages))}</ol></section>
</div>`,
  }
}

/** The distinct passages of the proposals, in the order of the text. */
function numberPassages(
  proposals: readonly Proposal[],
): (MarkedPassage & { citations: string[] })[] {
  const byPosition = new Map<string, { start: number; end: number; citations: string[] }>()
  for (const { id, passages } of proposals)
    for (const { start, end } of passages) {
      const passage = byPosition.get(`${start} ${end}`) ?? { start, end, citations: [] }
      passage.citations.push(id)
      byPosition.set(`${start} ${end}`, passage)
    }
  return [...byPosition.values()]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map((passage, index) => ({
      ...passage,
      number: index + 1,
      facts: passage.citations.map((citation) => ({ citation, record: null, field: null })),
    }))
}

function renderOutcome(ref: string, { done, problem }: Outcome): Html | null {
  if (problem)
    return html`<div class="warning" role="alert"><p><strong>${problem.title}</strong> ${problem.detail}</p></div>`
  if (done === undefined) return null
  const [state = '', href = ''] = done.split(' ')
  const isRecord = /^\/v1\/[a-z]+\/[a-z0-9-]+$/.test(href)
  return html`<div class="notice" role="status"><p>${texts.review.done[state] ?? texts.review.done.other} ${
    isRecord ? html`<a href="${toPagePath(href)}">${href.split('/').at(-1)}</a>` : null
  }</p>${
    isRecord && state === 'accepted'
      ? html`<form class="inline" method="post" action="/review/articles/${ref}/undo"><input type="hidden" name="href" value="${href}"><label for="undo-reason">${texts.review.undoReason}</label> <input type="text" id="undo-reason" name="reason" required value="${texts.review.undoDefault}"> <button type="submit">${texts.review.undo}</button></form>`
      : null
  }</div>`
}

function renderProposal(
  ref: string,
  proposal: Proposal,
  all: readonly Proposal[],
  passages: readonly (MarkedPassage & { citations: string[] })[],
): Html {
  const { id, kind, draft, record, score, reasons, needs } = proposal
  const name = record?.name ?? getName(draft)
  const numbers = passages.filter(({ citations }) => citations.includes(id))
  const { citations: _citations, slug: _slug, ...fields } = draft
  const action = `/review/articles/${ref}/proposals/${id}`
  return html`<li class="proposal" id="p-${id}" tabindex="-1"><h3><span class="label">${getKindName(kind)}</span> ${name} <span class="markers">${numbers.map(
    ({ number }) =>
      html`<a id="facts-${number}-${id.slice(-6)}" href="#mark-${number}" aria-label="${texts.review.showPassage(number)}">${number}</a> `,
  )}</span></h3>
${record ? html`<p class="details">${texts.review.addsTo} ${renderLink(record)}</p>` : null}
<dl class="fields compact">${Object.entries(fields)
    .filter(([, value]) => isPresent(value))
    .map(
      ([field, value]) =>
        html`<div class="field"><dt>${nameField(field)}</dt><dd>${renderValue(value, field)}</dd></div>`,
    )}</dl>
<details><summary>${texts.review.why(Math.round(score * 100))}</summary><ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul></details>
${renderNeeds(needs, all)}
<form class="inline" method="post" action="${action}">
<input type="hidden" name="withNeeded" value="true">
<button class="primary" type="submit" name="decision" value="accept" data-key="a">${texts.review.accept}</button>
<a class="button" href="${action}" data-key="e">${texts.review.edit}</a>
<button type="submit" name="decision" value="reject" data-key="r">${texts.review.reject}</button>
<label for="reason-${id}" class="visually-hidden">${texts.review.reason}</label><input type="text" id="reason-${id}" name="reason" placeholder="${texts.review.reason}" maxlength="2000">
</form>
<form class="inline" method="post" action="${action}"><label for="into-${id}">${texts.review.mergeInto}</label> <input type="text" id="into-${id}" name="into" required placeholder="${texts.review.slug}" data-suggest="${kind}" autocomplete="off"> <button type="submit" name="decision" value="merge">${texts.review.merge}</button></form>
</li>`
}

function renderNeeds(needs: readonly string[], all: readonly Proposal[]): Html | null {
  const needed = all.filter(({ id }) => needs.includes(id))
  if (needed.length === 0) return null
  return html`<p class="details">${texts.review.alsoMakes} ${needed.map(
    ({ id, draft, record }, index) =>
      html`${index > 0 ? ', ' : null}<a href="#p-${id}">${record?.name ?? getName(draft)}</a>`,
  )}</p>`
}

/** The script fills the quote with the selected words of the text. */
const renderCitationForm = (ref: string): Html =>
  html`<section aria-labelledby="cite"><h2 id="cite">${texts.review.cite}</h2>
<p class="intro">${texts.review.citeIntro}</p>
<form class="stacked" method="post" action="/review/articles/${ref}/citations">
<label for="cite-quote">${texts.review.quote}</label><textarea id="cite-quote" name="quote" rows="3" required></textarea>
<label for="cite-record">${texts.review.record}</label><input type="text" id="cite-record" name="record" required placeholder="actors/baykar" data-suggest="any" autocomplete="off">
<label for="cite-field">${texts.review.field}</label><input type="text" id="cite-field" name="field">
<button class="primary" type="submit">${texts.review.citeButton}</button></form></section>`
