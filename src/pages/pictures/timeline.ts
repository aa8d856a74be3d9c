import { scaleUtc } from 'd3-scale'
import { formatSpan, type StatedDate } from '../parts/dates.ts'
import { type Html, html } from '../parts/html.ts'
import { toPagePath } from '../parts/values.ts'
import type { TimelineEntry } from '../statements/events.ts'
import { texts } from '../texts.ts'

/** Pixels of the drawing, which scales with the page. */
const width = 860
const labelWidth = 330
const rowHeight = 26
const axisHeight = 28
const labelLength = 46
/** More rows would be no picture; the list below has all. */
const maxRows = 40
const dayMs = 86_400_000

type Row = { entry: TimelineEntry; on: StatedDate }

/**
 * Events on an axis of time, in the order of the list. A day is a diamond, a month or a longer time a bar, a time that the source
 * calls vague fades at its ends, and an open end runs to the edge. Null: fewer than two events have a date.
 */
export function renderTimelinePicture(entries: readonly TimelineEntry[]): Html | null {
  const rows = entries
    .flatMap((entry) => (entry.on === null ? [] : [{ entry, on: entry.on }]))
    .slice(0, maxRows)
  const bounds = rows.flatMap(({ on }) => [on.earliest, on.latest]).filter((day) => day !== null)
  if (rows.length < 2 || bounds.length === 0) return null
  const sorted = bounds.map((day) => Date.parse(day)).sort((a, b) => a - b)
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)]
  const padding = Math.max(30 * dayMs, (last - first) * 0.04)
  const x = scaleUtc([first - padding, last + padding], [labelWidth, width - 6])
  const height = axisHeight + rows.length * rowHeight + 6
  return html`<figure><div class="picture-frame" tabindex="0" role="group" aria-label="${texts.timeline.picture}"><svg class="picture timeline" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-labelledby="timeline-title timeline-desc">
<title id="timeline-title">${texts.timeline.picture}</title>
<desc id="timeline-desc">${texts.timeline.pictureDescription}</desc>
${renderGradients()}
${x.ticks(6).map((tick) => renderTick(x(tick), height, x.tickFormat(6)(tick)))}
${rows.map((row, index) => renderRow(row, axisHeight + index * rowHeight, x))}
</svg></div><figcaption>${texts.timeline.legend}</figcaption></figure>`
}

const renderGradients = (): Html =>
  html`<defs>${[
    ['fade-start', [0, 1, 1]],
    ['fade-end', [1, 1, 0]],
    ['fade-both', [0, 1, 0]],
  ].map(
    ([id, stops]) =>
      html`<linearGradient id="${id}">${(stops as number[]).map(
        (opacity, index) =>
          html`<stop class="fade-stop" offset="${index / 2}" stop-opacity="${opacity}"/>`,
      )}</linearGradient>`,
  )}</defs>`

const renderTick = (x: number, height: number, label: string): Html =>
  html`<line class="tick" x1="${round(x)}" x2="${round(x)}" y1="${axisHeight - 6}" y2="${height}"/><text class="tick-label" x="${round(x)}" y="14" text-anchor="middle">${label}</text>`

function renderRow({ entry, on }: Row, y: number, x: (time: number) => number): Html {
  const middle = y + rowHeight / 2
  const title = `${entry.title}: ${formatSpan(on)}${on.asStated ? ` (“${on.asStated}”)` : ''}`
  return html`<a href="${toPagePath(entry.href)}"><title>${title}</title>
<rect class="row-hit" x="0" y="${y}" width="${width}" height="${rowHeight}"/>
<text class="row-label" x="0" y="${middle + 4}">${shorten(entry.title)}</text>
${renderMark(on, middle, x)}${
  entry.after === 'certain'
    ? html`<path class="order-mark" d="M${labelWidth - 14} ${y - 5}v10m-3-4l3 4l3-4"/>`
    : null
}</a>`
}

function renderMark(on: StatedDate, middle: number, x: (time: number) => number): Html {
  if (on.earliest !== null && on.earliest === on.latest) {
    const at = round(x(Date.parse(on.earliest) + dayMs / 2))
    return html`<path class="day" d="M${at - 6} ${middle}l6-6l6 6l-6 6z"/>`
  }
  const start = on.earliest === null ? labelWidth : x(Date.parse(on.earliest))
  const end = on.latest === null ? width : x(Date.parse(on.latest) + dayMs)
  return html`<rect class="period ${chooseFade(on)}" x="${round(start)}" y="${middle - 5}" width="${Math.max(3, round(end - start))}" height="10"/>`
}

/** Vague: open, uncertain or approximate in EDTF, or an interval that stands for words such as "late 2019". */
function chooseFade({ edtf, earliest, latest }: StatedDate): string {
  if (earliest === null && latest === null) return 'fades-both'
  if (earliest === null) return 'fades-start'
  if (latest === null) return 'fades-end'
  return /[?~%/]/.test(edtf) ? 'fades-both' : ''
}

const round = (value: number): number => Math.round(value * 10) / 10

const shorten = (text: string): string =>
  text.length <= labelLength
    ? text
    : `${text
        .slice(0, labelLength - 1)
        .toWellFormed()
        .trimEnd()}…`
