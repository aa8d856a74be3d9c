import { sql } from 'kysely'
import { Problem } from '../../../problem.ts'
import {
  derived,
  list,
  notAFact,
  number,
  recordName,
  reference,
  text,
} from '../../model/field-builders.ts'
import { declareRecord } from '../../model/record-fields.ts'
import type { PlaceRecordInput } from './schema.ts'

/** Reference data states no facts that want a citation. */
const declaredFields = declareRecord<PlaceRecordInput>()({
  kind: 'place',
  table: 'place',
  fields: {
    reference: derived<true>({ json: sql`true`, absent: true }),
    name: notAFact(recordName()),
    otherNames: notAFact(
      list('place_name.place_id', {
        name: text('place_name.name'),
        language: text('place_name.language'),
      }),
    ),
    country: notAFact(text('place.country')),
    within: notAFact(reference('place', 'place.within_id')),
    latitude: notAFact(number('place.latitude')),
    longitude: notAFact(number('place.longitude')),
    coordinatesSource: notAFact(text('place.coordinates_source')),
    identifiers: notAFact(
      list('place_identifier.place_id', {
        scheme: text('place_identifier.scheme'),
        value: text('place_identifier.value'),
      }),
    ),
    source: notAFact(text('place.source')),
  },
})

export const placeFields: typeof declaredFields = {
  ...declaredFields,
  /** @throws {Problem} also invalid-request, for one coordinate without the other */
  resolve(input, refs, pointer) {
    const { latitude = null, longitude = null } = input as Partial<PlaceRecordInput>
    if ((latitude === null) !== (longitude === null)) {
      const detail = 'give latitude and longitude, or neither'
      const at = `${pointer}/${latitude === null ? 'latitude' : 'longitude'}`
      throw new Problem('invalid-request', `${at}: ${detail}`, {
        errors: [{ pointer: at, detail }],
      })
    }
    return declaredFields.resolve(input, refs, pointer)
  },
}
