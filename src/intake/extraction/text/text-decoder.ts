import { analyse } from 'chardet'
import { normaliseText } from '../../../evidence/text.ts'
import { DocumentError, type MetadataEntry } from '../document.ts'

export type DecodedText = { text: string; encoding: MetadataEntry }

/**
 * The text of bytes that are said to be text, in the form of a body (NFC, `\n`), and how its encoding was known: by a
 * byte order mark, by what the document or its sender declares, because it is UTF-8, or by guessing among the encodings
 * of Europe. What is declared and does not fit is passed over.
 *
 * @throws {DocumentError} document-unreadable for what is no text in any of them
 */
export function decodeText(
  bytes: Uint8Array,
  declared: readonly { label: string; foundIn: string }[],
): DecodedText {
  const tried = [
    ...detectByteOrderMark(bytes),
    ...declared,
    ...detectUtf16(bytes),
    { label: 'utf-8', foundIn: 'the bytes are valid UTF-8' },
    ...guessEncodings(bytes),
  ]
  for (const { label, foundIn } of tried) {
    const text = tryDecode(bytes, label)
    if (text === null || !isText(text)) continue
    const encoding: MetadataEntry = { name: 'encoding', value: label.toLowerCase(), foundIn }
    return { text: normaliseText(text), encoding }
  }
  throw new DocumentError(
    'document-unreadable',
    bytes.includes(0)
      ? 'It has NUL bytes, and is text in no encoding: a program or a damaged file?'
      : 'It is text in no encoding that is known here; save it as UTF-8.',
  )
}

function detectByteOrderMark(bytes: Uint8Array) {
  const foundIn = 'byte order mark'
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return [{ label: 'utf-8', foundIn }]
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return [{ label: 'utf-16le', foundIn }]
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return [{ label: 'utf-16be', foundIn }]
  return []
}

/** Latin text in UTF-16 has a zero in every other byte. */
function detectUtf16(bytes: Uint8Array) {
  if (bytes.length % 2 === 1) return []
  const zeros = [0, 0]
  for (let index = 0; index < Math.min(bytes.length, 4_096); index += 1)
    if (bytes[index] === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const half = Math.min(bytes.length, 4_096) / 2
  const [even = 0, odd = 0] = zeros
  const foundIn = 'guessed: every other byte is zero'
  if (odd > half * 0.6 && even < half * 0.1) return [{ label: 'utf-16le', foundIn }]
  if (even > half * 0.6 && odd < half * 0.1) return [{ label: 'utf-16be', foundIn }]
  return []
}

/** One of a single byte a character always decodes, so these come last; the likeliest first, then the commonest. */
function guessEncodings(bytes: Uint8Array) {
  const likely = analyse(bytes.subarray(0, 65_536))
    .map(({ name }) => name.toLowerCase())
    .filter((name) =>
      /^(windows-125\d|iso-8859-\d+|koi8-r|shift_jis|gb18030|big5|euc-.+)$/.test(name),
    )
    .slice(0, 3)
    // WHATWG Encoding, 4.2: what is called Latin-1 is Windows-1252.
    .map((name) => (name === 'iso-8859-1' ? 'windows-1252' : name))
  return [...new Set([...likely, 'windows-1252'])].map((label) => ({
    label,
    foundIn: 'guessed from the bytes',
  }))
}

function tryDecode(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** No control characters but those of layout, and nothing that is not Unicode. */
const isText = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.isWellFormed() && !/[\0-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/.test(text)
