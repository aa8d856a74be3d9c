import type { EntryFormat } from '../../records/model/entry-format.ts'
import { exactly, type Listed, noteOf } from './csl.ts'

/** BibTeX of articles, in UTF-8; with the `date` of BibLaTeX, which holds what `year` and `month` cannot. */
export const bibtex: EntryFormat = {
  needs: 'listed',
  async *write(batches) {
    for await (const documents of batches)
      yield documents.map((document) => entryOf(JSON.parse(document))).join('')
  },
}

const months = [
  ...['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
] as const

function entryOf(article: Listed): string {
  const { title, authors, publisher, url, language, publishedOn } = article
  const day = publishedOn && exactly(publishedOn)
  const [year, month] = day?.split('-') ?? []
  const fields: [string, string | null | undefined][] = [
    ['title', braced(`{${escaped(title)}}`)],
    // Braced, or "United Nations" would be a person by the name of Nations.
    [
      'author',
      authors.length > 0 ? braced(authors.map((one) => `{${escaped(one)}}`).join(' and ')) : null,
    ],
    ['journal', publisher && braced(escaped(publisher.name))],
    ['year', year && braced(year)],
    ['month', months[Number(month) - 1]],
    ['date', publishedOn && braced(day ?? spanOf(publishedOn))],
    ['url', url && braced(url.replaceAll(/[{}\\]/g, encodeURIComponent))],
    ['langid', language && braced(escaped(language))],
    ['note', braced(escaped(noteOf(article)))],
  ]
  const lines = fields.flatMap(([name, value]) =>
    value && value !== '{}' ? [`  ${name} = ${value}`] : [],
  )
  return `@article{${article.slug},\n${lines.join(',\n')}\n}\n\n`
}

/** Open sides are left to the note: not every reader of BibLaTeX takes them. */
const spanOf = ({ earliest, latest }: NonNullable<Listed['publishedOn']>): string =>
  earliest === null || latest === null ? '' : `${earliest}/${latest}`

const braced = (text: string): string => `{${text}}`

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
}

/** The signs that TeX would take for its own. */
const escaped = (text: string): string =>
  text.replaceAll(/[\\~^{}$&#_%]/g, (sign) => escapes[sign] ?? `\\${sign}`)
