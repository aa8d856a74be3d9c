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
  IdQuery,
  Manifest,
  Proposal,
  ProposalParameters,
  ResultBatch,
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
  content: { 'application/json': { schema } },
})
const html = { 'text/html': { schema: z.string() } }

/** W3C Reconciliation Service API 0.2, for OpenRefine and the like. */
export const reconcileRoutes: FastifyPluginAsyncZod<
  RouteContext & { publicUrl: string | undefined }
> = async (app, { database, publicUrl }) => {
  const { db } = database
  await app.register(formbody)

  const answerService = async (given: z.infer<typeof ServiceParameters>) => {
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
        summary: 'Match names to records, as the W3C Reconciliation Service API has it',
        description:
          'Without parameters the manifest, which tells OpenRefine all it needs; with `queries` candidates for each, with `extend` values of properties.',
        querystring: ServiceParameters,
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const result = await answerService(request.query)
      return sendJsonText(
        reply,
        JSON.stringify(
          result ?? buildManifest(buildBaseUrl(request, publicUrl), apiVersion, batchMax),
        ),
      )
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
          'As the GET, with `queries` or `extend` in a form: for batches longer than a URL.',
        consumes: ['application/x-www-form-urlencoded'],
        body: ServiceParameters,
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
        description: 'For the frame in which OpenRefine shows what a candidate is.',
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
        summary: 'Explain what a score is made of',
        description: 'A small page about one feature of a candidate.',
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
        description: 'Names, other names and numbers count, as do whole ids and slugs.',
        tags: ['reconciliation'],
        querystring: SuggestParameters,
        response: {
          200: json(SuggestedEntities, 'The most cited first.'),
          ...problemResponses('invalid-request', 'not-acceptable', 'too-slow'),
        },
      },
    },
    async (request) => {
      negotiateFormat(request, ['json'])
      const { prefix, cursor = 0 } = request.query
      const rows = await findByPrefix(db, prefix, cursor, suggestedMax)
      return {
        result: rows.map(({ id, name, description, kind, actorType }) => ({
          id,
          name,
          description: description ?? '',
          notable: listTypes(kind, actorType),
        })),
      }
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
    async (request) => {
      negotiateFormat(request, ['json'])
      return { result: filterByPrefix(entityTypes, request.query).map((type) => ({ ...type })) }
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
    async (request) => {
      negotiateFormat(request, ['json'])
      return {
        result: filterByPrefix(entityProperties, request.query).map(
          ({ id, name, description }) => ({
            id,
            name,
            description,
          }),
        ),
      }
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
          querystring: IdQuery,
          response: {
            200: json(Flyout, 'The HTML.'),
            ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
          },
        },
      },
      async (request) => {
        negotiateFormat(request, ['json'])
        const { id } = request.query
        return { id, html: requireFound(id, await about(id)) }
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
        description: 'What can be fetched for entities of the type (data extension).',
        operationId: 'proposeReconciliationProperties',
        tags: ['reconciliation'],
        querystring: ProposalParameters,
        response: {
          200: json(Proposal, 'Properties.'),
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request) => {
      negotiateFormat(request, ['json'])
      const { type, limit } = request.query
      if (type !== undefined && !isKnownType(type)) throw entityNotFound(type)
      const fitting = entityProperties.filter(
        ({ kinds: of }) => type === undefined || of.includes(toMatchKind(type)),
      )
      return {
        type: type ?? '',
        ...(limit !== undefined && { limit }),
        properties: fitting.slice(0, limit).map(({ id, name }) => ({ id, name })),
      }
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

const sendHtml = (reply: { type: FastifyReply['type'] }, page: string): never =>
  reply.type('text/html; charset=utf-8').send(page) as never

/** Where clients reach the server: as it was set, or as it was asked. */
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
