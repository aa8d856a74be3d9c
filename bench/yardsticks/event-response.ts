/** An event as the hand-written writes return and store it. */

export type EventBody = {
  slug: string
  type: string
  title: string
  on: { edtf: string }
  participants: { actor: string; role: string }[]
  citations: { article: string; quote: string; field: string }[]
}

export type LocatedQuote = {
  id: string
  start: number
  end: number
  quote: string
  prefix: string
  suffix: string
  field: string
}

/** The offsets and the context of each quote. */
export const locateQuotes = (
  { citations }: EventBody,
  body: string,
  newId: () => string,
): LocatedQuote[] =>
  citations.map(({ quote, field }) => {
    const start = body.indexOf(quote)
    const end = start + quote.length
    const [prefix, suffix] = [body.slice(Math.max(0, start - 32), start), body.slice(end, end + 32)]
    return { id: newId(), start, end, quote, prefix, suffix, field }
  })

export type NamedRecordRow = { id: string; slug: string; name: string; kind: string }
const toReference = ({ id, slug, name, kind }: NamedRecordRow) => ({
  id,
  slug,
  name,
  href: `/v1/${kind}s/${slug}`,
})

export function buildEventJson(
  id: string,
  revision: number,
  event: EventBody,
  locatedQuotes: object[],
  actorRecord: NamedRecordRow,
  articleRecord: NamedRecordRow,
) {
  return {
    id,
    kind: 'event',
    slug: event.slug,
    revision,
    href: `/v1/events/${event.slug}`,
    type: event.type,
    title: event.title,
    on: {
      edtf: event.on.edtf,
      asStated: null,
      reasoning: null,
      earliest: `${event.on.edtf}-01`,
      latest: `${event.on.edtf}-28`,
    },
    description: null,
    place: null,
    goods: [],
    about: [],
    effects: [],
    assurance: null,
    participants: event.participants.map(({ role }) => ({ actor: toReference(actorRecord), role })),
    conflicts: [],
    citations: locatedQuotes.map((one) => ({
      ...one,
      article: toReference(articleRecord),
      value: null,
      voices: [],
      confidence: null,
      state: 'anchored',
      stateReason: null,
    })),
  }
}

/** The snapshot of the ledger: references are ids. */
export const buildEventSnapshot = (
  { href, conflicts, participants, citations, ...kept }: ReturnType<typeof buildEventJson>,
  actor: string,
  article: string,
) => ({
  ...kept,
  participants: participants.map(({ role }) => ({ actor, role })),
  citations: citations.map((one) => ({ ...one, article })),
})
