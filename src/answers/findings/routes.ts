import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { getExportRequester } from '../../http/client-disconnect.ts'
import { buildCsvColumns, formatCsvPage } from '../../http/csv.ts'
import { type Format, mediaTypes, negotiateFormat } from '../../http/formats.ts'
import { encodeJsonPage } from '../../http/json-encoder.ts'
import { problemResponses, sendJsonText } from '../../http/problems.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import {
  buildNextUrl,
  buildPageParameters,
  commonFormats,
  defaultLimit,
  listFormatParameter,
  sendCsv,
  sendNdjson,
} from '../../records/routes/list-routes.ts'
import type { FindingsRequest } from './find-findings.ts'
import { listFindings, streamFindings } from './list-findings.ts'
import { recordFilters } from './queries.ts'
import { findingRules } from './rules/all.ts'
import { Certainty, Finding, FindingRule, RuleName } from './schema.ts'

const { count, ...parameters } = buildPageParameters(
  { filters: recordFilters },
  {
    rule: z
      .union([RuleName, z.array(RuleName).min(1).max(50)], {
        error: `give one or several of ${RuleName.options.join(', ')}`,
      })
      .optional()
      .describe('Found by this rule. May be repeated: any of them.'),
    certainty: Certainty.optional().describe('Only findings of this certainty.'),
  },
)
const Query = z.strictObject({ ...parameters, format: listFormatParameter })
type Query = {
  case?: string
  permit?: string
  actor?: string
  rule?: RuleName | RuleName[]
  certainty?: Certainty
  limit?: number
  cursor?: string
  format?: Format
}

const FindingsListSchema = z
  .strictObject({
    data: z.array(Finding),
    next: z
      .string()
      .nullable()
      .describe(
        'Cursor of the next page. Null on the last page. A page can be shorter than its limit, or empty, without being the last: follow `next`.',
      ),
  })
  .meta({ description: 'A page of findings, sorted by rule, then by record.' })

/** Of citations, the CSV has the quotes, articles and speakers. Positions and states are only in the JSON. */
const columns = buildCsvColumns(Finding).filter(
  ({ heading }) =>
    !/citations\.(?!quote|article\.slug|voices\.(actor\.name|document))/.test(heading),
)

function parseRequest({ case: caseRef, permit, actor, rule, certainty }: Query): FindingsRequest {
  const requestedRules = rule === undefined ? null : [rule].flat()
  return {
    rules: requestedRules && RuleName.options.filter((name) => requestedRules.includes(name)),
    certainty: certainty ?? null,
    filters: {
      ...(caseRef !== undefined && { case: caseRef }),
      ...(permit !== undefined && { permit }),
      ...(actor !== undefined && { actor }),
    },
  }
}

export const findingRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, { database }) => {
  app.get(
    '/v1/findings',
    {
      config: { hasRevisionEtag: true, isConcurrencyLimited: true },
      schema: {
        summary: 'List findings',
        description:
          'Conclusions from several records: permits issued under an embargo, goods used by parties that no permit names, contradicted assurances. Each finding has its certainty, the reason for it, and all records with their passages. Findings are computed for each request. `/v1/findings/rules` has the definitions, and what a finding does not say.',
        tags: ['findings'],
        querystring: Query,
        response: {
          200: {
            description: 'A page. Without `limit`, CSV and NDJSON contain the whole list.',
            content: {
              'application/json': { schema: FindingsListSchema },
              'text/csv': { schema: z.string() },
              'application/x-ndjson': { schema: z.string() },
            },
          },
          ...problemResponses(
            'invalid-request',
            'invalid-cursor',
            'unknown-reference',
            'not-acceptable',
            'too-slow',
          ),
        },
      },
    },
    async (request, reply) => {
      const query = request.query as Query
      const { limit, cursor } = query
      const format = negotiateFormat(request, commonFormats, query.format)
      const findingsRequest = parseRequest(query)
      reply.type(`${mediaTypes[format]}; charset=utf-8`)
      if (format !== 'json' && limit === undefined) {
        const findingTexts = await streamFindings(
          database,
          findingsRequest,
          cursor,
          getExportRequester(request, reply),
        )
        return format === 'csv'
          ? sendCsv(columns, findingTexts, request, reply)
          : sendNdjson(findingTexts, reply)
      }
      const page = await listFindings(database.db, findingsRequest, cursor, limit ?? defaultLimit)
      if (page.next !== null)
        reply.header('Link', `<${buildNextUrl(request.url, page.next)}>; rel="next"`)
      const findingTexts = page.findings.map((finding) => JSON.stringify(finding))
      if (format === 'csv') return reply.send(formatCsvPage(columns, findingTexts))
      if (format === 'ndjson') return reply.send(findingTexts.map((text) => `${text}\n`).join(''))
      return sendJsonText(reply, encodeJsonPage(findingTexts, page.next))
    },
  )

  app.get(
    '/v1/findings/rules',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'List the rules for findings',
        description:
          'Each rule with its definition, when a finding is certain, when it is possible, and what a finding does not say.',
        tags: ['findings'],
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The rules, in the order of their findings.',
            content: {
              'application/json': { schema: z.strictObject({ data: z.array(FindingRule) }) },
            },
          },
          ...problemResponses('invalid-request', 'not-acceptable'),
        },
      },
    },
    async (request) => {
      negotiateFormat(request, ['json'])
      return {
        data: findingRules.map(({ rule, title, definition, certain, possible, limits }) => ({
          rule,
          title,
          definition,
          certain,
          possible,
          limits,
        })),
      }
    },
  )
}
