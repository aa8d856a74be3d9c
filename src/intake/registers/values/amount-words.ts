import { readAmountWords } from '../../reader/data.ts'

/** Words around numbers in the languages of the dictionaries, and the English ones that `parseAmount` reads. */
const qualifiers: readonly (readonly [english: string, words: string])[] = [
  [
    'up to',
    "bis zu|höchstens|maximal|jusqu'à|au plus|ten hoogste|maximaal|hasta|fino a|upp till|högst|en fazla",
  ],
  ['at least', 'mindestens|au moins|ten minste|minstens|al menos|almeno|minst|en az'],
  [
    'less than',
    'unter|weniger als|moins de|inférieur à|minder dan|onder|menos de|inferior a|meno di|mindre än',
  ],
  [
    'more than',
    'über|mehr als|plus de|supérieur à|meer dan|boven|más de|superior a|più di|oltre|mer än|över',
  ],
  ['about', 'etwa|rund|zirka|environ|ongeveer|alrededor de|cirka|yaklaşık'],
  ['between', 'zwischen|entre|tussen|tra|mellan'],
]

const links = 'to|bis|à|a|tot|till|al|und|et|en|y|e|och|and'

type Table = readonly (readonly [pattern: RegExp, english: string])[]
let table: Table | undefined

function loadTable(): Table {
  if (table !== undefined) return table
  const words = qualifiers.map(
    ([english, list]) => [new RegExp(`^(?:${list})(?![\\p{L}])`, 'iu'), english] as const,
  )
  const multipliers = Object.entries(readAmountWords().multipliers).map(
    ([word, factor]) => [word, scaleWords[factor]] as const,
  )
  const scales = multipliers.flatMap(([word, english]) =>
    english === undefined || word.length === 1
      ? []
      : [[new RegExp(`(?<=\\d ?)${RegExp.escape(word)}\\.?(?![\\p{L}])`, 'giu'), english] as const],
  )
  table = [...words, ...scales]
  return table
}

const scaleWords: Readonly<Record<number, string>> = {
  1000: 'thousand',
  1000000: 'million',
  1000000000: 'billion',
}
/** Only of money: of goods, `m` is metres. */
const moneyLetters: readonly (readonly [RegExp, string])[] = [
  [/(?<=\d ?)m(?!\p{L})/giu, 'million'],
  [/(?<=\d ?)b(?!\p{L})/giu, 'billion'],
]

/** All that may stand around the numbers of an amount. */
const ownWords =
  /\b(?:up to|at most|at least|no more than|no less than|less than|fewer than|more than|under|below|over|above|about|around|some|approximately|approx|roughly|circa|ca?|almost|nearly|just|between|from|exceeding|in excess of|or more|or less|to|and|hundred|thousand|million|millions|mn|mio|billion|bn|k)\b\.?/gi

/** The words of an amount in English, and the words in it that are not part of an amount, such as a unit. */
export function translateAmountWords(
  text: string,
  isMoney: boolean,
): { words: string; unit: string | null } {
  let words = text.replaceAll(
    new RegExp(`(?<=\\d[^\\d]{0,15}) (?:${links}|[-–—]) (?=\\d)`, 'giu'),
    (link) => (/^ (?:und|et|en|y|e|och|and) $/i.test(link) ? ' and ' : ' to '),
  )
  for (const [pattern, english] of isMoney ? [...loadTable(), ...moneyLetters] : loadTable())
    words = words.replace(pattern, ` ${english} `)
  words = words.replaceAll(/ +/g, ' ').trim()
  const left = words
    .replaceAll(ownWords, ' ')
    .replaceAll(/[\d.<>≤≥=~≈+–—-]+/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim()
  return { words, unit: left === '' ? null : left }
}
