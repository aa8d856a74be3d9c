import formbody from '@fastify/formbody'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { verifyKey } from '../access/authorisation.ts'
import { endSession, startSession } from '../access/sessions.ts'
import type { Db } from '../database/database.ts'
import { Problem } from '../problem.ts'
import { renderDocument, type SiteSettings } from './layout/page.ts'
import { sendErrorPage, sendHtml } from './page-routes.ts'
import { signInPage } from './site/sign-in-page.ts'

const options = { schema: { hide: true } }

/** Signing in with an access key, and out again. */
export const signInRoutes: FastifyPluginAsyncZod<{ settings: SiteSettings; db: Db }> = async (
  app,
  { settings, db },
) => {
  app.setErrorHandler((error, request, reply) => sendErrorPage(error, request, reply, settings))
  await app.register(formbody)

  app.get('/sign-in', options, async (request, reply) => {
    const { to } = request.query as { to?: string }
    reply.header('Cache-Control', 'no-store')
    return sendHtml(reply, renderDocument(signInPage(getLocalPath(to), false), settings))
  })

  app.post('/sign-in', options, async (request, reply) => {
    requireSameOrigin(request)
    const { key = '', to } = (request.body ?? {}) as { key?: string; to?: string }
    const verified = await verifyKey(db, `Bearer ${key.trim()}`)
    reply.header('Cache-Control', 'no-store')
    if ('failure' in verified) {
      reply.code(401)
      return sendHtml(reply, renderDocument(signInPage(getLocalPath(to), true), settings))
    }
    startSession(request, reply, verified.key.id)
    return reply.redirect(getLocalPath(to), 303)
  })

  app.post('/sign-out', options, async (request, reply) => {
    requireSameOrigin(request)
    endSession(request, reply)
    return reply.header('Cache-Control', 'no-store').redirect('/', 303)
  })
}

/** Only paths of this server: another address would lead people away after they signed in. */
const getLocalPath = (path: string | undefined): string =>
  path !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/'

/**
 * Refuses a form that another site sends (CSRF). Browsers say where a request comes from (`Sec-Fetch-Site`, or `Origin` in old
 * ones), and a page cannot change these headers.
 *
 * @throws {Problem} forbidden
 */
export function requireSameOrigin({ headers, host }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  const isSameOrigin =
    site === undefined
      ? headers.origin === undefined || URL.parse(headers.origin)?.host === host
      : site === 'same-origin' || site === 'none'
  if (!isSameOrigin) throw new Problem('forbidden', 'This form was sent by another site.')
}
