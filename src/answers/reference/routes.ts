import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { parseEdtfBounds } from '../../evidence/edtf.ts'
import { stateOf as findStateByName } from '../../evidence/names/states.ts'
import { controlLists, controlListsNote } from '../../evidence/reference-data/control-lists.ts'
import {
  findReferenceOrganisation,
  listMemberships,
  membershipAt,
  organisationsSource,
  referenceOrganisations,
} from '../../evidence/reference-data/organisations.ts'
import {
  findReferenceState,
  referenceStates,
  statesSource,
} from '../../evidence/reference-data/states.ts'
import { negotiateFormat } from '../../http/formats.ts'
import { problemResponses } from '../../http/problems.ts'
import { Problem } from '../../problem.ts'
import { RefParams } from '../../records/model/schema.ts'
import type { RouteContext } from '../../records/routes/context.ts'
import { loadMeasure, loadStateActors } from './queries.ts'
import { listBoundStates, nameState } from './rules.ts'
import {
  BoundStates,
  ControlListList,
  OrganisationMembers,
  ReferenceOrganisationList,
  ReferenceStateList,
} from './schema.ts'

const isDate = (value: string): boolean => {
  try {
    parseEdtfBounds(value)
    return true
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return false
  }
}

const OnDate = z
  .string()
  .max(64)
  .refine(isDate, { error: 'not a date; give a day, month, year or another EDTF date' })
  .optional()

/** Reference data, and what follows from it for the records. */
export const referenceRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, { database }) => {
  app.get(
    '/v1/reference/states',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'List states and territories',
        description:
          'Codes (ISO 3166-1), names in eight languages, memberships with their dates, and the actor on record that is the state. Reference data: no source document says it. A state is one actor, whatever its spelling.',
        tags: ['reference'],
        querystring: z.strictObject({
          name: z
            .string()
            .trim()
            .min(1)
            .max(200)
            .optional()
            .describe('A name or code in any of its spellings: `Türkiye`, `TUR`, `Korea, South`.'),
        }),
        response: {
          200: {
            description: 'The states; with `name` the one that it means, or none.',
            content: { 'application/json': { schema: ReferenceStateList } },
          },
          ...problemResponses('invalid-request', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const { name } = request.query
      const actors = await loadStateActors(database.db)
      const code = name === undefined ? null : (findStateByName(name) ?? findCode(name))
      const data = referenceStates
        .filter((state) => name === undefined || state.code === code)
        .map((state) => ({
          ...state,
          names: { ...state.names },
          aliases: [...state.aliases],
          memberships: listMemberships(state.code),
          actor: actors.get(state.code) ?? null,
        }))
      const source = `${statesSource.codes} ${statesSource.names}`
      return reply.send({ reference: true as const, source, data })
    },
  )

  app.get(
    '/v1/reference/control-lists',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'List control lists and their main entries',
        description:
          'Codes and short titles of the EU Common Military List and of the dual-use categories of the Wassenaar Arrangement. Reference data: no source document says it. `controlCode=ML10` finds `ML10a` in all lists.',
        tags: ['reference'],
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'All of them.',
            content: { 'application/json': { schema: ControlListList } },
          },
          ...problemResponses('invalid-request', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const data = controlLists.map((list) => ({ ...list, entries: [...list.entries] }))
      return reply.send({ reference: true as const, about: controlListsNote, data })
    },
  )

  app.get(
    '/v1/reference/organisations',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'List international organisations',
        description:
          'Organisations and arrangements of the arms trade with their members, the dates of joining and leaving, and whether their measures bind members. Reference data: no source document says it.',
        tags: ['reference'],
        querystring: z.strictObject({}),
        response: {
          200: {
            description: 'All of them.',
            content: { 'application/json': { schema: ReferenceOrganisationList } },
          },
          ...problemResponses('invalid-request', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      negotiateFormat(request, ['json'])
      const data = referenceOrganisations.map((organisation) => ({
        ...organisation,
        aliases: [...organisation.aliases],
        bodies: [...organisation.bodies],
        members: [...organisation.members],
      }))
      return reply.send({ reference: true as const, source: organisationsSource, data })
    },
  )

  app.get(
    '/v1/reference/organisations/:ref',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'List the members of an organisation',
        description: 'All memberships, or with `on` those of a date, certain or possible.',
        tags: ['reference'],
        params: z.strictObject({
          ref: z.string().min(1).max(120).describe('Code of the organisation, e.g. `EU`.'),
        }),
        querystring: z.strictObject({
          on: OnDate.describe('Only the members on this date (EDTF), e.g. `2020-05`.'),
        }),
        response: {
          200: {
            description: 'The organisation and its members.',
            content: { 'application/json': { schema: OrganisationMembers } },
          },
          ...problemResponses('invalid-request', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      const organisation = findReferenceOrganisation(request.params.ref)
      if (organisation === undefined)
        throw new Problem(
          'not-found',
          `The reference data has no organisation "${request.params.ref}". It has ${referenceOrganisations.map(({ code }) => code).join(', ')}.`,
        )
      negotiateFormat(request, ['json'])
      const { on = null } = request.query
      const members = organisation.members.flatMap((membership) => {
        const grade =
          on === null
            ? null
            : membershipAt(
                { ...organisation, members: [membership] },
                membership.state,
                parseEdtfBounds(on),
              )
        return grade === 'no'
          ? []
          : [{ ...membership, name: nameState(membership.state), certainty: grade }]
      })
      return reply.send({
        reference: true as const,
        ...organisation,
        aliases: [...organisation.aliases],
        bodies: [...organisation.bodies],
        on,
        members,
      })
    },
  )

  app.get(
    '/v1/measures/:ref/bound-states',
    {
      config: { hasRevisionEtag: true },
      schema: {
        summary: 'List the states that a measure binds',
        description:
          'A measure of a state, or of its public body, binds that state; one of an organisation binds its members of the time, as far as its measures bind at all. Memberships are reference data.',
        tags: ['measures'],
        params: RefParams,
        querystring: z.strictObject({
          on: OnDate.describe('The states bound on this date (EDTF); else while it was in force.'),
        }),
        response: {
          200: {
            description: 'The states.',
            content: { 'application/json': { schema: BoundStates } },
          },
          ...problemResponses('invalid-request', 'not-found', 'retracted', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      const measure = await loadMeasure(database.db, request.params.ref)
      negotiateFormat(request, ['json'])
      const actors = await loadStateActors(database.db)
      return reply.send(listBoundStates(measure, request.query.on ?? null, actors))
    },
  )
}

const findCode = (code: string): string | null => findReferenceState(code)?.code ?? null
