import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import legalForms from '../../../reference/legal-forms.json' with { type: 'json' }
import { compareNames } from '../../../src/evidence/names/compare.ts'
import { isSameCode } from '../../../src/evidence/names/keys.ts'
import { stateOf } from '../../../src/evidence/names/states.ts'
import { matchThreshold, type NameKind } from '../../../src/evidence/names/verdict.ts'
import { measure, pairsOf } from './pool.ts'

const isSame = (one: string, other: string, kind: NameKind) =>
  compareNames(one, other, kind).score >= matchThreshold

describe('all labelled pairs in one pool', () => {
  test('there are as many as the goals ask for', () => {
    expect(pairsOf('tuned.tsv').length + pairsOf('set-aside.tsv').length).toBeGreaterThan(400)
  })

  test.each(['tuned.tsv', 'set-aside.tsv'] as const)('%s reaches the goals', (file) => {
    const { precision, recall, top } = measure(pairsOf(file))
    expect(precision).toBeGreaterThanOrEqual(0.95)
    expect(recall).toBeGreaterThanOrEqual(0.9)
    expect(top).toBeGreaterThanOrEqual(0.95)
  })
})

describe('names as they are met', () => {
  test.each(pairsOf('earlier.tsv'))('$kind: $asked, $recorded, same: $isSame', (pair) => {
    expect(isSame(pair.asked, pair.recorded, pair.kind)).toBe(pair.isSame)
    expect(isSame(pair.recorded, pair.asked, pair.kind)).toBe(pair.isSame)
  })

  test.each<[string, string, NameKind]>([
    ['BAE Systems Public Limited Company', 'BAE Systems PLC', 'organisation'],
    ['Saab Aktiebolag', 'Saab', 'organisation'],
    [
      'Joint Stock Company Tula Instrument Design Bureau',
      'JSC Tula Instrument Design Bureau',
      'organisation',
    ],
    ['Rheinmetall Aktiengesellschaft', 'Rheinmetall AG', 'organisation'],
    ['U.S. Department of Defense', 'United States Department of Defense', 'organisation'],
    ['Defence Research Organization', 'Defence Research Organisation', 'organisation'],
    ['Концерн Калашников', 'Kalashnikov Concern', 'organisation'],
    ['Mikhail Timofeyevich Kalashnikov', 'Mikhail Kalashnikov', 'person'],
    ['TR', 'Turkey', 'state'],
    ['TUR', 'Turkey', 'state'],
    ['Syrian Arab Republic', 'Syria', 'state'],
    ['MORGAN, Marta (DFATD)', 'Marta Morgan', 'person'],
    ['WESCAM (Burlington, ON)', 'L3Harris Wescam', 'organisation'],
    ['F.-P. Champagne', 'François-Philippe Champagne', 'person'],
    [
      'House of Commons Standing Committee on Foreign Affairs',
      'House of Commons foreign affairs committee',
      'organisation',
    ],
  ])('%s = %s', (one, other, kind) => {
    expect(compareNames(one, other, kind).score).toBeGreaterThanOrEqual(matchThreshold)
    expect(compareNames(other, one, kind)).toEqual(compareNames(one, other, kind))
  })

  test.each<[string, string, NameKind]>([
    ['Rheinmetall Aktiengesellschaft', 'Siemens Aktiengesellschaft', 'organisation'],
    ['SALMAN BIN MUHAMMAD', 'MUHAMMAD BIN SALMAN AL-RAWI', 'person'],
    ['CRYSTALORD SYSTEMS LIMITED', 'CRYSTALORD LTD', 'organisation'],
    ['MX-15', 'MX-15D', 'good'],
    ['MX-15', 'MX-15D', 'organisation'],
    ['K. Gallagher', 'Kelsey Gallagher', 'person'],
    ['', '', 'organisation'],
    ['???', '!!!', 'person'],
    ['of the', 'and', 'organisation'],
  ])('%s ≠ %s', (one, other, kind) => {
    expect(compareNames(one, other, kind).score).toBeLessThan(matchThreshold)
    expect(compareNames(other, one, kind)).toEqual(compareNames(one, other, kind))
  })

  test('says why', () => {
    const reasons = (one: string, other: string, kind: NameKind) =>
      compareNames(one, other, kind).reasons
    expect(reasons('F.-P. Champagne', 'François-Philippe Champagne', 'person')).toContain('initial')
    expect(reasons('MX-15', 'MX-15D', 'good')).toContain('other-number')
    expect(
      reasons('DFATD', 'Department of Foreign Affairs, Trade and Development', 'organisation'),
    ).toEqual(['acronym'])
    expect(reasons('TUR', 'Turkey', 'state')).toEqual(['same-state'])
  })
})

describe('states', () => {
  test.each([
    ['Türkiye', 'TR'],
    ['Republic of Korea', 'KR'],
    ["Democratic People's Republic of Korea", 'KP'],
    ['Republic of the Congo', 'CG'],
    ['Congo (Democratic Republic of the)', 'CD'],
    ['Republic of China', 'TW'],
    ['Korea, South', 'KR'],
    ['Taiwan, Provinz von China', 'TW'],
    ['VS', 'US'],
    ['VK', 'GB'],
    ['VAE', 'AE'],
    ['Förenta staterna', 'US'],
    ['Congo', null],
    ['Kongo', null],
    ['Republic of Congo', 'CG'],
    ['DR Kongo', 'CD'],
    ['German Democratic Republic', null],
    ['Yemen Arab Republic', null],
    ['GBR', 'GB'],
    ['gbr', null],
    ['the', null],
    ['Republic', null],
    ['', null],
    ['Baykar', null],
  ])('%j is %j', (name, code) => {
    expect(stateOf(name)).toBe(code)
  })
})

test('codes are the same however they are set apart', () => {
  expect(isSameCode('CA/2020-1', 'ca 2020 1')).toBe(true)
  expect(isSameCode('', '-')).toBe(false)
  expect(isSameCode('CA/2020-1', 'CA/2020-11')).toBe(false)
})

/** Invented words that no list has. */
const syllables = ['bor', 'kel', 'mun', 'tav', 'rish', 'gol', 'pex', 'dran', 'vil', 'zum']
const word = fc
  .array(fc.constantFrom(...syllables), { minLength: 3, maxLength: 4 })
  .map((parts) => parts.join(''))
const upperFirst = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}`
const distinctWords = (length: number) =>
  fc.uniqueArray(word.map(upperFirst), { minLength: length, maxLength: length })

const accents: Readonly<Record<string, string>> = { e: 'é', u: 'ü', i: 'î', a: 'å', o: 'ò' }
const accented = (text: string) =>
  text.replaceAll(/[euiao]/g, (letter) => accents[letter] ?? letter)

/** Each legal form with all its spellings. */
const spelledForms = Object.values(legalForms.forms).flatMap((forms) =>
  Object.entries(forms).map(([form, more]) => [form, ...more.split(' | ')]),
)

describe('what never changes who is meant', () => {
  test('a legal form written out, abbreviated, or left off, at the end of a name', () => {
    const form = fc
      .constantFrom(...spelledForms)
      .chain((spellings) =>
        fc.tuple(fc.constantFrom(...spellings), fc.constantFrom(...spellings, '')),
      )
    fc.assert(
      fc.property(distinctWords(2), form, ([first, second], [one, other]) => {
        const name = `${first} ${second}`
        expect(
          isSame(`${name} ${one}`, `${name} ${other}`, 'organisation'),
          `${one} | ${other}`,
        ).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  test('case and accents of any name', () => {
    const kind = fc.constantFrom<NameKind>('organisation', 'person', 'good')
    fc.assert(
      fc.property(distinctWords(2), kind, (words, of) => {
        const name = words.join(' ')
        for (const other of [name.toUpperCase(), name.toLowerCase(), accented(name)])
          expect(isSame(name, other, of)).toBe(true)
      }),
    )
  })

  test('order of the names of a person, and a title', () => {
    fc.assert(
      fc.property(distinctWords(3), ([given, middle, family]) => {
        const name = `${given} ${middle} ${family}`
        for (const other of [
          `${family}, ${given} ${middle}`,
          `${family?.toUpperCase()} ${given} ${middle}`,
          `Gen. ${name}`,
          `Dr ${given} ${middle} ${family} (Ret.)`,
        ])
          expect(isSame(name, other, 'person'), other).toBe(true)
      }),
    )
  })
})

describe('what always changes what is meant', () => {
  const letter = fc.constantFrom(...'ABCDEFGHJKLMNPRSTVWX')
  const designation = fc.tuple(
    fc.constantFrom('MX', 'TB', 'AH', 'Su', 'K'),
    fc.integer({ min: 1, max: 999 }),
    fc.option(letter, { nil: '' }),
  )

  test('another figure or letter in a designation', () => {
    const kind = fc.constantFrom<NameKind>('good', 'organisation')
    fc.assert(
      fc.property(designation, designation, kind, ([a, b, c], [d, e, f], of) => {
        const [one, other] = [`${a}-${b}${c}`, `${d}-${e}${f}`]
        fc.pre(one !== other)
        expect(isSame(one, other, of)).toBe(false)
        expect(isSame(`Bordran ${one}`, `Bordran ${other}`, of)).toBe(false)
      }),
      // The first digit of a number is no initial.
      { numRuns: 1_000, examples: [[['K', 800, ''], ['K', 8, ''], 'organisation']] },
    )
  })

  test('but not how its parts are set apart', () => {
    fc.assert(
      fc.property(designation, ([a, b, c]) => {
        for (const other of [`${a}${b}${c}`, `${a} ${b}${c}`, `${a}-${b}-${c}`, `${a} ${b} ${c}`])
          expect(isSame(`${a}-${b}${c}`, other, 'good'), other).toBe(true)
      }),
    )
  })
})
