import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { negotiateFormat } from '../http/formats.ts'
import { apiVersion } from '../http/openapi.ts'
import { problemResponses } from '../http/problems.ts'
import { Problem, type ProblemCode, problems } from '../problem.ts'
import { entryLinks } from './entry-links.ts'
import { type Page, renderDocument, type SiteSettings } from './layout/page.ts'
import type { PageDefinition, PageRequest } from './page-definition.ts'
import { createAsk, sendErrorPage, sendHtml } from './page-routes.ts'
import { problemKindPage, problemsPage } from './site/problems-page.ts'
import { texts } from './texts.ts'

const Entrance = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    description: z.string(),
    links: z.array(z.strictObject({ href: z.string(), description: z.string() })),
  })
  .meta({ id: 'Entrance', description: 'Links to the routes.' })

const ProblemKind = z
  .strictObject({ code: z.string(), status: z.int(), title: z.string(), explanation: z.string() })
  .meta({ id: 'ProblemKind', description: 'A problem code, and what to do about it.' })

const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]]
const htmlContent = { 'text/html': { schema: z.string() } }

type Options = { settings: SiteSettings; startPage: PageDefinition }

/** Paths that are JSON for programs and a page for people: `/` and the problems. */
export const servicePageRoutes: FastifyPluginAsyncZod<Options> = async (
  app,
  { settings, startPage },
) => {
  const renderPage = (page: Page): string => renderDocument(page, settings)

  app.get(
    '/',
    {
      config: { hasRevisionEtag: true },
      schema: {
        operationId: 'getEntrance',
        summary: 'List the entry points',
        description: 'Links to the routes: JSON for programs, a page for people.',
        tags: ['service'],
        response: {
          200: {
            description: 'The links.',
            content: { 'application/json': { schema: Entrance }, ...htmlContent },
          },
          ...problemResponses('not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      if (negotiateFormat(request, ['json', 'html']) === 'json')
        return {
          name: texts.site,
          version: apiVersion,
          description: texts.siteDescription,
          links: [...entryLinks],
        }
      const query = request.query as PageRequest['query']
      try {
        const ask = createAsk(app, request)
        const page = await startPage.render({ ask, params: {}, query, settings })
        return sendHtml(reply, renderPage(page)) as never
      } catch (error) {
        return sendErrorPage(error, request, reply, settings) as never
      }
    },
  )

  app.get(
    '/problems',
    {
      schema: {
        summary: 'List the problem codes',
        description: 'Every `type` of a problem, with status and explanation.',
        tags: ['service'],
        response: {
          200: {
            description: 'All problem codes.',
            content: {
              'application/json': { schema: z.strictObject({ data: z.array(ProblemKind) }) },
              ...htmlContent,
            },
          },
          ...problemResponses('not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      const data = problemCodes.map((code) => ({ code, ...problems[code] }))
      return negotiateFormat(request, ['json', 'html']) === 'html'
        ? (sendHtml(reply, renderPage(problemsPage(data))) as never)
        : { data }
    },
  )

  app.get(
    '/problems/:code',
    {
      schema: {
        summary: 'Read about a problem code',
        description: 'What the problem means and what to do about it.',
        tags: ['service'],
        params: z.strictObject({
          code: z.string().max(100).describe('The last part of a `type`, e.g. `not-found`.'),
        }),
        response: {
          200: {
            description: 'The explanation.',
            content: { 'application/json': { schema: ProblemKind }, ...htmlContent },
          },
          ...problemResponses('not-found', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      const code = problemCodes.find((knownCode) => knownCode === request.params.code)
      if (code === undefined)
        throw new Problem('not-found', 'There is no such problem code. GET /problems lists them.')
      const kind = { code, ...problems[code] }
      return negotiateFormat(request, ['json', 'html']) === 'html'
        ? (sendHtml(reply, renderPage(problemKindPage(kind))) as never)
        : kind
    },
  )
}
