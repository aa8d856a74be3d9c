import type { Dictionaries } from '../words/dictionaries.ts'
import type { Entity } from '../words/lexicon.ts'
import type { Sentence, Token } from '../words/sentences.ts'
import type { Mention } from './actors.ts'

/** Who says what a sentence says: somebody, or a document. */
type Voice = { entity: Entity; document: null } | { entity: null; document: string }

/** A passage that tells of somebody saying something. */
export type Speech = {
  sentence: number
  /** Of the sentence. */
  start: number
  end: number
  voice: Voice
  verb: string
  verbStart: number
  mention: Mention | null
  isReporting: boolean
}

/** Finds reported speech; of one sentence the voice nearest to the fact is the first. */
export function detectSpeech(
  body: string,
  sentences: readonly Sentence[],
  mentions: readonly Mention[],
  { speech }: Dictionaries,
): Speech[] {
  const found: Speech[] = []
  const ofSentence = Map.groupBy(mentions, ({ sentence }) => sentence)
  let lastPerson: Mention | null = null

  for (const [number, { start, end, tokens }] of sentences.entries()) {
    const own = (ofSentence.get(number) ?? []).filter(
      ({ isAside, how, entity }) => !isAside && how !== 'adjective' && entity.kind === 'actor',
    )
    const add = (voice: Voice, token: Token, mention: Mention | null, isReporting = false) => {
      if (found.some((one) => one.sentence === number && sameVoice(one.voice, voice))) return
      found.push({
        sentence: number,
        start,
        end,
        voice,
        mention,
        isReporting,
        verb: token.text,
        verbStart: token.start,
      })
    }
    for (const [index, token] of tokens.entries()) {
      if (!token.isWord) continue
      const document = documentBefore(tokens, index)
      const isSaid = own.some(({ to }) => to === index) && speech.verbs.has(token.key)
      if (document !== null && speech.documentVerbs.has(token.key) && !isSaid) {
        add({ entity: null, document }, token, null)
        continue
      }
      const pair = `${token.key} ${tokens[index + 1]?.key ?? ''}`
      if (speech.accordingTo.has(pair)) {
        const who = own.find(({ from }) => from > index + 1 && from - index < 14)
        if (who) add({ entity: who.entity, document: null }, token, who)
        continue
      }
      const isReporting = speech.reporting.has(token.key)
      if (!isReporting && !speech.verbs.has(token.key)) continue
      const subject = subjectOf(index)
      if (
        subject &&
        (!isReporting || subject.entity.type === 'publisher' || speech.verbs.has(token.key))
      ) {
        add(
          { entity: subject.entity, document: null },
          token,
          subject,
          isReporting && subject.entity.type === 'publisher',
        )
        // "In the memo, Morgan said": the memo is a voice too.
        if (isSaid && document !== null) add({ entity: null, document }, token, null)
      }

      function subjectOf(verb: number): Mention | null {
        const before = own.filter(({ to }) => to <= verb).at(-1) ?? null
        const pronoun = tokens[verb - 1]
        if (pronoun && /^(he|she)$/.test(pronoun.key)) return lastPerson
        if (before && reaches(before.to, verb)) return before
        const after = own.find(({ from }) => from > verb && from - verb <= 4)
        return after && after.from - verb <= 1 ? after : null
      }
    }
    function reaches(from: number, to: number): boolean {
      const between = tokens.slice(from, to)
      // An aside between commas does not part a subject from its verb.
      const isAside = between[0]?.text === ',' && between.at(-1)?.text === ','
      const [first] = between
      const hasPost = (ofSentence.get(number) ?? []).some(
        (one) => one.isAside && one.from >= from && one.to <= to,
      )
      return (
        between.length === 0 ||
        isAside ||
        hasPost ||
        (first?.text === ',' &&
          between.length <= 14 &&
          !between.slice(1).some(({ text }) => text === ',' || text === ';')) ||
        (between.length <= 2 &&
          between.every(({ isWord, key }) => isWord && !/^(to|by|for|of|in|and|that)$/.test(key)))
      )
    }
    const person = own.filter(({ entity }) => entity.type === 'person').at(-1)
    const speaker = found.findLast(
      (one) => one.sentence === number && one.mention?.entity.type === 'person',
    )?.mention
    lastPerson = speaker ?? person ?? lastPerson
  }
  return found

  /** `Canadian government documents ... show`: what the sentence calls the document that speaks. */
  function documentBefore(tokens: readonly Token[], verb: number): string | null {
    for (let at = verb - 1; at >= Math.max(0, verb - 40); at -= 1) {
      const token = tokens[at]
      if (!token) continue
      if (token.isWord && speech.documents.has(token.key) && !token.isPossessive) {
        if (verb - at > 1 && !opensSubject(tokens, at)) continue
        let from = at
        while (
          from > 0 &&
          tokens[from - 1]?.isWord &&
          !/^(the|a|an|in|to|by|of|but|and|that|from|after|these|those)$/.test(
            tokens[from - 1]?.key ?? '',
          ) &&
          at - from < 4
        )
          from -= 1
        return body.slice(tokens[from]?.start ?? 0, token.baseEnd)
      }
      if (/^[;:“”"]$/.test(token.text)) return null
    }
    return null
  }

  /** Whether the document stands at the beginning, so that it is what the verb is said of. */
  function opensSubject(tokens: readonly Token[], at: number): boolean {
    return tokens.slice(0, at).filter(({ isWord }) => isWord).length <= 6
  }
}

const sameVoice = (a: Voice, b: Voice): boolean =>
  a.entity === b.entity && a.document === b.document
