import { crc32, deflateRawSync } from 'node:zlib'

/** Small documents, made by hand so that every byte of them is known. */

/** A PDF with a text layer: each page is its lines, from the top. */
export function buildPdf(
  pages: readonly (readonly string[])[],
  { info = '', trailer = '' }: { info?: string; trailer?: string } = {},
): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>',
    `<< /Type /Pages /Kids [${pages.map((_, index) => `${5 + index * 2} 0 R`).join(' ')}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    `<< ${info} >>`,
    ...pages.flatMap((lines, index) => {
      const content = lines
        .map((line, at) => {
          const text = line.replaceAll(/[\\()]/g, '\\$&')
          return `BT /F1 12 Tf 72 ${760 - at * 14} Td (${text}) Tj ET`
        })
        .join('\n')
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${6 + index * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ]
    }),
  ]
  return assemblePdf(objects, `/Info 4 0 R ${trailer}`)
}

/** Text at a position: points from the left and from the bottom of the page, Helvetica (`F1`) or bold (`F2`). */
export type DrawnText = { text: string; x: number; y: number; size?: number; font?: 'F1' | 'F2' }

/** A PDF whose pages draw texts at positions, in the order of the file. */
export const buildDrawnPdf = (
  pages: readonly (readonly DrawnText[])[],
  options: { info?: string; rotate?: number } = {},
): Buffer =>
  buildContentPdf(
    pages.map((texts) =>
      texts
        .map(({ text, x, y, size = 11, font = 'F1' }) => {
          const escaped = text.replaceAll(/[\\()]/g, '\\$&')
          return `BT /${font} ${size} Tf ${x} ${y} Td (${escaped}) Tj ET`
        })
        .join('\n'),
    ),
    options,
  )

/** A PDF from the content streams of its pages, A4. */
function buildContentPdf(
  contents: readonly string[],
  { info = '', rotate = 0 }: { info?: string; rotate?: number } = {},
): Buffer {
  const font = (name: string) =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Lang (en) >>',
    `<< /Type /Pages /Kids [${contents.map((_, index) => `${6 + index * 2} 0 R`).join(' ')}] /Count ${contents.length} >>`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    `<< ${info} >>`,
    ...contents.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate ${rotate} /Contents ${7 + index * 2} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
  ]
  return assemblePdf(objects, '/Info 5 0 R')
}

export function assemblePdf(objects: readonly string[], trailer: string): Buffer {
  let file = '%PDF-1.7\n'
  const offsets = objects.map((body, index) => {
    const at = file.length
    file += `${index + 1} 0 obj\n${body}\nendobj\n`
    return at
  })
  const xref = file.length
  const entries = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${xref}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

/** One that asks for a password (ISO 32000-1, 7.6). */
export const buildEncryptedPdf = (): Buffer =>
  buildPdf([['Secret']], {
    trailer: `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'ab'.repeat(32)}> /U <${'cd'.repeat(32)}> >> /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]`,
  })

export type ZipEntryContent = { name: string; content: Buffer | string }

/** An archive; `claimed` is the size that each entry claims to have, instead of its own. */
export function buildZip(
  entries: readonly ZipEntryContent[],
  { claimed: claimedSize }: { claimed?: number } = {},
): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, content } of entries) {
    const raw = Buffer.from(content)
    const packed = deflateRawSync(raw)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(raw), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(claimedSize ?? raw.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    directory.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02'),
        Buffer.from([20, 0]),
        fields,
        rest,
        Buffer.from(name),
      ]),
    )
    parts.push(local)
    at += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end])
}

/** A Word document of these paragraphs. */
export function buildDocx(
  paragraphs: readonly string[],
  more: readonly ZipEntryContent[] = [],
): Buffer {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return buildDocxOf(
    paragraphs
      .map((text) => `<w:p><w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r></w:p>`)
      .join(''),
    more,
  )
}

/** A Word document with this content of `w:body`. */
export function buildDocxOf(body: string, more: readonly ZipEntryContent[] = []): Buffer {
  const types = 'http://schemas.openxmlformats.org/package/2006'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  return buildZip([
    {
      name: '[Content_Types].xml',
      content: `<Types xmlns="${types}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    },
    {
      name: '_rels/.rels',
      content: `<Relationships xmlns="${types}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="word/document.xml"/></Relationships>`,
    },
    {
      name: 'docProps/core.xml',
      content: `<cp:coreProperties xmlns:cp="${types}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Licences of the quarter</dc:title><dc:creator>Jane Roe</dc:creator><dc:language>en-GB</dc:language></cp:coreProperties>`,
    },
    {
      name: 'word/document.xml',
      content: `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="${office}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>${body}</w:body></w:document>`,
    },
    ...more,
  ])
}

/** The relationships of the document to parts such as `footnotes`, `header`: id, type and file. */
export const buildRelationships = (
  relationships: readonly { id: string; type: string; target: string }[],
): ZipEntryContent => ({
  name: 'word/_rels/document.xml.rels',
  content: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relationships
    .map(
      ({ id, type, target }) =>
        `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`,
    )
    .join('')}</Relationships>`,
})

/** A news page with all that stands around an article. */
export const buildHtmlPage = (
  paragraphs: readonly string[],
  { head = '' }: { head?: string } = {},
) => `<!DOCTYPE html>
<html lang="en-GB"><head><title>Ministry halts radar exports | Daily Example</title>
<meta property="og:title" content="Ministry halts radar exports">
<meta property="og:site_name" content="Daily Example">
<meta property="article:published_time" content="2022-03-04T21:30:00+02:00">
<link rel="canonical" href="https://daily.example/radar?id=1">
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ministry halts radar exports","author":[{"name":"Ana Roe"},{"name":"Ben Doe"}]}</script>
<script>document.write('<p>never run</p>')</script>${head}</head><body>
<nav class="main-nav"><ul><li><a href="/">Home</a><li><a href="/politics">Politics</a></ul></nav>
<article><h1>Ministry halts radar exports</h1>
${paragraphs.map((text) => `<p>${text}</p>`).join('\n')}
<figure><img src="x.png" onerror="alert(1)"><figcaption>The radar at its launch.</figcaption></figure>
</article>
<aside class="related-stories"><h3>Related</h3><ul><li><a href="/1">Putin and Pashinyan will not speak, an official says today</a></ul></aside>
<footer><p>Copyright Daily Example. All rights reserved.</p></footer></body></html>`
