import { escapeHtml } from '../../http/escape-html.ts'
import { buildHref } from '../../records/model/schema.ts'
import type { ReconciledEntity } from './queries.ts'
import type { Manifest } from './schema.ts'
import { entityProperties, entityTypes, featureDescriptions, listTypes } from './vocabulary.ts'

/** The manifest, and small HTML pages about entities, types, properties and features. */

export function buildManifest(base: string, version: string, batchSize: number): Manifest {
  const suggest = (what: string) => ({
    service_url: base,
    service_path: `/reconcile/suggest/${what}`,
    flyout_service_url: base,
    flyout_service_path: `/reconcile/flyout/${what}?id=\${id}`,
  })
  return {
    versions: ['0.2'],
    name: 'Casefile',
    identifierSpace: `${base}/reconcile/preview?id=`,
    schemaSpace: `${base}/reconcile/suggest/type`,
    defaultTypes: entityTypes.slice(0, 4).map(({ id, name }) => ({ id, name })),
    documentation: `${base}/docs`,
    serviceVersion: version,
    view: { url: `${base}/reconcile/preview?id={{id}}` },
    feature_view: { url: `${base}/reconcile/features?id={{id}}` },
    preview: { url: `${base}/reconcile/preview?id={{id}}`, width: 430, height: 300 },
    suggest: { entity: suggest('entity'), type: suggest('type'), property: suggest('property') },
    extend: {
      propose_properties: { service_url: base, service_path: '/reconcile/properties' },
      property_settings: [],
    },
    batchSize,
  }
}

const renderPage = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark }
body { font: .9rem/1.4 system-ui, sans-serif; margin: .75rem }
h1 { font-size: 1.05rem; margin: 0 0 .3rem } p { margin: .3rem 0 }
</style>
</head>
<body>
${body}
</body>
</html>
`

export function renderEntity({
  kind,
  actorType,
  name,
  names,
  description,
  slug,
}: ReconciledEntity): string {
  const others = names.filter((one) => one.name !== name).map((one) => one.name)
  const what = listTypes(kind, actorType).map((type) => type.name)
  return [
    `<h1><a href="${buildHref(kind, slug)}" target="_blank">${escapeHtml(name)}</a></h1>`,
    `<p>${escapeHtml(what.join(', '))}</p>`,
    ...(others.length > 0 ? [`<p>Also: ${escapeHtml(others.slice(0, 10).join('; '))}</p>`] : []),
    ...(description ? [`<p>${escapeHtml(description)}</p>`] : []),
  ].join('\n')
}

export const renderEntityPage = (entity: ReconciledEntity): string =>
  renderPage(entity.name, renderEntity(entity))

/** A short HTML page about a type; null when there is none with this id. */
export function renderType(id: string): string | null {
  const type = entityTypes.find((one) => one.id === id)
  if (type === undefined) return null
  const of = type.broader?.map(({ name }) => name).join(', ')
  return `<p><b>${escapeHtml(type.name)}</b>${of ? `, a kind of ${escapeHtml(of)}` : ''}</p>`
}

export function renderProperty(id: string): string | null {
  const property = entityProperties.find((one) => one.id === id)
  if (property === undefined) return null
  return `<p><b>${escapeHtml(property.name)}</b>: ${escapeHtml(property.description)} Of: ${escapeHtml(property.kinds.join(', '))}.</p>`
}

/** Explains a feature of a score. `property:issuer` has the explanation of `property`. */
export function renderFeaturePage(id: string): string | null {
  const [name = ''] = id.split(':')
  const meaning = Object.hasOwn(featureDescriptions, name) ? featureDescriptions[name] : undefined
  return meaning === undefined
    ? null
    : renderPage(id, `<h1>${escapeHtml(id)}</h1>\n<p>${escapeHtml(meaning)}</p>`)
}
