import { z } from 'zod'
import {
  baseFields,
  CountryCode,
  evidenceFields,
  LanguageTag,
  Line,
  Slug,
} from '../../model/schema.ts'

export const ActorType = z.enum([
  'state',
  'company',
  'person',
  'public-body',
  'armed-force',
  'organisation',
  'publisher',
])

export const ActorListed = z
  .strictObject({
    ...baseFields('actor'),
    type: ActorType,
    name: z.string(),
    aliases: z.array(
      z.strictObject({ name: z.string(), language: z.string().nullable().describe('BCP 47.') }),
    ),
    country: z.string().nullable().describe('ISO 3166-1 alpha-2.'),
    identifiers: z.array(z.strictObject({ scheme: z.string(), value: z.string() })),
  })
  .meta({
    id: 'ActorListed',
    description: 'A state, company, person, public body, armed force, organisation or publisher.',
  })

export const Actor = ActorListed.extend(evidenceFields).meta({ id: 'Actor' })

export const ActorInput = z
  .strictObject({
    slug: Slug,
    type: ActorType,
    name: Line,
    aliases: z
      .array(
        z.union([
          Line.transform((name) => ({ name, language: null })),
          z.strictObject({ name: Line, language: LanguageTag.nullable().default(null) }),
        ]),
      )
      .max(200)
      .default([])
      .describe('Other names, as text or with their language.'),
    country: CountryCode.nullable().default(null),
    identifiers: z
      .array(z.strictObject({ scheme: Line, value: Line }))
      .max(50)
      .default([]),
  })
  .meta({ id: 'NewActor' })
export type ActorInput = z.infer<typeof ActorInput>
