import { z } from 'zod'
import { Reference } from '../../records/model/schema.ts'

const isReference = z
  .literal(true)
  .describe('This is reference data of the server; no source document says it.')

const Source = z.string().describe('Where this reference data is from.')

const StateCode = z.string().describe('ISO 3166-1 alpha-2.')

const From = z.string().describe('First day of membership (EDTF).')
const To = z.string().nullable().describe('Last day of membership (EDTF); null while it lasts.')

const MemberCertainty = z
  .enum(['certain', 'possible'])
  .describe('`certain`: a member on every day that the date can mean; `possible`: on some.')

const ReferenceState = z
  .strictObject({
    code: StateCode,
    code3: z.string().describe('ISO 3166-1 alpha-3.'),
    names: z
      .record(z.string(), z.string())
      .describe('By language (ISO 639-1): en, fr, de, nl, it, es, tr, sv.'),
    aliases: z.array(z.string()).describe('Other names by which it is recognised.'),
    memberships: z.array(
      z.strictObject({
        organisation: z.string().describe('Code of the organisation.'),
        from: From,
        to: To,
      }),
    ),
    actor: Reference.nullable().describe('The actor on record that is this state.'),
  })
  .meta({ id: 'ReferenceState', description: 'A state or territory with an ISO 3166-1 code.' })

export const ReferenceStateList = z
  .strictObject({
    reference: isReference,
    source: Source,
    data: z.array(ReferenceState).describe('By code.'),
  })
  .meta({ id: 'ReferenceStateList' })

const Force = z
  .enum(['law', 'politics', 'none'])
  .describe(
    'What its measures are for members: `law` binds them by law, `politics` by a promise, `none`: it imposes none.',
  )

const organisationFields = {
  code: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  bodies: z.array(z.string()).describe('Bodies that act for it.'),
  wikidata: z.string(),
  force: Force,
  basis: z.string().describe('Why its measures bind members, or why they do not.'),
  source: Source,
}

const ReferenceOrganisation = z
  .strictObject({
    ...organisationFields,
    members: z
      .array(z.strictObject({ state: StateCode, from: From, to: To }))
      .describe('By code of the state, oldest first.'),
  })
  .meta({
    id: 'ReferenceOrganisation',
    description: 'An international organisation with its present and former members.',
  })

export const ReferenceOrganisationList = z
  .strictObject({
    reference: isReference,
    source: Source,
    data: z.array(ReferenceOrganisation),
  })
  .meta({ id: 'ReferenceOrganisationList' })

export const OrganisationMembers = z
  .strictObject({
    reference: isReference,
    ...organisationFields,
    on: z.string().nullable().describe('The date that was asked for; null for all memberships.'),
    members: z.array(
      z.strictObject({
        state: StateCode,
        name: z.string().describe('In English.'),
        from: From,
        to: To,
        certainty: MemberCertainty.nullable().describe('On the date; null without one.'),
      }),
    ),
  })
  .meta({ id: 'OrganisationMembers', description: 'The members of an organisation on a date.' })

export const BoundStates = z
  .strictObject({
    measure: Reference,
    imposer: Reference,
    on: z.string().nullable().describe('The date that was asked for; null: while it was in force.'),
    organisation: z
      .strictObject({
        reference: isReference,
        code: organisationFields.code,
        name: organisationFields.name,
        force: Force,
        basis: organisationFields.basis,
        source: Source,
      })
      .nullable()
      .describe('The organisation whose members it binds. Null: a state, or nobody of this data.'),
    data: z
      .array(
        z.strictObject({
          state: StateCode,
          name: z.string().describe('In English.'),
          actor: Reference.nullable().describe('The actor on record that is this state.'),
          certainty: MemberCertainty,
          reason: z.string().nullable().describe('Why it is only possible.'),
        }),
      )
      .describe('By code of the state.'),
  })
  .meta({
    id: 'BoundStates',
    description: 'The states that a measure binds: the one that imposed it, or the members.',
  })
export type BoundStates = z.infer<typeof BoundStates>

export const ControlListList = z
  .strictObject({
    reference: z.literal(true),
    about: z.string(),
    data: z.array(
      z.strictObject({
        code: z.string().describe('As permits name the list, e.g. `EU ML`.'),
        name: z.string(),
        about: z.string(),
        source: z.string().describe('Where the official text stands.'),
        entries: z.array(
          z.strictObject({
            code: z
              .string()
              .describe('E.g. `ML10`. A longer code that begins with it belongs to it.'),
            title: z.string().describe('A short title of our own wording.'),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'ControlListList', description: 'Control lists. Reference data.' })
