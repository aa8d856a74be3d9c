import { type Random, whole } from './random.ts'

/** A stretch of a body; offsets count code points, which here are UTF-16 units too: no word is beyond the BMP. */
export type Stretch = { start: number; end: number }

export type Body = { text: string; sentences: readonly Stretch[] }

/** Takes sentences one by one; every few of them a paragraph ends. */
export function bodyWriter(title: string) {
  let text = title
  const sentences: Stretch[] = []
  return {
    /** Where the sentence stands, without its full stop. */
    add(sentence: string): Stretch {
      text += sentences.length % 4 === 0 ? '\n\n' : ' '
      const stretch = { start: text.length, end: text.length + sentence.length }
      text += `${sentence}.`
      sentences.push(stretch)
      return stretch
    },
    end: (): Body => ({ text, sentences }),
  }
}

export type Passage = Stretch & { quote: string; prefix: string; suffix: string }

const contextMax = 32

/** A passage as people cite it: the whole sentence, or some words of it. */
export function passageIn({ text }: Body, sentence: Stretch, random: Random): Passage {
  const { start, end } = random() < 0.55 ? sentence : someWords(text, sentence, random)
  return {
    ...{ start, end, quote: text.slice(start, end) },
    prefix: text.slice(Math.max(0, start - contextMax), start),
    suffix: text.slice(end, end + contextMax),
  }
}

const wordsMin = 5

function someWords(text: string, sentence: Stretch, random: Random): Stretch {
  const starts = [sentence.start]
  for (let at = sentence.start; at < sentence.end; at++) if (text[at] === ' ') starts.push(at + 1)
  if (starts.length <= wordsMin) return sentence
  const first = whole(random, starts.length - wordsMin)
  const beyond = first + wordsMin + whole(random, starts.length - wordsMin - first + 1)
  return {
    start: starts[first] ?? sentence.start,
    end: (starts[beyond] ?? sentence.end + 1) - 1,
  }
}
