import type { Dictionaries } from '../words/dictionaries.ts'
import type { Entity, Lexicon } from '../words/lexicon.ts'
import type { Sentence, Token } from '../words/sentences.ts'
import type { Mention } from './actors.ts'

/** A number of goods. */
export type Quantity = {
  sentence: number
  start: number
  end: number
  words: string
  value: number
  /** In the singular: `system`. */
  unit: string
  good: Entity | null
}

export type GoodFound = Mention & {
  /** What the text calls it besides its designation: `air-strike targeting system`. */
  description: string | null
  maker: Entity | null
}

const designation = /^(?:[A-Z]{1,6}|[A-Z][a-z])-?\d+[A-Z0-9]*(?:-[A-Z0-9]+)*$/

/** Designations, goods that are called by where they were made, and numbers of goods. */
export function detectGoods(
  body: string,
  sentences: readonly Sentence[],
  actors: readonly Mention[],
  { goods, actors: actorWords, countries }: Dictionaries,
  names: Lexicon,
): { goods: GoodFound[]; quantities: Quantity[] } {
  const singular = new Map(
    Object.entries(goods.nouns).flatMap(([one, many]) => [
      [one, one],
      [many, one],
    ]),
  )
  const adjectives = new Set(
    countries.flatMap((country) => country.adjectives.map((word) => word.toLowerCase())),
  )
  const found: GoodFound[] = []
  const quantities: Quantity[] = []
  const entities = new Map<string, Entity>()
  const actorsOf = Map.groupBy(actors, ({ sentence }) => sentence)

  for (const [number, { tokens }] of sentences.entries()) {
    const inSentence = actorsOf.get(number) ?? []
    for (let index = 0; index < tokens.length; index += 1) {
      const token = tokens[index]
      if (!token?.isWord) continue
      const known = names.matchAt(tokens, index)
      if (known?.entity.kind === 'good') {
        add(
          known.entity,
          number,
          tokens,
          index,
          index + known.length,
          'the name stands there',
          1,
          known.entity.known !== null,
        )
        index += known.length - 1
      } else if (
        designation.test(bareOf(token)) &&
        !goods.notGoods.has(token.key) &&
        !isNumberWord(token.key)
      ) {
        const previous = tokens[index - 1]
        const brand =
          previous?.isCapital &&
          index > 1 &&
          !inSentence.some(
            (one) => one.to > index - 1 && one.from < index && one.entity.type === 'state',
          ) &&
          !/^\d/.test(previous.text) &&
          isBrand(previous)
            ? 1
            : 0
        add(
          entityOf(nameOf(tokens, index - brand, index + 1)),
          number,
          tokens,
          index - brand,
          index + 1,
          'letters and digits together are a designation',
          0.7,
        )
      } else if (
        /^\p{Lu}\p{L}+-(?:made|built|supplied|produced)$/u.test(token.text) &&
        adjectives.has(token.text.split('-')[0]?.toLowerCase() ?? '')
      ) {
        const noun = nounAfter(tokens, index + 1)
        if (noun !== null)
          add(
            entityOf(nameOf(tokens, index, noun + 1)),
            number,
            tokens,
            index,
            noun + 1,
            'goods called by where they were made',
            0.6,
          )
      }
    }
    for (let index = 0; index < tokens.length; index += 1) quantityAt(number, tokens, index)
  }
  return { goods: found, quantities }

  function isBrand(token: Token): boolean {
    return (
      !actorWords.notNames.has(token.key) &&
      !actorWords.posts.has(token.key) &&
      /^\p{Lu}\p{Ll}+$/u.test(token.text)
    )
  }

  function bareOf(token: Token): string {
    return body.slice(token.start, token.baseEnd).replace(/(?<=[A-Z0-9])s$/, '')
  }

  function nameOf(tokens: readonly Token[], from: number, to: number): string {
    const last = tokens[to - 1]
    const text = body.slice(tokens[from]?.start ?? 0, last?.baseEnd ?? 0).replaceAll(/\s+/g, ' ')
    return last && designation.test(bareOf(last)) ? text.replace(/(?<=[A-Z0-9])s$/, '') : text
  }

  function entityOf(name: string): Entity {
    const key = `good:${name.toLowerCase()}`
    const entity = entities.get(key) ?? {
      key,
      kind: 'good' as const,
      type: null,
      name,
      country: null,
      known: null,
    }
    entities.set(key, entity)
    return entity
  }

  function add(
    entity: Entity,
    sentence: number,
    tokens: readonly Token[],
    from: number,
    to: number,
    reason: string,
    score: number,
    isKnown = false,
  ): void {
    const noun = nounAfter(tokens, to)
    const start = tokens[from]?.start ?? 0
    const end = tokens[to - 1]?.baseEnd ?? start
    const cueEnd = noun === null ? end : (tokens[noun]?.baseEnd ?? end)
    const words = noun === null ? null : body.slice(tokens[to]?.start ?? end, cueEnd)
    found.push({
      entity,
      how: isKnown ? ('name' as const) : ('new' as const),
      sentence,
      from,
      to,
      start,
      end,
      cueStart: start,
      cueEnd,
      isAside: false,
      score: noun === null ? score : Math.min(1, score + 0.2),
      reasons: noun === null ? [reason] : [reason, `"${words}" stands after it`],
      description: words === null ? null : inSingular(words),
      maker: makerAfter(sentence, tokens, noun ?? to - 1),
    })
  }

  /** `air-strike targeting systems`: the number of its last word; null where no goods are named. */
  function nounAfter(tokens: readonly Token[], from: number): number | null {
    for (let at = from; at < Math.min(tokens.length, from + 5); at += 1) {
      const token = tokens[at]
      if (!token?.isWord || breaks.has(token.key)) return null
      if (singular.has(token.key)) {
        const next = tokens[at + 1]
        return next?.isWord && singular.has(next.key) ? at + 1 : at
      }
      if (token.isPossessive) return null
    }
    return null
  }

  function inSingular(words: string): string {
    const parts = words.split(' ')
    const last = parts.pop() ?? ''
    return [...parts, singular.get(last.toLowerCase()) ?? last].join(' ')
  }

  function makerAfter(sentence: number, tokens: readonly Token[], after: number): Entity | null {
    const end = tokens[after]?.end ?? 0
    const next = (actorsOf.get(sentence) ?? []).find(
      (one) => one.start >= end && one.entity.type === 'company',
    )
    if (!next) return null
    const between = body.slice(end, next.start).toLowerCase().trim()
    return goods.makers.some((words) => between.startsWith(words)) && between.length < 60
      ? next.entity
      : null
  }

  function isNumberWord(key: string): boolean {
    return key in goods.numbers
  }

  function quantityAt(sentence: number, tokens: readonly Token[], index: number): void {
    const number = numberAt(tokens, index)
    if (number === null) return
    const noun = nounOfQuantity(tokens, index + number.length)
    if (noun === null) return
    const last = tokens[noun]
    const start = tokens[index]?.start ?? 0
    const end = last?.baseEnd ?? start
    const good = found.find(
      (one) => one.sentence === sentence && one.from >= index && one.to <= noun + 1,
    )
    quantities.push({
      sentence,
      start,
      end,
      words: body.slice(start, end),
      value: number.value,
      unit: singular.get(last?.key ?? '') ?? 'unit',
      good: good?.entity ?? null,
    })
  }

  /** The noun that is counted, over words that say what it is; a designation alone counts too (`six TB2s`). */
  function nounOfQuantity(tokens: readonly Token[], from: number): number | null {
    let only: number | null = null
    for (let at = from; at < Math.min(tokens.length, from + 7); at += 1) {
      const token = tokens[at]
      if (
        !token?.isWord ||
        breaks.has(token.key) ||
        goods.notCounted.has(token.key.replace(/s$/, ''))
      )
        break
      if (designation.test(bareOf(token))) only = at
      if (singular.has(token.key) && !goods.notCounted.has(singular.get(token.key) ?? '')) {
        const next = tokens[at + 1]
        return next?.isWord && singular.has(next.key) ? at + 1 : at
      }
    }
    return only
  }

  function numberAt(
    tokens: readonly Token[],
    index: number,
  ): { value: number; length: number } | null {
    const token = tokens[index]
    if (!token?.isWord) return null
    const next = tokens[index + 1]
    if (next?.isWord && `${token.key} ${next.key}` in goods.numbers)
      return { value: goods.numbers[`${token.key} ${next.key}`] ?? 0, length: 2 }
    if (token.key in goods.numbers) return { value: goods.numbers[token.key] ?? 0, length: 1 }
    const [, tens = '', ones = ''] = /^(\w+ty)-(\w+)$/.exec(token.key) ?? []
    if (tens in goods.numbers && ones in goods.numbers)
      return { value: (goods.numbers[tens] ?? 0) + (goods.numbers[ones] ?? 0), length: 1 }
    if (!/^\d{1,6}$/.test(token.text)) return null
    let text = token.text
    let length = 1
    // 1,200 is three tokens without space between.
    while (
      tokens[index + length]?.text === ',' &&
      /^\d{3}$/.test(tokens[index + length + 1]?.text ?? '') &&
      tokens[index + length]?.start === tokens[index + length - 1]?.end &&
      tokens[index + length + 1]?.start === tokens[index + length]?.end
    ) {
      text += tokens[index + length + 1]?.text
      length += 2
    }
    const value = Number(text)
    // "2020 drones" is rather a year.
    if (length === 1 && /^(19|20)\d\d$/.test(text)) return null
    return value > 0 ? { value, length } : null
  }
}

const breaks = new Set(
  `of to for in on at by from with and or but that which who was were is are been be had has have will would could after
  before since until while its his her their the a an this these those per million billion percent euros dollars years
  months days weeks hours people persons countries`.split(/\s+/),
)
