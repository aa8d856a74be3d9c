import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The cookie of a person who signed in on a page with an access key. The key itself is not in it. */
const sessionCookie = 'casefile_session'
const sessionSeconds = 12 * 3_600

/** Signed with the value, because a signature does not cover the name of a cookie. */
const purpose = 'session'

const getCookieOptions = (request: FastifyRequest): CookieSerializeOptions => ({
  path: '/',
  httpOnly: true,
  sameSite: 'strict',
  secure: request.protocol === 'https',
})

/** Begins a session of the key. It ends after 12 hours, or with the key. */
export function startSession(request: FastifyRequest, reply: FastifyReply, keyId: string): void {
  const value = [purpose, keyId, Math.floor(Date.now() / 1_000)].join('.')
  const options = { ...getCookieOptions(request), signed: true, maxAge: sessionSeconds }
  reply.setCookie(sessionCookie, value, options)
}

export function endSession(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(sessionCookie, getCookieOptions(request))
}

/** The id of the key of the session; null without a valid cookie. Does not check the key itself. */
export function getSessionKeyId(request: FastifyRequest): string | null {
  const cookie = request.cookies?.[sessionCookie]
  if (cookie === undefined) return null
  const { valid, value } = request.unsignCookie(cookie)
  const [kind, keyId = '', issuedAt = ''] = (valid ? value : '').split('.')
  const ageSeconds = Date.now() / 1_000 - Number(issuedAt)
  return kind === purpose && ageSeconds < sessionSeconds ? keyId : null
}
