import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { getExportRequester } from '../../http/export-requester.ts'
import { contentTypeOf, describeContent, type Format, negotiateFormat } from '../../http/formats.ts'
import { sealCursor } from '../../http/history.ts'
import { encodeJsonPage } from '../../http/json-encoder.ts'
import { formatJsonLines } from '../../http/json-lines.ts'
import { linkToPage } from '../../http/page-links.ts'
import { problemResponses, sendJsonText } from '../../http/problems.ts'
import { getBaseUrl } from '../../http/response-stream.ts'
import { buildCsvColumns } from '../../http/tables/columns.ts'
import { Problem } from '../../problem.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import {
  buildNextUrl,
  buildPageParameters,
  defaultLimit,
  listFormatParameter,
  listFormats,
  sendNdjson,
  sendTable,
} from '../../records/routes/list-routes.ts'
import { findingRules } from './all-rules.ts'
import type { FindingsRequest } from './find-findings.ts'
import { findOneFinding, listFindings, streamFindings } from './list-findings.ts'
import { recordFilters } from './queries.ts'
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
const Query = z.strictObject({
  ...parameters,
  format: listFormatParameter,
  rows: z
    .enum(['findings', 'citations'])
    .optional()
    .describe(
      'Rows of a table: `citations` gives one row for each citation of each record of a finding, with all its members. Default `findings`.',
    ),
})
type Query = {
  case?: string
  permit?: string
  actor?: string
  rule?: RuleName | RuleName[]
  certainty?: Certainty
  limit?: number
  cursor?: string
  format?: Format
  rows?: 'findings' | 'citations'
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

const { records: findingRecords, ...findingMembers } = Finding.shape
const { citations: recordCitations, ...recordMembers } = findingRecords.element.shape
const citationColumns = buildCsvColumns(
  z.strictObject({ ...findingMembers, ...recordMembers, citation: recordCitations.element }),
)

/** One entry for each citation. A record without citations is an entry without one. */
const splitByCitation = ({ records, ...finding }: Finding): object[] =>
  records.flatMap(({ citations, ...record }) =>
    (citations.length > 0 ? citations : [null]).map((citation) => ({
      ...finding,
      ...record,
      citation,
    })),
  )

async function* streamByCitation(findingTexts: AsyncIterable<string>) {
  for await (const text of findingTexts)
    yield* splitByCitation(JSON.parse(text)).map((entry) => JSON.stringify(entry))
}

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

export const findingRoutes: FastifyPluginAsyncZod<RouteContext> = async (
  app,
  { database, publicUrl },
) => {
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
            content: describeContent(listFormats, { json: FindingsListSchema }),
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
      const query = request.query as Query
      const { limit, cursor } = query
      const format = negotiateFormat(request, listFormats, query.format)
      const findingsRequest = parseRequest(query)
      const byCitation = query.rows === 'citations'
      const isTable = format === 'csv' || format === 'xlsx' || format === 'parquet'
      if (byCitation && !isTable)
        throw new Problem(
          'invalid-request',
          `\`rows=citations\` is for tables, and ${format} has all citations of a finding. Ask for \`format=csv\`, or leave it out.`,
        )
      reply.type(contentTypeOf(format))
      const sendRows = (texts: AsyncIterable<string>) =>
        sendTable(
          format,
          byCitation ? citationColumns : columns,
          byCitation ? streamByCitation(texts) : texts,
          reply,
          { base: getBaseUrl(request, publicUrl), sheetName: 'findings' },
        )
      if (format !== 'json' && limit === undefined) {
        const findingTexts = await streamFindings(
          database,
          findingsRequest,
          cursor,
          getExportRequester(request, reply),
        )
        return isTable ? sendRows(findingTexts) : sendNdjson(findingTexts, reply)
      }
      const page = await listFindings(database.db, findingsRequest, cursor, limit ?? defaultLimit)
      const next = sealCursor(request, page.next)
      if (next !== null) reply.header('Link', `<${buildNextUrl(request.url, next)}>; rel="next"`)
      const findingTexts = page.findings.map((finding) => JSON.stringify(finding))
      if (isTable) return sendRows(Readable.from(findingTexts))
      if (format === 'ndjson') return reply.send(formatJsonLines(findingTexts))
      return sendJsonText(reply, encodeJsonPage(findingTexts, next)) as never
    },
  )

  app.get(
    '/v1/findings/:id',
    {
      config: { hasRevisionEtag: true, isConcurrencyLimited: true },
      schema: {
        operationId: 'getFinding',
        summary: 'Read one finding',
        description:
          'The finding as the list has it, computed from the records as they are now. When these change, a finding can end: then this is a 404.',
        tags: ['findings'],
        params: z.strictObject({
          id: z.string().min(1).max(200).describe('The `id` of a finding in the list.'),
        }),
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'The finding.',
            content: { 'application/json': { schema: Finding } },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const finding = await findOneFinding(database.db, id)
      negotiateFormat(request, ['json'])
      linkToPage(reply, `/findings/${id}`)
      return finding
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
        data: findingRules.map(
          ({ rule, title, definition, certain, possible, records, limits }) => ({
            rule,
            title,
            definition,
            certain,
            possible,
            records,
            limits,
          }),
        ),
      }
    },
  )
}
