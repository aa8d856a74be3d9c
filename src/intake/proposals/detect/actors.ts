import type { z } from 'zod'
import type { ActorType } from '../../../records/kinds/actors/schema.ts'
import type { Dictionaries } from '../words/dictionaries.ts'
import type { Entity, Lexicon, NameMatchKind } from '../words/lexicon.ts'
import type { Sentence, Token } from '../words/sentences.ts'

/** Where a text names somebody or something. Token numbers count in the sentence, `to` is exclusive. */
export type Mention = {
  entity: Entity
  how: NameMatchKind
  sentence: number
  from: number
  to: number
  start: number
  end: number
  /** The words around that say who it is: `Turkish drone-maker Baykar`. */
  cueStart: number
  cueEnd: number
  reasons: string[]
  score: number
  /** It stands in what is said in passing of somebody else: `X, a researcher with Y, says`. */
  isAside: boolean
}

/** A post that the text gives somebody. */
export type Post = {
  person: Entity
  role: string
  organisation: Entity | null
  start: number
  end: number
  sentence: number
}

type Type = z.infer<typeof ActorType>
type Cue = { type: Type; reason: string; score: number; start: number; end: number }

export type Detected = { mentions: Mention[]; posts: Post[] }

/** Finds the actors that there are and those that there may be, sentence by sentence. */
export function detectActors(
  body: string,
  sentences: readonly Sentence[],
  words: Dictionaries,
  names: Lexicon,
): Detected {
  const { actors, speech } = words
  const seenWithin = capitalsWithin(sentences)
  const created = new Map<string, Entity>()
  const mentions: Mention[] = []
  const posts: Post[] = []
  let parts: Map<string, Entity> | undefined
  const openParts: { sentence: number; from: number; to: number }[] = []

  for (const [number, sentence] of sentences.entries()) {
    const { tokens } = sentence
    const own: Mention[] = []
    for (let index = 0; index < tokens.length; ) {
      const known = names.matchAt(tokens, index)
      const run = runAt(tokens, index)
      // A longer name may begin with the name of a state: Turkish Aerospace Industries.
      if (
        known &&
        (run === null || index + known.length >= run.to || !isName(tokens.slice(index, run.to)))
      ) {
        own.push(mentionOf(known.entity, known.how, number, tokens, index, index + known.length))
        index += known.length
        continue
      }
      if (run === null || isOfStates(tokens[index])) {
        compound(tokens, index, number, own)
        index += 1
        continue
      }
      const end = candidate(number, tokens, index, run.to, own)
      index = Math.max(end, index + 1)
    }
    mentions.push(...own)
  }
  for (const part of openParts) resolvePart(part)
  mentions.sort((a, b) => a.start - b.start)
  findPosts()
  return { mentions, posts }

  function isOfStates(token: Token | undefined): boolean {
    const parts_ = token?.isWord ? token.key.split(/[-–‑]/) : []
    return (
      parts_.length > 1 &&
      parts_.some((part) => names.findCountry(part)) &&
      !/\d/.test(token?.key ?? '')
    )
  }

  /** Names within `Azerbaijan-Armenia` and `Turkish-made`. */
  function compound(
    tokens: readonly Token[],
    index: number,
    sentence: number,
    own: Mention[],
  ): void {
    const token = tokens[index]
    if (!token?.isWord || !/[-–‑]/.test(token.text)) return
    let at = token.start
    for (const part of token.text.split(/[-–‑]/)) {
      const found = /^\p{Lu}/u.test(part) ? names.matchWord(part.toLowerCase()) : null
      if (found)
        own.push({
          ...mentionOf(found.entity, found.how, sentence, tokens, index, index + 1),
          start: at,
          end: at + part.length,
          cueStart: token.start,
          cueEnd: token.end,
        })
      at += part.length + 1
    }
  }

  /** Words with capitals that stand together, as far as one name can go. */
  function runAt(tokens: readonly Token[], index: number): { to: number } | null {
    const first = tokens[index]
    if (!first?.isWord || !first.isCapital) return null
    const isStart = index === 0 || /^[“"«‘(]$/.test(tokens[index - 1]?.text ?? '')
    const opensWithThe = first.key === 'the' && !isStart
    if (
      actors.notNames.has(first.key) &&
      !opensWithThe &&
      (isStart || !tokens[index + 1]?.isCapital)
    )
      return null
    if (isStart && first.key === 'the') return null
    let to = index + 1
    while (to < tokens.length && !tokens[to - 1]?.isPossessive) {
      const token = tokens[to]
      if (token?.isCapital && token.isWord) {
        to += 1
        continue
      }
      const next = tokens[to + 1]
      const joins =
        token?.isWord === true &&
        next?.isCapital === true &&
        (actors.connectors.has(token.key) ||
          token.text === '&' ||
          (['and', 'for', 'the', 'on', 'against'].includes(token.key) &&
            (opensWithThe || hasPart(tokens.slice(index, to)))))
      if (!joins || (token?.key === 'of' && isPost(tokens[to - 1]))) break
      to += 2
    }
    return { to }
  }

  function hasPart(run: readonly Token[]): boolean {
    return run.some(({ key }) => actors.publicBodies.has(key) || actors.organisationParts.has(key))
  }

  function isPost(token: Token | undefined): boolean {
    return token !== undefined && actors.posts.has(lastPart(token.key))
  }

  /** Whether a run is a name of its own and not only "Turkish President". */
  function isName(run: readonly Token[]): boolean {
    return run.some(
      ({ key }) =>
        actors.companyParts.has(key) ||
        actors.organisationParts.has(key) ||
        actors.publicBodies.has(key) ||
        actors.armedForces.has(key) ||
        actors.publisherParts.has(key),
    )
  }

  /** Takes a run of capitals apart: adjective, title, name. Gives where to go on. */
  function candidate(
    sentence: number,
    tokens: readonly Token[],
    from: number,
    until: number,
    own: Mention[],
  ): number {
    let start = from
    const firstKey = tokens[start]?.key ?? ''
    const whole = tokens.slice(start, until)
    if (whole.length > 1 && !isName(whole)) {
      const adjective = names.matchWord(firstKey)
      if (adjective) {
        own.push(mentionOf(adjective.entity, adjective.how, sentence, tokens, start, start + 1))
        start += 1
      }
    }
    let title: { start: number; end: number } | null = null
    const titleFrom = start
    while (
      start < until &&
      (isPost(tokens[start]) ||
        actors.titles.has(tokens[start]?.key ?? '') ||
        (isPost(tokens[start + 1]) && start + 1 < until))
    ) {
      title = { start: tokens[titleFrom]?.start ?? 0, end: tokens[start]?.baseEnd ?? 0 }
      start += 1
      if (tokens[start]?.text === '.') start += 1
    }
    if (start >= until && title) {
      const next = runAt(tokens, start)
      if (next && tokens[start]?.isCapital) return start
      return Math.max(until, start)
    }
    const to = Math.max(until, start + 1)
    // What is left may hold a name that there is.
    for (let at = start; at < to; at += 1) {
      const known = names.matchAt(tokens, at)
      if (
        known &&
        at + known.length === to &&
        known.how !== 'adjective' &&
        (at === start || !isName(tokens.slice(start, to)))
      ) {
        addKnown(sentence, tokens, start, to, own)
        return to
      }
    }
    const run = tokens.slice(start, to)
    const extended = extendBody(tokens, start, to)
    const isStart = start === 0 || /^[“"«‘]$/.test(tokens[start - 1]?.text ?? '')
    if (run.length === 1 && extended === to) {
      const near = names.matchInexact(run[0] as Token)
      if (near) {
        own.push(mentionOf(near.entity, near.how, sentence, tokens, start, to))
        return to
      }
    }
    const cue = cueOf(sentence, tokens, start, extended, title)
    const single = run.length === 1 ? run[0] : undefined
    const isLoneWord =
      single !== undefined && isStart && !seenWithin.has(single.key) && !/\d|\./.test(single.text)
    if (cue === null || (isLoneWord && cue.type !== 'publisher')) {
      addKnown(sentence, tokens, start, to, own)
      openParts.push({ sentence, from: start, to })
      return to
    }
    const name = nameOf(tokens, start, extended)
    const entity = entityOf(name, cue.type)
    own.push({
      ...mentionOf(entity, 'new', sentence, tokens, start, extended),
      cueStart: cue.start,
      cueEnd: cue.end,
      reasons: [cue.reason],
      score: cue.score,
    })
    return extended
  }

  /** Names that there are, within a run of capitals. */
  function addKnown(
    sentence: number,
    tokens: readonly Token[],
    from: number,
    to: number,
    own: Mention[],
  ): void {
    for (let at = from; at < to; at += 1) {
      const known = names.matchAt(tokens, at)
      if (!known || known.how === 'adjective' || at + known.length > to) continue
      own.push(mentionOf(known.entity, known.how, sentence, tokens, at, at + known.length))
      at += known.length - 1
    }
  }

  /** `House of Commons` goes on with `foreign affairs committee`. */
  function extendBody(tokens: readonly Token[], from: number, to: number): number {
    if (tokens[to - 1]?.isPossessive) return to
    for (let at = to; at < Math.min(tokens.length, to + 4); at += 1) {
      const token = tokens[at]
      if (!token?.isWord || token.isCapital) return to
      if (actors.publicBodies.has(token.key) && to - from > 1) return at + 1
      if (
        token.isPossessive ||
        /^(in|on|at|to|by|that|which|who|has|had|was|is|will|said|says)$/.test(token.key)
      )
        return to
    }
    return to
  }

  function nameOf(tokens: readonly Token[], from: number, to: number): string {
    const start = tokens[from]?.start ?? 0
    return body.slice(start, tokens[to - 1]?.baseEnd ?? start).replaceAll(/\s+/g, ' ')
  }

  function keyOfName(name: string): string {
    return `actor:${name.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '')}`
  }

  function entityOf(name: string, type: Type): Entity {
    const key = keyOfName(name)
    const known = created.get(key)
    if (known) return known
    const entity: Entity = {
      key,
      kind: 'actor',
      type,
      name,
      country: null,
      known: null,
    }
    created.set(key, entity)
    return entity
  }

  function cueOf(
    sentence: number,
    tokens: readonly Token[],
    from: number,
    to: number,
    title: { start: number; end: number } | null,
  ): Cue | null {
    const run = tokens.slice(from, to)
    const start = run[0]?.start ?? 0
    const end = run.at(-1)?.baseEnd ?? start
    const cue = (
      type: Type,
      reason: string,
      score: number,
      cueStart = start,
      cueEnd = end,
    ): Cue => ({
      type,
      reason,
      score,
      start: cueStart,
      end: cueEnd,
    })
    if (run.every(({ key }) => actors.publicBodies.has(key) || actors.armedForces.has(key)))
      return null
    const keys = run.map(({ key }) => key)
    const last = keys.at(-1) ?? ''
    const looksLikePerson =
      run.length >= 2 && run.length <= 4 && run.every(({ text }) => /^[\p{L}.’'-]+$/u.test(text))
    if (title)
      return cue(
        'person',
        `"${body.slice(title.start, title.end)}" stands before the name`,
        0.9,
        title.start,
      )
    const before = postBefore(tokens, from)
    if (before !== null && looksLikePerson)
      return cue(
        'person',
        `"${body.slice(before, start).trim()}" stands before the name`,
        0.9,
        before,
      )
    if (
      actors.publicBodies.has(last) ||
      (keys.some((key) => actors.publicBodies.has(key)) &&
        keys.some((key) => /^(of|for|de|des|du)$/.test(key)))
    )
      return cue(
        'public-body',
        `"${run.find(({ key }) => actors.publicBodies.has(key))?.text}" is the name of a public body`,
        0.8,
      )
    if (actors.armedForces.has(last) || actors.armedForces.has(keys.slice(-2).join(' ')))
      return cue('armed-force', `"${run.at(-1)?.text}" is the name of an armed force`, 0.7)
    const noun = descriptorBefore(tokens, from)
    if (noun && actors.companies.has(noun.key))
      return cue(
        'company',
        `"${body.slice(noun.start, start).trim()}" stands before the name`,
        0.9,
        noun.cueStart,
      )
    if (noun && actors.publishers.has(noun.key))
      return cue('publisher', `"${noun.text}" stands before the name`, 0.85, noun.cueStart)
    if (noun && actors.organisations.has(noun.key))
      return cue(
        'organisation',
        `"${body.slice(noun.start, start).trim()}" stands before the name`,
        0.85,
        noun.cueStart,
      )
    const following = tokens[to]
    if (following && !following.isCapital && actors.publishers.has(following.key))
      return cue(
        'publisher',
        `"${following.text}" stands after the name`,
        0.85,
        start,
        following.end,
      )
    const isDateline = from === 0 && sentence <= 3 && /^[-–—]+$/.test(tokens[to]?.text ?? '')
    if (isDateline)
      return cue(
        'publisher',
        'it stands before the dash that opens the report',
        0.8,
        start,
        tokens[to]?.end,
      )
    const verb = tokens[to]
    if (
      verb &&
      speech.reporting.has(verb.key) &&
      keys.some((key) => actors.publisherParts.has(key))
    )
      return cue(
        'publisher',
        `"${verb.text}" stands after a name of a medium`,
        0.9,
        start,
        verb.end,
      )
    if (/\.(com|net|org|am|tr|info|news|ca|uk|fr|de|eu)$/i.test(run.at(-1)?.text ?? ''))
      return cue('publisher', 'the name is an address on the web', 0.6)
    if (run.length > 1 && keys.slice(1).some((key) => actors.companyParts.has(key)))
      return cue(
        'company',
        `"${run.find(({ key }, at) => at > 0 && actors.companyParts.has(key))?.text}" is part of the name`,
        0.75,
      )
    const maker = isPlaceOfBase(tokens, to) ? null : madeBy(tokens, from)
    if (maker !== null)
      return cue(
        'company',
        `"${body.slice(maker, start).trim()}" stands before the name`,
        0.85,
        maker,
      )
    const after = phraseAfter(tokens, to)
    if (after) {
      if (looksLikePerson && after.posts)
        return cue('person', `"${after.text}" stands after the name`, 0.9, start, after.end)
      if (after.company)
        return cue('company', `"${after.text}" stands after the name`, 0.8, start, after.end)
      if (after.organisation)
        return cue('organisation', `"${after.text}" stands after the name`, 0.75, start, after.end)
    }
    if (run.length > 1 && keys.slice(1).some((key) => actors.organisationParts.has(key)))
      return cue(
        'organisation',
        `"${run.find(({ key }, at) => at > 0 && actors.organisationParts.has(key))?.text}" is part of the name`,
        0.7,
      )
    if (keys[0] === 'the' && run.length > 1 && keys.some((key) => actors.publisherParts.has(key)))
      return cue('publisher', 'it is the name of a medium', 0.7)
    const saysSo = verb && speech.verbs.has(verb.key)
    const saidBy = tokens[from - 1] && speech.verbs.has(tokens[from - 1]?.key ?? '')
    if (looksLikePerson && (saysSo || saidBy))
      return cue(
        'person',
        `"${(saysSo ? verb : tokens[from - 1])?.text}" stands beside the name`,
        0.6,
      )
    return null
  }

  /** Where the post begins that stands directly before a name: `then-foreign affairs minister`. */
  function postBefore(tokens: readonly Token[], from: number): number | null {
    // "its chief executive, X, said": between commas.
    const last = tokens[from - 1]?.text === ',' ? from - 2 : from - 1
    const head = tokens[last]
    if (!head?.isWord || !isPost(head) || head.isPossessive) return null
    let at = last
    while (at > 0) {
      const token = tokens[at - 1]
      if (!token?.isWord || stops.has(token.key)) break
      if (from - at > 5) break
      at -= 1
    }
    return tokens[at]?.start ?? null
  }

  /** The noun before a name that says what bears it: `drone-maker`, `group`. */
  function descriptorBefore(tokens: readonly Token[], from: number) {
    const token = tokens[from - 1]
    if (!token?.isWord || token.isPossessive || token.isCapital) return null
    const key = lastPart(token.key)
    let at = from - 1
    while (at > 0 && from - at <= 5) {
      const before = tokens[at - 1]
      if (!before?.isWord || stops.has(before.key)) break
      at -= 1
    }
    return {
      key,
      text: token.text,
      start: tokens[at]?.start ?? token.start,
      cueStart: tokens[at]?.start ?? token.start,
    }
  }

  /** `Burlington, Ont.-based` and `Paris-based` say where, not who. */
  function isPlaceOfBase(tokens: readonly Token[], to: number): boolean {
    return tokens.slice(to - 1, to + 6).some(({ text }) => /(^|-)based$/.test(text))
  }

  /** `made by Burlington, Ont.-based X`: where it begins. */
  function madeBy(tokens: readonly Token[], from: number): number | null {
    const start = tokens[from]?.start ?? 0
    const reach = tokens[Math.max(0, from - 9)]?.start ?? 0
    const text = body.slice(reach, start).toLowerCase()
    for (const words_ of words.goods.makers) {
      const at = text.lastIndexOf(words_)
      if (at === -1) continue
      const between = text.slice(at + words_.length).trim()
      if (between === '' || /-based$/.test(between) || /^(the )?\p{L}+$/u.test(between))
        return reach + at
    }
    return null
  }

  /** `, deputy minister of foreign affairs,` after a name, up to the next comma or verb of saying. */
  function phraseAfter(tokens: readonly Token[], to: number) {
    if (tokens[to]?.text !== ',' && tokens[to]?.text !== '(') return null
    let at = to + 1
    let posts_ = false
    let company = false
    let organisation = false
    for (; at < Math.min(tokens.length, to + 16); at += 1) {
      const token = tokens[at]
      if (
        !token?.isWord ||
        /^(who|which|that|has|had|is|was|whose)$/.test(token.key) ||
        speech.verbs.has(token.key)
      )
        break
      if (!posts_ && !company && !organisation && at - to > 8) return null
      const key = lastPart(token.key)
      if (actors.posts.has(key)) posts_ = true
      else if (!posts_ && actors.companies.has(key)) company = true
      else if (!posts_ && actors.organisations.has(key)) organisation = true
    }
    const first = tokens[to + 1]
    const last = tokens[at - 1]
    if (!first || !last || first.start >= last.end || !(posts_ || company || organisation))
      return null
    return {
      posts: posts_,
      company,
      organisation,
      from: to + 1,
      to: at,
      start: first.start,
      end: last.baseEnd,
      text: body.slice(first.start, last.baseEnd),
    }
  }

  function mentionOf(
    entity: Entity,
    how: NameMatchKind,
    sentence: number,
    tokens: readonly Token[],
    from: number,
    to: number,
  ): Mention {
    const start = tokens[from]?.start ?? 0
    const end = tokens[to - 1]?.baseEnd ?? start
    const [reason, score] = meanings[how]
    return {
      entity,
      how,
      sentence,
      from,
      to,
      start,
      end,
      cueStart: start,
      cueEnd: end,
      reasons: [reason],
      score,
      isAside: false,
    }
  }

  /** A name alone that is a part of one found elsewhere: `Morgan`, `Wescam`. */
  function resolvePart({
    sentence,
    from,
    to,
  }: {
    sentence: number
    from: number
    to: number
  }): void {
    const tokens = sentences[sentence]?.tokens ?? []
    const name = nameOf(tokens, from, to)
    const bare = name.toLowerCase()
    const same = created.get(keyOfName(name))
    if (same) {
      mentions.push(mentionOf(same, 'name', sentence, tokens, from, to))
      return
    }
    if (to - from > 2 || bare.length < 3) return
    const whole = partsOf().get(bare)
    if (whole) mentions.push(mentionOf(whole, 'part', sentence, tokens, from, to))
  }

  /** Last words of names of persons; first and last words of others. One that two share stands for neither. */
  function partsOf(): Map<string, Entity> {
    if (parts) return parts
    const found = new Map<string, Entity | null>()
    const entities = new Set(mentions.map(({ entity }) => entity))
    for (const entity of entities) {
      if (entity.type === 'state' || entity.kind !== 'actor') continue
      const own = entity.name.toLowerCase().split(/\s+/)
      if (own.length < 2) continue
      const chosen = entity.type === 'person' ? [own.at(-1)] : [own.at(-1), own[0]]
      for (const part of chosen)
        if (
          part &&
          part.length >= 3 &&
          !actors.companyParts.has(part) &&
          !actors.organisationParts.has(part) &&
          !actors.publicBodies.has(part) &&
          part !== 'the'
        )
          found.set(part, found.has(part) && found.get(part) !== entity ? null : entity)
    }
    parts = new Map(
      [...found].flatMap(([part, entity]) => (entity ? [[part, entity] as const] : [])),
    )
    return parts
  }

  /** Posts before and after names of persons, known ones too; whom they are with. */
  function findPosts(): void {
    const bySentence = Map.groupBy(mentions, ({ sentence }) => sentence)
    for (const [number, inSentence] of bySentence) {
      const tokens = sentences[number]?.tokens ?? []
      for (const mention of inSentence) {
        if (mention.entity.type !== 'person') continue
        const after = phraseAfter(tokens, mention.to)
        if (after?.posts) {
          const within = inSentence.filter((one) => one.from >= after.from && one.to <= after.to)
          for (const one of within) one.isAside = true
          addPost(mention, number, tokens, after.from, after.to, within, {
            start: mention.start,
            end: after.end,
          })
          continue
        }
        const start = postBefore(tokens, mention.from) ?? titleBefore(tokens, mention.from)
        if (start === null) continue
        const from = tokens.findIndex((token) => token.start === start)
        const around = inSentence.filter(
          (one) => one.to <= mention.from && one.from >= from - 1 && one !== mention,
        )
        addPost(mention, number, tokens, from, mention.from, around, { start, end: mention.end })
      }
    }
  }

  function titleBefore(tokens: readonly Token[], to: number): number | null {
    let at = to
    while (
      at > 0 &&
      tokens[at - 1]?.isCapital &&
      (isPost(tokens[at - 1]) || (at < to && isPost(tokens[at])))
    )
      at -= 1
    return at === to ? null : (tokens[at]?.start ?? null)
  }

  function addPost(
    { entity: person }: Mention,
    sentence: number,
    tokens: readonly Token[],
    from: number,
    to: number,
    around: readonly Mention[],
    span: { start: number; end: number },
  ): void {
    let first = from
    let last = to
    while (
      first < to &&
      (/^(a|an|the|its|his|her|their)$/.test(tokens[first]?.key ?? '') ||
        names.findCountry(tokens[first]?.key ?? ''))
    )
      first += 1
    const cut = tokens.findIndex(
      (token, at) => at > first && at < to && /^(with|at|from|for)$/.test(token.key),
    )
    if (cut !== -1) last = cut
    if (tokens[last - 1]?.text === ',') last -= 1
    const start = tokens[first]?.start
    const end = tokens[last - 1]?.baseEnd
    if (start === undefined || end === undefined || end <= start) return
    const role = body.slice(start, end).replace(/^(then|former|ex)[- ]/i, '')
    const organisation =
      around.find(
        (one) =>
          cut !== -1 &&
          one.from > cut &&
          one.entity.type !== 'person' &&
          one.entity.kind === 'actor',
      )?.entity ??
      around.find((one) => one.entity.type === 'state' && one.how === 'adjective')?.entity ??
      around.find((one) => one.entity.kind === 'actor' && one.entity.type !== 'person')?.entity ??
      null
    if (posts.some((one) => one.person === person && one.role === role)) return
    posts.push({ person, role, organisation, sentence, ...span })
  }
}

const stops = new Set(
  `a an the of to by for in on at from with and or but that which who its his her their this these after before despite
  against as is was were are be been has had have memo said says say told by per than then if when while where`.split(
    /\s+/,
  ),
)

const lastPart = (key: string): string =>
  key.slice(Math.max(key.lastIndexOf('-'), key.lastIndexOf('‑')) + 1)

const meanings: Readonly<Record<NameMatchKind, readonly [reason: string, score: number]>> = {
  name: ['the name stands there', 1],
  alias: ['another name of it stands there', 0.95],
  foreign: ['its name in another language stands there', 0.85],
  capital: ['the capital stands for the state', 0.7],
  people: ['its people are named', 0.5],
  adjective: ['the adjective of the state stands there', 0.5],
  inflected: ['the name stands there with an ending', 0.8],
  misspelt: ['a name that is nearly the same stands there', 0.6],
  part: ['a part of the name stands there', 0.7],
  new: ['', 0],
}

/** Words that stand with a capital where no sentence begins. */
function capitalsWithin(sentences: readonly Sentence[]): ReadonlySet<string> {
  const seen = new Set<string>()
  for (const { tokens } of sentences)
    for (const [index, { isCapital, key }] of tokens.entries())
      if (index > 0 && isCapital && tokens[index - 1]?.isWord) seen.add(key)
  return seen
}
