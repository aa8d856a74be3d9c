import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../database/database.ts'
import { Problem } from '../problem.ts'
import { matchesSecretHash, parseKey, type Scope, scopeIncludes } from './keys.ts'
import { findUsableKey, updateLastUsed } from './queries.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key must allow for this route; without it the route is open, or needs `read` where reading is private. */
    scope?: Scope
  }
  interface FastifyRequest {
    /** The key that the request showed, once it was found valid. */
    key: { id: string; name: string; scope: Scope } | null
  }
}

/** Compared with when there is no such key, so that the answer takes as long. */
const dummyHash = '0'.repeat(64)

/**
 * Lets a request through or refuses it: 401 without a valid key where one is needed, 403 when its scope is too small
 * (RFC 6750). A key that is shown where none is needed must be valid all the same.
 */
export function registerAuthorisation(
  app: FastifyInstance,
  db: Db,
  access: 'public' | 'private',
): void {
  app.decorateRequest('key', null)
  app.addHook('preParsing', (request, reply, payload, done) => {
    // Most requests: nothing is needed and nothing shown.
    if (request.headers.authorization === undefined && getRequiredScope(request, access) === null)
      return done(null, payload)
    authoriseRequest(request, reply).then(() => done(null, payload), done)
  })

  async function authoriseRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { authorization } = request.headers
    const needed = getRequiredScope(request, access)
    if (authorization === undefined) {
      reply.header('WWW-Authenticate', 'Bearer realm="casefile"')
      throw new Problem('unauthorized', `${request.method} ${getRoutePath(request)} needs a key.`)
    }
    request.key = await verifyKey(db, authorization)
    if (request.key === null) {
      reply.header('WWW-Authenticate', 'Bearer realm="casefile", error="invalid_token"')
      throw new Problem('unauthorized', 'The key is not valid: unknown, revoked or expired.')
    }
    if (needed !== null && !scopeIncludes(request.key.scope, needed)) {
      const scope = `Bearer realm="casefile", error="insufficient_scope", scope="${needed}"`
      reply.header('WWW-Authenticate', scope)
      throw new Problem(
        'forbidden',
        `This needs a key of scope ${needed}; the one given has scope ${request.key.scope}.`,
      )
    }
  }
}

function getRequiredScope(request: FastifyRequest, access: 'public' | 'private'): Scope | null {
  const { scope } = request.routeOptions.config
  if (scope !== undefined) return scope
  if (access === 'public' || isManifestRequest(request)) return null
  return /^\/(v1|reconcile)\b/.test(getRoutePath(request)) ? 'read' : null
}

/** What a reconciliation service offers must be told without a key (Reconciliation Service API 0.2, "Authentication"). */
const isManifestRequest = ({ method, url }: FastifyRequest): boolean =>
  url === '/reconcile' && (method === 'GET' || method === 'HEAD')

/** The path of the route, which a client cannot write otherwise (`/%761/actors`); that of the request when it has none. */
const getRoutePath = ({ routeOptions, url }: FastifyRequest): string => routeOptions.url ?? url

async function verifyKey(db: Db, authorization: string) {
  const [, text = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  const parsedKey = parseKey(text)
  if (parsedKey === null) return null
  const row = await findUsableKey(db, parsedKey.id)
  const isSecretValid = matchesSecretHash(parsedKey.secret, row?.hash ?? dummyHash)
  if (row === undefined || !isSecretValid || !row.usable) return null
  if (row.stale) await updateLastUsed(db, row.id)
  return { id: row.id, name: row.name, scope: row.scope }
}
