import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Page } from '../layout/page.ts'
import { ApiProblem, ApiRedirect, encode, type ProblemBody } from '../page-definition.ts'
import { buildHeaders, createAsk, write } from '../page-routes.ts'
import type { ApiRecord } from '../parts/records.ts'
import { toPagePath } from '../parts/values.ts'
import type { RecordChange } from '../site/changes-page.ts'
import { type EditableRecord, recordEditPage } from './edit-pages.ts'
import type { ApiDescription } from './form-fields.ts'
import { readEdits, readValues } from './form-values.ts'

const options = { config: { isPage: true, scope: 'write' }, schema: { hide: true } } as const
type Params = { plural: string; ref: string }
type Form = Record<string, string | undefined>
type Send = (reply: FastifyReply, page: Page) => unknown

/** Correcting a record in a form. If somebody else changed it meanwhile, the form says what, and keeps what was entered. */
export const recordEditRoutes: FastifyPluginAsyncZod<{ send: Send }> = async (app, { send }) => {
  app.get('/review/edit/:plural/:ref', options, async (request, reply) => {
    const record = await loadRecord(app, request)
    const api = await createAsk(app, request)<ApiDescription>('/openapi.json')
    return send(reply, recordEditPage(record, api, { problem: null, entered: null, changes: [] }))
  })

  app.post('/review/edit/:plural/:ref', options, async (request, reply) => {
    const { plural, ref } = request.params as Params
    const form = (request.body ?? {}) as Form
    const path = `/v1/${encode(plural)}/${encode(ref)}`
    try {
      const changed = await write<ApiRecord>(
        app,
        request,
        'PATCH',
        path,
        readEdits(form),
        form.etag,
      )
      return reply.redirect(toPagePath(changed.href), 303)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      reply.code(error.body.status)
      return send(reply, await buildRefusal(app, request, form, error.body))
    }
  })
}

async function buildRefusal(
  app: FastifyInstance,
  request: FastifyRequest,
  form: Form,
  problem: ProblemBody,
): Promise<Page> {
  const ask = createAsk(app, request)
  const record = await loadRecord(app, request)
  const api = await ask<ApiDescription>('/openapi.json')
  const { data } = await ask<{ data: RecordChange[] }>(
    `/v1/${record.plural}/${record.slug}/history`,
    { limit: 100 },
  )
  const changes = data.filter(({ revision }) => revision > Number(form.revision))
  // Only the edits of this person go on top of what is there now.
  const values = readValues(form)
  const edited = Object.keys(readEdits(form)).map((field) => [field, values[field]])
  const entered = { ...record.input, ...Object.fromEntries(edited) }
  return recordEditPage(record, api, { problem, entered, changes })
}

async function loadRecord(app: FastifyInstance, request: FastifyRequest): Promise<EditableRecord> {
  const { plural, ref } = request.params as Params
  const url = `/v1/${encode(plural)}/${encode(ref)}/input`
  const { statusCode, headers, body } = await app.inject({
    method: 'GET',
    url,
    headers: buildHeaders(request),
  })
  if (statusCode === 308) throw new ApiRedirect(String(headers.location).replace(/\/input$/, ''))
  const input = JSON.parse(body)
  if (statusCode >= 400) throw new ApiProblem(input)
  const { revision } = await createAsk(
    app,
    request,
  )<ApiRecord & { revision: number }>(`/v1/${encode(plural)}/${encode(ref)}`)
  return { plural, slug: input.slug, input, etag: String(headers.etag ?? ''), revision }
}
