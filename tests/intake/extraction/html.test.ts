import { describe, expect, test } from 'vitest'
import { readDocument } from './read-document.ts'

const long =
  'The ministry halted exports of coastal radars on Thursday, after lawmakers had asked where the radars of an earlier sale had gone, and who had paid for them in the end.'

/** A page whose article has these parts between two paragraphs. */
const readPage = (inner: string, { head = '', wrapper = 'article' } = {}) =>
  readDocument(
    `<!doctype html><html lang="en"><head><title>Radars</title>${head}</head><body><nav><a href="/">Home</a></nav>
    <main><${wrapper}><h1>Radars</h1><p>${long}</p>${inner}<p>${long}</p></${wrapper}></main>
    <footer>All rights reserved.</footer></body></html>`,
    'page.html',
  )

describe('raised and lowered text', () => {
  test.each([
    ['a footnote mark after a figure', '14<sup>2</sup> licences', '14[2] licences', ['[2]']],
    ['a linked one', '14<sup><a href="#fn2">2</a></sup> licences', '14[2] licences', ['[2]']],
    ['a link around it', '14<a href="#fn2"><sup>2</sup></a> licences', '14[2] licences', ['[2]']],
    ['one in brackets', '14<sup>[2]</sup> licences', '14[2] licences', ['[2]']],
    ['a link without sup', '14<a href="#_ftn2">2</a> licences', '14[2] licences', ['[2]']],
    [
      'a raised span',
      '14<span style="vertical-align: super">2</span> licences',
      '14[2] licences',
      ['[2]'],
    ],
    ['a decimal figure', 'worth 3.5<sup>1</sup> million', 'worth 3.5[1] million', ['[1]']],
    ['a year', 'in 2020<sup>3</sup> none', 'in 2020[3] none', ['[3]']],
    ['an asterisk', 'none<sup>*</sup> at all', 'none* at all', ['*']],
    ['a letter', '14<sup>a</sup> licences', '14[a] licences', ['[a]']],
    ['two marks', '14<sup>2,3</sup> licences', '14[2,3] licences', ['[2,3]']],
    ['a power of ten', '10<sup>6</sup> dollars', '10⁶ dollars', ['⁶']],
    ['a negative power', '10<sup>-3</sup> grams', '10⁻³ grams', ['⁻³']],
    ['an area', '12 km<sup>2</sup> of land', '12 km² of land', ['²']],
    ['an ordinal', 'the 2<sup>nd</sup> time', 'the 2nd time', []],
    ['a trade mark', 'Radar<sup>TM</sup> sold', 'Radar™ sold', []],
    ['a lowered figure of a name', 'CO<sub>2</sub> sensors', 'CO₂ sensors', []],
    ['a lowered figure after a figure', 'x 14<sub>2</sub> y', 'x 14₂ y', ['₂']],
    ['a raised character', '14² licences', '14² licences', ['²']],
  ])('%s', async (_, html, text, marks) => {
    const page = await readPage(`<p>There were ${html}.</p>`)
    expect(page.body).toContain(`There were ${text}.`)
    expect(page.body.normalize('NFC')).not.toMatch(/142|3\.51|20203/)
    expect(page.textsOf('note')).toEqual(marks)
  })
})

describe('struck and hidden text', () => {
  test.each([
    ['del and ins', '<del>14</del> <ins>12</ins> licences', '14 12 licences', ['14']],
    ['without a space between', '<s>14</s>12 licences', '14 12 licences', ['14']],
    [
      'by style',
      'a <span style="text-decoration: line-through red">dozen</span> score',
      'a dozen score',
      ['dozen'],
    ],
    ['with marks inside', '<del>14<sup>2</sup></del> none', '14[2] none', ['14[2]']],
  ])('%s: struck text is kept apart', async (_, html, text, struck) => {
    const page = await readPage(`<p>There were ${html}.</p>`)
    expect(page.body).toContain(`There were ${text}.`)
    expect(page.textsOf('struck')).toEqual(struck)
  })

  test('struck blocks and table cells', async () => {
    const page = await readPage(
      '<del><p>Gone one.</p><p>Gone two.</p></del><table><tr><td>a</td><td><s>b</s></td></tr></table>',
    )
    expect(page.textsOf('struck')).toEqual(['Gone one.', 'Gone two.', 'b'])
    expect(page.textsOf('table')).toEqual(['a\tb'])
  })

  test.each([
    ['hidden', '<span hidden>SECRET</span>'],
    ['display', '<span style="display:none">SECRET</span>'],
    ['visibility', '<div style="visibility: hidden">SECRET</div>'],
    ['white on white', '<span style="color:#fff">SECRET</span>'],
    ['white on a white background', '<span style="color: white; background:#FFFFFF">SECRET</span>'],
    [
      'grey on the same grey',
      '<div style="background:#eee"><span style="color:#eeeeee">SECRET</span></div>',
    ],
    ['no size', '<span style="font-size:0">SECRET</span>'],
    ['no opacity', '<span style="opacity: 0">SECRET</span>'],
    ['off the page', '<span style="position:absolute;left:-9999px">SECRET</span>'],
    ['a class for screen readers', '<span class="visually-hidden">SECRET</span>'],
    ['a class of the page', '<span class="zz9">SECRET</span>'],
  ])('%s: not in the body, and the metadata says so', async (_, html) => {
    const page = await readPage(`<p>Nine ${html} systems.</p>`, {
      head: '<style>.zz9, .other { display: none } @media print { .shown { display: none } }</style>',
    })
    expect(page.body).not.toContain('SECRET')
    expect(page.body).toContain('systems.')
    expect(page.valuesOf('omitted')).toEqual([
      '6 characters of hidden text in 1 part(s) of the page',
    ])
  })

  test.each([
    ['white on dark', '<span style="color:#fff;background:#000">SHOWN</span>'],
    [
      'white in a dark box',
      '<div style="background-color: #123"><b style="color:#fff">SHOWN</b></div>',
    ],
    ['hidden on small screens only', '<span class="d-none d-md-block">SHOWN</span>'],
    ['hidden in print only', '<span class="shown">SHOWN</span>'],
    ['words hidden from screen readers', '<span aria-hidden="true">SHOWN</span>'],
  ])('%s: visible text stays', async (_, html) => {
    const page = await readPage(`<p>Nine ${html} systems.</p>`, {
      head: '<style>@media print { .shown { display: none } }</style>',
    })
    expect(page.body).toContain('SHOWN')
    expect(page.valuesOf('omitted')).toEqual([])
  })
})

test.each([
  ['<q>no comment</q>', '“no comment”'],
  ['<q>he said <q>no</q> twice</q>', '“he said ‘no’ twice”'],
  ['<span lang="fr"><q>non</q></span>', '«non»'],
  ['<q>“no”</q>', '“no”'],
])('%s keeps its quotation marks', async (html, text) => {
  expect((await readPage(`<p>They say ${html}.</p>`)).body).toContain(`They say ${text}.`)
})

describe('parts of the article', () => {
  test.each(['article', 'div', 'section'])(
    'short, linked and deeply nested paragraphs within <%s> belong to it',
    async (wrapper) => {
      const page = await readPage(
        `<div style="margin:1em"><div><span>He denied it.</span></div></div>
        <div class="mk"><p><a href="/x"><strong>On Friday three men denied the charge.</strong></a></p></div>
        <div><a href="/a">Ministry</a> refused.</div>
        <div><p>“No.”</p></div>`,
        { wrapper },
      )
      const article = page.textsOf('article').join('\n')
      for (const text of ['He denied it.', 'On Friday three men', 'Ministry refused.', '“No.”'])
        expect(article).toContain(text)
      expect(page.textsOf('boilerplate')).toEqual(['All rights reserved.'])
    },
  )

  test('navigation, related stories, comments and lists of links within it do not', async () => {
    const page = await readPage(`
      <div class="share-bar"><a href="/f">Share</a></div>
      <aside class="related"><p>Another story about something else.</p></aside>
      <ul><li><a href="/1">One headline of another day</a><li><a href="/2">Two headlines of another day</a><li><a href="/3">Three headlines of yet another day</a></ul>
      <section class="comments"><p>First! Said a reader.</p></section>`)
    const article = page.textsOf('article').join('\n')
    expect(article).not.toMatch(/Share|Another story|headline|First!/)
    expect(article.match(/coastal radars/g)).toHaveLength(2)
  })

  test('the texts of footnotes are notes', async () => {
    const page = await readPage(
      '<ol class="footnotes"><li>Including two to a third state.</li></ol>',
    )
    expect(page.textsOf('note')).toEqual(['Including two to a third state.'])
  })
})

describe('tables', () => {
  test('empty cells stay cells, a row is a line', async () => {
    const page = await readPage(
      `<table><caption>Licences</caption><tr><th>Year<th>Refused<th>Granted<tr><td>2020<td><td>3<tr><td>2021<td>5<td></table>`,
    )
    expect(page.textsOf('table')).toEqual(['Year\tRefused\tGranted\n2020\t\t3\n2021\t5\t'])
    expect(page.textsOf('caption')).toEqual(['Licences'])
  })

  test('cells over several columns and rows keep the others in their columns', async () => {
    const page = await readPage(
      `<table><tr><td rowspan=2>Radars<td>2020<td>3<tr><td>2021<td>5<tr><td colspan=2>Total<td>8</table>`,
    )
    expect(page.textsOf('table')).toEqual(['Radars\t2020\t3\n\t2021\t5\nTotal\t\t8'])
  })

  test('a footnote mark in a cell does not change its figure', async () => {
    const page = await readPage('<table><tr><td>2020<td>14<sup>2</sup></table>')
    expect(page.textsOf('table')).toEqual(['2020\t14[2]'])
  })

  test('a table that places parts of the page is none', async () => {
    const page = await readPage(
      `<table role="presentation"><tr><td><p>${long}</p><td><p>Beside it.</p></table>`,
    )
    expect(page.textsOf('table')).toEqual([])
    expect(page.textsOf('article').join()).toContain('Beside it.')
  })
})

test('soft hyphens and zero-width spaces are not in the body', async () => {
  expect((await readPage('<p>The minis&shy;try\u200b said.</p>')).body).toContain(
    'The ministry said.',
  )
})
