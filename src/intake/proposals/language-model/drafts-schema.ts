import { z } from 'zod'
import { kinds } from '../../../records/kinds/all-kinds.ts'
import { ProposalKind } from '../schema.ts'
import { DraftCitation, draftsMax } from '../submitted/schema.ts'

/** What a language model answers: a list of drafts. The server checks each on its own. */
export const ModelAnswer = z.looseObject({ drafts: z.array(z.unknown()).max(10 * draftsMax) })

/** The JSON Schema of drafts: of each kind the body of its `POST`, with quotes. */
export function buildDraftsJsonSchema(): object {
  const drafts = ProposalKind.options.map((kind) => {
    const input = z.toJSONSchema(kinds[kind].writer.input, {
      io: 'input',
      unrepresentable: 'any',
    }) as JsonSchema
    const citation = z.toJSONSchema(DraftCitation, {
      io: 'input',
      unrepresentable: 'any',
    }) as JsonSchema
    const { $schema: _, ...record } = input
    const { $schema: __, ...quoted } = citation
    return {
      type: 'object',
      properties: {
        kind: { const: kind },
        draft: {
          ...record,
          properties: {
            ...record.properties,
            citations: { type: 'array', minItems: 1, items: quoted },
          },
          required: [...(record.required ?? []).filter((name) => name !== 'slug'), 'citations'],
        },
        score: { type: 'number', minimum: 0, maximum: 1 },
      },
      required: ['kind', 'draft'],
      additionalProperties: false,
    }
  })
  return {
    type: 'object',
    properties: { drafts: { type: 'array', items: { anyOf: drafts } } },
    required: ['drafts'],
    additionalProperties: false,
  }
}

type JsonSchema = {
  $schema?: string
  properties?: Record<string, object>
  required?: string[]
  [name: string]: unknown
}
