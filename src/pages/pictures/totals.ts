import { encode, type PageRequest, type Query } from '../page-definition.ts'
import { type Html, html, raw } from '../parts/html.ts'

/** A chart of totals, as the API draws it. `plural`: permits, events or figures. */
export async function loadChart(
  ask: PageRequest['ask'],
  plural: string,
  query: Query,
): Promise<{ title: string; picture: Html }> {
  const path = `/v1/${encode(plural)}/totals`
  const document = await ask<string>(path, { ...query, format: 'svg' })
  const svg = document.replace(/^<\?xml[^>]*>\s*/, '')
  const [, title = ''] = /<title[^>]*>([^<]*)</.exec(svg) ?? []
  // Several charts stand on one page.
  const id = [query.by].flat().join('-')
  const picture = svg.replaceAll(/\bchart-(title|desc)\b/g, `chart-$1-${id}`)
  return {
    title: decodeReferences(title),
    picture: html`<div class="picture-frame" tabindex="0" role="group" aria-labelledby="chart-title-${id}">${raw(picture)}</div>`,
  }
}

/** The API writes `&#38;` for special characters. */
const decodeReferences = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_match, code) => String.fromCodePoint(Number(code)))
