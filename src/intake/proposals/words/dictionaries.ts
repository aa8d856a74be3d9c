import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { FatalError } from '../../../fatal-error.ts'
import { ActorType } from '../../../records/kinds/actors/schema.ts'
import { EventType, ParticipantRole } from '../../../records/kinds/events/schema.ts'
import { LegalForm, MeasureBecomes } from '../../../records/kinds/measures/schema.ts'
import { PermitBecomes } from '../../../records/kinds/permits/schema.ts'
import { toWordKey } from './sentences.ts'

const dictionariesFolder = join(import.meta.dirname, '../../../../dictionaries')

/** Words as comparison keys. */
const WordSet = z.array(z.string()).transform((words) => new Set(words.map(toWordKey)))

const Countries = z.array(
  z.strictObject({
    code: z.string().length(2),
    name: z.string(),
    also: z.array(z.string()).default([]),
    adjectives: z.array(z.string()),
    people: z.array(z.string()),
    capitals: z.array(z.string()),
    foreign: z.array(z.string()),
  }),
)

const Actors = z.strictObject({
  posts: WordSet,
  titles: WordSet,
  companies: WordSet,
  companyParts: WordSet,
  organisations: WordSet,
  organisationParts: WordSet,
  publicBodies: WordSet,
  armedForces: WordSet,
  publisherParts: WordSet,
  publishers: WordSet,
  notNames: WordSet,
  connectors: WordSet,
  endings: WordSet,
  transliterations: z.array(z.tuple([z.string(), z.string()])),
})

const Speech = z.strictObject({
  verbs: WordSet,
  reporting: WordSet,
  documents: WordSet,
  documentVerbs: WordSet,
  accordingTo: WordSet,
})

const Dates = z.strictObject({
  months: z.array(z.string()).length(12),
  monthsShort: z.array(z.string()).length(12),
  weekdays: z.array(z.string()).length(7),
  parts: z.record(z.string(), z.tuple([z.int().min(1).max(12), z.int().min(1).max(12)])),
  numbers: z.record(z.string(), z.int()),
})

const Goods = z.strictObject({
  nouns: z.record(z.string(), z.string()),
  numbers: z.record(z.string(), z.int()),
  notGoods: WordSet,
  makers: z.array(z.string()),
  notCounted: WordSet,
})

const RuleTarget = z.strictObject({
  role: ParticipantRole,
  after: WordSet,
  types: z.array(ActorType),
})

const TradeRule = z.strictObject({
  type: EventType,
  becomes: z.enum([...PermitBecomes.options, ...MeasureBecomes.options]).optional(),
  form: LegalForm.optional(),
  verbs: WordSet.optional(),
  nouns: WordSet.optional(),
  with: WordSet.optional(),
  subject: WordSet.optional(),
  agent: ParticipantRole.optional(),
  agentTypes: z.array(ActorType).optional(),
  agentAfterBy: z.boolean().default(false),
  from: ParticipantRole.optional(),
  fromTypes: z.array(ActorType).optional(),
  to: RuleTarget.optional(),
  direct: ParticipantRole.optional(),
  directRequired: z.boolean().default(false),
  needs: z.enum(['to']).optional(),
})
export type TradeRule = z.infer<typeof TradeRule>

/** The words and rules of all dictionaries. */
export type Dictionaries = {
  countries: z.infer<typeof Countries>
  actors: z.infer<typeof Actors>
  speech: z.infer<typeof Speech>
  dates: z.infer<typeof Dates>
  goods: z.infer<typeof Goods>
  trade: TradeRule[]
}

let cachedDictionaries: Dictionaries | undefined

/**
 * The files of `dictionaries/`, read once.
 *
 * @throws {FatalError} naming the file and what is wrong with it
 */
export function loadDictionaries(): Dictionaries {
  cachedDictionaries ??= {
    countries: loadDictionary('countries', Countries),
    actors: loadDictionary('actors', Actors),
    speech: loadDictionary('speech', Speech),
    dates: loadDictionary('dates', Dates),
    goods: loadDictionary('goods', Goods),
    trade: loadDictionary('trade', z.array(TradeRule)),
  }
  return cachedDictionaries
}

function loadDictionary<T extends z.ZodType>(name: string, schema: T): z.infer<T> {
  const file = join(dictionariesFolder, `${name}.yaml`)
  const parsed = schema.safeParse(parse(readFileSync(file, 'utf8')))
  if (parsed.success) return parsed.data
  throw new FatalError(`${file}: ${z.prettifyError(parsed.error)}`)
}
