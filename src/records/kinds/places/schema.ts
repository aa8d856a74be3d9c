import { z } from 'zod'
import {
  baseFields,
  CountryCode,
  evidenceFields,
  LanguageTag,
  Line,
  Reference,
  RefInput,
  Slug,
} from '../../model/schema.ts'

export const PlaceListed = z
  .strictObject({
    ...baseFields('place'),
    reference: z
      .literal(true)
      .describe('Places are reference data: no source document has to say where they lie.'),
    name: z.string(),
    otherNames: z.array(
      z.strictObject({ name: z.string(), language: z.string().nullable().describe('BCP 47.') }),
    ),
    country: z.string().nullable().describe('ISO 3166-1 alpha-2; null where disputed.'),
    within: Reference.nullable().describe('The place that this one lies in.'),
    latitude: z.number().nullable().describe('Degrees north, WGS 84.'),
    longitude: z.number().nullable().describe('Degrees east, WGS 84.'),
    coordinatesSource: z
      .string()
      .nullable()
      .describe('Where the coordinates are from, if not from `source`.'),
    identifiers: z.array(
      z.strictObject({ scheme: z.string().describe('E.g. `geonames`.'), value: z.string() }),
    ),
    source: z.string().describe('Where this reference data is from.'),
  })
  .meta({ id: 'PlaceListed', description: 'A place: a country, region, city or other location.' })

export const PlaceRecord = PlaceListed.extend(evidenceFields).meta({ id: 'PlaceRecord' })

/** What a new place is made of, besides its slug. */
const placeMembers = {
  name: Line,
  otherNames: z
    .array(z.strictObject({ name: Line, language: LanguageTag.nullable().default(null) }))
    .max(200)
    .default([]),
  country: CountryCode.nullable().default(null),
  within: RefInput.nullable().default(null).describe('The place that it lies in.'),
  latitude: z.number().min(-90).max(90).nullable().default(null),
  longitude: z.number().min(-180).max(180).nullable().default(null),
  coordinatesSource: Line.nullable().default(null),
  identifiers: z
    .array(z.strictObject({ scheme: Line, value: Line }))
    .max(50)
    .default([])
    .describe('E.g. `geonames` and `wikidata`.'),
  source: Line.describe('Where this reference data is from.'),
}

export const PlaceRecordInput = z
  .strictObject({ slug: Slug, ...placeMembers })
  .meta({ id: 'NewPlace' })
export type PlaceRecordInput = z.infer<typeof PlaceRecordInput>

/** A new place in a field of another record. Its slug is made from its name unless it is given. */
export const NewPlace = z
  .strictObject({ slug: Slug.optional(), ...placeMembers })
  .meta({ id: 'NewPlaceInRecord', description: 'A place that is made by the same write.' })

export const PlaceRefInput = z
  .union([Slug, NewPlace])
  .describe('Slug of a place, or a new place that the same write makes.')
