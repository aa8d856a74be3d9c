import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { geoEquirectangular, geoPath } from 'd3-geo'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { type Html, html, raw } from '../parts/html.ts'
import { renderLink } from '../parts/values.ts'
import type { TimelineEntry } from '../statements/events.ts'
import { texts } from '../texts.ts'

const width = 1_000
const height = 480
/** Degrees around the places. */
const marginDegrees = 8

type MapPlace = {
  name: string
  longitude: number
  latitude: number
  events: { href: string; title: string }[]
}

/** The places of events that have coordinates. */
export function collectPlaces(entries: readonly TimelineEntry[]): MapPlace[] {
  const places = new Map<string, MapPlace>()
  for (const { place, href, title } of entries) {
    if (!place || place.latitude === null || place.longitude === null) continue
    const { name, latitude, longitude } = place
    const key = `${latitude} ${longitude}`
    const known = places.get(key) ?? { name, latitude, longitude, events: [] }
    known.events.push({ href, title })
    places.set(key, known)
  }
  return [...places.values()]
}

/** The places on a map of coasts and borders of Natural Earth, which come with the server. */
export function renderMapPicture(places: readonly MapPlace[]): Html | null {
  if (places.length === 0) return null
  const projection = geoEquirectangular().fitExtent(
    [
      [0, 0],
      [width, height],
    ],
    { type: 'MultiPoint', coordinates: frameAround(places) },
  )
  projection.clipExtent([
    [0, 0],
    [width, height],
  ])
  const path = geoPath(projection).digits(1)
  const { land, borders } = loadWorld()
  return html`<figure><div class="picture-frame" tabindex="0" role="group" aria-label="${texts.map.picture}"><svg class="picture map" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-labelledby="map-title map-desc">
<title id="map-title">${texts.map.picture}</title>
<desc id="map-desc">${texts.map.pictureDescription}</desc>
<path class="land" d="${raw(path(land) ?? '')}"/><path class="border" d="${raw(path(borders) ?? '')}"/>
${places.map((place) => renderPlace(place, projection([place.longitude, place.latitude]) ?? [0, 0]))}
</svg></div><figcaption>${texts.map.source}</figcaption></figure>
<ul class="records">${places.map(
    ({ name, events }) =>
      html`<li>${name}: ${events.map(
        (event, index) =>
          html`${index > 0 ? ', ' : null}${renderLink({ href: event.href, name: event.title })}`,
      )}</li>`,
  )}</ul>`
}

const renderPlace = ({ name }: MapPlace, [x, y]: [number, number]): Html =>
  html`<circle class="map-place" cx="${Math.round(x)}" cy="${Math.round(y)}" r="6"/><text class="node-label" x="${Math.round(x) + 10}" y="${Math.round(y) + 4}">${name}</text>`

/** The corners of the shown part of the world: the places with room around them, in the shape of the picture. */
function frameAround(places: readonly MapPlace[]): [number, number][] {
  const longitudes = places.map(({ longitude }) => longitude)
  const latitudes = places.map(({ latitude }) => latitude)
  const west = Math.max(-180, Math.min(...longitudes) - 2 * marginDegrees)
  const east = Math.min(180, Math.max(...longitudes) + 2 * marginDegrees)
  const south = Math.max(-85, Math.min(...latitudes) - marginDegrees)
  const north = Math.min(85, Math.max(...latitudes) + marginDegrees)
  return [
    [west, south],
    [east, north],
  ]
}

type World = Topology<{ land: GeometryCollection; countries: GeometryCollection }>
let world: { land: ReturnType<typeof feature>; borders: ReturnType<typeof mesh> } | undefined

function loadWorld() {
  if (world === undefined) {
    const file = createRequire(import.meta.url).resolve('world-atlas/countries-110m.json')
    const topology = JSON.parse(readFileSync(file, 'utf8')) as World
    const { land, countries } = topology.objects
    world = {
      land: feature(topology, land),
      borders: mesh(topology, countries, (a, b) => a !== b),
    }
  }
  return world
}
