import type { EntryFormat } from '../../records/model/entry-format.ts'
import { formatExactDate, formatSourceNote, type ListedArticle } from './csl.ts'

/** BibTeX of articles, in UTF-8; with the `date` of BibLaTeX, which holds what `year` and `month` cannot. Plain styles read `year`. */
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
  const [, month] = day?.split('-') ?? []
  const year = publishedOn && formatYears(publishedOn)
  // Plain styles demand these three of an `@article`, and nothing of a `@misc`.
  const isComplete = authors.length > 0 && publisher !== null && year !== null
  const fields: [string, string | null | undefined][] = [
    ['title', wrapInBraces(`{${escapeTex(title)}}`)],
    // In braces: otherwise BibTeX takes "United Nations" for a person with the surname "Nations".
    [
      'author',
      authors.length > 0
        ? wrapInBraces(authors.map((author) => `{${escapeTex(author)}}`).join(' and '))
        : null,
    ],
    [isComplete ? 'journal' : 'howpublished', publisher && wrapInBraces(escapeTex(publisher.name))],
    // Styles sort and label by it where there is no author.
    ['key', authors.length > 0 ? null : wrapInBraces(escapeTex(publisher?.name ?? title))],
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
  return `@${isComplete ? 'article' : 'misc'}{${article.slug},\n${lines.join(',\n')}\n}\n\n`
}

/** Empty for a date with an open side: not every BibLaTeX parser accepts it. The note has the EDTF. */
const formatDateRange = ({
  earliest,
  latest,
}: NonNullable<ListedArticle['publishedOn']>): string =>
  earliest === null || latest === null ? '' : `${earliest}/${latest}`

/** The year, or the first and the last of several; null at an open end. */
function formatYears({
  earliest,
  latest,
}: NonNullable<ListedArticle['publishedOn']>): string | null {
  if (earliest === null || latest === null) return null
  const [first, last] = [earliest.slice(0, 4), latest.slice(0, 4)]
  return first === last ? first : `${first}--${last}`
}

const wrapInBraces = (text: string): string => `{${text}}`

const texEscapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
}

/** Escapes the special characters of TeX. */
const escapeTex = (text: string): string =>
  text.replaceAll(/[\\~^{}$&#_%]/g, (character) => texEscapes[character] ?? `\\${character}`)
