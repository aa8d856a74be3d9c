import reference from '../../../reference/places.json' with { type: 'json' }
import stateNames from '../../../reference/state-names.json' with { type: 'json' }

/** A country or a capital. Reference data: no source document says it. */
export type ReferencePlace = {
  slug: string
  name: string
  otherNames: { name: string; language: string }[]
  /** ISO 3166-1 alpha-2. */
  country: string
  /** Slug of the country of a capital. */
  within: string | null
  latitude: number | null
  longitude: number | null
  coordinatesSource: string | null
  identifiers: { scheme: string; value: string }[]
  source: string
}

const namesByCode: Readonly<Record<string, Readonly<Record<string, string>>>> = stateNames.names

/** Other names of a country; of equal ones the first language. */
function listOtherNames(code: string, name: string): ReferencePlace['otherNames'] {
  const languageByName = new Map<string, string>()
  for (const [language, other] of Object.entries(namesByCode[code] ?? {}))
    if (other !== name && !languageByName.has(other)) languageByName.set(other, language)
  return [...languageByName].map(([other, language]) => ({ name: other, language }))
}

/** Countries first. */
export const listReferencePlaces = (): ReferencePlace[] => [
  ...reference.countries.map(({ slug, name, country, wikidata, ...position }) => ({
    slug,
    name,
    otherNames: listOtherNames(country, name),
    country,
    within: null,
    latitude: 'latitude' in position ? position.latitude : null,
    longitude: 'longitude' in position ? position.longitude : null,
    coordinatesSource: 'latitude' in position ? reference.countryCoordinates : null,
    identifiers: [{ scheme: 'wikidata', value: wikidata }],
    source: reference.source,
  })),
  ...reference.cities.map(({ geonames, ...city }) => ({
    ...city,
    otherNames: [],
    coordinatesSource: null,
    identifiers: [{ scheme: 'geonames', value: geonames }],
    source: reference.capitals,
  })),
]
