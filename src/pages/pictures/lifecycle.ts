import { formatSpan, renderDate, type StatedDate } from '../parts/dates.ts'
import { type Html, html } from '../parts/html.ts'
import type { ApiRecord } from '../parts/records.ts'
import { type Reference, renderLink, renderWord } from '../parts/values.ts'
import { texts } from '../texts.ts'

type Step = { becomes: string; on: StatedDate | null; event: Reference }

/** What events made of a permit or a measure, oldest first. Null for other kinds and before the first event. */
export function renderLifecycle({ history }: ApiRecord): Html | null {
  if (!Array.isArray(history) || history.length === 0) return null
  const steps = history as Step[]
  return html`<section aria-labelledby="lifecycle"><h2 id="lifecycle">${texts.lifecycle}</h2>
<ol class="lifecycle">${steps.map(
    ({
      becomes,
      on,
      event,
    }) => html`<li class="step step-${becomes}"><span class="step-state">${renderWord(becomes)}</span>
<span class="step-date">${on ? renderDate(on) : formatSpan({ earliest: null, latest: null })}</span>
<span class="step-event">${renderLink(event)}</span></li>`,
  )}</ol></section>`
}
