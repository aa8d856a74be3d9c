import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { geoNaturalEarth1, geoPath } from 'd3-geo'
import { scaleSqrt } from 'd3-scale'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { listReferencePlaces } from '../../../evidence/reference-data/places.ts'
import type { Point } from './points.ts'
import { drawText, escapeXml, formatNumber, inks, round, width } from './svg.ts'

const height = 450
const listed = 12

type World = {
  land: string
  /** Places of the circles, by ISO 3166-1 alpha-2. */
  centers: Map<string, [number, number]>
}
/** Drawn once. */
let world: World | undefined

function loadWorld(): World {
  if (world !== undefined) return world
  const file = createRequire(import.meta.url).resolve('world-atlas/countries-110m.json')
  const topology = JSON.parse(readFileSync(file, 'utf8')) as Topology<{
    countries: GeometryCollection
  }>
  const extent: [[number, number], [number, number]] = [
    [10, 0],
    [width - 10, height - 10],
  ]
  const projection = geoNaturalEarth1().fitExtent(extent, { type: 'Sphere' })
  const path = geoPath(projection).digits(1)
  const { features } = feature(topology, topology.objects.countries)
  const centers = new Map<string, [number, number]>()
  for (const { country, within, latitude, longitude } of listReferencePlaces()) {
    // A capital stands for a country without coordinates.
    if (latitude === null || longitude === null || (within !== null && centers.has(country)))
      continue
    const center = projection([longitude, latitude])
    if (center !== null) centers.set(country, center)
  }
  world = { land: features.map((one) => path(one) ?? '').join(''), centers }
  return world
}

/** Circles on the states; their area is the number. What has no place on the map is counted below it. */
export function drawWorldMap(points: readonly Point[]): { drawing: string; height: number } {
  const { land, centers } = loadWorld()
  const max = Math.max(1, ...points.map(({ low }) => low))
  const radius = scaleSqrt([0, max], [2, 26])
  const placed = points.map((point) => ({
    ...point,
    center: centers.get(point.country ?? ''),
  }))
  const circles = placed.flatMap(({ labels: [name = ''], low, center }) =>
    center === undefined
      ? []
      : [
          `<circle cx="${round(center[0])}" cy="${round(center[1])}" r="${round(radius(low))}" fill="${inks.dark}" fill-opacity="0.6" stroke="#ffffff"><title>${escapeXml(name)}: ${formatNumber(low)}</title></circle>`,
        ],
  )
  const largest = placed
    .toSorted((a, b) => b.low - a.low)
    .slice(0, listed)
    .map(({ labels: [name = ''], low }, index) =>
      drawText(
        16 + (index % 3) * 290,
        height + 16 + Math.floor(index / 3) * 18,
        `${name}: ${formatNumber(low)}`,
        { size: 12, length: 40 },
      ),
    )
  const missing = placed.filter(({ center }) => center === undefined).length
  const rows = Math.ceil(Math.min(listed, placed.length) / 3)
  const note =
    missing > 0
      ? drawText(16, height + 22 + rows * 18, `${missing} without a place on this map`, {
          size: 12,
          fill: inks.soft,
        })
      : ''
  return {
    drawing: `<path d="${land}" fill="${inks.light}" stroke="#ffffff" stroke-width="0.5"/>${circles.join('')}${largest.join('')}${note}`,
    height: height + 30 + rows * 18 + (missing > 0 ? 18 : 0),
  }
}
