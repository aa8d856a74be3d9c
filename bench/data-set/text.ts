import { type RandomSource, randomInteger } from './random.ts'

/** A stretch of a body; offsets count code points, which here are UTF-16 units too: no word is beyond the BMP. */
export type SentenceRange = { start: number; end: number }

export type GeneratedBody = { text: string; sentences: readonly SentenceRange[] }

/** Takes sentences one by one; every few of them a paragraph ends. */
export function createBodyWriter(title: string) {
  let text = title
  const sentences: SentenceRange[] = []
  return {
    /** Where the sentence stands, without its full stop. */
    add(sentence: string): SentenceRange {
      text += sentences.length % 4 === 0 ? '\n\n' : ' '
      const range = { start: text.length, end: text.length + sentence.length }
      text += `${sentence}.`
      sentences.push(range)
      return range
    },
    end: (): GeneratedBody => ({ text, sentences }),
  }
}

export type GeneratedPassage = SentenceRange & { quote: string; prefix: string; suffix: string }

const maxContextLength = 32

/** A passage as people cite it: the whole sentence, or some words of it. */
export function pickPassage(
  { text }: GeneratedBody,
  sentence: SentenceRange,
  random: RandomSource,
): GeneratedPassage {
  const { start, end } = random() < 0.55 ? sentence : pickWords(text, sentence, random)
  return {
    start,
    end,
    quote: text.slice(start, end),
    prefix: text.slice(Math.max(0, start - maxContextLength), start),
    suffix: text.slice(end, end + maxContextLength),
  }
}

const minQuoteWords = 5

function pickWords(text: string, sentence: SentenceRange, random: RandomSource): SentenceRange {
  const starts = [sentence.start]
  for (let at = sentence.start; at < sentence.end; at++) if (text[at] === ' ') starts.push(at + 1)
  if (starts.length <= minQuoteWords) return sentence
  const first = randomInteger(random, starts.length - minQuoteWords)
  const endIndex =
    first + minQuoteWords + randomInteger(random, starts.length - minQuoteWords - first + 1)
  return {
    start: starts[first] ?? sentence.start,
    end: (starts[endIndex] ?? sentence.end + 1) - 1,
  }
}
