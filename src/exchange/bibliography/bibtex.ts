import type { EntryFormat } from '../../records/model/entry-format.ts'
import { formatExactDate, formatSourceNote, type ListedArticle } from './csl.ts'

/** BibTeX of articles in UTF-8. The field `date` of BibLaTeX holds dates that `year` and `month` cannot express. */
export const bibtex: EntryFormat = {
  recordForm: 'listed',
  async *write(batches) {
    for await (const jsonTexts of batches)
      yield jsonTexts.map((jsonText) => formatEntry(JSON.parse(jsonText))).join('')
  },
}

const bibtexMonths = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
] as const

function formatEntry(article: ListedArticle): string {
  const { title, authors, publisher, url, language, publishedOn } = article
  const day = publishedOn && formatExactDate(publishedOn)
  const [year, month] = day?.split('-') ?? []
  const fields: [string, string | null | undefined][] = [
    ['title', wrapInBraces(`{${escapeTex(title)}}`)],
    // In braces: otherwise BibTeX takes "United Nations" for a person with the surname "Nations".
    [
      'author',
      authors.length > 0
        ? wrapInBraces(authors.map((author) => `{${escapeTex(author)}}`).join(' and '))
        : null,
    ],
    ['journal', publisher && wrapInBraces(escapeTex(publisher.name))],
    ['year', year && wrapInBraces(year)],
    ['month', bibtexMonths[Number(month) - 1]],
    ['date', publishedOn && wrapInBraces(day ?? formatDateRange(publishedOn))],
    ['url', url && wrapInBraces(url.replaceAll(/[{}\\]/g, encodeURIComponent))],
    ['langid', language && wrapInBraces(escapeTex(language))],
    ['note', wrapInBraces(escapeTex(formatSourceNote(article)))],
  ]
  const lines = fields.flatMap(([name, value]) =>
    value && value !== '{}' ? [`  ${name} = ${value}`] : [],
  )
  return `@article{${article.slug},\n${lines.join(',\n')}\n}\n\n`
}

/** Empty for a date with an open side: not every BibLaTeX parser accepts it. The note has the EDTF. */
const formatDateRange = ({
  earliest,
  latest,
}: NonNullable<ListedArticle['publishedOn']>): string =>
  earliest === null || latest === null ? '' : `${earliest}/${latest}`

const wrapInBraces = (text: string): string => `{${text}}`

const texEscapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
}

/** Escapes the special characters of TeX. */
const escapeTex = (text: string): string =>
  text.replaceAll(/[\\~^{}$&#_%]/g, (character) => texEscapes[character] ?? `\\${character}`)
