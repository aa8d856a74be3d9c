import { nameFieldPath, texts } from '../texts.ts'
import { type Html, html, join } from './html.ts'
import { type Reference, renderLink, renderValue } from './values.ts'

/** A citation as the API gives it with a record. */
export type Citation = {
  id: string
  field: string | null
  article: Reference
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  value: unknown
  voices: { actor: Reference | null; document: string | null }[]
  confidence: number | null
  state: string
  stateReason: string | null
}

export const renderVoices = (voices: Citation['voices']): Html =>
  join(
    voices.map(({ actor, document }) =>
      actor ? renderLink(actor) : html`<cite>${document ?? ''}</cite>`,
    ),
    texts.accordingTo,
  )

/** The quote with the words around it. */
export const renderQuote = ({ quote, prefix, suffix }: Citation): Html =>
  html`<blockquote class="quote"><p><span class="context">${prefix && `…${prefix}`}</span><q class="words">${quote}</q><span class="context">${
    suffix && `${suffix}…`
  }</span></p></blockquote>`

const renderState = ({ state, stateReason }: Citation): Html | null =>
  state === 'anchored'
    ? null
    : html`<p class="warning"><strong>${texts.orphaned}</strong>${stateReason && `: ${stateReason}`}</p>`

/** Who says it, where it stands, and what differs. */
const renderCitationSource = (citation: Citation): Html =>
  html`<p class="source">${
    citation.voices.length > 0
      ? html`<span class="label">${texts.saidBy}</span> ${renderVoices(citation.voices)}. `
      : null
  }${renderLink(citation.article)} <a class="permalink" href="/citations/${citation.id}" aria-label="${texts.openCitation}">¶</a></p>${renderState(citation)}${
    citation.confidence === null
      ? null
      : html`<p class="source">${texts.confidence(citation.confidence)}</p>`
  }`

/** Citations of the same passage, which stands once with all fields that it supports. */
export type Passage = { number: number; citations: [Citation, ...Citation[]] }

/** The distinct passages of a record, numbered from 1 in the order of its citations. */
export function groupByPassage(citations: readonly Citation[]): Passage[] {
  const passages = new Map<string, Passage>()
  for (const citation of citations) {
    const key = `${citation.article.slug} ${citation.start} ${citation.end} ${JSON.stringify(citation.voices)}`
    const passage = passages.get(key)
    if (passage) passage.citations.push(citation)
    else passages.set(key, { number: passages.size + 1, citations: [citation] })
  }
  return [...passages.values()]
}

/** The numbers of the passages that support a field or a part of it, as links. */
export function renderMarkers(passages: readonly Passage[], field: string): Html | null {
  const supporting = passages.filter(({ citations }) =>
    citations.some(({ field: cited }) => cited === field || cited?.startsWith(`${field}.`)),
  )
  if (supporting.length === 0) return null
  return html`<sup class="markers">${join(
    supporting.map(
      ({ number }) =>
        html`<a href="#passage-${number}" aria-label="Passage ${number}">${number}</a>`,
    ),
    ' ',
  )}</sup>`
}

export function renderPassages(passages: readonly Passage[]): Html {
  if (passages.length === 0) return html`<p>${texts.noSources}</p>`
  return html`<ol class="passages">${passages.map(
    ({ number, citations }) => html`<li id="passage-${number}">${renderQuote(citations[0])}
${renderCitationSource(citations[0])}
<p class="supports"><span class="label">${texts.supports}</span> ${join(
      citations.map(
        ({ field, value }) =>
          html`${nameFieldPath(field)}${
            value === null || value === undefined
              ? null
              : html` <span class="rival">${texts.saysInstead}: ${renderValue(value)}</span>`
          }`,
      ),
      '; ',
    )}</p></li>`,
  )}</ol>`
}
