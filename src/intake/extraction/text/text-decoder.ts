import { analyse } from 'chardet'
import { normaliseText } from '../../../evidence/text.ts'
import { DocumentError, type MetadataEntry } from '../document.ts'

export type DecodedText = { text: string; encoding: MetadataEntry }

/**
 * Decodes bytes into the form of a body (NFC, `\n`). The entry `encoding` says how the encoding was found, in this order:
 * byte order mark, declaration by the sender or the document, UTF-16 and UTF-8 by the bytes, guess among European and
 * Asian encodings. A declared encoding that does not fit is ignored.
 *
 * @throws {DocumentError} document-unreadable when the bytes are not text in any of them
 */
export function decodeText(
  bytes: Uint8Array,
  declared: readonly { label: string; foundIn: string }[],
): DecodedText {
  const candidates = [
    ...detectByteOrderMark(bytes),
    ...declared,
    ...detectUtf16(bytes),
    { label: 'utf-8', foundIn: 'the bytes are valid UTF-8' },
    ...guessEncodings(bytes),
  ]
  for (const { label, foundIn } of candidates) {
    const text = tryDecode(bytes, label)
    if (text === null || !isText(text)) continue
    const encoding: MetadataEntry = { name: 'encoding', value: label.toLowerCase(), foundIn }
    return { text: normaliseText(text), encoding }
  }
  throw new DocumentError(
    'document-unreadable',
    bytes.includes(0)
      ? 'The file contains NUL bytes and is not text in any encoding: a program or a damaged file?'
      : 'The file is not text in any supported encoding; save it as UTF-8.',
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

/** The likeliest first, then Windows-1252. Single-byte encodings decode any bytes, so they must be tried last. */
function guessEncodings(bytes: Uint8Array) {
  const likely = analyse(bytes.subarray(0, 65_536))
    .map(({ name }) => name.toLowerCase())
    .filter((name) =>
      /^(windows-125\d|iso-8859-\d+|koi8-r|shift_jis|gb18030|big5|euc-.+)$/.test(name),
    )
    .slice(0, 3)
    // WHATWG Encoding, 4.2: the label ISO-8859-1 means Windows-1252.
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

/** Well-formed Unicode without control characters, except those of layout. */
const isText = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
  text.isWellFormed() && !/[\0-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/.test(text)
