import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldText } from '../../src/evidence/fold.ts'
import { anchorQuote, checkCitation, type Span } from '../../src/evidence/quote-anchor.ts'
import { indexText, normaliseText } from '../../src/evidence/text.ts'
import { prose } from './text-arbitrary.ts'

const article = [
  'Turkey pressed Canada to sell air-strike gear later used in Karabakh',
  'Canada issued export permits last May for the delivery of seven MX-15D air-strike targeting',
  'systems made by L3Harris Wescam to Turkish drone-maker Baykar. A memo by François-Philippe',
  'Champagne calls it an “exceptional circumstances” case in Syria’s province of Idlib.',
  'Ղարաբաղի պատերազմը սկսվեց 2020 թվականին։ 😀 日本は武器の輸出を禁じている。',
].join('\n')

const nearest = (text: string, quote: string, uncitable: Span[] = []) => {
  const anchoring = anchorQuote(indexText(text), { quote }, uncitable)
  if (anchoring.state !== 'missing') throw new Error(anchoring.state)
  return anchoring.nearest
}

describe('the nearest passage to a missing quote', () => {
  test.each([
    [
      'straight quotes',
      'an "exceptional circumstances" case',
      'an “exceptional circumstances” case',
    ],
    ['a straight apostrophe', "Syria's province", 'Syria’s province'],
    ['spaces for a line end', 'targeting systems made', 'targeting\nsystems made'],
    ['doubled spaces', 'later  used\u00A0in', 'later used in'],
    ['another case', 'TURKEY PRESSED CANADA', 'Turkey pressed Canada'],
    ['dropped accents', 'Francois-Philippe', 'François-Philippe'],
    ['another dash', 'air–strike gear', 'air-strike gear'],
    ['a soft hyphen', 'tar\u00ADgeting', 'targeting'],
    ['another case in Armenian', 'ՂԱՐԱԲԱՂԻ ՊԱՏԵՐԱԶՄԸ', 'Ղարաբաղի պատերազմը'],
  ])('has similarity 1 when only %s differs', (_, quote, passage) => {
    expect(nearest(article, quote)[0]).toMatchObject({ quote: passage, similarity: 1 })
  })

  test.each([
    ['wrong letters', 'Turkish dron-makr Baikar', 'Turkish drone-maker Baykar'],
    [
      'a wrong first and last letter',
      'Xanada issued export permitz',
      'Canada issued export permits',
    ],
    ['a wrong letter in a short word', 'Iglib', 'Idlib'],
    [
      'dropped words',
      'seven MX-15D targeting systems',
      'seven MX-15D air-strike targeting\nsystems',
    ],
    ['an added word', 'Turkey hard pressed Canada', 'Turkey pressed Canada'],
    ['wrong Armenian letters', 'պատերասմը սկսվեծ', 'պատերազմը սկսվեց'],
    ['a wrong character of a script without spaces', '武器の輪出を禁じて', '武器の輸出を禁じて'],
  ])('is found despite %s', (_, quote, passage) => {
    const [first] = nearest(article, quote)
    expect(first?.quote).toBe(passage)
    expect(first?.similarity).toBeGreaterThan(0.6)
    expect(first?.similarity).toBeLessThan(1)
  })

  test('consists of whole words', () => {
    expect(nearest(article, 'ANADA ISSUED EXPORT PERMI')[0]?.quote).toBe(
      'Canada issued export permits',
    )
  })

  test('has offsets in code points and context', () => {
    expect(nearest(article, 'թվականին: 😀 日本')).toEqual([
      {
        start: 368,
        end: 382,
        quote: 'թվականին։ 😀 日本',
        prefix: expect.stringMatching(/^.{32}$/su),
        suffix: 'は武器の輸出を禁じている。',
        similarity: 1 - 1 / 15,
      },
    ])
  })

  test('is missing when nothing is similar', () => {
    expect(nearest(article, 'The quick brown fox jumps')).toEqual([])
    expect(nearest(article, 'ж')).toEqual([])
    expect(nearest(article, '\u0323')).toEqual([])
    expect(nearest('', 'Canada')).toEqual([])
  })

  test('lists at most three, best first, without overlaps', () => {
    const text = 'Wescan one. Vescan two. Wescam. Westam four. Weskan five.'
    expect(nearest(text, 'WESCAM').map(({ quote, similarity }) => [quote, similarity])).toEqual([
      ['Wescam', 1],
      ['Wescan', 1 - 1 / 6],
      ['Westam', 1 - 1 / 6],
    ])
  })

  test('is never in boilerplate', () => {
    const text = 'Turkey asked. Read more: Turkey'
    expect(nearest(text, 'TURKEY', [{ start: 0, end: 13 }]).map(({ start }) => start)).toEqual([25])
  })

  test('is found by the two ends of a long quote', () => {
    const quote = article.slice(69, 400).replaceAll('a', 'o')
    const [first] = nearest(`${article}\n${article.toUpperCase()}`, quote)
    expect(first?.start).toBe(69)
    expect(first?.quote.length).toBeGreaterThan(300)
  })

  test('is accepted by checkCitation', () => {
    fc.assert(
      fc.property(prose, prose, (raw, quote) => {
        const text = indexText(normaliseText(raw))
        fc.pre(normaliseText(quote) !== '')
        const anchoring = anchorQuote(text, { quote }, [])
        if (anchoring.state !== 'missing') return
        expect(anchoring.nearest.length).toBeLessThanOrEqual(3)
        for (const { similarity, ...passage } of anchoring.nearest) {
          expect(checkCitation(text, passage, [])).toEqual({ holds: true })
          expect(similarity).toBeGreaterThanOrEqual(0.6)
          expect(similarity).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})

/** Milliseconds of processor time: how busy the machine is otherwise does not count. */
function processorTime(work: () => unknown): number {
  const began = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1_000
}

/** Reads a text of a megabyte, unit by unit, some tens of times: the yardstick for a search in it. */
function readOften(text: string): number {
  let sum = 0
  for (let time = 0; time < 30; time += 1)
    for (let at = 0; at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) | 0
  return sum
}

describe('a text of a megabyte', () => {
  const pages = Array.from({ length: 2_600 }, (_, i) => `${article.slice(0, 380)} Page ${i}.`)
  const text = indexText(pages.join('\n'))
  const long = text.slice(500_000, 510_000)

  test.each([
    ['a few words', text, 'seven MX15D air strike targetting systems'],
    ['one letter', text, 'Ж'],
    ['10,000 code points', text, long.replaceAll('e', 'é')],
    ['10,000 wrong code points', text, long.replaceAll(/[aeiou]/g, 'x')],
    ['one of 500,000 occurrences', indexText('a-'.repeat(500_000)), 'a'],
    ['10,000 that overlap at every offset', indexText('a'.repeat(1e6)), 'a'.repeat(10_000)],
    ['10,000 that nearly do', indexText('a'.repeat(1e6)), `${'a'.repeat(9_999)}b`],
    ['a few that nearly do', indexText('0,'.repeat(500_000)), '0,0,1,0,0'],
  ])('is searched in linear time for %s', (_, indexed, quote) => {
    const yardstick = processorTime(() => readOften(indexed.slice(0, indexed.length)))
    // Measured at up to 6 yardsticks; to compare at every offset would take thousands.
    expect(processorTime(() => anchorQuote(indexed, { quote }, [])) / yardstick).toBeLessThan(100)
  })
})

describe('foldText', () => {
  test.each([
    ['ASCII lower case stays', 'a-z 09', 'a-z 09'],
    ['white space runs', ' \t\n\u00A0\u3000x', ' x'],
    ['marks', 'ŞşİıÉe\u0301', 'ssiiee'],
    ['ligatures and full width', 'ﬁＡ…', 'fia...'],
    ['letters that only upper case unites', 'ßςև', 'ssσեւ'],
    ['quotation marks', '‘’“”«»', `''""""`],
    ['dashes', '‐‑–—−', '-----'],
    ['format characters', 'a\u00ADb\u200Bc', 'abc'],
  ])('%s', (_, text, folded) => {
    expect(foldText(text).text).toBe(folded)
  })

  test('every unit maps to its original characters', () => {
    const text = 'É \n😀ﬁe\u0301'
    const { text: folded, starts, ends } = foldText(text)
    expect(
      [...folded.matchAll(/./gu)].map(({ 0: letter, index }) => [
        letter,
        text.slice(starts[index], ends[index + letter.length - 1]),
      ]),
    ).toEqual([
      ['e', 'É'],
      [' ', ' \n'],
      ['😀', '😀'],
      ['f', 'ﬁ'],
      ['i', 'ﬁ'],
      ['e', 'e\u0301'],
    ])
  })

  test('no code point folds to more than the documented maximum', () => {
    for (let codePoint = 1; codePoint <= 0x1ffff; codePoint += 1) {
      if (codePoint === 0xd800) codePoint = 0xe000
      if (foldText(String.fromCodePoint(codePoint)).text.length > 18)
        throw new Error(`${codePoint}`)
    }
  })

  test('a text that becomes longer keeps its offsets', () => {
    const { text, starts, ends } = foldText('\uFDFA'.repeat(1_000))
    expect(text.length).toBe(starts.length)
    expect([starts.at(-1), ends.at(-1)]).toEqual([999, 1_000])
  })
})
