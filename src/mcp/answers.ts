import type { CasefileApi } from './casefile-api.ts'

type Json = null | boolean | number | string | Json[] | { [member: string]: Json }

/** A citation, as the API gives it: the members that a tool passes on. */
export type Citation = {
  id: string
  field: Json
  article: { slug: string; name: string; href: string }
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  value: Json
  voices: { actor: { name: string } | null; document: string | null }[]
  state: string
}

/** A quote with who says it, where it stands, and the address of its citation. */
export type Quote = {
  field: Json
  quote: string
  saidBy: string[]
  article: string
  start: number
  end: number
  /** What this passage says, where it differs from the record. */
  value?: Json
  /** Present when the quote no longer stands in the article. */
  state?: string
  url: string
}

export function quoteOf(citation: Citation, api: CasefileApi): Quote {
  const { id, field, article, start, end, quote, value, voices, state } = citation
  const saidBy = voices.map(({ actor, document }) => actor?.name ?? document ?? 'unnamed')
  const shown: Quote = {
    field,
    quote,
    saidBy,
    article: article.name,
    start,
    end,
    url: api.link(`/v1/citations/${id}`),
  }
  if (value !== null) shown.value = value
  if (state !== 'anchored') shown.state = state
  return shown
}

/** Replaces every `href`, a path, by `url`, an absolute address, and every citation by its quote. */
export function withLinks(value: Json, api: CasefileApi): Json {
  if (Array.isArray(value)) return value.map((entry) => withLinks(entry, api))
  if (value === null || typeof value !== 'object') return value
  const linked: { [member: string]: Json } = {}
  for (const [name, member] of Object.entries(value)) {
    if (name === 'href' && typeof member === 'string') linked.url = api.link(member)
    else if (name === 'citations' && isCitationList(member))
      linked.quotes = member.map((citation) => quoteOf(citation, api)) as unknown as Json
    else linked[name] = withLinks(member, api)
  }
  return linked
}

const isCitationList = (value: unknown): value is Citation[] =>
  Array.isArray(value) &&
  value.every((entry) => typeof entry === 'object' && entry !== null && 'quote' in entry)

/** One quote for each passage, at most `limit`, in the order of the API. */
export function distinctQuotes(
  citations: readonly Citation[],
  limit: number,
  api: CasefileApi,
): Quote[] {
  const byPassage = new Map<string, Citation>()
  for (const citation of citations) {
    const passage = `${citation.article.slug} ${citation.start} ${citation.end}`
    if (!byPassage.has(passage)) byPassage.set(passage, citation)
  }
  return [...byPassage.values()].slice(0, limit).map((citation) => quoteOf(citation, api))
}
