import type { ActorSpan } from '../names/actors.ts'
import type { ActorType } from '../types.ts'

export type Thing = {
  kind: 'licence' | 'application' | 'embargo' | 'contract' | 'export' | 'goods'
  sentence: number
}

/** What a text has named so far, for pronouns and for "the company". */
export class Memory {
  /** What "it" and "them" can be done to. */
  thing: Thing | null = null
  /** Who the last sentence was about. */
  subject: ActorSpan | null = null
  person: ActorSpan | null = null
  readonly #spans: readonly ActorSpan[]

  constructor(spans: readonly ActorSpan[]) {
    this.#spans = spans
  }

  /** The last actor of a type before a place; where its name has the word itself, that one. */
  last(type: ActorType, before: number, word: string): ActorSpan | null {
    const earlier = this.#spans.filter(
      (one) => one.start < before && one.form !== 'adjective' && one.form !== 'people',
    )
    if (type === 'state') return null
    const named = earlier.findLast(({ actor }) => actor.name.toLowerCase().includes(word))
    if (named && named.actor.type !== 'person' && word.length > 4) return named
    return earlier.findLast(({ actor }) => actor.type === type) ?? null
  }

  pronoun(word: string, before: number): ActorSpan | null {
    if (/^(he|she)$/.test(word))
      return this.person && this.person.start < before ? this.person : null
    if (word === 'it')
      return this.subject && this.subject.start < before && this.subject.actor.type !== 'person'
        ? this.subject
        : null
    return null
  }
}
