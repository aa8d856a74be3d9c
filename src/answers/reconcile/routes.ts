import formbody from '@fastify/formbody'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { negotiate } from '../../http/formats.ts'
import { apiVersion } from '../../http/openapi.ts'
import { problemResponses, sendJson } from '../../http/problems.ts'
import { Problem } from '../../problem.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { extend } from './extend.ts'
import { batchMax, match } from './match.ts'
import { entityHtml, entityPage, featurePage, manifest, propertyHtml, typeHtml } from './pages.ts'
import { beginningWith, entitiesOf } from './queries.ts'
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
import { isType, kindOf, properties, types, typesOf } from './vocabulary.ts'

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

  const answer = async (given: z.infer<typeof ServiceParameters>) => {
    if (given.queries !== undefined && given.extend !== undefined)
      throw new Problem('invalid-request', 'Give either `queries` or `extend`.')
    if (given.queries !== undefined) return match(db, given.queries)
    if (given.extend !== undefined) return extend(db, given.extend)
    return null
  }
  const service = {
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
      config: { inTurns: true },
      schema: {
        ...service,
        operationId: 'reconcile',
        summary: 'Match names to records, as the W3C Reconciliation Service API has it',
        description:
          'Without parameters the manifest, which tells OpenRefine all it needs; with `queries` candidates for each, with `extend` values of properties.',
        querystring: ServiceParameters,
      },
    },
    async (request, reply) => {
      negotiate(request, ['json'])
      const result = await answer(request.query)
      return sendJson(
        reply,
        JSON.stringify(result ?? manifest(baseOf(request, publicUrl), apiVersion, batchMax)),
      )
    },
  )
  app.post(
    '/reconcile',
    {
      config: { inTurns: true },
      schema: {
        ...service,
        operationId: 'reconcileBatch',
        summary: 'Match a batch of names to records',
        description:
          'As the GET, with `queries` or `extend` in a form: for batches longer than a URL.',
        consumes: ['application/x-www-form-urlencoded'],
        body: ServiceParameters,
        response: {
          ...service.response,
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
      negotiate(request, ['json'])
      const result = await answer(request.body)
      if (result === null) throw new Problem('invalid-request', 'Give `queries` or `extend`.')
      return sendJson(reply, JSON.stringify(result))
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
    async (request, reply) => sendHtml(reply, entityPage(await entity(request.query.id))),
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
      sendHtml(reply, found(request.query.id, featurePage(request.query.id))),
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
      negotiate(request, ['json'])
      const { prefix, cursor = 0 } = request.query
      const rows = await beginningWith(db, prefix, cursor, suggestedMax)
      return {
        result: rows.map(({ id, name, description, kind, actorType }) => ({
          ...{ id, name, description: description ?? '', notable: typesOf(kind, actorType) },
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
      negotiate(request, ['json'])
      return { result: beginning(types, request.query).map((type) => ({ ...type })) }
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
      negotiate(request, ['json'])
      return {
        result: beginning(properties, request.query).map(({ id, name, description }) => ({
          ...{ id, name, description },
        })),
      }
    },
  )

  const flyout = (what: string, about: (id: string) => Promise<string | null> | string | null) =>
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
        negotiate(request, ['json'])
        const { id } = request.query
        return { id, html: found(id, await about(id)) }
      },
    )
  flyout('entity', async (id) => entityHtml(await entity(id)))
  flyout('type', typeHtml)
  flyout('property', propertyHtml)

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
      negotiate(request, ['json'])
      const { type, limit } = request.query
      if (type !== undefined && !isType(type)) throw notFound(type)
      const fitting = properties.filter(({ of }) => type === undefined || of.includes(kindOf(type)))
      return {
        type: type ?? '',
        ...(limit !== undefined && { limit }),
        properties: fitting.slice(0, limit).map(({ id, name }) => ({ id, name })),
      }
    },
  )

  async function entity(id: string) {
    const one = (await entitiesOf(db, [id])).get(id)
    if (one === undefined) throw notFound(id)
    return one
  }
}

const notFound = (id: string): Problem =>
  new Problem('not-found', `There is nothing of the id "${id}" here.`)

function found<T>(id: string, value: T | null): T {
  if (value === null) throw notFound(id)
  return value
}

const sendHtml = (reply: { type: FastifyReply['type'] }, page: string): never =>
  reply.type('text/html; charset=utf-8').send(page) as never

/** Where clients reach the server: as it was set, or as it was asked. */
const baseOf = (request: FastifyRequest, publicUrl: string | undefined): string =>
  (publicUrl ?? `${request.protocol}://${request.host}`).replace(/\/$/, '')

function beginning<T extends { id: string; name: string }>(
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
