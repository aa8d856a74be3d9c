import type { Dictionaries, TradeRule } from '../words/dictionaries.ts'
import type { Entity } from '../words/lexicon.ts'
import type { Sentence, Token } from '../words/sentences.ts'
import type { Mention } from './actors.ts'
import type { FoundDate } from './dates.ts'
import type { GoodFound } from './goods.ts'
import type { Speech } from './speech.ts'

type Participant = {
  entity: Entity
  role: NonNullable<TradeRule['agent']>
  start: number
  end: number
}

/** Something that a sentence says happened. Offsets are UTF-16 units. */
export type FoundEvent = {
  rule: TradeRule
  /** The words that say so, as they stand. */
  trigger: string
  triggerStart: number
  sentence: number
  /** The part of the sentence that tells of it. */
  start: number
  end: number
  participants: Participant[]
  date: FoundDate | null
  goods: Entity[]
  reasons: string[]
  score: number
}

const speakers = new Set(['person', 'organisation', 'public-body', 'state', 'company'])

/** Finds events by the words of dictionaries/trade.yaml, and by who is said to say something. */
export function detectEvents(
  body: string,
  sentences: readonly Sentence[],
  found: {
    mentions: readonly Mention[]
    goods: readonly GoodFound[]
    dates: readonly FoundDate[]
    speech: readonly Speech[]
  },
  { trade }: Dictionaries,
): FoundEvent[] {
  const events: FoundEvent[] = []
  const mentionsOf = Map.groupBy(found.mentions, ({ sentence }) => sentence)
  const goodsOf = Map.groupBy(found.goods, ({ sentence }) => sentence)
  const byWord = new Map<string, TradeRule[]>()
  for (const rule of trade)
    for (const word of [...(rule.verbs ?? []), ...(rule.nouns ?? [])]) {
      const key = word.split(' ')[0] ?? ''
      byWord.set(key, [...(byWord.get(key) ?? []), rule])
    }

  for (const [number, sentence] of sentences.entries()) {
    const { tokens } = sentence
    for (const [index, token] of tokens.entries()) {
      if (!token.isWord) continue
      for (const rule of byWord.get(token.key) ?? []) {
        const event = match(rule, number, sentence, index)
        if (event === null) continue
        events.push(event)
        break
      }
    }
  }
  for (const one of found.speech) {
    const event = spoken(one)
    if (event) events.push(event)
  }
  return events.sort((a, b) => a.triggerStart - b.triggerStart)

  function match(
    rule: TradeRule,
    number: number,
    sentence: Sentence,
    index: number,
  ): FoundEvent | null {
    const { tokens } = sentence
    const isNoun = fits(rule.nouns, tokens, index)
    const length = isNoun ?? fits(rule.verbs, tokens, index)
    if (length === null) return null
    const token = tokens[index] as Token
    const all = mentionsOf.get(number) ?? []
    const own = all.filter(({ isAside, entity }) => !isAside && entity.kind === 'actor')
    const clause = clauseOf(tokens, index)
    const after = tokens.slice(index + length, clause.to)
    const before = tokens.slice(clause.from, index)
    const isPassive =
      /^(was|were|been|being|be|is|are|got)$/.test(tokens[index - 1]?.key ?? '') ||
      /^(was|were|been|being|be|is|are)$/.test(tokens[index - 2]?.key ?? '')
    if (
      rule.with &&
      !has(rule.with, after.slice(0, 14)) &&
      !((isPassive || rule.agentAfterBy) && has(rule.with, before.slice(-12)))
    )
      return null
    // "has not issued", "refused to": what did not happen is no event.
    if (
      tokens
        .slice(Math.max(0, index - 3), index)
        .some(({ key }) =>
          /^(not|never|didn't|didn’t|without|would|could|may|might|should|if)$/.test(key),
        )
    )
      return null
    // "urged Brazil to lift", "plans to issue": it may come to pass, or not. "decided to lift" is a decision.
    if (
      isNoun === null &&
      tokens[index - 1]?.key === 'to' &&
      !/^(decided|chose|agreed|voted|moved|managed)$/.test(tokens[index - 2]?.key ?? '')
    )
      return null
    const subject =
      rule.subject &&
      tokens.slice(0, index).findLast(({ key, isWord }) => isWord && rule.subject?.has(key))
    if (rule.subject && (!subject || index - tokens.indexOf(subject) > 14)) return null
    const participants: Participant[] = []
    const reasons = [
      `"${body.slice(token.start, tokens[index + length - 1]?.end)}" stands for ${rule.type}`,
    ]
    const add = (
      mention: Mention | undefined,
      role: Participant['role'] | undefined,
      why: string,
    ) => {
      if (!mention || !role || participants.some((one) => one.entity === mention.entity)) return
      participants.push({ entity: mention.entity, role, start: mention.start, end: mention.end })
      reasons.push(`${mention.entity.name} is ${role}: ${why}`)
    }
    if (isNoun !== null) {
      const owner =
        own.find(
          (one) =>
            one.to === index &&
            (tokens[one.to - 1]?.isPossessive || one.entity.type === 'public-body'),
        ) ??
        own.find(
          (one) =>
            (one.from > index &&
              one.from - index <= 4 &&
              /^(from|by|of)$/.test(tokens[one.from - 1]?.key ?? '')) ||
            (one.from > index &&
              one.from - index <= 5 &&
              tokens[one.from - 1]?.key === 'the' &&
              /^(from|by|of)$/.test(tokens[one.from - 2]?.key ?? '')),
        )
      if (!owner || (rule.fromTypes && !rule.fromTypes.includes(owner.entity.type ?? 'state')))
        return null
      add(owner, rule.from, 'it is theirs')
    } else {
      const by = afterWord(own, tokens, index + length, clause.to, /^by$/)
      const types = rule.agentTypes
      const usable = (one: Mention) =>
        (!types || types.includes(one.entity.type ?? 'state')) &&
        (one.how !== 'adjective' ||
          /^(government|authorities|officials|ministry|army|forces|military)$/.test(
            tokens[one.to]?.key ?? '',
          )) &&
        one.how !== 'people'
      if (by && usable(by)) add(by, rule.agent, 'stands after "by"')
      else if (!rule.agentAfterBy && !isPassive)
        add(agentBefore(own.filter(usable), tokens, index), rule.agent, 'stands before the verb')
    }
    const next = own.find((one) => one.from >= index + length && one.how !== 'adjective')
    const isDirect =
      next !== undefined &&
      next.from - (index + length) <= 1 &&
      next.from < clause.to &&
      !/^(to|by|in|from|on|for|at)$/.test(tokens[index + length]?.key ?? '')
    if (rule.direct && isDirect) add(next, rule.direct, 'stands after the verb')
    if (rule.directRequired && !isDirect) return null
    const target = rule.to && targetOf(rule.to, own, tokens, index + length)
    if (rule.to && target)
      add(
        target,
        rule.to.role,
        `stands after "${tokens[index + length - 1]?.text} ... ${[...rule.to.after].join('/')}"`,
      )
    if (rule.needs === 'to' && !target) return null
    const scored = Math.min(1, 0.4 + 0.2 * participants.length)
    const stretch = stretchOf(sentence, index, length, clause, participants, subject ?? null)
    const date = dateOf(rule.type, sentence, stretch, token.start)
    return {
      rule,
      trigger: body.slice(token.start, tokens[index + length - 1]?.end),
      triggerStart: token.start,
      sentence: number,
      ...stretch,
      participants,
      reasons,
      date,
      goods: [...new Set((goodsOf.get(number) ?? []).map(({ entity }) => entity))],
      score: Math.round((date ? Math.min(1, scored + 0.1) : scored) * 100) / 100,
    }
  }

  function fits(
    words: ReadonlySet<string> | undefined,
    tokens: readonly Token[],
    index: number,
  ): number | null {
    if (!words) return null
    for (const length of [3, 2, 1]) {
      const key = tokens
        .slice(index, index + length)
        .map((token) => token.key)
        .join(' ')
      if (words.has(key)) return length
    }
    return null
  }

  /** From the comma, the semicolon or the conjunction before to the one after; a comma alone does not end it. */
  function clauseOf(tokens: readonly Token[], index: number): { from: number; to: number } {
    let from = index
    while (from > 0 && !isBorder(tokens[from - 1])) from -= 1
    let to = index + 1
    while (to < tokens.length && !isBorder(tokens[to])) to += 1
    return { from, to }
  }

  function isBorder(token: Token | undefined): boolean {
    return (
      !token ||
      /^[;:.!?“”"«»]$/.test(token.text) ||
      /^(but|while|although|whereas|because)$/.test(token.key)
    )
  }

  function has(words: ReadonlySet<string>, tokens: readonly Token[]): boolean {
    return tokens.some(
      (token, at) =>
        words.has(token.key) ||
        words.has(`${token.key} ${tokens[at + 1]?.key ?? ''}`) ||
        words.has(`${token.key} ${tokens[at + 1]?.key ?? ''} ${tokens[at + 2]?.key ?? ''}`),
    )
  }

  function agentBefore(
    own: readonly Mention[],
    tokens: readonly Token[],
    index: number,
  ): Mention | undefined {
    const near = own.filter(({ to }) => to <= index && index - to <= 20)
    // "assurances from Ankara", "drones in Karabakh": what a preposition leads is not who does it.
    const free = near.filter(
      ({ from, entity }) =>
        entity.type === 'person' ||
        (!/^(in|from|to|of|against|on|over|into|for|with|at)$/.test(tokens[from - 1]?.key ?? '') &&
          !(
            tokens[from - 1]?.key === 'the' &&
            /^(in|from|to|of|against|on|over|into|for|with|at)$/.test(tokens[from - 2]?.key ?? '')
          )),
    )
    return free.filter(({ to }) => !tokens.slice(to, index).some((token) => isBorder(token))).at(-1)
  }

  function afterWord(
    own: readonly Mention[],
    tokens: readonly Token[],
    from: number,
    to: number,
    word: RegExp,
  ): Mention | undefined {
    return own.find(
      (one) =>
        one.from >= from &&
        one.from < to &&
        [1, 2, 3].some(
          (back) =>
            word.test(tokens[one.from - back]?.key ?? '') &&
            tokens.slice(one.from - back + 1, one.from).every(({ isWord }) => isWord),
        ) &&
        one.from - from <= 12,
    )
  }

  function targetOf(
    to: NonNullable<TradeRule['to']>,
    own: readonly Mention[],
    tokens: readonly Token[],
    from: number,
  ): Mention | undefined {
    const until = clauseOf(tokens, from - 1).to
    return own.find((one) => {
      if (one.from < from || one.from >= until || !to.types.includes(one.entity.type ?? 'state'))
        return false
      const lead = tokens.slice(from, one.from).findLastIndex(({ key }) => to.after.has(key))
      if (lead === -1) return false
      const between = tokens.slice(from + lead + 1, one.from)
      if (
        between.length > 4 ||
        between.some(
          ({ text, key }) => /^([,;]|in|on|over|under|against)$/.test(text) || to.after.has(key),
        )
      )
        return false
      return one.how !== 'adjective' || one.entity.type === 'state'
    })
  }

  /** What is cited: the subject to the end of what is told of, in whole words; short enough to be read. */
  function stretchOf(
    sentence: Sentence,
    index: number,
    length: number,
    clause: { from: number; to: number },
    participants: readonly Participant[],
    subject: Token | null,
  ): { start: number; end: number } {
    const { tokens } = sentence
    const trigger = tokens[index] as Token
    const starts = [
      trigger.start,
      subject?.start ?? trigger.start,
      ...participants.map(({ start }) => start),
    ]
    const first = Math.min(...starts.filter((start) => start >= sentence.start))
    const last = Math.max(
      tokens[index + length - 1]?.end ?? trigger.end,
      ...participants.map(({ end }) => end),
    )
    const comma = tokens.findIndex(
      ({ text, start }, at) => at >= clause.to || (start >= last && text === ','),
    )
    const end = tokens[(comma === -1 ? tokens.length : comma) - 1]?.end ?? last
    return { start: first, end: Math.max(last, end) }
  }

  /**
   * The date in the words that tell of it, or that opens their sentence: another one in the sentence may be of something
   * else. A year before a noun belongs to the noun (`the 2020 conflict`).
   */
  function dateOf(
    type: TradeRule['type'],
    sentence: Sentence,
    stretch: { start: number; end: number },
    at: number,
  ): FoundDate | null {
    const lead = body.slice(sentence.start, stretch.start)
    const usable = found.dates.filter(({ start, end, words }) => {
      if (
        /^\d{4}$/.test(words) &&
        !/\b(in|since|of|from|by|during|until|before|after|back in|early|late) $/i.test(
          body.slice(Math.max(sentence.start, start - 8), start),
        )
      )
        return false
      if (
        type !== 'measure-decision' &&
        /\bsince $/i.test(body.slice(Math.max(sentence.start, start - 6), start))
      )
        return false
      const opens =
        start >= sentence.start &&
        end <= stretch.start &&
        /^(in |on |a |the |by |since |during )?$/i.test(body.slice(sentence.start, start)) &&
        lead.length < 60
      return (
        opens || (start >= stretch.start && end <= stretch.end && start - at < 80 && at - end < 80)
      )
    })
    const off = ({ start, end }: FoundDate) => (end <= at ? at - end : start - at)
    return usable.toSorted((a, b) => off(a) - off(b))[0] ?? null
  }

  /** A statement of somebody, or a medium that reports. */
  function spoken({
    sentence,
    start,
    end,
    voice,
    verb,
    verbStart,
    mention,
    isReporting,
  }: Speech): FoundEvent | null {
    if (!voice.entity || !mention) return null
    const type = voice.entity.type ?? 'person'
    if (isReporting ? type !== 'publisher' : !speakers.has(type)) return null
    const [role, kind] = isReporting
      ? (['reporter', 'report'] as const)
      : (['speaker', 'statement'] as const)
    const rule: TradeRule = { type: kind, agent: role, agentAfterBy: false, directRequired: false }
    return {
      rule,
      trigger: verb,
      triggerStart: verbStart,
      sentence,
      start,
      end,
      participants: [{ entity: voice.entity, role, start: mention.start, end: mention.end }],
      date: null,
      goods: [],
      reasons: [`"${verb}" stands beside ${voice.entity.name}`],
      score: 0.6,
    }
  }
}
