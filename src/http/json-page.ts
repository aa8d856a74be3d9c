/**
 * A page of JSON texts, as bytes: `{"data":[...],"next":...}`. As one string it would be copied twice, to be measured and to be
 * sent, each time into fresh memory once it is longer than some 100 KB.
 */
export function jsonPage(
  documents: readonly string[],
  next: string | null,
  total: number | null = null,
): Buffer {
  const counted = total === null ? '' : `,"total":${total}`
  const end = `],"next":${JSON.stringify(next)}${counted}}`
  let length = start.length + Math.max(0, documents.length - 1) + Buffer.byteLength(end)
  for (const document of documents) length += Buffer.byteLength(document)
  const page = Buffer.allocUnsafe(length)
  let at = page.write(start, 0)
  for (const [index, document] of documents.entries()) {
    if (index > 0) at += page.write(',', at)
    at += page.write(document, at)
  }
  page.write(end, at)
  return page
}

const start = '{"data":['
