import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { formatCsvPage } from '../../http/csv.ts'
import {
  contentTypeOf,
  describeContent,
  formatParameterFor,
  negotiateFormat,
} from '../../http/formats.ts'
import { problemResponses, sendJsonText } from '../../http/problems.ts'
import { getBaseUrl } from '../../http/response-stream.ts'
import { buildCsvColumns } from '../../http/tables/columns.ts'
import { kinds } from '../../records/kinds/all-kinds.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { dropAbsentFilters, rejectReversedPeriod } from '../../records/routes/list-routes.ts'
import { chartNames, renderChart } from './charts/chart.ts'
import { type TotalsDefinition, totalsDefinitions } from './dimensions/queries.ts'
import { readTotals } from './read-totals.ts'
import { totalSorts } from './rules.ts'
import { TotalLine, type TotalRow, Totals } from './schema.ts'

const formats = ['json', 'csv', 'ndjson', 'svg'] as const
const maxDimensions = 3
const lineColumns = buildCsvColumns(TotalLine)

/** `GET /v1/permits/totals`, and the same of events and figures. */
export const totalsRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  for (const definition of totalsDefinitions) await app.register(totalsRoute(definition), context)
}

const ownParameters = (names: readonly [string, ...string[]]) => ({
  by: z
    .union([z.enum(names), z.array(z.enum(names)).min(1).max(maxDimensions)])
    .describe(`One to ${maxDimensions} dimensions, the parameter repeated: ${names.join(', ')}.`),
  level: z.coerce
    .number()
    .int()
    .min(1)
    .max(6)
    .default(2)
    .describe('How deep `controlEntry` goes: 1 `ML`, 2 `ML10`, 3 `ML10a`.'),
  sort: z.enum(totalSorts).optional().describe('Default: `key` for periods, else `-count`.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .describe('Rows; the others are added in `other`.'),
  measure: z
    .enum(['count', 'value', 'quantity'])
    .default('count')
    .describe('What a chart draws. JSON and CSV have all.'),
  unit: z
    .string()
    .max(100)
    .optional()
    .describe('Currency or unit of the chart. Default: the most frequent.'),
  chart: z
    .enum(chartNames)
    .optional()
    .describe('The chart of `format=svg`. Default: what fits the dimensions.'),
  format: formatParameterFor(formats),
})

const totalsRoute =
  (definition: TotalsDefinition): FastifyPluginAsyncZod<RouteContext> =>
  async (app, { database, publicUrl }) => {
    const { list, kind } = definition
    const { plural } = kinds[kind]
    const [first = '', ...others] = definition.dimensions.map(({ name }) => name)
    const filterSchemas = Object.fromEntries(
      Object.entries(list.filters).map(([name, filter]) => [name, filter.schema]),
    )
    const querystring = rejectReversedPeriod(
      z.strictObject({ ...filterSchemas, ...ownParameters([first, ...others]) }) as z.ZodType<
        Record<string, unknown>
      >,
    )
    app.get(
      `/v1/${plural}/totals`,
      {
        config: { hasRevisionEtag: true, isConcurrencyLimited: true },
        schema: {
          operationId: `get${plural.charAt(0).toUpperCase()}${plural.slice(1)}Totals`,
          summary: `Count ${plural}, and add their values and quantities`,
          description: describeTotals(kind),
          tags: [plural],
          querystring,
          response: {
            200: {
              description: 'The totals.',
              content: describeContent(formats, { json: Totals }),
            },
            ...problemResponses(
              'invalid-request',
              'unknown-reference',
              'not-acceptable',
              'too-slow',
            ),
          },
        },
      },
      async (request, reply) => {
        const {
          by,
          level,
          sort,
          limit,
          measure,
          unit,
          chart,
          format: requested,
          ...filters
        } = request.query as z.infer<z.ZodObject<ReturnType<typeof ownParameters>>> &
          Record<string, unknown>
        const format = negotiateFormat(request, formats, requested)
        const dimensions = selectDimensions(definition, [by].flat())
        const startsWithPeriod = dimensions[0]?.type === 'period'
        const totals = await readTotals(database.db, definition, {
          filterValues: dropAbsentFilters(filters),
          dimensions,
          level,
          sort: sort ?? (startsWithPeriod ? 'key' : '-count'),
          limit,
          listPath: `/v1/${plural}`,
          filters,
        })
        reply.type(contentTypeOf(format))
        if (format === 'json') return sendJsonText(reply, JSON.stringify(totals)) as never
        if (format === 'ndjson')
          return reply.send(totals.data.map((row) => `${JSON.stringify(row)}\n`).join('')) as never
        if (format === 'csv') return reply.send(formatCsv(totals)) as never
        const base = getBaseUrl(request, publicUrl)
        const source = `${base}${request.url.split('?')[0]}`
        const revision = request.head?.revision ?? null
        return reply.send(
          renderChart(totals, { noun: plural, measure, unit, chart, source, revision }),
        ) as never
      },
    )
  }

const describeTotals = (kind: string): string =>
  [
    'Counts the records of a list, with all its filters, by one to three dimensions. Each row links to the list of exactly these records. Sums are by currency and by unit, never added across, and exact: a range has a lower and an upper bound.',
    'A date that can lie in several periods is in none of them: such records are in the row without a period, and `possible` says for each period how many of them can lie in it.',
    kind === 'figure'
      ? 'Figures are totals already, and sources repeat each other: rows are always by `measure` too, and `overlapping` says how many figures of a row another one repeats or contains.'
      : 'A record with several goods or destinations is in the row of each; `total` counts each record once. By goods and control list entries, values and quantities are those of the items.',
    '`format=svg` draws a chart.',
  ].join(' ')

/** The dimensions by name, in this order. Figures of different measures are never added. */
function selectDimensions({ kind, dimensions }: TotalsDefinition, names: readonly unknown[]) {
  const wanted = new Set(names.map(String))
  if (kind === 'figure') wanted.add('measure')
  return [...wanted].flatMap(
    (name) => dimensions.find((dimension) => dimension.name === name) ?? [],
  )
}

/** A line for each measure of each row, so that no number stands twice. */
function formatCsv({ by, data }: Totals): string {
  const columns = lineColumns.flatMap((column) => {
    const [, number] = /^key(\d)$/.exec(column.heading) ?? []
    if (number === undefined) return [column]
    const name = by[Number(number) - 1]
    return name === undefined ? [] : [{ ...column, heading: name }]
  })
  return formatCsvPage(
    columns,
    data.flatMap((row) => listLines(row, by)).map((line) => JSON.stringify(line)),
  )
}

function listLines(row: TotalRow, by: readonly string[]) {
  const [key1 = null, key2 = null, key3 = null] = by.map((name) => {
    const key = row.keys[name] ?? null
    return typeof key === 'object' && key !== null ? key.slug : key
  })
  const common = { key1, key2, key3, possible: row.possible, list: row.list }
  const { count, records } = row
  return [
    {
      ...common,
      measure: 'count',
      unit: null,
      low: String(count.low),
      high: count.high === null ? null : String(count.high),
      records,
    },
    ...row.values.map((sum) => ({ ...common, measure: 'value', ...sum })),
    ...row.quantities.map((sum) => ({ ...common, measure: 'quantity', ...sum })),
  ]
}
