import { z } from 'zod'
import type { Event } from '../../records/kinds/events/schema.ts'
import type { PlaceRecord } from '../../records/kinds/places/schema.ts'
import type { EntryFormat } from '../../records/model/entry-format.ts'
import { RecordId } from '../../records/model/schema.ts'

type FullEvent = z.infer<typeof Event>

const Geometry = z
  .strictObject({
    type: z.literal('Point'),
    coordinates: z.array(z.number()).min(2).max(2).describe('Longitude, latitude.'),
  })
  .nullable()
  .describe('Null for a place without a position.')

const Feature = z
  .strictObject({
    type: z.literal('Feature'),
    id: RecordId,
    geometry: Geometry,
    properties: z.strictObject({
      slug: z.string(),
      type: z.string(),
      title: z.string(),
      description: z.string().nullable(),
      date: z.string().nullable().describe('EDTF.'),
      earliest: z.iso.date().nullable(),
      latest: z.iso.date().nullable(),
      asStated: z.string().nullable().describe('The date in the words of the source.'),
      place: z.string(),
      country: z.string().nullable(),
      placeSource: z.string(),
      participants: z.string(),
      goods: z.string(),
      quotes: z.array(z.string()),
      url: z.string(),
    }),
  })
  .meta({ id: 'GeoJsonFeature', description: 'An event at a place.' })

const FeatureCollection = z
  .strictObject({
    type: z.literal('FeatureCollection'),
    features: z.array(Feature),
    withoutPlace: z.int().describe('Number of events that have no place.'),
  })
  .meta({ id: 'GeoJsonFile', description: 'Events as GeoJSON (RFC 7946).' })

/**
 * GeoJSON (RFC 7946) of the events that have a place. A place without coordinates gives a feature without geometry. The foreign
 * member `withoutPlace` counts the events without a place, so that the map does not look complete.
 */
export const geojson: EntryFormat = {
  schema: FeatureCollection,
  recordForm: 'whole',
  async *write(batches, base) {
    yield '{"type":"FeatureCollection","features":['
    let separator = ''
    let withoutPlace = 0
    for await (const jsonTexts of batches) {
      const events = jsonTexts.map((jsonText): FullEvent => JSON.parse(jsonText))
      const features = events.flatMap((event) => toFeatures(event, base))
      withoutPlace += events.length - features.length
      if (features.length === 0) continue
      yield separator + features.map((feature) => JSON.stringify(feature)).join(',\n')
      separator = ',\n'
    }
    yield `],"withoutPlace":${withoutPlace}}\n`
  },
}

type Position = { longitude: number | null; latitude: number | null }

const toGeometry = ({ longitude, latitude }: Position): z.infer<typeof Geometry> =>
  longitude === null || latitude === null
    ? null
    : { type: 'Point', coordinates: [longitude, latitude] }

function toFeatures(event: FullEvent, base: string) {
  const { place, on } = event
  if (place === null) return []
  return [
    {
      type: 'Feature',
      id: event.id,
      geometry: toGeometry(place),
      properties: {
        slug: event.slug,
        type: event.type,
        title: event.title,
        description: event.description,
        date: on?.edtf ?? null,
        earliest: on?.earliest ?? null,
        latest: on?.latest ?? null,
        asStated: on?.asStated ?? null,
        place: place.name,
        country: place.country,
        placeSource: place.source,
        participants: event.participants
          .map(({ actor, role }) => `${actor.name} (${role})`)
          .join('; '),
        goods: event.goods.map(({ name }) => name).join('; '),
        quotes: [...new Set(event.citations.map(({ quote }) => quote))],
        url: `${base}${event.href}`,
      },
    },
  ]
}

const PlaceFeature = z
  .strictObject({
    type: z.literal('Feature'),
    id: RecordId,
    geometry: Geometry,
    properties: z.strictObject({
      slug: z.string(),
      name: z.string(),
      otherNames: z.array(z.string()),
      country: z.string().nullable(),
      within: z.string().nullable().describe('Name of the place that it lies in.'),
      source: z.string(),
      coordinatesSource: z.string().nullable(),
      url: z.string(),
    }),
  })
  .meta({ id: 'GeoJsonPlace', description: 'A place.' })

const PlaceCollection = z
  .strictObject({ type: z.literal('FeatureCollection'), features: z.array(PlaceFeature) })
  .meta({ id: 'GeoJsonPlaces', description: 'Places as GeoJSON (RFC 7946).' })

/** GeoJSON (RFC 7946) of places. A place without coordinates is a feature without geometry. */
export const placesGeojson: EntryFormat = {
  schema: PlaceCollection,
  recordForm: 'whole',
  async *write(batches, base) {
    yield '{"type":"FeatureCollection","features":['
    let separator = ''
    for await (const jsonTexts of batches)
      for (const jsonText of jsonTexts) {
        yield separator + JSON.stringify(toPlaceFeature(JSON.parse(jsonText), base))
        separator = ',\n'
      }
    yield ']}\n'
  },
}

function toPlaceFeature(
  place: z.infer<typeof PlaceRecord>,
  base: string,
): z.infer<typeof PlaceFeature> {
  const { id, slug, name, country, source, coordinatesSource } = place
  return {
    type: 'Feature',
    id,
    geometry: toGeometry(place),
    properties: {
      slug,
      name,
      otherNames: place.otherNames.map((other) => other.name),
      country,
      within: place.within?.name ?? null,
      source,
      coordinatesSource,
      url: `${base}${place.href}`,
    },
  }
}
