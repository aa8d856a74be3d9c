import type { ReaderData } from '../data.ts'
import type { Sentence, Token } from '../tokens.ts'
import type { Form, VerbTable } from './verbs.ts'

/** A verb with its helpers: "had not been issued". Token numbers count in the sentence, `to` is exclusive. */
export type VerbGroup = {
  from: number
  at: number
  to: number
  lemma: string
  isPassive: boolean
  tense: 'past' | 'present' | 'perfect' | 'modal' | 'infinitive' | 'ing' | 'participle' | 'base'
  isNegated: boolean
  /** An adverb takes it back: "allegedly delivered". */
  isDoubtful: boolean
  /** A helper at the head of the clause: "Had it known", "Did it sell". */
  isInverted: boolean
}

const determiners =
  /^(the|a|an|this|that|these|those|its|his|her|their|our|my|your|all|any|some|no|each|every|several|many|few|both|other|such|more|most|new|recent|previous|former|further|existing|current|first|last|second|remaining|already|newly|recently|previously|own|so-called|two|three|four|five|six|seven|eight|nine|ten|valid)$/
const prepositions =
  /^(of|to|for|in|on|at|by|from|with|into|over|under|between|against|about|through|during|without|within|towards?|via|among|across|per|than|as|despite|including|behind|near)$/
const beForms = /^(is|are|was|were|be|been|being|am|'s|'re|gets?|got)$/
const haveForms = /^(has|have|had|having|'ve)$/
const doForms = /^(do|does|did)$/

/** Finds the verbs of a sentence with their helpers. Words of names are no verbs. */
export function readVerbGroups(
  sentence: Pick<Sentence, 'tokens' | 'isTitleCase'>,
  data: ReaderData,
  verbs: VerbTable,
  isName: (index: number) => boolean,
): VerbGroup[] {
  return new VerbGroupReader(sentence, data, verbs, isName).read()
}

class VerbGroupReader {
  readonly #tokens: readonly Token[]
  readonly #isTitleCase: boolean
  readonly #data: ReaderData
  readonly #verbs: VerbTable
  readonly #isName: (index: number) => boolean

  constructor(
    { tokens, isTitleCase }: Pick<Sentence, 'tokens' | 'isTitleCase'>,
    data: ReaderData,
    verbs: VerbTable,
    isName: (index: number) => boolean,
  ) {
    this.#tokens = tokens
    this.#isTitleCase = isTitleCase
    this.#data = data
    this.#verbs = verbs
    this.#isName = isName
  }

  read(): VerbGroup[] {
    const groups: VerbGroup[] = []
    for (let index = 0; index < this.#tokens.length; index += 1) {
      const token = this.#tokens[index]
      if (
        token?.kind !== 'word' ||
        this.#isName(index) ||
        /^(including|following|concerning|regarding)$/.test(token.key)
      )
        continue
      const group = this.#readVerbGroup(index, groups.at(-1) ?? null)
      // "the UN Register": within a sentence a capital is a name's.
      const isCapitalName =
        token.isCapital &&
        index > 0 &&
        !this.#isTitleCase &&
        (group?.tense === 'base' || group?.tense === 'present') &&
        group.from === group.at
      // "to Stop Wapenhandel"
      const isNamed =
        token.isCapital &&
        group?.tense === 'infinitive' &&
        this.#tokens[index + 1]?.isCapital === true &&
        !this.#isTitleCase
      if (group && !isCapitalName && !isNamed) groups.push(group)
    }
    return groups
  }

  #readVerbGroup(at: number, before: VerbGroup | null): VerbGroup | null {
    const token = this.#tokens[at]
    if (!token) return null
    const entry = this.#verbs.find(token.key) ?? this.#guessUnknownVerb(at)
    const isHelper = beForms.test(token.key) || haveForms.test(token.key) || doForms.test(token.key)
    if (!entry && !isHelper) return null
    const helpers = this.#collectHelpers(at, before)
    if (isHelper && this.#isHelperOfLaterVerb(at)) return null
    const lemma =
      entry?.lemma ?? (beForms.test(token.key) ? 'be' : haveForms.test(token.key) ? 'have' : 'do')
    const forms =
      entry?.forms ??
      new Set<Form>([/^(is|are|am|has|have|does|do|'s|'re|'ve)$/.test(token.key) ? 's' : 'past'])
    const tense = this.#decideTense(at, forms, helpers, before)
    if (tense === null) return null
    const { words, from, adverbs } = helpers
    const isPassive =
      words.some((word) => beForms.test(word)) &&
      (tense !== 'ing' || words.includes('being')) &&
      !forms.has('ing') &&
      forms.has('participle')
    return {
      from,
      at,
      to: at + 1,
      lemma,
      isPassive: isPassive || tense === 'participle',
      tense,
      isNegated:
        adverbs.some((word) => this.#data.doubt.negations.has(word)) ||
        isNegatedBefore(this.#tokens, from),
      isDoubtful:
        adverbs.some((word) => this.#data.doubt.doubtfulAdverbs.has(word)) ||
        this.#data.doubt.doubtfulAdverbs.has(this.#tokens[at + 1]?.key ?? ''),
      isInverted: false,
    }
  }

  /** A word in -ed that no list has, behind a name or noun and not before one. */
  #guessUnknownVerb(at: number): { lemma: string; forms: Set<Form> } | undefined {
    const [before, token, after] = [this.#tokens[at - 1], this.#tokens[at], this.#tokens[at + 1]]
    if (!token || token.isCapital || !/[a-z]{3}ed$/.test(token.key) || /-/.test(token.key))
      return undefined
    if (this.#data.verbs.notVerbs.has(token.key)) return undefined
    if (
      before &&
      (determiners.test(before.key) || (prepositions.test(before.key) && before.key !== 'by'))
    )
      return undefined
    const isObject =
      after === undefined ||
      after.kind !== 'word' ||
      determiners.test(after.key) ||
      prepositions.test(after.key) ||
      this.#isName(at + 1) ||
      /^(that|it|them|him|and|or)$/.test(after.key)
    return isObject ? { lemma: token.key, forms: new Set<Form>(['past', 'participle']) } : undefined
  }

  /** Helpers and adverbs that stand before a verb, also over an aside: "had, in May 2017, authorised". */
  #collectHelpers(at: number, before: VerbGroup | null): Helpers {
    const words: string[] = []
    const adverbs: string[] = []
    let hasTo = false
    let from = at
    const limit = before ? before.to : 0
    for (let index = at - 1; index >= limit; index -= 1) {
      const token = this.#tokens[index]
      if (!token) break
      const { key } = token
      if (
        beForms.test(key) ||
        haveForms.test(key) ||
        doForms.test(key) ||
        this.#data.doubt.modals.has(key) ||
        this.#data.doubt.negatedHelpers.has(key)
      ) {
        words.unshift(key)
        if (key === 'cannot') adverbs.push('not')
        from = index
      } else if (
        key === 'to' &&
        !hasTo &&
        (words.length === 0 || /^(have|be)$/.test(words[0] ?? ''))
      ) {
        hasTo = true
        from = index
      } else if (/^(as|well)$/.test(key) && isAsWell(this.#tokens, index)) {
      } else if (
        this.#data.verbs.adverbs.has(key) ||
        /^\w{4,}ly$/.test(key) ||
        key === 'longer' ||
        (key === 'no' && this.#tokens[index + 1]?.key === 'longer')
      ) {
        adverbs.unshift(key === 'no' ? 'never' : key)
        if (this.#data.doubt.negations.has(key) || this.#data.doubt.doubtfulAdverbs.has(key))
          from = index
      } else if (token.text === ',' && words.length === 0) {
        const open = this.#findAsideStart(index)
        if (open === null || open < limit) break
        index = open
      } else {
        // "has since 2018 issued": a time between the helper and its verb.
        const helper = words.length === 0 ? this.#findHelperBeforeTime(index, limit) : null
        if (helper === null) break
        index = helper + 1
      }
    }
    if (words.length === 0 && !hasTo) {
      const did = this.#findInvertedDid(at, limit)
      if (did !== null) {
        words.push('did')
        const fronted = this.#tokens.slice(limit, did).map((token) => token.key)
        if (fronted.some((word) => /^(nor|never|neither|not|no|nowhere|hardly)$/.test(word)))
          adverbs.push('not')
      }
    }
    return { words, adverbs, from, hasTo }
  }

  /** Where the helper stands, of "has since 2018 issued"; null where there is no time between. */
  #findHelperBeforeTime(index: number, limit: number): number | null {
    let at = index
    while (at >= limit && index - at < 4 && isTimeWord(this.#tokens[at])) at -= 1
    const helper = this.#tokens[at]
    return at < index && helper && (haveForms.test(helper.key) || beForms.test(helper.key))
      ? at
      : null
  }

  /** "Only in 2016 did Austria lift": the helper before who does it. */
  #findInvertedDid(at: number, limit: number): number | null {
    for (let index = at - 1; index >= Math.max(limit, at - 6); index -= 1) {
      const token = this.#tokens[index]
      if (!token || (token.kind === 'mark' && token.text !== '.')) return null
      if (token.key === 'did') return index
    }
    return null
  }

  /** Of a comma that closes an aside behind a helper, where the aside begins; else null. */
  #findAsideStart(close: number): number | null {
    for (let index = close - 1; index > Math.max(0, close - 12); index -= 1) {
      if (this.#tokens[index]?.text !== ',') continue
      const helper = this.#tokens[index - 1]?.key ?? ''
      const isHelper =
        haveForms.test(helper) || beForms.test(helper) || this.#data.doubt.modals.has(helper)
      return isHelper ? index : null
    }
    return null
  }

  /** Whether a helper belongs to a verb behind it: then it is no verb by itself. */
  #isHelperOfLaterVerb(at: number): boolean {
    let index = at + 1
    for (; index < Math.min(this.#tokens.length, at + 7); index += 1) {
      const token = this.#tokens[index]
      if (!token) return false
      if (token.text === ',') {
        const close = this.#tokens.findIndex(
          (one, n) => n > index && n < index + 10 && one.text === ',',
        )
        if (close < 0) return false
        index = close
        continue
      }
      if (isTimeWord(token) && /^(has|have|had)$/.test(this.#tokens[at]?.key ?? '')) continue
      if (
        this.#tokens[at]?.key === 'did' &&
        (this.#isName(index) ||
          determiners.test(token.key) ||
          this.#data.verbs.subjectsAfterDid.has(token.key))
      )
        continue
      if (this.#isName(index)) return false
      const isAdverb = this.#data.verbs.adverbs.has(token.key) || /^\w{4,}ly$/.test(token.key)
      if (beForms.test(token.key) || haveForms.test(token.key) || isAdverb) continue
      break
    }
    const token = this.#tokens[index]
    if (!token) return false
    const forms = this.#verbs.find(token.key)?.forms ?? this.#guessUnknownVerb(index)?.forms
    if (!forms) return false
    const key = this.#tokens[at]?.key ?? ''
    if (doForms.test(key)) return forms.has('base')
    if (haveForms.test(key))
      return forms.has('participle') && !determiners.test(this.#tokens[index - 1]?.key ?? '')
    return forms.has('participle') || forms.has('ing')
  }

  #decideTense(
    at: number,
    forms: ReadonlySet<Form>,
    helpers: Helpers,
    before: VerbGroup | null,
  ): VerbGroup['tense'] | null {
    const { words, hasTo } = helpers
    const previous = this.#tokens[at - 1]
    const next = this.#tokens[at + 1]
    const isModal = words.some((word) =>
      /^(will|would|shall|should|may|might|can|could|must|ought|'ll|'d|wo|ca|cannot)$/.test(word),
    )
    if (isModal) return 'modal'
    if (
      hasTo &&
      (forms.has('base') || beForms.test(words[0] ?? '') || haveForms.test(words[0] ?? ''))
    )
      return 'infinitive'
    if (words.some((word) => haveForms.test(word))) return words[0] === 'having' ? 'ing' : 'perfect'
    if (words.some((word) => beForms.test(word))) {
      if (/^(been|being|be)$/.test(words[0] ?? '')) return 'ing'
      if (forms.has('participle') || forms.has('ing'))
        return /^(was|were|got)$/.test(words[0] ?? '') ? 'past' : 'present'
    }
    if (words.some((word) => doForms.test(word))) return words.includes('did') ? 'past' : 'present'
    // "Canada first barred": not "the first barred".
    const isFirstTime = previous?.key === 'first' && this.#isName(at - 2)
    const isAfterDeterminer =
      previous !== undefined &&
      !isFirstTime &&
      (determiners.test(previous.key) || previous.isPossessive || previous.kind === 'number')
    if (forms.has('ing')) return isAfterDeterminer || this.#isAttribute(at, before) ? null : 'ing'
    if (forms.has('past') || forms.has('participle'))
      return this.#decidePast(at, forms, isAfterDeterminer)
    if (isAfterDeterminer || (previous && prepositions.test(previous.key))) return null
    if (next?.key === 'of') return null
    return this.#decidePresent(at, forms, before)
  }

  /** "targeting systems", "imaging technology": a sort of goods, except behind a verb that takes it ("began tracking ships"). */
  #isAttribute(at: number, before: VerbGroup | null): boolean {
    const [previous, token, next] = [this.#tokens[at - 1], this.#tokens[at], this.#tokens[at + 1]]
    return (
      token !== undefined &&
      this.#data.verbs.attributes.has(token.key) &&
      before?.to !== at &&
      previous?.kind === 'word' &&
      !prepositions.test(previous.key) &&
      next?.kind === 'word' &&
      !next.isCapital &&
      !determiners.test(next.key) &&
      !prepositions.test(next.key)
    )
  }

  /** "the suspended permits" has no verb; "licences granted to X" has a participle; "Italy revoked six" has a past. */
  #decidePast(
    at: number,
    forms: ReadonlySet<Form>,
    isAfterDeterminer: boolean,
  ): VerbGroup['tense'] | null {
    const [previous, token, next] = [this.#tokens[at - 1], this.#tokens[at], this.#tokens[at + 1]]
    const isBeforeNoun =
      next?.kind === 'word' &&
      !prepositions.test(next.key) &&
      !determiners.test(next.key) &&
      !this.#isName(at + 1) &&
      !/^(and|or|but|that|it|them|him|her|us|when|after|before|because|while|until|since|only|late|early|last|not|again|today|yesterday)$/.test(
        next.key,
      )
    if (isAfterDeterminer && (isBeforeNoun || previous?.isPossessive)) {
      // "the firm's owner said": the noun before the verb is possessed, not the verb.
      if (!isBeforeNoun) return forms.has('past') ? 'past' : 'participle'
      return null
    }
    if (token?.key === 'related' && next?.key !== 'to') return null
    if (previous && prepositions.test(previous.key) && isBeforeNoun) return null
    if (previous?.kind === 'mark' && isBeforeNoun && previous.text === '(') return null
    if (!forms.has('past')) return 'participle'
    if (!forms.has('participle')) return 'past'
    const opensObject =
      next !== undefined &&
      (determiners.test(next.key) ||
        next.kind === 'number' ||
        this.#isName(at + 1) ||
        isBeforeNoun ||
        /^(that|it|them|him|her|us|[$€£“"]|all)$/.test(next.text.toLowerCase()))
    if (opensObject) return 'past'
    if (token?.isCapital && at === 0) return 'participle'
    // Behind a name somebody does it; behind a thing it is done to it.
    return 'past'
  }

  #decidePresent(
    at: number,
    forms: ReadonlySet<Form>,
    before: VerbGroup | null,
  ): VerbGroup['tense'] | null {
    const [previous, token, next] = [this.#tokens[at - 1], this.#tokens[at], this.#tokens[at + 1]]
    if (!token) return null
    const isPronoun =
      previous !== undefined && /^(it|he|she|who|which|that|they|we|i|you)$/.test(previous.key)
    const opensObject =
      next !== undefined &&
      next.kind !== 'mark' &&
      !prepositions.test(next.key) &&
      !/^(and|or|have|has|had|is|are|was|were|will|would|could|may|that|fell|rose|must|should|can)$/.test(
        next.key,
      )
    if (/^hands?$/.test(token.key) && next?.key === 'over' && this.#isName(at - 1))
      return forms.has('s') ? 'present' : 'base'
    if (this.#data.verbs.alsoNouns.has(token.key)) {
      if (isPronoun && /^(it|he|she|they|we|i|you)$/.test(previous.key))
        return forms.has('s') ? 'present' : 'base'
      if (!this.#isName(at - 1) || this.#tokens[at - 1]?.isPossessive || !opensObject) {
        const isSaying =
          this.#data.verbs.sayingAfterName.has(token.key) &&
          this.#isName(at - 1) &&
          next?.key !== 'of'
        const isVerbOf =
          this.#data.verbs.verbsAfterNoun.has(token.key) &&
          previous?.kind === 'word' &&
          !prepositions.test(previous.key) &&
          !/^(and|or)$/.test(previous.key) &&
          opensObject
        if (!isSaying && !isVerbOf) return null
      }
      return forms.has('s') ? 'present' : 'base'
    }
    if (forms.has('s')) return 'present'
    if (
      previous === undefined ||
      previous.kind === 'mark' ||
      /^(and|or|but|please)$/.test(previous.key)
    )
      return 'base'
    if (isPronoun) return 'base'
    return before !== null || previous.kind === 'word' ? 'base' : null
  }
}

/** "no longer grants": the adverbs end before "longer". */
const isNegatedBefore = (tokens: readonly Token[], from: number): boolean =>
  tokens[from - 1]?.key === 'longer' && tokens[from - 2]?.key === 'no'

type Helpers = { words: string[]; adverbs: string[]; from: number; hasTo: boolean }

const isAsWell = (tokens: readonly Token[], index: number): boolean =>
  tokens[index]?.key === 'well'
    ? tokens[index - 1]?.key === 'as' || /^(may|might|could)$/.test(tokens[index - 1]?.key ?? '')
    : tokens[index + 1]?.key === 'well'

const isTimeWord = (token: Token | undefined): boolean =>
  token !== undefined &&
  (token.kind === 'number' ||
    /^(since|in|on|so|far|january|february|march|april|may|june|july|august|september|october|november|december)$/.test(
      token.key,
    ))
