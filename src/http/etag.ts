import { hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { buildId } from './build-id.ts'
import type { Head } from './revision-source.ts'

/**
 * A strong tag: build, revision, epoch, and a hash of what else decides the bytes of a response (path, query and the headers
 * of negotiation).
 */
export function formatEtag(request: FastifyRequest, url: string, head: Head): string {
  const { accept = '', 'accept-encoding': encoding = '' } = request.headers
  const representation = hash('sha1', `${url}\n${accept}\n${encoding}`, 'base64url').slice(0, 16)
  return `"${buildId}-${head.revision}-${head.epoch}-${representation}"`
}

/**
 * The revision and epoch of a strong tag; null when the tag is not one of this program, or weak. A bare revision (`"7"`)
 * counts as a tag, with null as its epoch.
 */
export function parseEtag(tag: string): { revision: number; epoch: string | null } | null {
  const pattern = /^"(?:[0-9a-f]{8}-)?(\d{1,15})(?:-([0-9a-f]{8}))?(?:-[\w-]+)?"$/
  const [, revision, epoch] = pattern.exec(tag) ?? []
  return revision === undefined ? null : { revision: Number(revision), epoch: epoch ?? null }
}

/** `If-None-Match` compares weakly (RFC 9110, 13.1.2). */
export const matchesEtag = (ifNoneMatch: string, tag: string): boolean =>
  ifNoneMatch === tag ||
  ifNoneMatch.trim() === '*' ||
  ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === tag)
