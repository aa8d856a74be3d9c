import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { negotiateFormat } from '../../http/formats.ts'
import { sealCursor } from '../../http/history.ts'
import { problemResponses, sendJsonText } from '../../http/problems.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { buildNextUrl } from '../../records/routes/list-routes.ts'
import { SearchAnswer, SearchQuery } from './schema.ts'
import { searchRecords } from './search-records.ts'

export const searchRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, { database }) => {
  app.get(
    '/v1/search',
    {
      config: { hasRevisionEtag: true, isConcurrencyLimited: true },
      schema: {
        summary: 'Search everything',
        description:
          'Finds words in names, titles, descriptions, quotes and the texts of articles, without boilerplate. Records with exactly that name come first, then records with the words in their name, then the others by how often and where the words occur. If nothing is found, typing errors in names are corrected.',
        tags: ['search'],
        querystring: SearchQuery,
        response: {
          200: {
            description: 'Hits, and counts of all matching records.',
            content: { 'application/json': { schema: SearchAnswer } },
          },
          ...problemResponses(
            'invalid-request',
            'invalid-cursor',
            'history-changed',
            'unknown-reference',
            'not-acceptable',
            'too-slow',
          ),
        },
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const page = await searchRecords(database.db, request.query)
      const next = sealCursor(request, page.next)
      if (next !== null) reply.header('Link', `<${buildNextUrl(request.url, next)}>; rel="next"`)
      return sendJsonText(reply, JSON.stringify({ ...page, next }))
    },
  )
}
