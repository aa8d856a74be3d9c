import { removeMarks } from '../marks/marked-text.ts'

/** Whether a dictionary has a word; null when there is no dictionary of the language. */
export type IsWord = ((word: string) => boolean) | null

/** Words between which a hyphen stays alone: "pre- and post-war". */
const conjunctions = new Set('and or to und oder bis et ou y e o en of ve och eller'.split(' '))

/**
 * Joins the last word of a line with the first one of the next, when a hyphen is between them. Returns the separator,
 * and whether the hyphen goes: a hyphen of a designation or a name stays ("MX-15D", "2019-20", "Anglo-American").
 */
export function joinAtHyphen(
  line: string,
  nextLine: string,
  documentWords: ReadonlySet<string>,
  isWord: IsWord,
): { separator: string; dropsHyphen: boolean } {
  const keep = { separator: '', dropsHyphen: false }
  const drop = { separator: '', dropsHyphen: true }
  const before = removeMarks(line)
  const after = removeMarks(nextLine)
  const isKnown = (word: string): boolean =>
    documentWords.has(word.toLowerCase()) || isWord?.(word.toLowerCase()) === true
  if (/\u00ad$/.test(before)) return drop
  const [, head] = /([\p{L}\p{N}][\p{L}\p{N}\p{M}'’.-]*)[-‐‑]$/u.exec(before) ?? []
  const [tail] = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*/u.exec(after) ?? []
  if (head === undefined || tail === undefined) {
    const isRange = /\d–$/.test(before) && /^\d/.test(after)
    return { separator: isRange ? '' : ' ', dropsHyphen: false }
  }
  if (conjunctions.has(tail.toLowerCase())) return { separator: ' ', dropsHyphen: false }
  const last = head.split('-').at(-1) ?? head
  const isLowerCase = /^\p{Ll}/u.test(tail) && /\p{Ll}$/u.test(head)
  // Capitals of a heading; a designation is no word of the document or the dictionary.
  if (!isLowerCase) return /^\p{Lu}{2,}$/u.test(last + tail) && isKnown(last + tail) ? drop : keep
  if (documentWords.has(`${last}${tail}`.toLowerCase())) return drop
  if (documentWords.has(`${last}-${tail}`.toLowerCase())) return keep
  if (isWord === null) return keep
  if (isWord(`${last}${tail}`)) return drop
  // What follows is no word of its own, so the hyphen cannot join two words.
  return isWord(tail) ? keep : drop
}

/** Joins two marked texts. A hyphen that goes may stand within a mark. */
export const joinHyphenated = (
  text: string,
  next: string,
  { separator, dropsHyphen }: ReturnType<typeof joinAtHyphen>,
): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the end of a mark is one
  `${dropsHyphen ? text.replace(/[-‐‑\u00ad](\x02*)$/u, '$1') : text}${separator}${next}`

/** The words of a document, without those that a line end cuts. */
export function collectWords(lines: readonly string[]): Set<string> {
  const words = new Set<string>()
  for (const line of lines) {
    const text = removeMarks(line)
      .toLowerCase()
      .replace(/[\p{L}\p{N}-]*[-‐‑\u00ad]$/u, '')
    for (const word of text.match(/[\p{L}-]+/gu) ?? []) words.add(word)
  }
  return words
}

/**
 * The dictionary of an English document; null when it states another language, or most of its words are not English.
 * Loaded only when a line ends with a hyphen, because it takes memory.
 */
export async function loadDictionary(
  language: string | null,
  words: ReadonlySet<string>,
): Promise<IsWord> {
  if (!/^en\b/i.test(language || 'en')) return null
  const [{ default: nspell }, { default: dictionary }] = await Promise.all([
    import('nspell'),
    import('dictionary-en'),
  ])
  const [aff, dic] = [dictionary.aff, dictionary.dic].map((bytes) => Buffer.from(bytes))
  if (aff === undefined || dic === undefined) return null
  const speller = nspell({ aff, dic })
  const isWord = (word: string): boolean => speller.correct(word)
  const sample = [...words].filter((word) => word.length > 3).slice(0, 300)
  const known = sample.filter(isWord).length
  return sample.length < 10 || known > sample.length * 0.5 ? isWord : null
}
