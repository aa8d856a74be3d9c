import { deflateSync } from 'node:zlib'
import { openPdfBitmaps } from '../../src/intake/extraction/ocr/pictures/page-bitmaps.ts'
import { type Bitmap, turnBitmap } from '../../src/intake/extraction/ocr/pictures/pictures.ts'
import { encodePng } from '../../src/intake/extraction/ocr/pictures/png.ts'
import { assemblePdf, buildDrawnPdf, type DrawnText } from './document-builders.ts'

/** Lines of print as a grey picture. */
export async function drawScan(
  lines: readonly (string | DrawnText)[],
  { dpi = 150, height = 842 }: { dpi?: number; height?: number } = {},
): Promise<Bitmap> {
  const texts = lines.map((line, index) =>
    typeof line === 'string' ? { text: line, x: 50, y: 800 - index * 24, size: 14 } : line,
  )
  const pages = await openPdfBitmaps(buildDrawnPdf([texts]))
  const page = await pages.render(1, dpi)
  pages.close()
  const rows = Math.min(page.height, Math.round((height / 842) * page.height))
  return { width: page.width, height: rows, data: page.data.slice(0, page.width * rows) }
}

export const toPng = (bitmap: Bitmap, turned = 0): Buffer => encodePng(turnBitmap(bitmap, turned))

/** A PDF of pictures; a page of texts has a text layer instead. */
export function buildScannedPdf(pages: readonly (Bitmap | readonly string[])[]): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${pages.map((_, index) => `${4 + index * 3} 0 R`).join(' ')}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((page, index) => {
      const [contentId, imageId] = [5 + index * 3, 6 + index * 3]
      const isPicture = 'data' in page
      const content = isPicture
        ? 'q 595 0 0 842 0 0 cm /Im Do Q'
        : page.map((line, at) => `BT /F1 12 Tf 60 ${700 - at * 14} Td (${line}) Tj ET`).join('\n')
      const pixels = isPicture ? deflateSync(page.data) : Buffer.from('')
      const size = isPicture ? `/Width ${page.width} /Height ${page.height}` : '/Width 1 /Height 1'
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${contentId} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /Im ${imageId} 0 R >> >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
        `<< /Type /XObject /Subtype /Image ${size} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode /Length ${pixels.length} >>\nstream\n${pixels.toString('latin1')}\nendstream`,
      ]
    }),
  ]
  return assemblePdf(objects, '')
}

/** An uncompressed grey TIFF file of several pages (TIFF 6.0). */
export function buildTiff(pages: readonly Bitmap[]): Buffer {
  const parts: Buffer[] = []
  const header = Buffer.from('II*\0\0\0\0\0', 'latin1')
  parts.push(header)
  let at = header.length
  let previousLink = { buffer: header, offset: 4 }
  for (const { width, height, data } of pages) {
    const pixels = Buffer.from(data.length % 2 === 0 ? data : [...data, 0])
    const entries: [tag: number, type: number, value: number][] = [
      [256, 4, width],
      [257, 4, height],
      [258, 3, 8],
      [259, 3, 1],
      [262, 3, 1],
      [273, 4, at],
      [277, 3, 1],
      [278, 4, height],
      [279, 4, data.length],
    ]
    const directory = Buffer.alloc(2 + entries.length * 12 + 4)
    directory.writeUInt16LE(entries.length, 0)
    for (const [index, [tag, type, value]] of entries.entries()) {
      directory.writeUInt16LE(tag, 2 + index * 12)
      directory.writeUInt16LE(type, 4 + index * 12)
      directory.writeUInt32LE(1, 6 + index * 12)
      directory.writeUInt32LE(value, 10 + index * 12)
    }
    previousLink.buffer.writeUInt32LE(at + pixels.length, previousLink.offset)
    previousLink = { buffer: directory, offset: directory.length - 4 }
    parts.push(pixels, directory)
    at += pixels.length + directory.length
  }
  return Buffer.concat(parts)
}
