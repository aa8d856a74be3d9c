import formbody from '@fastify/formbody'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { negotiateFormat } from '../../http/formats.ts'
import { apiVersion } from '../../http/openapi.ts'
import { problemResponses, sendJsonText } from '../../http/problems.ts'
import { Problem } from '../../problem.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { extendEntities } from './extend.ts'
import { batchMax, matchBatch } from './match.ts'
import {
  buildManifest,
  renderEntity,
  renderEntityPage,
  renderFeaturePage,
  renderProperty,
  renderType,
} from './pages.ts'
import { findByPrefix, findEntities } from './queries.ts'
import {
  ExtendAnswer,
  Flyout,
  FlyoutParameters,
  IdQuery,
  Manifest,
  Proposal,
  ProposalParameters,
  ResultBatch,
  ServiceForm,
  ServiceParameters,
  SuggestedEntities,
  SuggestedProperties,
  SuggestedTypes,
  SuggestParameters,
} from './schema.ts'
import { entityProperties, entityTypes, isKnownType, listTypes, toMatchKind } from './vocabulary.ts'

const suggestedMax = 20
const json = (schema: z.ZodType, description: string) => ({
  description,
  content: {
    'application/json': { schema },
    'text/javascript': { schema: z.string().describe('A call of `callback` with the JSON.') },
  },
})
const html = { 'text/html': { schema: z.string() } }

/** W3C Reconciliation Service API 0.2, e.g. for OpenRefine. */
export const reconcileRoutes: FastifyPluginAsyncZod<
  RouteContext & { publicUrl: string | undefined }
> = async (app, { database, publicUrl }) => {
  const { db } = database
  await app.register(formbody)

  const answerService = async (given: z.infer<typeof ServiceForm>) => {
    if (given.queries !== undefined && given.extend !== undefined)
      throw new Problem('invalid-request', 'Give either `queries` or `extend`.')
    if (given.queries !== undefined) return matchBatch(db, given.queries)
    if (given.extend !== undefined) return extendEntities(db, given.extend)
    return null
  }
  const serviceSchema = {
    tags: ['reconciliation'],
    response: {
      200: json(
        z.union([Manifest, ExtendAnswer, ResultBatch]),
        'The manifest, candidates, or values.',
      ),
      ...problemResponses('invalid-request', 'batch-too-large', 'not-acceptable', 'too-slow'),
    },
  }

  app.get(
    '/reconcile',
    {
      config: { isConcurrencyLimited: true },
      schema: {
        ...serviceSchema,
        operationId: 'reconcile',
        summary: 'Match names to records (W3C Reconciliation Service API)',
        description:
          'Without parameters: the manifest that clients such as OpenRefine read first. With `queries`: candidates for each query. With `extend`: values of properties.',
        querystring: ServiceParameters,
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const result = await answerService(request.query)
      const manifest = () => buildManifest(buildBaseUrl(request, publicUrl), apiVersion, batchMax)
      return sendAnswer(reply, request.query.callback, result ?? manifest())
    },
  )
  app.post(
    '/reconcile',
    {
      config: { isConcurrencyLimited: true },
      schema: {
        ...serviceSchema,
        operationId: 'reconcileBatch',
        summary: 'Match a batch of names to records',
        description:
          'The same as the GET, with `queries` or `extend` in a form, for batches that are too long for a URL.',
        consumes: ['application/x-www-form-urlencoded'],
        body: ServiceForm,
        response: {
          ...serviceSchema.response,
          ...problemResponses(
            'invalid-request',
            'batch-too-large',
            'body-too-large',
            'not-acceptable',
            'unsupported-media-type',
            'too-slow',
          ),
        },
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const result = await answerService(request.body)
      if (result === null) throw new Problem('invalid-request', 'Give `queries` or `extend`.')
      return sendJsonText(reply, JSON.stringify(result))
    },
  )

  app.get(
    '/reconcile/preview',
    {
      schema: {
        summary: 'Show an entity on a small page',
        description: 'For the frame in which OpenRefine shows a candidate.',
        tags: ['reconciliation'],
        querystring: IdQuery,
        response: {
          200: { description: 'The page.', content: html },
          ...problemResponses('invalid-request', 'not-found'),
        },
      },
    },
    async (request, reply) => sendHtml(reply, renderEntityPage(await loadEntity(request.query.id))),
  )
  app.get(
    '/reconcile/features',
    {
      schema: {
        summary: 'Explain a feature of a score',
        description: 'A small page about one feature of the score of a candidate.',
        operationId: 'explainReconciliationFeature',
        tags: ['reconciliation'],
        querystring: IdQuery,
        response: {
          200: { description: 'The page.', content: html },
          ...problemResponses('invalid-request', 'not-found'),
        },
      },
    },
    async (request, reply) =>
      sendHtml(reply, requireFound(request.query.id, renderFeaturePage(request.query.id))),
  )

  app.get(
    '/reconcile/suggest/entity',
    {
      schema: {
        summary: 'Suggest entities by the beginning of a name',
        description: 'Searches names, other names and numbers, and complete ids and slugs.',
        tags: ['reconciliation'],
        querystring: SuggestParameters,
        response: {
          200: json(SuggestedEntities, 'The most cited first.'),
          ...problemResponses('invalid-request', 'not-acceptable', 'too-slow'),
        },
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const { prefix, cursor = 0 } = request.query
      const rows = await findByPrefix(db, prefix, cursor, suggestedMax)
      const result = rows.map(({ id, name, description, kind, actorType }) => ({
        id,
        name,
        description: description ?? '',
        notable: listTypes(kind, actorType),
      }))
      return sendAnswer(reply, request.query.callback, { result })
    },
  )
  app.get(
    '/reconcile/suggest/type',
    {
      schema: {
        summary: 'Suggest types',
        description: 'Types whose name or id begins with the text.',
        operationId: 'suggestReconciliationTypes',
        tags: ['reconciliation'],
        querystring: SuggestParameters,
        response: {
          200: json(SuggestedTypes, 'Types, as they are listed in the documentation.'),
          ...problemResponses('invalid-request', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const result = filterByPrefix(entityTypes, request.query)
      return sendAnswer(reply, request.query.callback, { result })
    },
  )
  app.get(
    '/reconcile/suggest/property',
    {
      schema: {
        summary: 'Suggest properties',
        description: 'Properties whose name or id begins with the text.',
        operationId: 'suggestReconciliationProperties',
        tags: ['reconciliation'],
        querystring: SuggestParameters,
        response: {
          200: json(SuggestedProperties, 'Properties.'),
          ...problemResponses('invalid-request', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const result = filterByPrefix(entityProperties, request.query).map(
        ({ id, name, description }) => ({ id, name, description }),
      )
      return sendAnswer(reply, request.query.callback, { result })
    },
  )

  const addFlyoutRoute = (
    what: string,
    about: (id: string) => Promise<string | null> | string | null,
  ) =>
    app.get(
      `/reconcile/flyout/${what}`,
      {
        schema: {
          summary: `Show a suggested ${what} in a few words`,
          description: 'HTML to be shown beside a suggestion.',
          tags: ['reconciliation'],
          querystring: FlyoutParameters,
          response: {
            200: json(Flyout, 'The HTML.'),
            ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
          },
        },
      },
      async (request, reply) => {
        negotiateFormat(request, ['json'])
        const { id, callback } = request.query
        return sendAnswer(reply, callback, { id, html: requireFound(id, await about(id)) })
      },
    )
  addFlyoutRoute('entity', async (id) => renderEntity(await loadEntity(id)))
  addFlyoutRoute('type', renderType)
  addFlyoutRoute('property', renderProperty)

  app.get(
    '/reconcile/properties',
    {
      schema: {
        summary: 'Propose properties of a type',
        description:
          'The properties that can be fetched for entities of the type (data extension).',
        operationId: 'proposeReconciliationProperties',
        tags: ['reconciliation'],
        querystring: ProposalParameters,
        response: {
          200: json(Proposal, 'Properties.'),
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const { type, limit, callback } = request.query
      if (type !== undefined && !isKnownType(type)) throw entityNotFound(type)
      const fitting = entityProperties.filter(
        ({ kinds: of }) => type === undefined || of.includes(toMatchKind(type)),
      )
      return sendAnswer(reply, callback, {
        type: type ?? '',
        ...(limit !== undefined && { limit }),
        properties: fitting.slice(0, limit).map(({ id, name }) => ({ id, name })),
      })
    },
  )

  async function loadEntity(id: string) {
    const one = (await findEntities(db, [id])).get(id)
    if (one === undefined) throw entityNotFound(id)
    return one
  }
}

const entityNotFound = (id: string): Problem =>
  new Problem('not-found', `There is nothing of the id "${id}" here.`)

function requireFound<T>(id: string, value: T | null): T {
  if (value === null) throw entityNotFound(id)
  return value
}

/** These pages are made to be framed by the pages of clients. */
const previewPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *"

const sendHtml = (
  reply: Pick<FastifyReply, 'type' | 'header' | 'removeHeader'>,
  page: string,
): never => {
  reply.removeHeader('x-frame-options')
  reply.header('content-security-policy', previewPolicy)
  return reply.type('text/html; charset=utf-8').send(page) as never
}

/** JSON, or a script that calls a function with it (JSONP). The comment keeps the name from being read as anything else. */
function sendAnswer(
  reply: Pick<FastifyReply, 'type'>,
  callback: string | undefined,
  value: unknown,
): never {
  const json = JSON.stringify(value)
  if (callback === undefined) return sendJsonText(reply, json)
  // Two line ends of Unicode were none in JSON and some in scripts.
  const script = json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  return reply.type('text/javascript; charset=utf-8').send(`/**/${callback}(${script});`) as never
}

/** The URL at which clients reach the server: from the setting, or from the request. */
const buildBaseUrl = (request: FastifyRequest, publicUrl: string | undefined): string =>
  (publicUrl ?? `${request.protocol}://${request.host}`).replace(/\/$/, '')

function filterByPrefix<T extends { id: string; name: string }>(
  all: readonly T[],
  { prefix, cursor = 0 }: z.infer<typeof SuggestParameters>,
): T[] {
  const wanted = prefix.trim().toLowerCase()
  return all
    .filter(
      ({ id, name }) =>
        [id, ...name.split(' ')].some((word) => word.toLowerCase().startsWith(wanted)) ||
        name.toLowerCase().startsWith(wanted),
    )
    .slice(cursor, cursor + suggestedMax)
}
