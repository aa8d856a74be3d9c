import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { CannotStart } from '../../../cannot-start.ts'
import { ActorType } from '../../../records/kinds/actors/schema.ts'
import { EventType, ParticipantRole } from '../../../records/kinds/events/schema.ts'
import { LegalForm, MeasureBecomes } from '../../../records/kinds/measures/schema.ts'
import { PermitBecomes } from '../../../records/kinds/permits/schema.ts'
import { keyOf } from './segment.ts'

const folder = join(import.meta.dirname, '../../../../dictionaries')

/** Words as they are compared. */
const Words = z.array(z.string()).transform((words) => new Set(words.map(keyOf)))

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
  ...{ posts: Words, titles: Words, companies: Words, companyParts: Words, organisations: Words },
  ...{ organisationParts: Words, publicBodies: Words, armedForces: Words, publisherParts: Words },
  ...{ publishers: Words, notNames: Words, connectors: Words, endings: Words },
  transliterations: z.array(z.tuple([z.string(), z.string()])),
})

const Speech = z.strictObject({
  ...{ verbs: Words, reporting: Words, documents: Words, documentVerbs: Words, accordingTo: Words },
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
  notGoods: Words,
  makers: z.array(z.string()),
  notCounted: Words,
})

const Target = z.strictObject({
  role: ParticipantRole,
  after: Words,
  types: z.array(ActorType),
})

const TradeRule = z.strictObject({
  type: EventType,
  becomes: z.enum([...PermitBecomes.options, ...MeasureBecomes.options]).optional(),
  form: LegalForm.optional(),
  verbs: Words.optional(),
  nouns: Words.optional(),
  with: Words.optional(),
  subject: Words.optional(),
  agent: ParticipantRole.optional(),
  agentTypes: z.array(ActorType).optional(),
  agentAfterBy: z.boolean().default(false),
  from: ParticipantRole.optional(),
  fromTypes: z.array(ActorType).optional(),
  to: Target.optional(),
  direct: ParticipantRole.optional(),
  directRequired: z.boolean().default(false),
  needs: z.enum(['to']).optional(),
})
export type TradeRule = z.infer<typeof TradeRule>

/** What rules and words there are. */
export type Dictionaries = {
  countries: z.infer<typeof Countries>
  actors: z.infer<typeof Actors>
  speech: z.infer<typeof Speech>
  dates: z.infer<typeof Dates>
  goods: z.infer<typeof Goods>
  trade: TradeRule[]
}

let read: Dictionaries | undefined

/**
 * The files of `dictionaries/`, read once.
 *
 * @throws {CannotStart} naming the file and what is wrong with it
 */
export function dictionaries(): Dictionaries {
  read ??= {
    countries: load('countries', Countries),
    actors: load('actors', Actors),
    speech: load('speech', Speech),
    dates: load('dates', Dates),
    goods: load('goods', Goods),
    trade: load('trade', z.array(TradeRule)),
  }
  return read
}

function load<T extends z.ZodType>(name: string, schema: T): z.infer<T> {
  const file = join(folder, `${name}.yaml`)
  const parsed = schema.safeParse(parse(readFileSync(file, 'utf8')))
  if (parsed.success) return parsed.data
  throw new CannotStart(`${file}: ${z.prettifyError(parsed.error)}`)
}
