/** Text in SVG: markup in names is text. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
    // Characters that XML 1.0 does not have.
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')

export const width = 900
const titleHeight = 56
const footHeight = 40
const font = 'font-family="system-ui, sans-serif"'
/** Dark and light enough to be told apart in black and white. */
export const inks = {
  dark: '#1d3f5e',
  middle: '#5b86ab',
  light: '#c9dae8',
  text: '#1c1c1c',
  soft: '#595959',
} as const

export type Texts = {
  title: string
  description: string
  /** What the numbers are. */
  unit: string
  source: string
}

/** A rounded number for coordinates. */
export const round = (value: number): number => Math.round(value * 10) / 10

const shorten = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text

export function drawText(
  x: number,
  y: number,
  text: string,
  { size = 13, anchor = 'start', fill = inks.text as string, length = 60 } = {},
): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" text-anchor="${anchor}" fill="${fill}">${escapeXml(shorten(text, length))}</text>`
}

/** A whole document: title, unit, the drawing moved below them, and the source. */
export function drawDocument(
  { title, description, unit, source }: Texts,
  drawing: string,
  height: number,
): string {
  const whole = titleHeight + height + footHeight
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${whole}" width="${width}" height="${whole}" role="img" aria-labelledby="chart-title chart-desc" ${font}>
<title id="chart-title">${escapeXml(title)}</title>
<desc id="chart-desc">${escapeXml(description)}</desc>
<rect width="${width}" height="${whole}" fill="#ffffff"/>
${drawText(16, 26, title, { size: 18, length: 90 })}
${drawText(16, 46, unit, { fill: inks.soft, length: 120 })}
<g transform="translate(0 ${titleHeight})">${drawing}</g>
${drawText(16, whole - 14, source, { size: 11, fill: inks.soft, length: 150 })}
</svg>
`
}

const compact = new Intl.NumberFormat('en', { maximumFractionDigits: 2, notation: 'compact' })
const exact = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

export const formatNumber = (value: number): string => exact.format(value)
export const formatShort = (value: number): string => compact.format(value)
