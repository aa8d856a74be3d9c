import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { problemResponses } from '../../../http/problems.ts'
import { Problem } from '../../../problem.ts'
import type { RouteContext } from '../../../records/routes/context.ts'
import { getAuthor } from '../../../records/write/idempotency.ts'
import { runImport } from './run-import.ts'
import { RegisterForm, RegisterImport } from './schema.ts'

const filesMax = 22
const rejectsMax = 100
const leftOpenMax = 100
/** Percent. The command has an option for it. */
const withdrawAtMost = 20

const importSchema = {
  summary: 'Import a register',
  description:
    'Makes records of the rows of a table that a government publishes, as a map of its columns says (`docs/registers.md`); the same as `casefile import-register`. Without `dryRun=false` it reads and checks everything, and writes nothing. It answers when it is done, which takes minutes for a large table; repeated after an interruption, it continues.',
  tags: ['registers'],
  security: [{ key: [] }],
  consumes: ['multipart/form-data'],
  body: { content: { 'multipart/form-data': { schema: RegisterForm } } } as unknown as z.ZodType,
  response: {
    200: {
      description: 'What the import did, or would do.',
      content: { 'application/json': { schema: RegisterImport } },
    },
    ...problemResponses(
      'invalid-request',
      'unauthorized',
      'forbidden',
      'body-too-large',
      'unsupported-media-type',
      'busy',
    ),
  },
}

/** `POST /v1/registers`. */
export const registerRoutes: FastifyPluginAsyncZod<RouteContext & { limitBytes: number }> = async (
  app,
  { database, head, limitBytes },
) => {
  await app.register(multipart)
  app.decorateRequest('registerFolder', null)
  app.addHook('onResponse', async ({ registerFolder }) => {
    if (registerFolder !== null) await rm(registerFolder, { recursive: true, force: true })
  })
  app.post(
    '/v1/registers',
    {
      config: { scope: 'write' },
      preValidation: (request) => receiveForm(request, limitBytes),
      schema: importSchema,
    },
    async (request) => {
      const form = request.body as RegisterForm
      const folder = request.registerFolder ?? ''
      const { result, rejects } = await runImport({
        databaseUrl: database.url,
        file: join(folder, form.file),
        map: join(folder, form.map),
        isDryRun: form.dryRun === 'true',
        withdrawAtMost,
        author: getAuthor(request),
        rejectsMax,
      }).catch((error: unknown) => {
        throw error instanceof Problem ? nameFiles(error, folder) : error
      })
      head.noteRevision((await head.queryHead()).revision)
      const leftOpen = result.leftOpen
        .slice(0, leftOpenMax)
        .map((open) => ({ ...open, suggestions: [...open.suggestions] }))
      return { isDryRun: form.dryRun === 'true', ...result, leftOpen, rejects }
    },
  )
}

/** The client sent names of files: the folder of the server says nothing to it. */
const nameFiles = ({ code, message }: Problem, folder: string): Problem =>
  new Problem(code, message.replaceAll(`${folder}/`, ''))

/** Writes the files of the form into a folder of their own, and sets the body before it is validated. */
async function receiveForm(request: FastifyRequest, limitBytes: number): Promise<void> {
  if (!request.isMultipart())
    throw new Problem('unsupported-media-type', 'Send a form (multipart/form-data) with the files.')
  const folder = await mkdtemp(join(tmpdir(), 'casefile-register-'))
  request.registerFolder = folder
  const body: Record<string, unknown> = {}
  const sides: string[] = []
  const parts = request.parts({
    limits: {
      fileSize: limitBytes,
      files: filesMax,
      fields: 5,
      fieldSize: 100,
      parts: filesMax + 5,
    },
  })
  try {
    for await (const part of parts) {
      if (part.type !== 'file') {
        body[part.fieldname] = part.value
        continue
      }
      const name = basename(part.filename.replaceAll('\\', '/')) || part.fieldname
      if (name === '..' || name === '.') throw invalidFile(part.fieldname, 'give the file a name')
      await pipeline(part.file, createWriteStream(join(folder, name), { flags: 'wx' }))
      if (part.file.truncated)
        throw new Problem(
          'body-too-large',
          `${name} is over ${limitBytes} bytes (DOCUMENT_LIMIT_BYTES).`,
        )
      if (part.fieldname === 'side') sides.push(name)
      else body[part.fieldname] = name
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw invalidFile('file', 'two files have the same name')
    throw error
  }
  request.body = { ...body, ...(sides.length > 0 && { side: sides }) }
}

function invalidFile(field: string, detail: string): Problem {
  const pointer = `/body/${field}`
  return new Problem('invalid-request', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] })
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Folder of the files of a register that is being imported. */
    registerFolder: string | null
  }
}
