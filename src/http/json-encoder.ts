/** Encodes chunks directly into one buffer. Joined to one string first, a long text would be copied twice. */
function encodeChunks(chunks: readonly string[]): Buffer {
  let length = 0
  for (const chunk of chunks) length += Buffer.byteLength(chunk)
  const bytes = Buffer.allocUnsafe(length)
  let offset = 0
  for (const chunk of chunks) offset += bytes.write(chunk, offset)
  return bytes
}

/** The chunks of an array of JSON texts. */
const formatArrayChunks = (texts: readonly string[]): string[] => [
  '[',
  ...texts.flatMap((text, index) => (index === 0 ? [text] : [',', text])),
  ']',
]

/** A page of entries, which are JSON texts: `{"data":[...],"next":...}`, with `"total"` unless it is null. */
export function encodeJsonPage(
  entries: readonly string[],
  next: string | null,
  total: number | null = null,
): Buffer {
  const totalMember = total === null ? '' : `,"total":${total}`
  return encodeChunks([
    '{"data":',
    ...formatArrayChunks(entries),
    `,"next":${JSON.stringify(next)}${totalMember}}`,
  ])
}

/** Same output as `JSON.stringify`, for an object with long arrays as members. */
export function encodeJson(value: Readonly<Record<string, unknown>>): Buffer {
  const chunks: string[] = []
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    chunks.push(chunks.length === 0 ? '{' : ',', JSON.stringify(name), ':')
    if (Array.isArray(member))
      chunks.push(...formatArrayChunks(member.map((element) => JSON.stringify(element))))
    else chunks.push(JSON.stringify(member))
  }
  return encodeChunks([...chunks, chunks.length === 0 ? '{}' : '}'])
}
