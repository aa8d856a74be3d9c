import type { FastifyRequest } from 'fastify'
import { Problem } from '../../problem.ts'
import type { ReceivedDocument } from '../extraction/document.ts'

/** What a form with a file holds: each field once or several times, and the file. */
export type MultipartForm = { fields: Record<string, unknown>; file: ReceivedDocument | null }

/** Files that are held in memory while they come in. */
const concurrentUploadsMax = 8
let activeUploads = 0

/**
 * Reads a `multipart/form-data` body to its end, as far as it may go.
 *
 * @throws {Problem} body-too-large, invalid-request, busy
 */
export async function readForm(
  request: FastifyRequest,
  limitBytes: number,
): Promise<MultipartForm> {
  const tooLarge = () =>
    new Problem('body-too-large', `The file is over ${limitBytes} bytes (DOCUMENT_LIMIT_BYTES).`)
  if (Number(request.headers['content-length'] ?? 0) > limitBytes + 1_048_576) throw tooLarge()
  if (activeUploads >= concurrentUploadsMax)
    throw new Problem('busy', 'Too many files are coming in just now.')
  activeUploads += 1
  try {
    return await readParts(request, limitBytes)
  } catch (error) {
    if (codeOf(error) === 'FST_REQ_FILE_TOO_LARGE') throw tooLarge()
    throw formProblem(error) ?? error
  } finally {
    activeUploads -= 1
  }
}

/** What busboy says, without a code, of a form that is not one or breaks off. */
const malformed =
  /^Multipart: Boundary not found$|^Unexpected end of multipart data$| terminated early due to unexpected end of multipart data$/
/** The client has left before the form was at its end. */
const brokenOff = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE']

/** What is wrong with the form; undefined when the error is something else. */
function formProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || error instanceof Problem) return undefined
  const { message } = error
  const code = codeOf(error)
  const status = code.startsWith('FST_') && 'statusCode' in error ? Number(error.statusCode) : 0
  if (status === 413) return new Problem('body-too-large', `The form is too large: ${message}.`)
  if ((status >= 400 && status < 500) || malformed.test(message))
    return new Problem('invalid-request', `The form cannot be read: ${message}.`, { cause: error })
  if (brokenOff.includes(code))
    return new Problem('invalid-request', 'The form breaks off.', { cause: error })
  return undefined
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

async function readParts(request: FastifyRequest, limitBytes: number): Promise<MultipartForm> {
  const fields = new Map<string, unknown>()
  let file: ReceivedDocument | null = null
  const parts = request.parts({
    limits: {
      fileSize: limitBytes,
      files: 1,
      fields: 200,
      fieldSize: 20_000,
      fieldNameSize: 100,
      parts: 201,
    },
  })
  for await (const part of parts) {
    if (part.type === 'file') {
      const bytes = Uint8Array.from(await part.toBuffer())
      if (part.fieldname !== 'file')
        throw invalidFieldProblem(part.fieldname, 'the file must be in the part "file"')
      file = { bytes, name: part.filename || null, mediaType: part.mimetype }
      continue
    }
    const { fieldname, value } = part
    if (part.valueTruncated) throw invalidFieldProblem(fieldname, 'is longer than is taken')
    if (String(value).includes('\0'))
      throw invalidFieldProblem(fieldname, 'a NUL character cannot be stored')
    const before = fields.get(fieldname)
    fields.set(fieldname, before === undefined ? value : [before, value].flat())
  }
  return { fields: Object.fromEntries(fields), file }
}

function invalidFieldProblem(field: string, detail: string): Problem {
  const pointer = `/body/${field}`
  return new Problem('invalid-request', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] })
}
