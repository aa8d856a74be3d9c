import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../database/database.ts'
import { Problem } from '../problem.ts'
import { includes, isSecretOf, readKey, type Scope } from './keys.ts'
import { findUsableKey, noteUse } from './queries.ts'

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
const noHash = '0'.repeat(64)

/**
 * Lets a request through or refuses it: 401 without a valid key where one is needed, 403 when its scope is too small
 * (RFC 6750). A key that is shown where none is needed must be valid all the same.
 */
export function authorisation(app: FastifyInstance, db: Db, access: 'public' | 'private'): void {
  app.decorateRequest('key', null)
  app.addHook('preParsing', (request, reply, payload, done) => {
    // Most requests: nothing is needed and nothing shown.
    if (request.headers.authorization === undefined && neededScope(request, access) === null)
      return done(null, payload)
    admit(request, reply).then(() => done(null, payload), done)
  })

  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { authorization } = request.headers
    const needed = neededScope(request, access)
    if (authorization === undefined) {
      reply.header('WWW-Authenticate', 'Bearer realm="casefile"')
      throw new Problem('unauthorized', `${request.method} ${pathOf(request)} needs a key.`)
    }
    request.key = await validKey(db, authorization)
    if (request.key === null) {
      reply.header('WWW-Authenticate', 'Bearer realm="casefile", error="invalid_token"')
      throw new Problem('unauthorized', 'The key is not valid: unknown, revoked or expired.')
    }
    if (needed !== null && !includes(request.key.scope, needed)) {
      const scope = `Bearer realm="casefile", error="insufficient_scope", scope="${needed}"`
      reply.header('WWW-Authenticate', scope)
      throw new Problem(
        'forbidden',
        `This needs a key of scope ${needed}; the one given has scope ${request.key.scope}.`,
      )
    }
  }
}

function neededScope(request: FastifyRequest, access: 'public' | 'private'): Scope | null {
  const { scope } = request.routeOptions.config
  if (scope !== undefined) return scope
  if (access === 'public' || isManifest(request)) return null
  return /^\/(v1|reconcile)\b/.test(pathOf(request)) ? 'read' : null
}

/** What a reconciliation service offers must be told without a key (Reconciliation Service API 0.2, "Authentication"). */
const isManifest = ({ method, url }: FastifyRequest): boolean =>
  url === '/reconcile' && (method === 'GET' || method === 'HEAD')

/** The path of the route, which a client cannot write otherwise (`/%761/actors`); that of the request when it has none. */
const pathOf = ({ routeOptions, url }: FastifyRequest): string => routeOptions.url ?? url

async function validKey(db: Db, authorization: string) {
  const [, text = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  const parts = readKey(text)
  if (parts === null) return null
  const row = await findUsableKey(db, parts.id)
  const right = isSecretOf(parts.secret, row?.hash ?? noHash)
  if (row === undefined || !right || !row.usable) return null
  if (row.stale) await noteUse(db, row.id)
  return { id: row.id, name: row.name, scope: row.scope }
}
