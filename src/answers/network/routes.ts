import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Db } from '../../database/database.ts'
import { formatParameter, mediaTypes, negotiateFormat } from '../../http/formats.ts'
import { encodeJson } from '../../http/json-encoder.ts'
import { problemResponses } from '../../http/problems.ts'
import { Problem, RecordMovedError } from '../../problem.ts'
import { findRecordById, resolveRecordId } from '../../records/model/list-queries.ts'
import { Ref } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { expandNetwork } from './expand-network.ts'
import { findPaths } from './find-paths.ts'
import { writeDot } from './formats/dot.ts'
import { writeGexf } from './formats/gexf.ts'
import { toExportGraph } from './formats/graph-conversion.ts'
import { writeGraphml } from './formats/graphml.ts'
import { readCaseNetwork } from './full/case-network.ts'
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
    .describe(`${description}, ${min} to ${max}. Default: ${defaultValue}.`)
}
const defaults = { depth: 1, nodes: 100, length: 4, paths: 10 } as const

/** Parameters of which a request has one. */
const startNames = [...NodeKind.options, 'case'] as const

const NetworkQuery = z
  .strictObject({
    actor: Ref.optional().describe('Start from this actor.'),
    good: Ref.optional().describe('Start from this good.'),
    permit: Ref.optional().describe('Start from this permit.'),
    measure: Ref.optional().describe('Start from this measure.'),
    case: Ref.optional().describe(
      'The connections that the records of this case state; `depth` does not apply.',
    ),
    depth: integerParameter(1, 4, defaults.depth, 'Steps from the start'),
    limit: integerParameter(2, 500, defaults.nodes, 'Maximum number of nodes'),
    format,
  })
  .refine((query) => startNames.filter((name) => query[name] !== undefined).length === 1, {
    path: ['actor'],
    error: 'give exactly one of actor, good, permit, measure or case to start from',
  })
  .refine((query) => query.case === undefined || query.depth === undefined, {
    path: ['depth'],
    error: 'the network of a case has no depth',
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
    'One end: the slug or id of an actor, or `good/`, `permit/` or `measure/` followed by a slug or id.',
  ),
  to: NodeRef.describe('The other end, in the same form.'),
  maxLength: integerParameter(1, 6, defaults.length, 'Maximum number of edges of a path'),
  limit: integerParameter(1, 50, defaults.paths, 'Maximum number of paths'),
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
          'Actors, goods, permits and measures around one of them, and their connections: who issued, exported, received, used, recommended, pressed, assured, held which post. Each edge has the records that state it, with their citations. For a node with very many connections only the latest are followed. `complete`, `message` and `cut` tell what was left out.',
        tags: ['network'],
        querystring: NetworkQuery,
        response: describeResponses(Network, 'The network.'),
      },
    },
    async (request, reply) => {
      const { depth, limit, format: formatQuery, ...roots } = request.query
      const [kind = 'actor', ref = ''] =
        Object.entries(roots).find(([, value]) => value !== undefined) ?? []
      const format = negotiateFormat(request, formats, formatQuery)
      if (kind === 'case') {
        const caseRecord = await resolveCase(db, ref)
        const network = await readCaseNetwork(db, caseRecord, limit ?? defaults.nodes)
        return sendGraph(reply, format, caseRecord.name, network)
      }
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
        summary: 'Find the shortest paths between two nodes',
        description:
          'The shortest paths between two actors, goods, permits or measures, with the records and citations of each edge. `complete` and `message` tell whether other or shorter paths may be missing.',
        tags: ['network'],
        querystring: PathsQuery,
        response: describeResponses(Paths, 'The paths. Empty when there is no connection.'),
      },
    },
    async (request, reply) => {
      const { from, to, maxLength, limit, format: formatQuery } = request.query
      const format = negotiateFormat(request, formats, formatQuery)
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
  const [kindOrActor = '', ref] = nodeRef.split('/')
  return ref === undefined
    ? resolveNode(db, 'actor', kindOrActor, parameter)
    : resolveNode(db, NodeKind.parse(kindOrActor.toLowerCase()), ref, parameter)
}

/** @throws {Problem} unknown-reference */
const resolveNode = (db: Db, kind: NodeKind, ref: string, parameter: string) =>
  findNode(db, kind, ref).catch((error: unknown) => throwUnknownReference(error, parameter))

/** @throws {Problem} unknown-reference */
const resolveCase = async (db: Db, ref: string) => {
  const id = await resolveRecordId(db, 'case', ref).catch((error: unknown) =>
    throwUnknownReference(error, 'case'),
  )
  const record = await findRecordById(db, id)
  return { id, slug: record?.slug ?? ref, name: record?.name ?? ref }
}

function throwUnknownReference(error: unknown, parameter: string): never {
  if (!(error instanceof Problem || error instanceof RecordMovedError)) throw error
  const errors = [{ pointer: `/query/${parameter}`, detail: error.message }]
  throw new Problem('unknown-reference', error.message, { errors })
}

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
