import type { PageRequest } from '../page-definition.ts'
import { texts } from '../texts.ts'
import { formatInstant } from './dates.ts'
import { type Html, html } from './html.ts'

type Changes = { data: { revision: number; committedAt: string }[] }

/** Says which day a page shows when it was asked for an earlier state. Null for the current state. */
export async function renderRevisionNotice({ ask, query }: PageRequest): Promise<Html | null> {
  const { revision, asOf } = query
  if (revision === undefined && asOf === undefined) return null
  const words =
    asOf !== undefined ? texts.reviseAt(formatInstant(asOf)) : await describeRevision(ask, revision)
  return html`<aside class="notice" aria-label="${texts.reviseLabel}"><p>${words} <a href="?">${texts.reviseNow}</a></p></aside>`
}

async function describeRevision(ask: PageRequest['ask'], revision = ''): Promise<string> {
  const since = Math.max(0, Number(revision) - 1)
  const { data } = await ask<Changes>('/v1/changes', { since, limit: 1 })
  const [change] = data
  return change === undefined
    ? texts.reviseAfterEnd(Number(revision))
    : texts.reviseNotice(formatInstant(change.committedAt), Number(revision))
}
