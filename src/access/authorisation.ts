import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../database/database.ts'
import { toDatabaseProblem } from '../database/database-problems.ts'
import { getInternalKeyId } from '../http/internal-requests.ts'
import { Problem } from '../problem.ts'
import { type AuditLogger, type LoginFailure, logAuditEvent } from './audit-log.ts'
import { KeyWatch } from './key-watch.ts'
import { matchesSecretHash, parseKey, type Scope, scopeIncludes } from './keys.ts'
import { findKey, updateLastUsed } from './queries.ts'
import { getSessionKeyId } from './sessions.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a key needs for this route. Undefined: no key needed, or `read` on a private server. */
    scope?: Scope
    /** A page for people: the cookie of a session stands for a key. */
    isPage?: boolean
  }
  interface FastifyRequest {
    /** The valid key of the request, or null. */
    key: { id: string; name: string; scope: Scope } | null
  }
}

/** Compared with the secret when there is no such key, so that the time of the response does not reveal it. */
const dummyHash = '0'.repeat(64)

/**
 * Checks the key of each request (RFC 6750): 401 without a valid key where one is needed, 403 when its scope is too small.
 * A key that is sent but not needed must be valid too.
 */
export function registerAuthorisation(
  app: FastifyInstance,
  db: Db,
  access: 'public' | 'private',
  log: AuditLogger,
): void {
  app.decorateRequest('key', null)
  const keyWatch = new KeyWatch(db, log)
  app.addHook('onClose', async () => keyWatch.close())
  app.addHook('preParsing', (request, reply, payload, done) => {
    // The common case: no key needed and none sent.
    if (
      request.headers.authorization === undefined &&
      getRequiredScope(request, access) === null &&
      getInternalKeyId(request) === null
    )
      return done(null, payload)
    authoriseRequest(request, reply).then(() => done(null, payload), done)
  })

  async function authoriseRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { authorization } = request.headers
    const requiredScope = getRequiredScope(request, access)
    const signedInKeyId = authorization === undefined ? getSignedInKeyId(request) : null
    if (authorization === undefined && signedInKeyId === null) {
      reply.header('WWW-Authenticate', 'Bearer realm="casefile"')
      throw new Problem('unauthorized', `${request.method} ${getRoutePath(request)} needs a key.`)
    }
    const verified = await verifyKey(db, authorization ?? { keyId: signedInKeyId ?? '' })
    if ('failure' in verified) {
      const { failure: reason, keyId } = verified
      logAuditEvent(log, { audit: 'login-failed', reason, keyId, requestId: request.id })
      reply.header('WWW-Authenticate', 'Bearer realm="casefile", error="invalid_token"')
      throw new Problem('unauthorized', 'The key is not valid: unknown, revoked or expired.')
    }
    const { key, isFirstUse } = verified
    request.key = key
    if (isFirstUse)
      logAuditEvent(log, {
        audit: 'key-used',
        keyId: key.id,
        keyName: key.name,
        requestId: request.id,
      })
    // A write is not aborted: its transaction would be committed all the same.
    if (request.method === 'GET') keyWatch.add(key.id, reply.raw)
    if (requiredScope !== null && !scopeIncludes(key.scope, requiredScope)) {
      const challenge = `Bearer realm="casefile", error="insufficient_scope", scope="${requiredScope}"`
      reply.header('WWW-Authenticate', challenge)
      throw new Problem(
        'forbidden',
        `This needs a key of scope ${requiredScope}; the key has scope ${key.scope}.`,
      )
    }
  }
}

function getRequiredScope(request: FastifyRequest, access: 'public' | 'private'): Scope | null {
  const { scope } = request.routeOptions.config
  if (scope !== undefined) return scope
  if (access === 'public' || isManifestRequest(request)) return null
  const isPage = request.routeOptions.config.isPage ?? false
  return isPage || /^\/(v1|reconcile)\b/.test(getRoutePath(request)) ? 'read' : null
}

/** The key of a person who signed in. Only pages accept it, so no other site can use the session for the API. */
const getSignedInKeyId = (request: FastifyRequest): string | null =>
  getInternalKeyId(request) ??
  (request.routeOptions.config.isPage ? getSessionKeyId(request) : null)

/** The manifest is readable without a key (Reconciliation Service API 0.2, "Authentication"). */
const isManifestRequest = ({ method, url }: FastifyRequest): boolean =>
  url === '/reconcile' && (method === 'GET' || method === 'HEAD')

/** The path pattern of the route: unlike the URL it has no other spellings (`/%761/actors`). Without a route, the URL. */
const getRoutePath = ({ routeOptions, url }: FastifyRequest): string => routeOptions.url ?? url

type AccessGrant = NonNullable<FastifyRequest['key']>

type VerifiedKey =
  | { key: AccessGrant; isFirstUse: boolean }
  | { failure: LoginFailure; keyId: string | null }

/**
 * @param credential the `Authorization` header, or the id of a key whose holder signed in before
 * @returns `isFirstUse`: the key was not used in the last minute
 */
export async function verifyKey(
  db: Db,
  credential: string | { keyId: string },
): Promise<VerifiedKey> {
  const parsedKey = typeof credential === 'string' ? parseAuthorization(credential) : null
  const keyId = typeof credential === 'string' ? parsedKey?.id : credential.keyId
  if (keyId === undefined) return { failure: 'malformed', keyId: null }
  const row = await findKey(db, keyId)
  const isSecretValid =
    parsedKey === null || matchesSecretHash(parsedKey.secret, row?.hash ?? dummyHash)
  if (row === undefined) return { failure: 'unknown-key', keyId }
  if (!isSecretValid) return { failure: 'wrong-secret', keyId: row.id }
  if (row.revoked) return { failure: 'revoked', keyId: row.id }
  if (row.expired) return { failure: 'expired', keyId: row.id }
  if (row.stale) await updateLastUsed(db, row.id).catch(ignoreReadOnly)
  return { key: { id: row.id, name: row.name, scope: row.scope }, isFirstUse: row.stale }
}

/** A standby cannot store when a key was used. */
function ignoreReadOnly(error: unknown): void {
  if (toDatabaseProblem(error)?.code !== 'read-only') throw error
}

function parseAuthorization(authorization: string): { id: string; secret: string } | null {
  const [, text = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  return parseKey(text)
}
