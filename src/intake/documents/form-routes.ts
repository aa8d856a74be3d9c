import type { FastifyRequest } from 'fastify'
import { Problem } from '../../problem.ts'
import type { ReceivedDocument } from '../extraction/document.ts'

/** A parsed form. A field that occurs several times has an array of its values. `file` is null without a file part. */
export type MultipartForm = { fields: Record<string, unknown>; file: ReceivedDocument | null }

/** Uploaded files are held in memory. */
const concurrentUploadsMax = 8
let activeUploads = 0

/**
 * Reads a `multipart/form-data` body.
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
    throw new Problem('busy', 'Too many files are being uploaded. Try again.')
  activeUploads += 1
  try {
    return await readParts(request, limitBytes)
  } catch (error) {
    if (codeOf(error) === 'FST_REQ_FILE_TOO_LARGE') throw tooLarge()
    throw toFormProblem(error) ?? error
  } finally {
    activeUploads -= 1
  }
}

/** Messages of busboy, which have no error code, for a malformed or truncated form. */
const malformedFormMessages =
  /^Multipart: Boundary not found$|^Unexpected end of multipart data$| terminated early due to unexpected end of multipart data$/
/** The client closed the connection before the end of the form. */
const abortedFormCodes = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE']

/** Undefined when the error is not about the form. */
function toFormProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || error instanceof Problem) return undefined
  const { message } = error
  const code = codeOf(error)
  const status = code.startsWith('FST_') && 'statusCode' in error ? Number(error.statusCode) : 0
  if (status === 413) return new Problem('body-too-large', `The form is too large: ${message}.`)
  if ((status >= 400 && status < 500) || malformedFormMessages.test(message))
    return new Problem('invalid-request', `The form cannot be read: ${message}.`, { cause: error })
  if (abortedFormCodes.includes(code))
    return new Problem('invalid-request', 'The form is incomplete.', { cause: error })
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
    if (part.valueTruncated) throw invalidFieldProblem(fieldname, 'the value is too long')
    if (String(value).includes('\0'))
      throw invalidFieldProblem(fieldname, 'a NUL character cannot be stored')
    const previous = fields.get(fieldname)
    fields.set(fieldname, previous === undefined ? value : [previous, value].flat())
  }
  return { fields: Object.fromEntries(fields), file }
}

function invalidFieldProblem(field: string, detail: string): Problem {
  const pointer = `/body/${field}`
  return new Problem('invalid-request', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] })
}
