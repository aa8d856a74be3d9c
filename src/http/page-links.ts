import type { FastifyReply } from 'fastify'

/** Names the page for readers with the same content (RFC 8288). */
export const linkToPage = (reply: FastifyReply, path: string): FastifyReply =>
  reply.header('Link', `<${path}>; rel="alternate"; type="text/html"`)
