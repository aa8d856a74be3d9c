import { z } from 'zod'

/** Shapes of the W3C Reconciliation Service API 0.2 (Final Community Group Report, 10 April 2023). */

const Id = z.string().min(1).max(200)

/** PostgreSQL has no text with NUL, and UTF-8 no lone surrogates. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')
const Text = z.string().max(1_000).refine(isStorable, 'not text that could be stored')

const EntityType = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    broader: z
      .array(z.strictObject({ id: z.string(), name: z.string() }))
      .optional()
      .describe('Broader types.'),
  })
  .meta({ id: 'ReconcileType', description: 'A type of entity.' })

const Property = z
  .strictObject({ id: z.string(), name: z.string(), description: z.string().optional() })
  .meta({ id: 'ReconcileProperty', description: 'A property of entities.' })

const SuggestMetadata = z.strictObject({
  service_url: z.string(),
  service_path: z.string(),
  flyout_service_url: z.string(),
  flyout_service_path: z.string(),
})

export const Manifest = z
  .strictObject({
    versions: z.array(z.string()),
    name: z.string(),
    identifierSpace: z.string(),
    schemaSpace: z.string(),
    defaultTypes: z.array(EntityType),
    documentation: z.string(),
    serviceVersion: z.string(),
    view: z.strictObject({ url: z.string() }),
    feature_view: z.strictObject({ url: z.string() }),
    preview: z.strictObject({ url: z.string(), width: z.int(), height: z.int() }),
    suggest: z.strictObject({
      entity: SuggestMetadata,
      type: SuggestMetadata,
      property: SuggestMetadata,
    }),
    extend: z.strictObject({
      propose_properties: z.strictObject({ service_url: z.string(), service_path: z.string() }),
      property_settings: z.array(z.never()),
    }),
    batchSize: z.int(),
  })
  .meta({ id: 'ReconcileManifest', description: 'The manifest of the reconciliation service.' })
export type Manifest = z.infer<typeof Manifest>

const PropertyValue = z.union([
  Text,
  z.number(),
  z.boolean(),
  z.object({ id: Text }).describe('An entity.'),
  z.null(),
])

/** Members that it does not know are ignored, as the protocol has it. */
export const ReconcileQuery = z.object({
  query: Text.optional(),
  type: z.union([Id, z.array(Id).max(20)]).optional(),
  limit: z.number().int().positive().optional(),
  properties: z
    .array(
      z.object({
        pid: Text,
        v: z.union([PropertyValue, z.array(PropertyValue).max(50)]).optional(),
      }),
    )
    .max(50)
    .optional(),
  type_strict: z.enum(['any', 'all', 'should']).optional(),
})
export type ReconcileQuery = z.infer<typeof ReconcileQuery>

/** Each query is read by itself: a bad one does not keep the others from being answered. */
export const QueryBatch = z.record(z.string().max(200), z.unknown())

const Feature = z.strictObject({
  id: z.string().describe('`/reconcile/features` explains each.'),
  value: z.union([z.boolean(), z.number()]),
})

const Candidate = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    type: z.array(z.strictObject({ id: z.string(), name: z.string() })),
    score: z.number().describe('0 to 100.'),
    match: z.boolean().describe('Whether it can be accepted without a check by a person.'),
    features: z.array(Feature).describe('The features that make up the score.'),
  })
  .meta({ id: 'ReconcileCandidate', description: 'An entity that may match the query.' })
export type Candidate = z.infer<typeof Candidate>

export const ResultBatch = z
  .record(z.string(), z.strictObject({ result: z.array(Candidate) }))
  .meta({ id: 'ReconcileResults', description: 'Candidates for each query, the best first.' })
export type ResultBatch = z.infer<typeof ResultBatch>

export const ExtendQuery = z.strictObject({
  ids: z.array(z.string().max(1_000)).max(1_000),
  properties: z.array(z.object({ id: Id, settings: z.looseObject({}).optional() })).max(50),
})
export type ExtendQuery = z.infer<typeof ExtendQuery>

const Cell = z.union([
  z.strictObject({ id: z.string(), name: z.string() }),
  z.strictObject({ str: z.string() }),
  z.strictObject({ float: z.number() }),
  z.strictObject({ date: z.string() }),
])
export type Cell = z.infer<typeof Cell>

export const ExtendAnswer = z
  .strictObject({
    meta: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        type: z.strictObject({ id: z.string(), name: z.string() }).optional(),
      }),
    ),
    rows: z.record(z.string(), z.record(z.string(), z.array(Cell))),
  })
  .meta({ id: 'ReconcileExtension', description: 'Values of properties, by entity and property.' })
export type ExtendAnswer = z.infer<typeof ExtendAnswer>

export const SuggestedEntities = z.strictObject({
  result: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      description: z.string(),
      notable: z.array(z.strictObject({ id: z.string(), name: z.string() })),
    }),
  ),
})
export const SuggestedTypes = z.strictObject({ result: z.array(EntityType) })
export const SuggestedProperties = z.strictObject({ result: z.array(Property) })
export const Proposal = z.strictObject({
  type: z.string(),
  limit: z.int().optional(),
  properties: z.array(z.strictObject({ id: z.string(), name: z.string() })),
})
export const Flyout = z.strictObject({ id: z.string(), html: z.string() })

/** Name of a function that a page has: the answer is a script that calls it (JSONP). */
const Callback = z
  .string()
  .regex(/^[A-Za-z_$][\w$.]{0,99}$/, 'the name of a function')
  .optional()
  .describe('Name of a function to call with the answer, which then is a script (JSONP).')

/** Parameters that are not known are ignored: OpenRefine and jQuery send some of their own. */
export const IdQuery = z.object({
  id: Id.describe('Identifier of an entity, a type or a property.'),
})
export const FlyoutParameters = IdQuery.extend({ callback: Callback })
export const SuggestParameters = z.object({
  callback: Callback,
  prefix: z
    .string()
    .max(1_000)
    .describe('The text typed so far: the beginning of a name, or an id.'),
  cursor: z.coerce
    .number('a whole number')
    .int('a whole number')
    .min(0, 'not negative')
    .max(10_000, 'at most 10,000')
    .optional()
    .describe('Number of suggestions to skip.'),
})
export const ProposalParameters = z.object({
  callback: Callback,
  type: Id.optional().describe('Only properties of this type.'),
  limit: z.coerce
    .number('a whole number')
    .int('a whole number')
    .min(1, 'at least 1')
    .max(100, 'at most 100')
    .optional()
    .describe('Maximum number of suggestions.'),
})
export const ServiceForm = z.object({
  queries: z.string().optional().describe('A batch of queries, as JSON.'),
  extend: z
    .string()
    .optional()
    .describe('The entities and properties to fetch values for, as JSON.'),
})
export const ServiceParameters = ServiceForm.extend({ callback: Callback })
