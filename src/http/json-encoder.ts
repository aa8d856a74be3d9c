/**
 * JSON as bytes, of pieces: as one string it would be copied twice, to be measured and to be sent, each time into fresh
 * memory once it is longer than some 100 KB.
 */
function encodeChunks(pieces: readonly string[]): Buffer {
  let length = 0
  for (const piece of pieces) length += Buffer.byteLength(piece)
  const bytes = Buffer.allocUnsafe(length)
  let at = 0
  for (const piece of pieces) at += bytes.write(piece, at)
  return bytes
}

/** The pieces of an array of JSON texts. */
const formatArrayChunks = (texts: readonly string[]): string[] => [
  '[',
  ...texts.flatMap((text, index) => (index === 0 ? [text] : [',', text])),
  ']',
]

/** A page of JSON texts: `{"data":[...],"next":...}`. */
export function encodeJsonPage(
  documents: readonly string[],
  next: string | null,
  total: number | null = null,
): Buffer {
  const counted = total === null ? '' : `,"total":${total}`
  return encodeChunks([
    '{"data":',
    ...formatArrayChunks(documents),
    `,"next":${JSON.stringify(next)}${counted}}`,
  ])
}

/** What `JSON.stringify` makes of an object whose members are long lists. */
export function encodeJson(value: Readonly<Record<string, unknown>>): Buffer {
  const pieces: string[] = []
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    pieces.push(pieces.length === 0 ? '{' : ',', JSON.stringify(name), ':')
    if (Array.isArray(member))
      pieces.push(...formatArrayChunks(member.map((one) => JSON.stringify(one))))
    else pieces.push(JSON.stringify(member))
  }
  return encodeChunks([...pieces, pieces.length === 0 ? '{}' : '}'])
}
