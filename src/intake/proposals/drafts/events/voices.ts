import type { CitationInput } from '../../../../records/model/schema.ts'
import type { Entity, Voice } from '../../reading/detection.ts'
import { referTo } from '../draft-context.ts'

/** Who says what a passage says, the nearest to the fact first. */
export type Voices = {
  references: NonNullable<CitationInput['voices']>
  actors: Entity[]
}

/** Speakers without a name have no place in a citation. */
export function referToVoices(voices: readonly Voice[]): Voices {
  return {
    references: voices.flatMap(({ entity, document }) => {
      if (entity) return referTo(entity)
      return document ? { document } : []
    }),
    actors: voices.flatMap(({ entity }) => entity ?? []),
  }
}
