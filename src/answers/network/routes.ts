import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Db } from '../../database/database.ts'
import { formatParameter, mediaTypes, negotiateFormat } from '../../http/formats.ts'
import { encodeJson } from '../../http/json-encoder.ts'
import { problemResponses } from '../../http/problems.ts'
import { Problem, RecordMovedError } from '../../problem.ts'
import { Ref } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { expandNetwork } from './expand-network.ts'
import { findPaths } from './find-paths.ts'
import { writeDot } from './formats/dot.ts'
import { writeGexf } from './formats/gexf.ts'
import { toExportGraph } from './formats/graph-conversion.ts'
import { writeGraphml } from './formats/graphml.ts'
import { findNode } from './queries.ts'
import { Network, NodeKind, Paths } from './schema.ts'

const formats = ['json', 'gexf', 'graphml', 'dot'] as const
const format = formatParameter(
  'Instead of the `Accept` header: `gexf` (Gephi), `graphml` (Cytoscape, yEd, igraph), `dot` (Graphviz).',
)

const integerParameter = (min: number, max: number, defaultValue: number, description: string) => {
  const message = `a whole number from ${min} to ${max}`
  return z.coerce
    .number(message)
    .int(message)
    .min(min, message)
    .max(max, message)
    .optional()
    .describe(`${description}, ${min} to ${max}; standard ${defaultValue}.`)
}
const defaults = { depth: 1, nodes: 100, length: 4, paths: 10 } as const

const NetworkQuery = z
  .strictObject({
    actor: Ref.optional().describe('Begin with this actor.'),
    good: Ref.optional().describe('Begin with this good.'),
    permit: Ref.optional().describe('Begin with this permit.'),
    measure: Ref.optional().describe('Begin with this measure.'),
    depth: integerParameter(1, 4, defaults.depth, 'Steps from there'),
    limit: integerParameter(2, 500, defaults.nodes, 'Nodes at most'),
    format,
  })
  .refine((given) => NodeKind.options.filter((kind) => given[kind] !== undefined).length === 1, {
    path: ['actor'],
    error: 'give one of actor, good, permit and measure: where the network begins',
  })

const NodeRef = z
  .string()
  .regex(
    /^(?:(?:actor|good|permit|measure)\/)?[a-z0-9]+(-[a-z0-9]+)*$/i,
    'give the slug or id of an actor, or kind/slug: permit/wescam-mx15d-baykar-2020',
  )
  .max(130)

const PathsQuery = z.strictObject({
  from: NodeRef.describe(
    'One end: an actor by slug or id, or `good/`, `permit/`, `measure/` and either.',
  ),
  to: NodeRef.describe('The other end, in the same form.'),
  maxLength: integerParameter(1, 6, defaults.length, 'Edges of a path'),
  limit: integerParameter(1, 50, defaults.paths, 'Paths at most'),
  format,
})

const describeResponses = (schema: z.ZodType, description: string) => ({
  200: {
    description,
    content: {
      'application/json': { schema },
      [mediaTypes.gexf]: { schema: z.string() },
      [mediaTypes.graphml]: { schema: z.string() },
      [mediaTypes.dot]: { schema: z.string() },
    },
  },
  ...problemResponses('invalid-request', 'unknown-reference', 'not-acceptable', 'too-slow'),
})

export const networkRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, { database }) => {
  const { db } = database
  app.get(
    '/v1/network',
    {
      config: { hasRevisionEtag: true, isConcurrencyLimited: true },
      schema: {
        summary: 'Read who is connected with whom',
        description:
          'Actors, goods, permits and measures around one of them, and what connects them: who issued, exported, received, used, recommended, pressed, assured, held which post. Each edge has the records that tell of it, with the citations. Of a node with very many connections the latest are followed; `complete`, `message` and `cut` say what was left out.',
        tags: ['network'],
        querystring: NetworkQuery,
        response: describeResponses(Network, 'The network.'),
      },
    },
    async (request, reply) => {
      const { depth, limit, format: asked, ...roots } = request.query
      const [kind = 'actor', ref = ''] =
        Object.entries(roots).find(([, value]) => value !== undefined) ?? []
      const format = negotiateFormat(request, formats, asked)
      const root = await resolveNode(db, kind as NodeKind, ref, kind)
      const network = await expandNetwork(
        db,
        root,
        depth ?? defaults.depth,
        limit ?? defaults.nodes,
      )
      return sendGraph(reply, format, network.root.name, network)
    },
  )

  app.get(
    '/v1/network/paths',
    {
      config: { hasRevisionEtag: true, isConcurrencyLimited: true },
      schema: {
        summary: 'Find the shortest ways from one to another',
        description:
          'What stands between two actors, goods, permits or measures: the shortest paths, with the records and citations behind each edge. `complete` and `message` say whether others, or shorter ones, may have been missed.',
        tags: ['network'],
        querystring: PathsQuery,
        response: describeResponses(Paths, 'The paths; none when there is no connection.'),
      },
    },
    async (request, reply) => {
      const { from, to, maxLength, limit, format: asked } = request.query
      const format = negotiateFormat(request, formats, asked)
      const ends = await Promise.all([findPathEnd(db, from, 'from'), findPathEnd(db, to, 'to')])
      const paths = await findPaths(db, ...ends, {
        lengthMax: maxLength ?? defaults.length,
        limit: limit ?? defaults.paths,
      })
      return sendGraph(reply, format, `${paths.from.name} - ${paths.to.name}`, paths)
    },
  )
}

const findPathEnd = (db: Db, nodeRef: string, parameter: string) => {
  const [first = '', second] = nodeRef.split('/')
  return second === undefined
    ? resolveNode(db, 'actor', first, parameter)
    : resolveNode(db, NodeKind.parse(first.toLowerCase()), second, parameter)
}

/** @throws {Problem} unknown-reference */
const resolveNode = (db: Db, kind: NodeKind, ref: string, parameter: string) =>
  findNode(db, kind, ref).catch((error: unknown) => {
    if (!(error instanceof Problem || error instanceof RecordMovedError)) throw error
    const errors = [{ pointer: `/query/${parameter}`, detail: error.message }]
    throw new Problem('unknown-reference', error.message, { errors })
  })

async function sendGraph(
  reply: FastifyReply,
  format: (typeof formats)[number],
  title: string,
  network: Network | Paths,
) {
  reply.type(`${mediaTypes[format]}; charset=utf-8`)
  if (format === 'json') return reply.send(encodeJson(network))
  const graph = toExportGraph(title, network)
  const write = { gexf: writeGexf, graphml: writeGraphml, dot: writeDot }[format]
  return reply.send(await write(graph))
}
