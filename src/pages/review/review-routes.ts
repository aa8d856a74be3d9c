import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { type Page, renderDocument, type SiteSettings } from '../layout/page.ts'
import { ApiProblem, encode, formatQuery, type ProblemBody } from '../page-definition.ts'
import { createAsk, sendErrorPage, sendHtml, write } from '../page-routes.ts'
import type { ApiRecord } from '../parts/records.ts'
import type { Reference } from '../parts/values.ts'
import { requireSameOrigin } from '../sign-in-routes.ts'
import { deskPage, type MarkedBody, type Proposals } from './desk-page.ts'
import { proposalEditPage } from './edit-pages.ts'
import type { ApiDescription } from './form-fields.ts'
import { readEdits } from './form-values.ts'
import { type ArticleInQueue, queuePage } from './queue-page.ts'
import { recordEditRoutes } from './record-edit-routes.ts'
import { type RegisterImport, registerPage } from './register-page.ts'

/** Reading an article by the rules takes long, so only the newest ones are counted. */
const queueLength = 8
const config = { isPage: true, scope: 'write' } as const
const options = { config, schema: { hide: true } }

type Form = Record<string, string | undefined>
type Context = { settings: SiteSettings; limitBytes: number }

/** The review desk: proposals become records when a person with a key accepts them. All writes go through the API. */
export const reviewRoutes: FastifyPluginAsyncZod<Context> = async (app, context) => {
  const { settings, limitBytes } = context
  app.setErrorHandler((error, request, reply) => sendErrorPage(error, request, reply, settings))
  await app.register(formbody)
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: limitBytes },
    (_request, body, done) => done(null, body),
  )
  app.addHook('preValidation', async (request) => {
    if (request.method === 'POST') requireSameOrigin(request)
  })
  const send = (reply: FastifyReply, page: Page) => {
    reply.header('Cache-Control', 'no-store')
    return sendHtml(reply, renderDocument(page, settings))
  }

  app.get('/review', options, async (request, reply) => {
    const ask = createAsk(app, request)
    const { data: articles } = await ask<{ data: ApiRecord[] }>('/v1/articles', {
      sort: '-revision',
      limit: queueLength,
    })
    const { data: cases } = await ask<{ data: ApiRecord[] }>('/v1/cases', {})
    const queue: ArticleInQueue[] = []
    for (const article of articles) {
      const path = `/v1/articles/${encode(article.slug)}/proposals`
      const { data } = await ask<Proposals>(path)
      queue.push({ article, open: data.length })
    }
    return send(reply, queuePage(queue, cases, request.key?.name ?? ''))
  })

  app.post('/review/documents', options, async (request, reply) => {
    const article = await write<ApiRecord>(
      app,
      request,
      'POST',
      '/v1/articles',
      request.body as Buffer,
    )
    return reply.redirect(`/review/articles/${encode(article.slug)}`, 303)
  })

  app.get('/review/registers', options, (_request, reply) =>
    send(reply, registerPage({ result: null, problem: null })),
  )

  app.post('/review/registers', options, async (request, reply) => {
    const body = request.body as Buffer
    try {
      const result = await write<RegisterImport>(app, request, 'POST', '/v1/registers', body)
      return send(reply, registerPage({ result, problem: null }))
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      reply.code(error.body.status)
      return send(reply, registerPage({ result: null, problem: error.body }))
    }
  })

  app.get('/review/articles/:ref', options, async (request, reply) => {
    const { ref } = request.params as { ref: string }
    const { done } = request.query as { done?: string }
    return send(reply, await loadDesk(app, request, ref, { done, problem: null }))
  })

  app.post('/review/articles/:ref/proposals/:id', options, async (request, reply) => {
    const { ref, id } = request.params as { ref: string; id: string }
    const form = (request.body ?? {}) as Form
    try {
      const result = await decide(app, request, id, form)
      const done = `${result.state} ${result.record?.href ?? ''}`.trim()
      return reply.redirect(`/review/articles/${encode(ref)}${formatQuery({ done })}`, 303)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      reply.code(error.body.status)
      return send(reply, await loadDesk(app, request, ref, { problem: error.body }))
    }
  })

  app.get('/review/articles/:ref/proposals/:id', options, async (request, reply) => {
    const { ref, id } = request.params as { ref: string; id: string }
    const proposals = await readProposals(app, request, ref)
    const proposal = proposals.data.find((one) => one.id === id)
    if (proposal === undefined) return reply.redirect(`/review/articles/${encode(ref)}`, 303)
    const api = await createAsk(app, request)<ApiDescription>('/openapi.json')
    return send(reply, proposalEditPage(ref, proposal, api))
  })

  await app.register(recordEditRoutes, { send })

  app.get('/review/records', options, async (request, reply) => {
    const { q, kind } = request.query as { q?: string; kind?: string }
    const ask = createAsk(app, request)
    const { data } = await ask<{ data: { record: Reference }[] }>('/v1/search', {
      q,
      kind,
      limit: 8,
    })
    const records = data.map(({ record: { slug, name, href } }) => ({
      slug,
      name,
      path: href.replace('/v1/', ''),
    }))
    return reply.header('Cache-Control', 'no-store').send({ data: records })
  })

  app.post('/review/articles/:ref/citations', options, async (request, reply) => {
    const { ref } = request.params as { ref: string }
    const { record = '', field, quote = '' } = (request.body ?? {}) as Form
    const [kind = '', slug = ''] = record
      .trim()
      .replace(/^\/?(v1\/)?/, '')
      .split('/')
    try {
      const path = `/v1/${kind.replace(/s?$/, 's')}/${encode(slug)}/citations`
      const body = { article: ref, quote, field: field?.trim() ? field.trim() : null }
      const changed = await write<ApiRecord>(app, request, 'POST', path, body)
      const done = `cited ${changed.href}`
      return reply.redirect(`/review/articles/${encode(ref)}${formatQuery({ done })}`, 303)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      reply.code(error.body.status)
      return send(reply, await loadDesk(app, request, ref, { problem: error.body }))
    }
  })

  app.post('/review/articles/:ref/undo', options, async (request, reply) => {
    const { ref } = request.params as { ref: string }
    const { href = '', reason = '' } = (request.body ?? {}) as Form
    if (!/^\/v1\/[a-z]+\/[a-z0-9-]+$/.test(href)) return reply.redirect('/review', 303)
    try {
      await write(app, request, 'DELETE', href, { reason })
      return reply.redirect(`/review/articles/${encode(ref)}?done=undone`, 303)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      reply.code(error.body.status)
      return send(reply, await loadDesk(app, request, ref, { problem: error.body }))
    }
  })
}

type Reviewed = { state: string; record: { href: string } | null }

function decide(
  app: FastifyInstance,
  request: FastifyRequest,
  id: string,
  form: Form,
): Promise<Reviewed> {
  const path = `/v1/proposals/${encode(id)}`
  if (form.decision === 'reject')
    return write(app, request, 'POST', `${path}/reject`, { reason: form.reason?.trim() || null })
  if (form.decision === 'merge')
    return write(app, request, 'POST', `${path}/merge`, { into: form.into?.trim() ?? '' })
  return write(app, request, 'POST', `${path}/accept`, {
    withNeeded: form.withNeeded === 'true',
    edits: readEdits(form),
  })
}

const readProposals = (app: FastifyInstance, request: FastifyRequest, ref: string) =>
  createAsk(app, request)<Proposals>(`/v1/articles/${encode(ref)}/proposals`)

async function loadDesk(
  app: FastifyInstance,
  request: FastifyRequest,
  ref: string,
  outcome: { done?: string | undefined; problem: ProblemBody | null },
): Promise<Page> {
  const ask = createAsk(app, request)
  const [proposals, marked] = await Promise.all([
    readProposals(app, request, ref),
    ask<MarkedBody>(`/v1/articles/${encode(ref)}/body`, { citations: 'true' }),
  ])
  return deskPage(ref, proposals, marked, outcome)
}
