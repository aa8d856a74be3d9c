import type { Citation } from '../parts/citations.ts'
import type { StatedDate } from '../parts/dates.ts'
import { type Html, html } from '../parts/html.ts'
import type { Reference } from '../parts/values.ts'
import { texts } from '../texts.ts'
import type { Notes } from './notes.ts'

/** A finding as the API gives it. */
export type Finding = {
  id: string
  rule: string
  certainty: string
  sentence: string
  reason: string
  exceptionRelied: string | null
  records: {
    role: string
    kind: string
    record: Reference
    on: StatedDate | null
    citations: Citation[]
  }[]
  [member: string]: unknown
}

/** Certainty by word and form, not by colour alone: a filled or an empty square. */
export const renderCertainty = (certainty: string): Html =>
  html`<span class="certainty certainty-${certainty}" title="${texts.certaintyTitle[certainty]}"><span aria-hidden="true">${
    texts.certaintyMark[certainty] ?? '□'
  }</span> ${texts.certainty[certainty] ?? certainty}</span>`

const renderFindingItem = (finding: Finding, notes: Notes | undefined): Html =>
  html`<li class="finding finding-${finding.certainty}"><p class="finding-sentence"><a href="/findings/${finding.id}">${finding.sentence}</a>${notes?.renderMarkers(finding.records.flatMap(({ citations }) => citations))}</p>
<p class="finding-reason">${renderCertainty(finding.certainty)} ${finding.reason}</p></li>`

/** @param notes the notes of the page, if it has some */
export const renderFindingList = (findings: readonly Finding[], notes?: Notes): Html =>
  html`<ul class="findings">${findings.map((finding) => renderFindingItem(finding, notes))}</ul>`
