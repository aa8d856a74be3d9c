import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import {
  BadBackupError,
  decodeFrames,
  encodeFrame,
  type Frame,
} from '../../database/backup/frames.ts'
import { FatalError } from '../../fatal-error.ts'

const ageBeginning = 'age-encryption.org/'

/**
 * Writes frames as a compressed file, encrypted for the recipients (public keys of age) if there are any. The file is
 * complete and on the disk, or not there.
 */
export async function writeBackupFile(
  file: string,
  frames: AsyncIterable<Frame>,
  recipients: readonly string[],
): Promise<void> {
  const temporaryFile = `${file}.part`
  const encrypt = recipients.length === 0 ? null : await createEncrypter(recipients)
  try {
    const compressed = connect(Readable.from(encodeFrames(frames)), createZstdCompress())
    const output = encrypt === null ? compressed : await encrypt(compressed)
    // The backup has the hashes of all keys and what is not public.
    await pipeline(output, createWriteStream(temporaryFile, { mode: 0o600 }))
    const handle = await open(temporaryFile)
    await handle.sync().finally(() => handle.close())
    await rename(temporaryFile, file)
  } catch (error) {
    await rm(temporaryFile, { force: true })
    throw error
  }
}

/** An error of the source becomes one of the target, which its reader sees. */
function connect<T extends Transform>(source: Readable, target: T): T {
  pipeline(source, target).catch(() => undefined)
  return target
}

async function* encodeFrames(frames: AsyncIterable<Frame>): AsyncGenerator<Buffer> {
  for await (const frame of frames) yield encodeFrame(frame)
}

/**
 * Reads the frames of a backup. A damaged or cut file throws after its intact frames.
 *
 * @param identities private keys of age, for an encrypted file
 * @throws {BadBackupError}
 */
export async function* readBackupFile(
  file: string,
  identities: readonly string[],
): AsyncGenerator<Frame> {
  try {
    const source = createReadStream(file)
    const isEncrypted = await startsWith(file, ageBeginning)
    if (isEncrypted && identities.length === 0)
      throw new BadBackupError('it is encrypted: name the file with its key, --identity')
    const compressed = isEncrypted ? await decrypt(source, identities) : source
    yield* decodeFrames(connect(compressed, createZstdDecompress()))
  } catch (error) {
    throw toBackupError(error)
  }
}

async function startsWith(file: string, text: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer } = await handle.read(Buffer.alloc(text.length), 0, text.length, 0)
    return buffer.toString('latin1') === text
  } finally {
    await handle.close()
  }
}

async function createEncrypter(recipients: readonly string[]) {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  for (const recipient of recipients)
    try {
      encrypter.addRecipient(recipient)
    } catch (error) {
      throw new FatalError(`--recipient: ${recipient} is no public key of age (age1...).`, {
        cause: error,
      })
    }
  return async (source: Readable): Promise<Readable> =>
    Readable.fromWeb(
      (await encrypter.encrypt(
        Readable.toWeb(source) as never,
      )) as unknown as ReadableStream<Uint8Array>,
    )
}

async function decrypt(source: Readable, identities: readonly string[]): Promise<Readable> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  for (const identity of identities)
    try {
      decrypter.addIdentity(identity)
    } catch (error) {
      throw new BadBackupError('--identity names a file without a private key of age', {
        cause: error,
      })
    }
  const plain = await decrypter.decrypt(Readable.toWeb(source) as never)
  return Readable.fromWeb(plain as unknown as ReadableStream<Uint8Array>)
}

/** Errors of zstd and age mean a damaged file. */
function toBackupError(error: unknown): unknown {
  if (error instanceof BadBackupError || !(error instanceof Error)) return error
  const { code = '' } = error as NodeJS.ErrnoException
  if (/^(ENOENT|EACCES|EISDIR|EPERM)$/.test(code)) return error
  const reason = /no identity/.test(error.message)
    ? 'the key of --identity cannot decrypt it'
    : `it is damaged or cut off (${error.message})`
  return new BadBackupError(reason, { cause: error })
}
