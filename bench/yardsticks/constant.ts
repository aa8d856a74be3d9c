/** The upper limit: Fastify returning a constant string. Argument: the port. */
import Fastify from 'fastify'

process.on('disconnect', () => process.exit())
process.on('SIGINT', () => undefined)

const app = Fastify()
app.get('/*', (_request, reply) =>
  reply.type('application/json; charset=utf-8').send('{"hello":"world"}'),
)
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) })
process.send?.('ready')
