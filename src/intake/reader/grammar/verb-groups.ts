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

/** Nouns that look like verbs ("exports", "permits"): verbs only behind a name and before an object. */
const nounLike =
  /^(exports?|permits?|licen[cs]es?|bans?|bars?|uses?|reviews?|supplies|supply|orders?|reports?|claims?|rules?|plans?|attacks?|tests?|transfers?|ships?|stops?|checks?|fires?|names?|states?|stores?|visits?|votes?|requests?|releases?|records?|returns?|replies|reply|probes?|places?|pauses?|offers?|notes?|needs?|moves?|matters?|marks?|links?|limits?|leads?|lists?|lobby|lobbies|lands?|jumps?|hopes?|halts?|grants?|funds?|freezes?|forms?|forces?|flies|flights?|fights?|fears?|faces?|ends?|drops?|drives?|doubts?|deals?|debates?|demands?|delays?|dates?|damages?|covers?|costs?|contracts?|contacts?|contests?|controls?|concerns?|comments?|charges?|changes?|challenges?|causes?|cases?|calls?|buys?|breaks?|breaches?|blocks?|benefits?|bases?|audits?|arms?|answers?|amounts?|aims?|acts?|accounts?|shows?|sounds?|steps?|strikes?|studies|study|supports?|targets?|tables?|talks?|tracks?|trains?|travels?|tries|turns?|updates?|views?|watch|watches|wishes|works?|worries|tie|ties|leaks?|launches|launch|pledges?|promises?|guarantees?|shares?|sign|signs|files?|issues?|appeals?|arrests?|bombs?|raids?|risks?|sanctions?|sights?|shells?|mines?|cut|cuts|hit|hits|set|sets|run|runs|head|heads|chair|hand|hands|present|increase|increases|start|starts|process|project|post|posts|press|pull|push|purchase|quarter|question|questions|range|reach|regard|remain|remains|rest|result|results|rise|seek|service|services|focus|finish|film|film|drop|escort|fit|house|host|guide|escape|estimate|estimates|trade|last|clear|open|own|like|complete|welcome|slow|double|lower|direct|free|okay|mean|means|found|subject|object|deposit|documents?|record|sanction|boost|impact|combat)$/

export function verbGroupsOf(
  { tokens, isTitleCase }: Pick<Sentence, 'tokens' | 'isTitleCase'>,
  data: ReaderData,
  verbs: VerbTable,
  isName: (index: number) => boolean,
): VerbGroup[] {
  const groups: VerbGroup[] = []
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (
      token?.kind !== 'word' ||
      isName(index) ||
      /^(including|following|concerning|regarding)$/.test(token.key)
    )
      continue
    const group = groupAt(tokens, index, data, verbs, isName, groups.at(-1) ?? null)
    // "the UN Register": within a sentence a capital is a name's.
    const isCapitalName =
      token.isCapital &&
      index > 0 &&
      !isTitleCase &&
      (group?.tense === 'base' || group?.tense === 'present') &&
      group.from === group.at
    // "to Stop Wapenhandel"
    const isNamed =
      token.isCapital &&
      group?.tense === 'infinitive' &&
      tokens[index + 1]?.isCapital === true &&
      !isTitleCase
    if (group && !isCapitalName && !isNamed) groups.push(group)
  }
  return groups
}

function groupAt(
  tokens: readonly Token[],
  at: number,
  data: ReaderData,
  verbs: VerbTable,
  isName: (index: number) => boolean,
  before: VerbGroup | null,
): VerbGroup | null {
  const token = tokens[at]
  if (!token) return null
  const entry = verbs.of(token.key) ?? unknownVerb(tokens, at, isName)
  const isHelper = beForms.test(token.key) || haveForms.test(token.key) || doForms.test(token.key)
  if (!entry && !isHelper) return null
  const helpers = helpersBefore(tokens, at, data, before)
  if (isHelper && isHelperOf(tokens, at, data, verbs, isName)) return null
  const lemma =
    entry?.lemma ?? (beForms.test(token.key) ? 'be' : haveForms.test(token.key) ? 'have' : 'do')
  const forms =
    entry?.forms ??
    new Set<Form>([/^(is|are|am|has|have|does|do|'s|'re|'ve)$/.test(token.key) ? 's' : 'past'])
  const tense = tenseOf(tokens, at, forms, helpers, isName, before, data)
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
      adverbs.some((word) => data.doubt.negations.has(word)) || isNegatedBefore(tokens, from),
    isDoubtful:
      adverbs.some((word) => data.doubt.doubtfulAdverbs.has(word)) ||
      data.doubt.doubtfulAdverbs.has(tokens[at + 1]?.key ?? ''),
    isInverted: false,
  }
}

/** "no longer grants": the adverbs end before "longer". */
const isNegatedBefore = (tokens: readonly Token[], from: number): boolean =>
  tokens[from - 1]?.key === 'longer' && tokens[from - 2]?.key === 'no'

/** A word in -ed that no list has, behind a name or noun and not before one. */
function unknownVerb(
  tokens: readonly Token[],
  at: number,
  isName: (index: number) => boolean,
): { lemma: string; forms: Set<Form> } | undefined {
  const [before, token, after] = [tokens[at - 1], tokens[at], tokens[at + 1]]
  if (!token || token.isCapital || !/[a-z]{3}ed$/.test(token.key) || /-/.test(token.key))
    return undefined
  if (
    /^(indeed|need|exceed|proceed|hundred|armed|based|unmanned|armoured|armored|combined|united|limited|alleged|so-called|speed|feed|succeed|sacred|naked|wicked|related|detailed|advanced|used|interested|aged|biased|experienced|skilled|dated|supposed)$/.test(
      token.key,
    )
  )
    return undefined
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
    isName(at + 1) ||
    /^(that|it|them|him|and|or)$/.test(after.key)
  return isObject ? { lemma: token.key, forms: new Set<Form>(['past', 'participle']) } : undefined
}

type Helpers = { words: string[]; adverbs: string[]; from: number; hasTo: boolean }

/** Helpers and adverbs that stand before a verb, also over an aside: "had, in May 2017, authorised". */
function helpersBefore(
  tokens: readonly Token[],
  at: number,
  data: ReaderData,
  before: VerbGroup | null,
): Helpers {
  const words: string[] = []
  const adverbs: string[] = []
  let hasTo = false
  let from = at
  const limit = before ? before.to : 0
  for (let index = at - 1; index >= limit; index -= 1) {
    const token = tokens[index]
    if (!token) break
    const { key } = token
    if (
      beForms.test(key) ||
      haveForms.test(key) ||
      doForms.test(key) ||
      data.doubt.modals.has(key) ||
      data.doubt.negatedHelpers.has(key)
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
    } else if (/^(as|well)$/.test(key) && isAsWell(tokens, index)) {
    } else if (
      data.verbs.adverbs.has(key) ||
      /^\w{4,}ly$/.test(key) ||
      key === 'longer' ||
      (key === 'no' && tokens[index + 1]?.key === 'longer')
    ) {
      adverbs.unshift(key === 'no' ? 'never' : key)
      if (data.doubt.negations.has(key) || data.doubt.doubtfulAdverbs.has(key)) from = index
    } else if (token.text === ',' && words.length === 0) {
      const open = asideBefore(tokens, index, data)
      if (open === null || open < limit) break
      index = open
    } else {
      // "has since 2018 issued": a time between the helper and its verb.
      const helper = words.length === 0 ? helperBeforeTime(tokens, index, limit) : null
      if (helper === null) break
      index = helper + 1
    }
  }
  if (words.length === 0 && !hasTo) {
    const did = invertedDid(tokens, at, limit)
    if (did !== null) {
      words.push('did')
      const fronted = tokens.slice(limit, did).map((token) => token.key)
      if (fronted.some((word) => /^(nor|never|neither|not|no|nowhere|hardly)$/.test(word)))
        adverbs.push('not')
    }
  }
  return { words, adverbs, from, hasTo }
}

const governmentWord =
  /^(government|ministry|minister|company|firm|authority|authorities|court|it|he|she|they|parliament|state|cabinet|council|commission|agency)$/

const isAsWell = (tokens: readonly Token[], index: number): boolean =>
  tokens[index]?.key === 'well'
    ? tokens[index - 1]?.key === 'as' || /^(may|might|could)$/.test(tokens[index - 1]?.key ?? '')
    : tokens[index + 1]?.key === 'well'

/** Where the helper stands, of "has since 2018 issued"; null where there is no time between. */
function helperBeforeTime(tokens: readonly Token[], index: number, limit: number): number | null {
  let at = index
  while (at >= limit && index - at < 4 && isTimeWord(tokens[at])) at -= 1
  const helper = tokens[at]
  return at < index && helper && (haveForms.test(helper.key) || beForms.test(helper.key))
    ? at
    : null
}

const isTimeWord = (token: Token | undefined): boolean =>
  token !== undefined &&
  (token.kind === 'number' ||
    /^(since|in|on|so|far|january|february|march|april|may|june|july|august|september|october|november|december)$/.test(
      token.key,
    ))

/** "Only in 2016 did Austria lift": the helper before who does it. */
function invertedDid(tokens: readonly Token[], at: number, limit: number): number | null {
  for (let index = at - 1; index >= Math.max(limit, at - 6); index -= 1) {
    const token = tokens[index]
    if (!token || (token.kind === 'mark' && token.text !== '.')) return null
    if (token.key === 'did') return index
  }
  return null
}

/** Of a comma that closes an aside behind a helper, where the aside begins; else null. */
function asideBefore(tokens: readonly Token[], close: number, data: ReaderData): number | null {
  for (let index = close - 1; index > Math.max(0, close - 12); index -= 1) {
    if (tokens[index]?.text !== ',') continue
    const helper = tokens[index - 1]?.key ?? ''
    const isHelper = haveForms.test(helper) || beForms.test(helper) || data.doubt.modals.has(helper)
    return isHelper ? index : null
  }
  return null
}

/** Whether a helper belongs to a verb behind it: then it is no verb by itself. */
function isHelperOf(
  tokens: readonly Token[],
  at: number,
  data: ReaderData,
  verbs: VerbTable,
  isName: (index: number) => boolean,
): boolean {
  let index = at + 1
  for (; index < Math.min(tokens.length, at + 7); index += 1) {
    const token = tokens[index]
    if (!token) return false
    if (token.text === ',') {
      const close = tokens.findIndex((one, n) => n > index && n < index + 10 && one.text === ',')
      if (close < 0) return false
      index = close
      continue
    }
    if (isTimeWord(token) && /^(has|have|had)$/.test(tokens[at]?.key ?? '')) continue
    if (
      tokens[at]?.key === 'did' &&
      (isName(index) || determiners.test(token.key) || governmentWord.test(token.key))
    )
      continue
    if (isName(index)) return false
    const isAdverb = data.verbs.adverbs.has(token.key) || /^\w{4,}ly$/.test(token.key)
    if (beForms.test(token.key) || haveForms.test(token.key) || isAdverb) continue
    break
  }
  const token = tokens[index]
  if (!token) return false
  const forms = verbs.of(token.key)?.forms ?? unknownVerb(tokens, index, isName)?.forms
  if (!forms) return false
  const key = tokens[at]?.key ?? ''
  if (doForms.test(key)) return forms.has('base')
  if (haveForms.test(key))
    return forms.has('participle') && !determiners.test(tokens[index - 1]?.key ?? '')
  return forms.has('participle') || forms.has('ing')
}

function tenseOf(
  tokens: readonly Token[],
  at: number,
  forms: ReadonlySet<Form>,
  helpers: Helpers,
  isName: (index: number) => boolean,
  before: VerbGroup | null,
  data: ReaderData,
): VerbGroup['tense'] | null {
  const { words, hasTo } = helpers
  const previous = tokens[at - 1]
  const next = tokens[at + 1]
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
  const isFirstTime = previous?.key === 'first' && isName(at - 2)
  const isAfterDeterminer =
    previous !== undefined &&
    !isFirstTime &&
    (determiners.test(previous.key) || previous.isPossessive || previous.kind === 'number')
  if (forms.has('ing'))
    return isAfterDeterminer || isAttribute(tokens, at, before, data) ? null : 'ing'
  if (forms.has('past') || forms.has('participle'))
    return pastOf(tokens, at, forms, isAfterDeterminer, isName)
  if (isAfterDeterminer || (previous && prepositions.test(previous.key))) return null
  if (next?.key === 'of') return null
  return presentOf(tokens, at, forms, isName, before)
}

/** "targeting systems", "imaging technology": a sort of goods, except behind a verb that takes it ("began tracking ships"). */
function isAttribute(
  tokens: readonly Token[],
  at: number,
  before: VerbGroup | null,
  { verbs }: ReaderData,
): boolean {
  const [previous, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]]
  return (
    token !== undefined &&
    verbs.attributes.has(token.key) &&
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
function pastOf(
  tokens: readonly Token[],
  at: number,
  forms: ReadonlySet<Form>,
  isAfterDeterminer: boolean,
  isName: (index: number) => boolean,
): VerbGroup['tense'] | null {
  const [previous, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]]
  const isBeforeNoun =
    next?.kind === 'word' &&
    !prepositions.test(next.key) &&
    !determiners.test(next.key) &&
    !isName(at + 1) &&
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
      isName(at + 1) ||
      isBeforeNoun ||
      /^(that|it|them|him|her|us|[$€£“"]|all)$/.test(next.text.toLowerCase()))
  if (opensObject) return 'past'
  if (token?.isCapital && at === 0) return 'participle'
  // Behind a name somebody does it; behind a thing it is done to it.
  return 'past'
}

function presentOf(
  tokens: readonly Token[],
  at: number,
  forms: ReadonlySet<Form>,
  isName: (index: number) => boolean,
  before: VerbGroup | null,
): VerbGroup['tense'] | null {
  const [previous, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]]
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
  if (/^hands?$/.test(token.key) && next?.key === 'over' && isName(at - 1))
    return forms.has('s') ? 'present' : 'base'
  if (nounLike.test(token.key)) {
    if (isPronoun && /^(it|he|she|they|we|i|you)$/.test(previous.key))
      return forms.has('s') ? 'present' : 'base'
    if (!isName(at - 1) || tokens[at - 1]?.isPossessive || !opensObject) {
      const isSaying =
        /^(claims|reports|states|notes|fears|hopes|doubts|replies|shows|answers)$/.test(
          token.key,
        ) &&
        isName(at - 1) &&
        next?.key !== 'of'
      const isVerbOf =
        /^(shows?|remains?|seeks?|reach|ends?|calls?|signs|faces|leads|stops|needs)$/.test(
          token.key,
        ) &&
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
