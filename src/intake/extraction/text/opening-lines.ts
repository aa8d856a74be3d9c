import type { ExtractedDocument, MetadataEntry } from '../document.ts'

/** Lines of the article in which it may say who wrote it and when. */
const linesMax = 12
const lineLengthMax = 120

const month = String.raw`\p{L}{3,12}\.?`
const day = String.raw`\d{1,2}(?:st|nd|rd|th|\.|er)?`
const dateWords = String.raw`(?:${month}\s+${day}(?:,?\s+\d{4})?|${day}\s+(?:de\s+)?${month}(?:\s+(?:de\s+)?\d{4})?|\d{4}-\d\d-\d\d)`

/** `COPENHAGEN, Sept 24 (Baltpress) - `, `PARIS (Nordwire) — `, `Oslo, 4 May 2021 – ` */
const datelinePattern = new RegExp(
  String.raw`^\p{Lu}[\p{L}'’ .-]{1,30}(?:,\s+\p{Lu}[\p{L}. ]{1,20})?(?:,?\s+(?<date>${dateWords}))?(?:,?\s*\((?<agency>\p{L}[^()]{1,40})\))?\s*[-–—]+\s+\S`,
  'u',
)
/** `Published: 24 September 2021, 10:15`, `24. September 2021` */
const dateLinePattern = new RegExp(
  String.raw`^(?:(?:published|posted|date|veröffentlicht|publié|publicado|pubblicato|gepubliceerd|publicerad|yayın)(?:\s+(?:on|am|le|el|il|op|den|tarihi))?\s*:?\s*)?(?:\p{L}{3,12},\s+)?(?<date>${dateWords})(?:[,\s]+(?:at\s+)?\d{1,2}[:.]\d\d.{0,12})?$`,
  'iu',
)
const bylinePattern =
  /^(?:by|von|par|por|di|door|av|af|text|author|autor|auteur)\s*:?\s+(?<names>\p{Lu}.+)$/iu
const personPattern =
  /^\p{Lu}[\p{L}'’.-]*(?: (?:de|van|von|der|den|la|el|al|bin|di|da|du|dos|ter|\p{Lu}[\p{L}'’.-]*)){1,4}$/u

/** What the first lines of a text say about it: a dateline, a line with the date, a line with the authors. */
export function readOpeningLines({
  body,
  spans,
}: Pick<ExtractedDocument, 'body' | 'spans'>): MetadataEntry[] {
  const [first] = spans.filter(({ type }) => type === 'article' || type === 'page')
  const points = [...body.slice(0, 200_000)]
  const opening = first
    ? points.slice(first.start, first.start + 4_000).join('')
    : body.slice(0, 4_000)
  const lines = opening
    .split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, linesMax)
  return lines.flatMap((line, index) => readLine(line, `line ${index + 1}`))
}

function readLine(line: string, foundIn: string): MetadataEntry[] {
  const dateline = datelinePattern.exec(line)?.groups
  if (dateline?.date !== undefined || dateline?.agency !== undefined) {
    const { date, agency } = dateline
    return [
      ...(date
        ? [{ name: 'published' as const, value: date, foundIn: `dateline in ${foundIn}` }]
        : []),
      ...(agency
        ? [{ name: 'siteName' as const, value: agency, foundIn: `dateline in ${foundIn}` }]
        : []),
    ]
  }
  if (line.length > lineLengthMax) return []
  const date = dateLinePattern.exec(line)?.groups?.date
  if (date !== undefined) return [{ name: 'published', value: date, foundIn }]
  return listNames(line).map((value) => ({ name: 'byline', value, foundIn }))
}

/** The persons of `By Jane Doe and John Roe`. None where a part is no name. */
function listNames(line: string): string[] {
  const names = (bylinePattern.exec(line)?.groups?.names ?? '')
    .split(/,\s+|\s+(?:and|und|et|y|e|en|och|ve|&)\s+/u)
    .map((name) => name.trim())
  return names.every((name) => personPattern.test(name)) ? names : []
}
