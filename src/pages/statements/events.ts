import type { Citation } from '../parts/citations.ts'
import { renderDate, type StatedDate } from '../parts/dates.ts'
import { type Html, html, join } from '../parts/html.ts'
import { type Reference, renderLink, renderWord } from '../parts/values.ts'
import { texts } from '../texts.ts'
import type { Notes } from './notes.ts'

/** An event of a timeline as the API gives it. */
export type TimelineEntry = {
  id: string
  slug: string
  href: string
  type: string
  title: string
  on: StatedDate | null
  description: string | null
  participants: { actor: Reference; role: string }[]
  effects?: { permit?: Reference | null; measure?: Reference | null; becomes: string }[]
  place?: { name: string; latitude: number | null; longitude: number | null } | null
  after?: 'certain' | 'possible' | null
  citations: Citation[]
}

/**
 * Events in the order of the API. A line between two shows whether their order is certain.
 *
 * @param notes the notes of the page, if it has some
 */
export const renderEventList = (entries: readonly TimelineEntry[], notes?: Notes): Html =>
  html`<ol class="events">${entries.map(
    (entry) => html`<li class="event${entry.after === 'possible' ? ' unordered' : ''}">
<p class="event-date">${entry.on ? renderDate(entry.on) : html`<span class="absent">${texts.timeline.noDate}</span>`}</p>
<div><p class="event-title">${renderLink({ href: entry.href, name: entry.title })}${notes?.renderMarkers(entry.citations)} <span class="details">${renderWord(entry.type)}${
      entry.participants.length > 0
        ? html` · ${join(
            entry.participants.map(
              ({ actor, role }) =>
                html`${renderLink(actor)} <span class="label">${role.replaceAll('-', ' ')}</span>`,
            ),
            ', ',
          )}`
        : null
    }</span></p>${
      entry.after === 'possible' ? html`<p class="order">${texts.timeline.possibleAfter}</p>` : null
    }</div></li>`,
  )}</ol>`
