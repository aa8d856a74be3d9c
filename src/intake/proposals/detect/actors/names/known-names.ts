import type { Lexicon } from '../../../words/lexicon.ts'
import type { Token } from '../../../words/sentences.ts'
import type { SentenceText, TokenRange } from '../../sentence-text.ts'
import { createMention, type Mention } from '../mentions.ts'

/** All known names within some tokens, without adjectives. */
export function findKnownNames(
  sentence: SentenceText,
  { from, to }: TokenRange,
  names: Lexicon,
): Mention[] {
  const mentions: Mention[] = []
  for (let at = from; at < to; at += 1) {
    const known = names.matchAt(sentence.tokens, at)
    if (!known || known.how === 'adjective' || at + known.length > to) continue
    mentions.push(
      createMention(known.entity, known.how, sentence, { from: at, to: at + known.length }),
    )
    at += known.length - 1
  }
  return mentions
}

/** Names in a compound word: both of `Azerbaijan-Armenia`, the first of `Turkish-made`. */
export function findNamesInCompound(
  sentence: SentenceText,
  index: number,
  names: Lexicon,
): Mention[] {
  const token = sentence.tokens[index]
  if (!token?.isWord || !/[-–‑]/.test(token.text)) return []
  const mentions: Mention[] = []
  let start = token.start
  for (const part of token.text.split(/[-–‑]/)) {
    const known = /^\p{Lu}/u.test(part) ? names.matchWord(part.toLowerCase()) : null
    const end = start + part.length
    if (known) {
      const mention = createMention(known.entity, known.how, sentence, {
        from: index,
        to: index + 1,
      })
      mentions.push({ ...mention, start, end, cueStart: token.start, cueEnd: token.end })
    }
    start = end + 1
  }
  return mentions
}

/** Whether a compound word names a state: `Azerbaijan-Armenia`. With a digit it is a designation. */
export function isCompoundWithState(token: Token | undefined, names: Lexicon): boolean {
  if (!token?.isWord || /\d/.test(token.key)) return false
  const parts = token.key.split(/[-–‑]/)
  return parts.length > 1 && parts.some((part) => names.findCountry(part))
}
