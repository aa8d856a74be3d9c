import { type Citation, groupByPassage, type Passage, renderVoices } from '../parts/citations.ts'
import { type Html, html, join } from '../parts/html.ts'
import { renderLink } from '../parts/values.ts'
import { texts } from '../texts.ts'

/** More would make the page of a large case heavy; the pages of its records have all. */
const maxNotes = 150

/** The passages behind the statements of a page, numbered, as footnotes. */
export class Notes {
  readonly #passages: readonly Passage[]
  readonly #numbers = new Map<string, number>()

  constructor(citations: readonly Citation[]) {
    this.#passages = groupByPassage(citations).slice(0, maxNotes)
    for (const { number, citations: supporting } of this.#passages)
      for (const { id } of supporting) this.#numbers.set(id, number)
  }

  /** The numbers of the notes of a statement, as links. Three and more in a row are one link: `4–9`. */
  renderMarkers(citations: readonly Citation[]): Html | null {
    const numbers = [...new Set(citations.flatMap(({ id }) => this.#numbers.get(id) ?? []))]
    if (numbers.length === 0) return null
    const runs = groupRuns(numbers.sort((a, b) => a - b))
    return html`<sup class="markers">${join(runs.map(renderMarker), ' ')}</sup>`
  }

  /** @param publicUrl address of the server, which is printed; null if it is not known */
  renderList(publicUrl: string | null): Html | null {
    if (this.#passages.length === 0) return null
    return html`<section aria-labelledby="notes"><h2 id="notes">${texts.notes.title}</h2>
<p class="intro">${texts.notes.intro}</p>
<ol class="notes">${this.#passages.map((passage) => renderNote(passage, publicUrl ?? ''))}</ol></section>`
  }
}

type Run = { first: number; last: number }

/** Runs of consecutive numbers; a run of two is two runs. */
function groupRuns(numbers: readonly number[]): Run[] {
  const runs: Run[] = []
  for (const number of numbers) {
    const run = runs.at(-1)
    if (run?.last === number - 1) run.last = number
    else runs.push({ first: number, last: number })
  }
  return runs.flatMap(({ first, last }) =>
    last - first === 1
      ? [first, last].map((number) => ({ first: number, last: number }))
      : [{ first, last }],
  )
}

const renderMarker = ({ first, last }: Run): Html =>
  first === last
    ? html`<a href="#note-${first}" aria-label="${texts.notes.note(first)}">${first}</a>`
    : html`<a href="#note-${first}" aria-label="${texts.notes.range(first, last)}">${first}–${last}</a>`

function renderNote({ number, citations: [citation] }: Passage, publicUrl: string): Html {
  const { id, quote, voices, article, state } = citation
  const path = `/citations/${id}`
  return html`<li id="note-${number}"><q>${quote}</q>${
    voices.length > 0 ? html` ${renderVoices(voices)},` : null
  } ${renderLink(article)} <a class="permalink" href="${path}" aria-label="${texts.openCitation}">¶</a><span class="print-only"> ${publicUrl}${path}</span>${
    state === 'anchored' ? null : html` <strong>${texts.orphaned}</strong>`
  }</li>`
}
