import { crc32 } from 'node:zlib'
import { DocumentError } from '../../document.ts'
import { type PictureFormat, pixelsMax, recognisedPagesMax } from '../recognition.ts'

/** The format of a picture by its first bytes; null for anything else. */
export function detectPicture(bytes: Uint8Array): PictureFormat | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(8, bytes.length))
  if (head.equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'png'
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg'
  if (/^(II\*\0|MM\0\*)/.test(head.toString('latin1'))) return 'tiff'
  return null
}

export const pictureMediaTypes = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  tiff: 'image/tiff',
} as const satisfies Record<PictureFormat, string>

/**
 * The number of pages of a picture, after checking by its headers that it is whole and can be decoded within the limits.
 * Decoders are not asked, because a small file can claim a picture that fills the memory.
 *
 * @throws {DocumentError} document-unreadable, document-over-limit
 */
export function checkPicture(bytes: Uint8Array, format: PictureFormat): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (format === 'png') return checkPng(buffer)
    if (format === 'jpeg') return checkJpeg(buffer)
    return listTiffPages(buffer).length
  } catch (error) {
    // Reads beyond the end of the file.
    if (error instanceof RangeError) throw cutPicture(error)
    throw error
  }
}

const cutPicture = (cause?: unknown): DocumentError =>
  new DocumentError('document-unreadable', 'The picture is damaged or cut off.', { cause })

function checkPixels(width: number, height: number): void {
  if (width < 1 || height < 1) throw cutPicture()
  if (width * height > pixelsMax)
    throw new DocumentError(
      'document-over-limit',
      `The picture has ${width} x ${height} pixels; the limit is ${pixelsMax / 1_000_000} million.`,
    )
}

function checkPng(buffer: Buffer): number {
  if (buffer.toString('latin1', 12, 16) !== 'IHDR') throw cutPicture()
  checkPixels(buffer.readUInt32BE(16), buffer.readUInt32BE(20))
  if (buffer.indexOf('IEND', Math.max(0, buffer.length - 64)) === -1) throw cutPicture()
  return 1
}

function checkJpeg(buffer: Buffer): number {
  for (let at = 2; ; ) {
    if (buffer[at] !== 0xff) throw cutPicture()
    const marker = buffer.readUInt8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    // Start of frame: C0 to CF without DHT, JPG and DAC (ITU T.81, table B.1).
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      checkPixels(buffer.readUInt16BE(at + 7), buffer.readUInt16BE(at + 5))
      break
    }
    if (marker === 0xda) throw cutPicture()
    at += 2 + buffer.readUInt16BE(at + 2)
  }
  if (buffer.lastIndexOf(Buffer.from([0xff, 0xd9])) === -1) throw cutPicture()
  return 1
}

/** The sizes of the pages of a TIFF file, in its order (TIFF 6.0, section 2). */
function listTiffPages(buffer: Buffer): { width: number; height: number }[] {
  const isLittle = buffer[0] === 0x49
  const read16 = (at: number) => (isLittle ? buffer.readUInt16LE(at) : buffer.readUInt16BE(at))
  const read32 = (at: number) => (isLittle ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at))
  const pages: { width: number; height: number }[] = []
  const seen = new Set<number>()
  for (let directory = read32(4); directory !== 0; ) {
    // A directory that points back would never end.
    if (seen.has(directory)) throw cutPicture()
    seen.add(directory)
    if (pages.length >= recognisedPagesMax)
      throw new DocumentError(
        'document-over-limit',
        `The picture has over ${recognisedPagesMax} pages.`,
      )
    const count = read16(directory)
    const readValue = (at: number) => (read16(at + 2) === 3 ? read16(at + 8) : read32(at + 8))
    const size = { width: 0, height: 0 }
    for (let entry = 0; entry < count; entry += 1) {
      const at = directory + 2 + entry * 12
      const tag = read16(at)
      if (tag === 256) size.width = readValue(at)
      if (tag === 257) size.height = readValue(at)
      // A single strip or tile; lists of them are checked by the decoder.
      if ((tag === 273 || tag === 324) && read32(at + 4) === 1 && readValue(at) >= buffer.length)
        throw cutPicture()
    }
    checkPixels(size.width, size.height)
    pages.push(size)
    directory = read32(directory + 2 + count * 12)
  }
  if (pages.length === 0) throw cutPicture()
  return pages
}

const exifOrientations: Readonly<Record<number, number>> = { 90: 6, 180: 3, 270: 8 }

/**
 * The picture with a statement that it has to be turned clockwise by 90, 180 or 270 degrees, in the form in which
 * tesseract.js looks for it: the bytes of the orientation of EXIF near the start of the file. Nothing is decoded.
 */
export function addOrientation(bytes: Uint8Array, format: 'png' | 'jpeg', degrees: number): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const statement = Buffer.from([1, 18, 0, 3, 0, 0, 0, 1, 0, exifOrientations[degrees] ?? 1, 0, 0])
  if (format === 'jpeg') {
    // A comment right after the start of the image.
    const comment = Buffer.from([0xff, 0xfe, 0, statement.length + 2])
    return Buffer.concat([buffer.subarray(0, 2), comment, statement, buffer.subarray(2)])
  }
  const typed = Buffer.concat([Buffer.from('exIf'), statement])
  const chunk = Buffer.alloc(typed.length + 8)
  chunk.writeUInt32BE(statement.length, 0)
  typed.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(typed), 4 + typed.length)
  const afterHeader = 33
  return Buffer.concat([buffer.subarray(0, afterHeader), chunk, buffer.subarray(afterHeader)])
}

/** A grey bitmap, one byte for each pixel, rows from the top. */
export type Bitmap = { width: number; height: number; data: Uint8Array }

/** Turns a bitmap clockwise. */
export function turnBitmap({ width, height, data }: Bitmap, degrees: number): Bitmap {
  if (degrees === 0) return { width, height, data }
  if (degrees === 180) return { width, height, data: data.slice().reverse() }
  const turned = new Uint8Array(data.length)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const value = data[y * width + x] ?? 255
      if (degrees === 90) turned[x * height + (height - 1 - y)] = value
      else turned[(width - 1 - x) * height + y] = value
    }
  return { width: height, height: width, data: turned }
}

/** Portable grey map, which tesseract reads without decoding. */
export const encodePgm = ({ width, height, data }: Bitmap): Buffer =>
  Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), data])
