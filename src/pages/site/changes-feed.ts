import type { SiteSettings } from '../layout/page.ts'
import type { Ask } from '../page-definition.ts'
import { html } from '../parts/html.ts'
import { getKindName } from '../parts/records.ts'
import { toPagePath } from '../parts/values.ts'
import { countOf, texts } from '../texts.ts'
import type { RecordChange } from './changes-page.ts'

const revisionsShown = 30
const changesShown = 500

/** Characters that XML 1.0 cannot have, even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
const notInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** The newest revisions as an Atom feed (RFC 4287), one entry each. Without a public address its links are relative. */
export async function renderChangesFeed(
  ask: Ask,
  { publicUrl }: SiteSettings,
  caseRef: string | undefined,
): Promise<string> {
  const { revision: newest } = await ask<{ revision: number }>('/v1/changes', { limit: 1 })
  const { data } = await ask<{ data: RecordChange[] }>('/v1/changes', {
    since: Math.max(0, newest - revisionsShown),
    limit: changesShown,
    case: caseRef,
  })
  const revisions = [...Map.groupBy(data, ({ revision }) => revision)].reverse()
  const base = publicUrl ?? ''
  const updated = data.at(-1)?.committedAt ?? '1970-01-01T00:00:00Z'
  const feed = html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>urn:casefile:changes${caseRef && `:${caseRef}`}</id>
<title>${texts.site}: ${texts.changes.title}</title>
<updated>${updated}</updated>
<link rel="alternate" type="text/html" href="${base}/changes"/>
${revisions.map(([revision, changes]) => renderEntry(base, revision, changes))}</feed>
`
  return String(feed).replaceAll(notInXml, '')
}

const renderEntry = (
  base: string,
  revision: number,
  changes: readonly RecordChange[],
) => html`<entry>
<id>urn:casefile:revision:${revision}</id>
<title>${texts.changes.revision(revision)}: ${countOf(changes.length, 'record')}</title>
<updated>${changes[0]?.committedAt}</updated>
<author><name>${changes[0]?.author}</name></author>
<link rel="alternate" type="text/html" href="${base}/changes?until=${revision}"/>
<content type="html">${String(
  html`<ul>${changes.map(
    ({ action, record }) =>
      html`<li>${getKindName(record.kind)} <a href="${base}${toPagePath(record.href)}">${record.slug}</a> ${
        texts.changes.action[action] ?? action
      }</li>`,
  )}</ul>`,
)}</content>
</entry>
`
