import anyAscii from 'any-ascii'
import type { CitationInput, StatedDateInput } from '../../records/model/schema.ts'
import { slugOf } from '../documents/rules.ts'
import type { Mention } from './detect/actors.ts'
import type { FoundDate } from './detect/dates.ts'
import type { Found } from './detect/detect.ts'
import { type EventGroup, groupEvents, pickNarrowestDate } from './event-groups.ts'
import type { Entity } from './words/lexicon.ts'

type DraftKind = 'actor' | 'affiliation' | 'good' | 'permit' | 'measure' | 'event'

/** A record that there may be. Offsets are UTF-16 units of the body. */
export type Draft = {
  kind: DraftKind
  /** What makes it the same in every run; of several passages, one each. */
  identities: string[]
  /** The record that it adds passages to; null for a new one. */
  known: { id: string; slug: string; name: string } | null
  /** As a POST takes it; of a known record the citations alone. */
  record: Record<string, unknown> & { citations: CitationInput[] }
  passages: { start: number; end: number }[]
  score: number
  reasons: string[]
  /** Identities of the drafts whose records it refers to. */
  needs: string[]
  /** Of an event, to tell whether there is one. */
  type: string | null
}

type Subject = { slug: string; body: string }

const scoreMin = 0.4
const citedMax = 3

/** Drafts of all that was found in an article, in the order in which they can be made. */
export function draftsOf(found: Found, article: Subject): Draft[] {
  const { body } = article
  const voicesOf = Map.groupBy(found.speech, ({ sentence }) => sentence)
  const newOnes = new Map<Entity, string>()
  const byEntity = Map.groupBy([...found.mentions, ...found.goods], ({ entity }) => entity)

  const actors = [...byEntity].flatMap(([entity, mentions]) =>
    entity.kind === 'actor' ? actorDraft(entity, mentions) : [],
  )
  const goods = [...Map.groupBy(found.goods, ({ entity }) => entity)].flatMap(
    ([entity, mentions]) => goodDraft(entity, mentions),
  )
  const affiliations = found.posts.flatMap((post) => {
    const { person, role, organisation, start, end } = post
    if (!organisation) return []
    return draft(
      'affiliation',
      `affiliation|${person.key}|${role.toLowerCase()}|${organisation.key}`,
      {
        slug: slug(`${person.name} ${role}`),
        actor: ref(person),
        organisation: ref(organisation),
        role,
        during: null,
        citations: ['actor', 'organisation', 'role'].map((field) => cite(start, end, field)),
      },
      [{ start, end }],
      0.7,
      [`the text gives ${person.name} this post`],
      needsOf([person, organisation]),
    )
  })
  const events = groupEvents(found.events).flatMap(eventDrafts)
  return [...actors, ...goods, ...affiliations, ...events]

  function slug(words: string): string {
    return slugOf(anyAscii(words))
  }

  function ref(entity: Entity): string {
    return entity.known?.slug ?? slug(entity.name)
  }

  function needsOf(entities: readonly Entity[]): string[] {
    return [...new Set(entities)].flatMap((entity) => {
      const identity = newOnes.get(entity)
      return identity === undefined ? [] : [identity]
    })
  }

  function draft(
    kind: DraftKind,
    identity: string | string[],
    record: Draft['record'],
    passages: Draft['passages'],
    score: number,
    reasons: string[],
    needs: string[] = [],
    type: string | null = null,
  ): Draft[] {
    if (score < scoreMin) return []
    return [
      {
        kind,
        identities: [identity].flat(),
        known: null,
        record,
        passages,
        score: Math.round(score * 100) / 100,
        reasons,
        needs,
        type,
      },
    ]
  }

  /** A citation that stands once: with the words beside it where its own words stand elsewhere too. */
  function cite(
    start: number,
    end: number,
    field: string | null,
    voices: CitationInput['voices'] = [],
  ): CitationInput {
    const quote = body.slice(start, end)
    const plain = { article: article.slug, quote, field, voices, confidence: null, fragment: null }
    if (body.indexOf(quote) === body.lastIndexOf(quote)) return plain
    for (const width of [20, 60, 200, 1_000]) {
      const prefix = whole(body.slice(Math.max(0, start - width), start), 'start')
      const suffix = whole(body.slice(end, end + width), 'end')
      const around = `${prefix}${quote}${suffix}`
      if (body.indexOf(around) === body.lastIndexOf(around)) return { ...plain, prefix, suffix }
    }
    return plain
  }

  function dated(date: FoundDate | null): StatedDateInput | null {
    if (!date?.edtf) return null
    const { edtf, words, reasoning } = date
    return { edtf, asStated: words, reasoning }
  }

  function actorDraft(entity: Entity, mentions: readonly Mention[]): Draft[] {
    // Words that say who it is say more than the name alone.
    const [best] = mentions.toSorted(
      (a, b) =>
        Number(b.how === 'new') - Number(a.how === 'new') || b.score - a.score || a.start - b.start,
    )
    if (!best) return []
    const passages = mentions.map(({ cueStart, cueEnd }) => ({ start: cueStart, end: cueEnd }))
    const again = Math.min(0.1, (mentions.length - 1) * 0.02)
    const score = Math.min(1, best.score + again)
    const reasons = [
      ...new Set(best.reasons),
      ...(mentions.length > 1 ? [`${mentions.length} mentions`] : []),
    ]
    if (entity.known) {
      const named = mentions.filter(({ how }) => how !== 'adjective').slice(0, citedMax)
      if (named.length === 0) return []
      const citations = named.map(({ start, end }) => cite(...widened(start, end), null))
      return [
        {
          kind: entity.kind,
          identities: [`cite|${entity.key}`],
          known: entity.known,
          record: { citations },
          passages,
          score,
          reasons,
          needs: [],
          type: entity.type,
        },
      ]
    }
    const identity = `actor|${entity.key}`
    const country = entity.country ?? countryOf(entity, best)
    const capitals = [
      ...new Map(
        mentions
          .filter(({ how }) => how === 'capital')
          .map((one) => [body.slice(one.start, one.end), one]),
      ).values(),
    ].slice(0, 5)
    const [start, end] =
      best.cueStart === best.start && best.cueEnd === best.end
        ? widened(best.start, best.end)
        : [best.cueStart, best.cueEnd]
    const made = draft(
      'actor',
      identity,
      {
        slug: slug(entity.name),
        type: entity.type,
        name: entity.name,
        aliases: capitals.map((one) => ({ name: body.slice(one.start, one.end), language: null })),
        country,
        identifiers: [],
        citations: [
          ...['type', 'name', ...(country ? ['country'] : [])].map((field) =>
            cite(start, end, field),
          ),
          ...capitals.map((one, index) => cite(...widened(one.start, one.end), `aliases.${index}`)),
        ],
      },
      passages,
      score,
      reasons,
      [],
      entity.type,
    )
    if (made.length > 0) newOnes.set(entity, identity)
    return made
  }

  /** The state whose adjective stands before a company: `the Turkish drone-maker Baykar`. */
  function countryOf(entity: Entity, mention: Mention): string | null {
    if (entity.type === 'person') return null
    const state = found.mentions.find(
      (one) =>
        one.how === 'adjective' &&
        one.entity.type === 'state' &&
        one.start >= mention.cueStart &&
        one.end <= mention.start,
    )
    return state?.entity.country ?? null
  }

  function goodDraft(entity: Entity, mentions: Found['goods']): Draft[] {
    const [best] = mentions.toSorted((a, b) => b.score - a.score || a.start - b.start)
    if (!best || entity.known) return best && entity.known ? actorDraft(entity, mentions) : []
    const maker = mentions.find((one) => one.maker)?.maker ?? null
    const description = mentions.find((one) => one.description)?.description ?? null
    const identity = `good|${entity.key}`
    const fields = [
      'designation',
      ...(description ? ['description'] : []),
      ...(maker ? ['manufacturer'] : []),
    ]
    const [start, end] = maker ? stretchTo(best, maker) : [best.cueStart, best.cueEnd]
    const made = draft(
      'good',
      identity,
      {
        slug: slug(entity.name),
        designation: entity.name,
        description: description === entity.name ? null : description,
        manufacturer: maker ? ref(maker) : null,
        family: null,
        controlEntries: [],
        citations: fields.map((field) => cite(start, end, field)),
      },
      mentions.map(({ cueStart, cueEnd }) => ({ start: cueStart, end: cueEnd })),
      best.score,
      best.reasons,
      needsOf(maker ? [maker] : []),
    )
    if (made.length > 0) newOnes.set(entity, identity)
    return made
  }

  function stretchTo(from: Mention, maker: Entity): [number, number] {
    const to = found.mentions.find(
      (one) => one.entity === maker && one.sentence === from.sentence && one.start > from.end,
    )
    return [from.cueStart, Math.max(from.cueEnd, to?.end ?? 0)]
  }

  /** A name with up to four words after it, so that the quote says something. */
  function widened(start: number, end: number): [number, number] {
    const sentence = found.sentences.find((one) => one.start <= start && end <= one.end)
    const after =
      sentence?.tokens.filter((token) => token.start >= end && token.isWord).slice(0, 4) ?? []
    return [start, after.at(-1)?.end ?? end]
  }

  function eventDrafts(group: EventGroup): Draft[] {
    const [first] = group
    const { rule } = first
    const fullest =
      group.toSorted((a, b) => b.participants.length - a.participants.length)[0] ?? first
    const date = pickNarrowestDate(group)
    const identities = group.map(
      (one) => `event|${rule.type}|${rule.becomes ?? ''}|${identityOf(one)}`,
    )
    const passages = group.map(({ start, end }) => ({ start, end }))
    const title = shortened(body.slice(fullest.start, fullest.end))
    const goods_ = [...new Set(group.flatMap((one) => one.goods))].filter(
      (good) => good.known || newOnes.has(good),
    )
    const effect = effectOf(group, fullest, identities, title)
    const entities = [...fullest.participants.map(({ entity }) => entity), ...goods_]
    const voices = voicesIn(fullest)
    const own = (field: string) => cite(fullest.start, fullest.end, field, voices.refs)
    const others = group.filter((one) => one !== fullest).slice(0, citedMax)
    return [
      ...effect.drafts,
      ...draft(
        'event',
        identities,
        {
          slug: slug(title).slice(0, 80),
          type: rule.type,
          title,
          on: dated(date),
          description: null,
          place: null,
          participants: fullest.participants.map(({ entity, role }) => ({
            actor: ref(entity),
            role,
          })),
          goods: goods_.map(ref),
          about: [],
          effects: effect.effects,
          assurance: null,
          citations: [
            ...[
              'type',
              'title',
              ...(fullest.participants.length > 0 ? ['participants'] : []),
              ...effect.effects.map((_, index) => `effects.${index}`),
            ].map(own),
            ...(date?.edtf ? [cite(...aroundDate(group, date), 'on', voices.refs)] : []),
            ...goods_.map((_good, index) => own(`goods.${index}`)),
            ...others.map(({ start, end }) => cite(start, end, 'type', voices.refs)),
          ],
        },
        passages,
        Math.max(...group.map(({ score }) => score)),
        [
          ...fullest.reasons,
          ...(date?.reasoning ? [date.reasoning] : []),
          ...(rule.becomes && effect.effects.length === 0
            ? [`it says "${rule.becomes}": name the permit or measure in \`effects\``]
            : []),
        ],
        [...needsOf([...entities, ...voices.entities]), ...effect.needs],
        rule.type,
      ),
    ]
  }

  /** The permit that is issued, or the measure that is imposed: a record of its own, which the event changes. */
  function effectOf(
    group: EventGroup,
    fullest: EventGroup[0],
    identities: readonly string[],
    title: string,
  ) {
    const { rule, participants, start, end } = fullest
    const none = { drafts: [] as Draft[], effects: [] as object[], needs: [] as string[] }
    const who = (role: string) => participants.find((one) => one.role === role)?.entity
    const passages = group.map((one) => ({ start: one.start, end: one.end }))
    const own = (field: string) => cite(start, end, field, voicesIn(fullest).refs)
    const needs = needsOf([
      ...participants.map(({ entity }) => entity),
      ...voicesIn(fullest).entities,
    ])
    if (rule.type === 'permit-decision' && rule.becomes === 'issued') {
      const issuer = who('issuer')
      if (!issuer) return none
      const consignee = who('consignee')
      const destination = destinationIn(fullest, issuer)
      const items = itemsIn(fullest)
      const identity = identities.map((one) => `permit|${one}`)
      const permitSlug = slug(`permit ${title}`).slice(0, 80)
      const drafts = draft(
        'permit',
        identity,
        {
          slug: permitSlug,
          title: shortened(`Permit: ${title}`),
          number: null,
          issuer: ref(issuer),
          exporter: null,
          consignee: consignee ? ref(consignee) : null,
          endUser: null,
          destination: destination ? ref(destination) : null,
          items: items.map(({ good, value, unit }) => ({ good: ref(good), quantity: value, unit })),
          legalBasis: null,
          exceptionRelied: null,
          statedEndUse: null,
          restrictions: null,
          citations: [
            'title',
            'issuer',
            ...(consignee ? ['consignee'] : []),
            ...(destination ? ['destination'] : []),
            ...items.map((_, index) => `items.${index}`),
          ].map(own),
        },
        passages,
        fullest.score,
        [...fullest.reasons],
        [
          ...needs,
          ...needsOf([...items.map(({ good }) => good), ...(destination ? [destination] : [])]),
        ],
      )
      return {
        drafts,
        effects: drafts.map(() => ({ permit: permitSlug, becomes: 'issued' })),
        needs: drafts.flatMap((one) => one.identities.slice(0, 1)),
      }
    }
    if (rule.type === 'measure-decision' && rule.becomes === 'imposed' && rule.form) {
      const [imposer, target] = [who('imposer'), who('target')]
      if (!imposer || !target) return none
      const measureSlug = slug(
        `${imposer.name} ${rule.form} ${target.name} ${pickNarrowestDate(group)?.edtf ?? ''}`,
      ).slice(0, 80)
      const drafts = draft(
        'measure',
        identities.map((one) => `measure|${one}`),
        {
          slug: measureSlug,
          title,
          imposer: ref(imposer),
          target: ref(target),
          legalForm: rule.form,
          scope: null,
          exceptions: null,
          reason: null,
          citations: ['title', 'imposer', 'target', 'legalForm'].map(own),
        },
        passages,
        fullest.score,
        [...fullest.reasons],
        needs,
      )
      return {
        drafts,
        effects: drafts.map(() => ({ measure: measureSlug, becomes: 'imposed' })),
        needs: drafts.flatMap((one) => one.identities.slice(0, 1)),
      }
    }
    return none
  }

  function itemsIn({ sentence, start, end }: EventGroup[0]) {
    return found.quantities.flatMap(({ good, ...one }) =>
      good &&
      one.sentence === sentence &&
      one.start >= start &&
      one.end <= end &&
      (good.known || newOnes.has(good))
        ? [{ good, ...one }]
        : [],
    )
  }

  function destinationIn({ sentence, start, end }: EventGroup[0], issuer: Entity): Entity | null {
    return (
      found.mentions.find(
        (one) =>
          one.sentence === sentence &&
          one.start > start &&
          one.end <= end &&
          one.entity.type === 'state' &&
          one.entity !== issuer &&
          one.how !== 'adjective' &&
          one.how !== 'people' &&
          /\b(to|for) (the )?$/i.test(body.slice(Math.max(0, one.start - 9), one.start)),
      )?.entity ?? null
    )
  }

  /** Who says what the sentence says, the nearest to the fact first; a medium passes on what others say. */
  function voicesIn({ sentence, participants }: EventGroup[0]) {
    const order = (one: { isReporting: boolean; voice: { entity: Entity | null } }) =>
      one.isReporting ? 2 : one.voice.entity ? 0 : 1
    const said = (voicesOf.get(sentence) ?? []).toSorted((a, b) => order(a) - order(b))
    // Whoever does it in the event is no voice that tells of it, but of what they say themselves.
    const usable = said.filter(
      ({ voice }) => voice.entity === null || voice.entity.known || newOnes.has(voice.entity),
    )
    const entities = usable.flatMap(({ voice }) => (voice.entity ? [voice.entity] : []))
    return {
      refs: usable.map(({ voice }) =>
        voice.entity ? ref(voice.entity) : { document: voice.document ?? '' },
      ),
      entities: entities.filter((entity) => participants.length >= 0 && entity.kind === 'actor'),
    }
  }

  function aroundDate(group: EventGroup, date: FoundDate): [number, number] {
    const one = group.find((event) => event.date === date)
    return [
      Math.min(date.start, one?.start ?? date.start),
      Math.max(date.end, one?.end ?? date.end),
    ]
  }

  function identityOf({ sentence, trigger, triggerStart }: EventGroup[0]): string {
    const { start = 0, end = 0 } = found.sentences[sentence] ?? {}
    const before = body.slice(start, triggerStart).split(trigger).length
    return `${body.slice(start, end)}|${trigger}|${before}`
  }
}

/** At a border of code points, whatever was cut off. */
const whole = (text: string, cut: 'start' | 'end'): string =>
  cut === 'start' ? text.replace(/^[\udc00-\udfff]/, '') : text.replace(/[\ud800-\udbff]$/, '')

function shortened(words: string): string {
  const text = words.replaceAll(/\s+/g, ' ').trim()
  const title = text.charAt(0).toUpperCase() + text.slice(1)
  if (title.length <= 200) return title
  return `${title.slice(0, title.lastIndexOf(' ', 198)).toWellFormed()} …`
}
