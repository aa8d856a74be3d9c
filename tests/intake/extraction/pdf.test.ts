import { describe, expect, test } from 'vitest'
import { joinAtHyphen } from '../../../src/intake/extraction/pdf/hyphens.ts'
import { buildDrawnPdf, type DrawnText } from '../document-builders.ts'
import { readDocument } from './read-document.ts'

const readPdf = (...pages: DrawnText[][]) => readDocument(buildDrawnPdf(pages), 'x.pdf')
/** Lines below each other from a height on. */
const lines = (texts: readonly string[], x: number, top: number, step = 14): DrawnText[] =>
  texts.map((text, index) => ({ text, x, y: top - index * step }))

describe('hyphens at line ends', () => {
  const words = new Set(['bayraktar', 'drone-maker', 'targeting'])
  const isWord = (word: string) =>
    ['exports', 'government', 'air', 'strike', 'end', 'use', 'ment', 'element', 'war'].includes(
      word,
    )
  test.each([
    ['type MX-', '15D turrets', 'type MX-15D turrets'],
    ['the TB-', '2 drone', 'the TB-2 drone'],
    ['in 2019-', '20 none', 'in 2019-20 none'],
    ['the Anglo-', 'American firm', 'the Anglo-American firm'],
    ['a non-', 'NATO member', 'a non-NATO member'],
    ['its govern-', 'ment said', 'its government said'],
    ['the Bay-', 'raktar flew', 'the Bayraktar flew'],
    ['a drone-', 'maker of', 'a drone-maker of'],
    ['an air-', 'strike on', 'an air-strike on'],
    ['the Basch-', 'kirow plant', 'the Baschkirow plant'],
    ['pre- and post-', 'war years', 'pre- and post-war years'],
    ['both pre-', 'and post-war', 'both pre- and post-war'],
    ['THE ELE-', 'MENT OF', 'THE ELEMENT OF'],
    ['pages 12–', '15 and', 'pages 12–15 and'],
    ['the minister –', 'he said', 'the minister – he said'],
    ['soft\u00ad', 'ware here', 'software here'],
  ])('%s | %s', (line, next, joined) => {
    const { separator, dropsHyphen } = joinAtHyphen(line, next, words, isWord)
    expect(`${dropsHyphen ? line.slice(0, -1) : line}${separator}${next}`).toBe(joined)
  })

  test('without a dictionary only the document decides', () => {
    expect(joinAtHyphen('its govern-', 'ment said', words, null).dropsHyphen).toBe(false)
    expect(joinAtHyphen('a target-', 'ing pod', words, null).dropsHyphen).toBe(true)
  })

  test('in a document: by the dictionary', async () => {
    const pdf = await readPdf(
      lines(
        ['The sensors of the type MX-', '15D are subject to authori-', 'sation under the law.'],
        60,
        700,
      ),
    )
    expect(pdf.body).toBe(
      'The sensors of the type MX-15D are subject to authorisation under the law.',
    )
  })
})

describe('columns', () => {
  const left = [
    'Left column line one says the',
    'permits were issued in May by',
    'the minister after a phone call',
    'with the president of the state.',
  ]
  const right = [
    'Right column line one says the',
    'embargo had been in force since',
    'the end of the year before, and',
    'nobody asked the committee.',
  ]
  const bothBelow = {
    text: 'A line below both columns that is as wide as the whole page is, all across it.',
    x: 60,
    y: 560,
  }

  test('drawn line by line are read one after the other, below and above lines across both', async () => {
    const pdf = await readPdf([
      { text: 'A headline over both columns of the page', x: 60, y: 780, size: 16 },
      ...left.flatMap((text, index) => [
        { text, x: 60, y: 700 - index * 14 },
        { text: right[index] ?? '', x: 320, y: 700 - index * 14 },
      ]),
      bothBelow,
    ])
    expect(pdf.body).toBe(
      [
        'A headline over both columns of the page',
        left.join(' '),
        right.join(' '),
        bothBelow.text,
      ].join('\n\n'),
    )
  })

  test('with other baselines, and three of them', async () => {
    const third = ['Third column line one is here', 'and it goes on for two lines.']
    const pdf = await readPdf([
      ...lines(left, 40, 700, 13),
      ...lines(right, 220, 705, 14),
      ...lines(third, 400, 698, 13),
    ])
    expect(pdf.body).toBe([left.join(' '), right.join(' '), third.join(' ')].join('\n\n'))
  })
})

test('a table without rules keeps its rows, and empty cells', async () => {
  const rows = [
    ['Year', 'Refused', 'Granted'],
    ['2019', '14', '203'],
    ['2020', '', '191'],
    ['2021', '3', ''],
  ]
  const pdf = await readPdf([
    { text: 'Licences by year and decision', x: 60, y: 740 },
    ...rows.flatMap((cells, row) =>
      cells.flatMap((text, column) =>
        text === '' ? [] : [{ text, x: 60 + column * 120, y: 700 - row * 16 }],
      ),
    ),
  ])
  expect(pdf.textsOf('table')).toEqual([
    'Year\tRefused\tGranted\n2019\t14\t203\n2020\t\t191\n2021\t3\t',
  ])
})

test('a raised figure is a note, an exponent stays one', async () => {
  const pdf = await readPdf([
    { text: 'It refused 14', x: 60, y: 700 },
    { text: '2', x: 124, y: 704, size: 6 },
    { text: ' licences worth 10', x: 128, y: 700 },
    { text: '6', x: 218, y: 704, size: 6 },
    { text: ' dollars.', x: 222, y: 700 },
  ])
  expect(pdf.body).toBe('It refused 14[2] licences worth 10⁶ dollars.')
  expect(pdf.textsOf('note')).toEqual(['[2]', '⁶'])
})

test('text drawn twice to look bold is there once', async () => {
  const pdf = await readPdf([
    { text: 'Licences refused', x: 60, y: 700 },
    { text: 'Licences refused', x: 60.4, y: 700 },
    { text: 'Licences refused', x: 60, y: 650 },
  ])
  expect(pdf.body).toBe('Licences refused\n\nLicences refused')
})

describe('headers, footers and page numbers', () => {
  test('on two pages', async () => {
    const page = (number: number, text: string): DrawnText[] => [
      { text: 'Ministry of Trade', x: 60, y: 810, size: 8 },
      ...lines([text, 'It goes on for a line more.'], 60, 700),
      { text: `Page ${number} of 2`, x: 60, y: 40, size: 8 },
    ]
    const pdf = await readPdf(
      page(1, 'The first page has this text.'),
      page(2, 'The second one has another.'),
    )
    expect(pdf.textsOf('header')).toEqual(['Ministry of Trade', 'Ministry of Trade'])
    expect(pdf.textsOf('footer')).toEqual(['Page 1 of 2', 'Page 2 of 2'])
    expect(pdf.spans.filter(({ type }) => type === 'page').map(({ page }) => page)).toEqual([1, 2])
  })

  test('below columns they do not end up in one of them', async () => {
    const prose = (word: string) =>
      Array.from({ length: 5 }, (_, index) => `${word} line ${index} has some words here`)
    const pdf = await readPdf([
      ...lines(prose('Left'), 60, 700),
      ...lines(prose('Right'), 320, 700),
      { text: '- 7 -', x: 290, y: 30, size: 9 },
    ])
    expect(pdf.body).toBe([prose('Left').join(' '), prose('Right').join(' '), '- 7 -'].join('\n\n'))
    expect(pdf.textsOf('footer')).toEqual(['- 7 -'])
  })

  test('a figure within the text is no page number', async () => {
    const pdf = await readPdf([
      ...lines(['The total was', '14'], 60, 400),
      ...lines(['licences.'], 60, 300),
    ])
    expect(pdf.textsOf('footer')).toEqual([])
  })
})

test.each([90, 180, 270])(
  'a page shown turned by %i degrees is read as it is shown',
  async (rotate) => {
    const upright = buildDrawnPdf([
      lines(['First line of the page', 'second line of it'], 100, 500),
    ])
    const turned = buildDrawnPdf(
      [lines(['First line of the page', 'second line of it'], 100, 500)],
      { rotate },
    )
    expect((await readDocument(turned, 'x.pdf')).body.replaceAll(/\s+/g, ' ')).toBe(
      (await readDocument(upright, 'x.pdf')).body.replaceAll(/\s+/g, ' '),
    )
  },
)
