import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'

type HookTarget = Pick<FastifyInstance, 'addHook'>

/**
 * Validates every response against the schema that its route declares for the status, because the server sends JSON of
 * PostgreSQL without validation. An undeclared status or an invalid body becomes a 599, which no test expects.
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
    const schema = (declaredResponse.content?.[type] ?? declaredResponse.content?.['*/*'])?.schema
    if (schema === undefined)
      return failResponse(reply, `${type} is not declared for ${reply.statusCode}`)
    if (!/[/+]json$/.test(type)) return payload
    const result = schema.safeParse(JSON.parse(payload))
    return result.success ? payload : failResponse(reply, z.prettifyError(result.error))
  })
}

function failResponse(reply: FastifyReply, reason: string): string {
  reply.code(599).type('text/plain')
  return `The response does not match the schema of ${reply.request.routeOptions.url}: ${reason}`
}
