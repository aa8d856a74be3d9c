import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'

type HookTarget = Pick<FastifyInstance, 'addHook'>

/**
 * The server passes JSON through as PostgreSQL wrote it, so here every answer is held against the schema that its route
 * declares for its status: an undeclared status, or a body of another shape, turns into a 599 that no test expects.
 */
export function validateResponses(app: HookTarget): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const declaredResponses = request.routeOptions.schema?.response as
      | Record<string, { content?: Record<string, { schema: z.ZodType }> }>
      | undefined
    if (declaredResponses === undefined || typeof payload !== 'string' || reply.statusCode === 304)
      return payload
    const type = String(reply.getHeader('content-type')).split(';')[0] ?? ''
    const declaredResponse = declaredResponses[reply.statusCode]
    if (declaredResponse === undefined)
      return failResponse(reply, `status ${reply.statusCode} is not declared`)
    const schema = declaredResponse.content?.[type]?.schema
    if (schema === undefined)
      return failResponse(reply, `${type} is not declared for ${reply.statusCode}`)
    if (!/[/+]json$/.test(type)) return payload
    const result = schema.safeParse(JSON.parse(payload))
    return result.success ? payload : failResponse(reply, z.prettifyError(result.error))
  })
}

function failResponse(reply: FastifyReply, why: string): string {
  reply.code(599).type('text/plain')
  return `The answer does not fit the schema of ${reply.request.routeOptions.url}: ${why}`
}
