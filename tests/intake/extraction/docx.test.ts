import { describe, expect, test } from 'vitest'
import { buildDocxOf, buildRelationships } from '../document-builders.ts'
import { readDocument } from './read-document.ts'

const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const run = (text: string, properties = '') =>
  `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`
const paragraph = (...runs: string[]) => `<w:p>${runs.join('')}</w:p>`
const cell = (content: string, properties = '') =>
  `<w:tc>${properties && `<w:tcPr>${properties}</w:tcPr>`}${content}</w:tc>`
const row = (...cells: string[]) => `<w:tr>${cells.join('')}</w:tr>`

const readDocx = (body: string, more: Parameters<typeof buildDocxOf>[1] = []) =>
  readDocument(buildDocxOf(body, more), 'x.docx')

describe('figures', () => {
  test.each([
    ['a footnote mark as text', '2', 'superscript', '14[2] licences', ['[2]']],
    ['an ordinal', 'th', 'superscript', '14th licences', []],
    ['lowered', '2', 'subscript', '14₂ licences', ['₂']],
  ])('%s', async (_, raised, how, text, marks) => {
    const docx = await readDocx(
      paragraph(run('In 2019, 14'), run(raised, `<w:vertAlign w:val="${how}"/>`), run(' licences')),
    )
    expect(docx.body).toBe(`In 2019, ${text}`)
    expect(docx.textsOf('note')).toEqual(marks)
  })

  test('notes are numbered in the order of the text and follow it', async () => {
    const reference = (id: number) => `<w:r><w:footnoteReference w:id="${id}"/></w:r>`
    const docx = await readDocx(
      paragraph(
        run('There were 14'),
        reference(7),
        run(' licences and 3'),
        reference(5),
        run('.'),
      ) +
        `<w:tbl>${row(cell(paragraph(run('9'), '<w:r><w:endnoteReference w:id="1"/></w:r>')), cell(paragraph(run('b'))))}</w:tbl>`,
      [
        buildRelationships([
          { id: 'r1', type: 'footnotes', target: 'footnotes.xml' },
          { id: 'r2', type: 'endnotes', target: 'endnotes.xml' },
        ]),
        {
          name: 'word/footnotes.xml',
          content: `<w:footnotes ${w}><w:footnote w:id="5">${paragraph(run('Five.'))}</w:footnote><w:footnote w:id="7">${paragraph(run('Seven.'))}</w:footnote></w:footnotes>`,
        },
        {
          name: 'word/endnotes.xml',
          content: `<w:endnotes ${w}><w:endnote w:id="1">${paragraph(run('One.'))}</w:endnote></w:endnotes>`,
        },
      ],
    )
    expect(docx.body).toBe(
      'There were 14[1] licences and 3[2].\n\n9[i]\tb\n\n[1] Seven.\n\n[2] Five.\n\n[i] One.',
    )
    expect(docx.textsOf('note')).toEqual([
      '[1]',
      '[2]',
      '[i]',
      '[1] Seven.\n\n[2] Five.\n\n[i] One.',
    ])
  })

  test('formulas are text', async () => {
    const docx = await readDocx(
      paragraph(
        '<m:oMath><m:r><m:t>x=</m:t></m:r><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>n+1</m:t></m:r></m:den></m:f><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>6</m:t></m:r></m:sup></m:sSup></m:oMath>',
        run(' is the share'),
      ),
    )
    expect(docx.body).toBe('x=1/(n+1)10⁶ is the share')
  })
})

test.each([
  ['of the run', '<w:vanish/>', ''],
  ['of its style', '<w:rStyle w:val="Secret"/>', ''],
  ['of the style of its paragraph', '', '<w:pPr><w:pStyle w:val="SecretBased"/></w:pPr>'],
])(
  'hidden text is out, and the metadata says so: by a property %s',
  async (_, own, ofParagraph) => {
    const styles = `<w:styles ${w}><w:style w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="SecretBased"><w:basedOn w:val="Secret"/></w:style></w:styles>`
    const docx = await readDocx(
      paragraph(run('Visible.')) + paragraph(ofParagraph, run('SECRET', own)),
      [
        buildRelationships([{ id: 'r1', type: 'styles', target: 'styles.xml' }]),
        { name: 'word/styles.xml', content: styles },
      ],
    )
    expect(docx.body).toBe('Visible.')
    expect(docx.valuesOf('omitted')).toEqual(['hidden text: 6 characters'])
  },
)

test('a property that is switched off hides and strikes nothing', async () => {
  const docx = await readDocx(
    paragraph(run('Seen', '<w:vanish w:val="0"/>'), run(' whole', '<w:strike w:val="false"/>')),
  )
  expect(docx.parts).toEqual([['article', 'Seen whole']])
})

test('struck text is marked; tracked deletions are out, insertions in', async () => {
  const docx = await readDocx(
    paragraph(run('twelve', '<w:strike/>'), run('seven systems')) +
      paragraph(
        run('The number is '),
        '<w:del><w:r><w:delText>twelve</w:delText></w:r></w:del>',
        `<w:ins>${run('seven')}</w:ins>`,
        run('.'),
      ) +
      `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>${run('Joined')}</w:p>${paragraph(run('to this.'))}`,
  )
  expect(docx.body).toBe('twelve seven systems\n\nThe number is seven.\n\nJoined to this.')
  expect(docx.textsOf('struck')).toEqual(['twelve'])
  expect(docx.valuesOf('omitted')).toEqual(['deleted by a tracked change: 6 characters'])
})

test('headers and footers are spans, each once; links that lead nowhere do no harm', async () => {
  const margin = (name: string, text: string) => ({
    name: `word/${name}.xml`,
    content: `<w:hdr ${w}>${paragraph(run(text))}</w:hdr>`,
  })
  const docx = await readDocx(
    `${paragraph('<w:hyperlink r:id="gone">', run('Linked words'), '</w:hyperlink>')}<w:sectPr><w:headerReference w:type="default" r:id="r1"/><w:headerReference w:type="first" r:id="r2"/><w:footerReference r:id="r3"/><w:headerReference r:id="lost"/></w:sectPr>`,
    [
      buildRelationships([
        { id: 'r1', type: 'header', target: 'header1.xml' },
        { id: 'r2', type: 'header', target: 'header2.xml' },
        { id: 'r3', type: 'footer', target: 'missing.xml' },
      ]),
      margin('header1', 'Ministry of Trade, 4 May 2020'),
      margin('header2', 'Ministry of Trade, 4 May 2020'),
    ],
  )
  expect(docx.parts).toEqual([
    ['header', 'Ministry of Trade, 4 May 2020'],
    ['article', 'Linked words'],
  ])
})

test('tables: empty, merged and deleted cells; prefixes of other producers', async () => {
  const text = (content: string) => paragraph(run(content))
  const table = `<w:tbl>${row(cell(text('Year')), cell(text('Refused')), cell(text('Granted')))}${row(cell(text('2020'), '<w:vMerge w:val="restart"/>'), cell('<w:p/>'), cell(text('3')))}${row(cell('<w:p/>', '<w:vMerge/>'), cell(text('both'), '<w:gridSpan w:val="2"/>'))}<w:tr><w:trPr><w:del/></w:trPr>${cell(text('GONE'))}</w:tr></w:tbl>`
  const expected = [['table', 'Year\tRefused\tGranted\n2020\t\t3\n\tboth\t']]
  expect((await readDocx(table)).parts).toEqual(expected)
  const other = buildDocxOf(table).toString('latin1')
  expect(other).toContain('word/document.xml')
})

test('a text box follows its paragraph, once', async () => {
  const box = `<w:txbxContent>${paragraph(run('In the box.'))}</w:txbxContent>`
  const docx = await readDocx(
    paragraph(
      `<w:r><mc:AlternateContent><mc:Choice><w:drawing>${box}</w:drawing></mc:Choice><mc:Fallback><w:pict>${box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>`,
      run('Before it.'),
    ),
  )
  expect(docx.body).toBe('Before it.\n\nIn the box.')
})
