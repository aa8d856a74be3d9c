import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Format, mediaTypes, negotiate } from '../../http/formats.ts'
import { jsonPage } from '../../http/json-bytes.ts'
import { problemResponses, sendJson } from '../../http/problems.ts'
import { csvPage, tableColumns } from '../../http/table.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import {
  formats,
  limitStandard,
  listFormat,
  nextUrl,
  pageParameters,
  sendLines,
  sendTable,
} from '../../records/routes/list-routes.ts'
import type { Asked } from './find-findings.ts'
import { listFindings, streamFindings } from './list-findings.ts'
import { recordFilters } from './queries.ts'
import { rules } from './rules/all.ts'
import { Certainty, Finding, FindingRule, RuleName } from './schema.ts'

const { count, ...parameters } = pageParameters(
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
const Query = z.strictObject({ ...parameters, format: listFormat })
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

const List = z
  .strictObject({
    data: z.array(Finding),
    next: z
      .string()
      .nullable()
      .describe(
        'Cursor of the next page; null on the last. A page can be short of its limit, or empty, and not be the last: follow `next`.',
      ),
  })
  .meta({ description: 'A page of findings: by rule, then by record.' })

/** A table has the words of each passage and who says them; where they stand and how they are checked is in the JSON. */
const columns = tableColumns(Finding).filter(
  ({ heading }) =>
    !/citations\.(?!quote|article\.slug|voices\.(actor\.name|document))/.test(heading),
)

function askedFor({ case: ofCase, permit, actor, rule, certainty }: Query): Asked {
  const wanted = rule === undefined ? null : [rule].flat()
  return {
    rules: wanted && RuleName.options.filter((name) => wanted.includes(name)),
    certainty: certainty ?? null,
    narrowed: {
      ...(ofCase !== undefined && { case: ofCase }),
      ...(permit !== undefined && { permit }),
      ...(actor !== undefined && { actor }),
    },
  }
}

export const findingRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, { database }) => {
  app.get(
    '/v1/findings',
    {
      config: { revisioned: true, inTurns: true },
      schema: {
        summary: 'List findings',
        description:
          'What follows from several records together: permits under an embargo, goods used by others than was authorised, assurances contradicted. Each with its certainty, the reason for it, and the records and passages on every side. Computed when asked for; `/v1/findings/rules` says how, and what a finding does not say.',
        tags: ['findings'],
        querystring: Query,
        response: {
          200: {
            description: 'A page, or with `format=csv` or `ndjson` the whole list.',
            content: {
              'application/json': { schema: List },
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
      const format = negotiate(request, formats, query.format)
      const asked = askedFor(query)
      reply.type(`${mediaTypes[format]}; charset=utf-8`)
      if (format !== 'json' && limit === undefined) {
        const documents = await streamFindings(database, asked, cursor)
        return format === 'csv'
          ? sendTable(columns, documents, request, reply)
          : sendLines(documents, reply)
      }
      const page = await listFindings(database.db, asked, cursor, limit ?? limitStandard)
      if (page.next !== null)
        reply.header('Link', `<${nextUrl(request.url, page.next)}>; rel="next"`)
      const documents = page.findings.map((finding) => JSON.stringify(finding))
      if (format === 'csv') return reply.send(csvPage(columns, documents))
      if (format === 'ndjson')
        return reply.send(documents.map((document) => `${document}\n`).join(''))
      return sendJson(reply, jsonPage(documents, page.next))
    },
  )

  app.get(
    '/v1/findings/rules',
    {
      config: { revisioned: true },
      schema: {
        summary: 'Read by which rules findings are made',
        description:
          'Each rule with its definition, when a finding is certain and when possible, and its limits: what a finding does not say.',
        tags: ['findings'],
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The rules, in the order in which their findings are listed.',
            content: {
              'application/json': { schema: z.strictObject({ data: z.array(FindingRule) }) },
            },
          },
          ...problemResponses('invalid-request', 'not-acceptable'),
        },
      },
    },
    async (request) => {
      negotiate(request, ['json'])
      return {
        data: rules.map(({ rule, title, definition, certain, possible, limits }) => ({
          ...{ rule, title, definition, certain, possible, limits },
        })),
      }
    },
  )
}
