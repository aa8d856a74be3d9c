/**
 * The yardstick of reads: Fastify, `pg` and hand-written SQL, without error handling, formats and checks. Arguments: the
 * port and the URL of the database.
 */
import Fastify from 'fastify'
import pg from 'pg'
import { workloads } from '../workloads/all.ts'
import type { YardstickContext } from '../workloads/workload.ts'

process.on('disconnect', () => process.exit())
process.on('SIGINT', () => undefined)

const [port, connectionString] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString, max: 10 })
const ask: YardstickContext = {
  pool,
  query: async (name, text, values) => {
    const { rows } = await pool.query({ name, text, values: [...values] })
    return rows
  },
}

const app = Fastify()
for (const { name, yardstick } of workloads) {
  if (yardstick === 'constant') continue
  for (const [way, answer] of Object.entries(yardstick.ways))
    app.get<{ Params: Record<string, string>; Querystring: Record<string, string> }>(
      `/${name}/${way}${yardstick.route}`,
      async ({ params, query }, reply) =>
        reply.type('application/json; charset=utf-8').send(await answer(ask, { params, query })),
    )
}
await app.listen({ host: '127.0.0.1', port: Number(port) })
process.send?.('ready')
