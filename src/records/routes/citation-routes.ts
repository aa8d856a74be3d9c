import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  describeContent,
  type Format,
  formatParameterFor,
  listFormatSchemas,
  negotiateFormat,
} from '../../http/formats.ts'
import { linkToPage } from '../../http/page-links.ts'
import { createIfMatchCheck } from '../../http/preconditions.ts'
import { problemResponses } from '../../http/problems.ts'
import { getBaseUrl } from '../../http/response-stream.ts'
import { buildCsvColumns } from '../../http/tables/columns.ts'
import { citationList, loadStoredCitation, readCitationJson } from '../kinds/citations/queries.ts'
import { verifyCitation } from '../kinds/citations/rules.ts'
import { Citation, Verification } from '../kinds/citations/schema.ts'
import { Kind, RecordId } from '../model/schema.ts'
import { correctCitation, removeCitation } from '../write/cite.ts'
import { commit } from '../write/commit.ts'
import { getAuthor } from '../write/idempotency.ts'
import { buildWriteResponse } from '../write/write-response.ts'
import type { RouteContext } from './context.ts'
import { sendWriteResponse } from './create-routes.ts'
import { commonFormats, listRoute } from './list-routes.ts'
import { sendSingleEntry } from './record-routes.ts'
import { changeProblemCodes, ifMatchHeaders } from './write-routes.ts'

const CitationIdParams = z.strictObject({ id: RecordId })

export const citationRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  const { db } = context.database
  await app.register(
    listRoute({
      path: '/v1/citations',
      tag: 'citations',
      summary: 'List citations',
      description:
        'The passages behind the facts: by record, article, field, or by who is quoted (`voice`).',
      list: citationList,
      entrySchema: Citation,
    }),
    context,
  )

  const columns = buildCsvColumns(Citation)
  const special = context.formats.citation ?? {}
  const offered = [...commonFormats, ...(Object.keys(special) as Format[])] as const
  app.get(
    '/v1/citations/:id',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'Read one citation',
        description: 'A passage and the record that it supports.',
        tags: ['citations'],
        params: CitationIdParams,
        querystring: z.strictObject({ format: formatParameterFor(offered) }),
        response: {
          200: {
            description: 'The citation.',
            content: describeContent(offered, {
              ...listFormatSchemas(special),
              json: Citation,
            }),
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      const document = await readCitationJson(db, request.params.id)
      const format: Format = negotiateFormat(request, offered, request.query.format)
      const base = getBaseUrl(request, context.publicUrl)
      linkToPage(reply, `/citations/${request.params.id}`)
      return sendSingleEntry(request, reply, document, { format, special, columns, base }) as never
    },
  )

  app.get(
    '/v1/citations/:id/verify',
    {
      config: { hasRevisionEtag: true },
      schema: {
        operationId: 'verifyCitation',
        summary: 'Hold a citation against the stored text once more',
        description:
          'Compares the quote with the stored body at its offsets, and hashes the body (of a long one, the parts around the quote) again. The server does not search for the quote elsewhere.',
        tags: ['citations'],
        params: CitationIdParams,
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The result.',
            content: { 'application/json': { schema: Verification } },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request) => {
      const stored = await loadStoredCitation(db, request.params.id)
      negotiateFormat(request, ['json'])
      return verifyCitation(request.params.id, stored)
    },
  )

  app.patch(
    '/v1/citations/:id',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Correct a citation',
        description:
          'JSON Merge Patch (RFC 7396). The quote is found again, and the citation gets a new id, because it is another claim. `If-Match` is the ETag of the record. The answer is the record.',
        tags: ['citations'],
        security: [{ key: [] }],
        headers: ifMatchHeaders,
        params: CitationIdParams,
        body: z.looseObject({}).describe('The members to change.'),
        response: {
          200: recordResponse,
          ...problemResponses(
            ...changeProblemCodes,
            'unknown-reference',
            'quote-not-found',
            'quote-ambiguous',
            'quote-in-boilerplate',
          ),
        },
      },
    },
    async (request, reply) => {
      const mayChange = createIfMatchCheck(request)
      const target = { id: request.params.id, patch: request.body, pointer: '/body' }
      const { value, revision } = await commit(
        context.database,
        getAuthor(request),
        'update',
        (session) => correctCitation(session, target, mayChange),
        ({ kind, id }, wires) => buildWriteResponse(wires, kind, id),
      )
      context.head.noteRevision(revision)
      return sendWriteResponse(request, reply, { status: 200, revision, ...value })
    },
  )

  app.delete(
    '/v1/citations/:id',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Remove a citation from its record',
        description:
          'The last one of a record that needs one cannot be removed. `If-Match` is the ETag of the record. The answer is the record.',
        tags: ['citations'],
        security: [{ key: [] }],
        headers: ifMatchHeaders,
        params: CitationIdParams,
        response: {
          200: recordResponse,
          ...problemResponses(...changeProblemCodes, 'citation-missing'),
        },
      },
    },
    async (request, reply) => {
      const mayChange = createIfMatchCheck(request)
      const { value, revision } = await commit(
        context.database,
        getAuthor(request),
        'update',
        (session) => removeCitation(session, request.params.id, mayChange),
        ({ kind, id }, wires) => buildWriteResponse(wires, kind, id),
      )
      context.head.noteRevision(revision)
      return sendWriteResponse(request, reply, { status: 200, revision, ...value })
    },
  )
}

const recordResponse = {
  description: 'The record as it stands now.',
  content: { 'application/json': { schema: z.looseObject({ id: RecordId, kind: Kind }) } },
}
