import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { FatalError } from '../../fatal-error.ts'
import { normalizeWord } from './tokens.ts'

const folder = join(import.meta.dirname, '../../../dictionaries')

/** Words as they are compared. */
const Words = z.array(z.string()).transform((words) => new Set(words.map(normalizeWord)))
const Strings = z.array(z.string())

const Countries = z.array(
  z.strictObject({
    code: z.string().length(2),
    name: z.string(),
    also: Strings.default([]),
    adjectives: Strings,
    people: Strings,
    capitals: Strings,
    foreign: Strings,
  }),
)

const Names = z.strictObject({
  posts: Words,
  titles: Words,
  postWords: Words,
  companySuffixes: Words,
  companyWords: Words,
  companyFirstWords: Words,
  companyNouns: Words,
  makers: Strings,
  organisationNouns: Words,
  organisationWords: Words,
  bodyWords: Words,
  armedWords: Words,
  armedNouns: Words,
  bodyNouns: Words,
  publisherWords: Words,
  publisherNouns: Words,
  connectors: Words,
  weakConnectors: Words,
  notNames: Words,
  givenNames: Words,
  familyNames: Words,
  companyPosts: Words,
  stateAliases: z.record(z.string(), Strings),
  endings: Words,
  transliterations: z.array(z.tuple([z.string(), z.string()])),
  companyWordsAfterState: Words,
  regionalBodies: Words,
  ministryTopics: Words,
  genericNameWords: Words,
  foreignFirstWords: Words,
  wordsAfterHead: Words,
  neverFamilyNames: Words,
  speakingVerbsAfterPerson: Words,
  bodyNounsBefore: Words,
  companyGroupWords: Words,
  forceNounsBefore: Words,
  bodyNounsAfter: Words,
  publisherNounsAfter: Words,
  adjectivesAtEnd: Words,
  possessiveWords: Words,
  sureCompanySuffixes: Words,
  abbreviations: Words,
  postsAfterName: Words,
  organisationTopics: Words,
  headlineVerbs: Words,
  postsBeforeFamilyName: Words,
})

const KnownNames = z.strictObject({
  organisation: z.array(Strings),
  publisher: z.array(Strings),
  'public-body': z.array(Strings),
  'armed-force': z.array(Strings),
  company: z.array(Strings),
})

const Verbs = z.strictObject({
  doubled: Strings,
  irregular: z.record(z.string(), z.tuple([z.string(), z.string()])),
  other: Strings,
  attributes: Words,
  adverbs: Words,
  attributeVerbs: Words,
  alsoNouns: Words,
  subjectsAfterDid: Words,
  notVerbs: Words,
  sayingAfterName: Words,
  verbsAfterNoun: Words,
})

const Doubt = z.strictObject({
  negations: Words,
  negatedHelpers: Words,
  negativePhrases: Strings,
  retractions: Strings,
  fiction: Strings,
  modals: Words,
  doubtfulAdverbs: Words,
  conditions: Strings,
  conditionsInPresent: Strings,
  factualBeforeInfinitive: Words,
  factualBeforeIng: Words,
  factualBeforeThat: Words,
  factualNounsBeforeThat: Words,
  factualAdjectivesBeforeThat: Words,
  denials: Words,
  denialObjects: Words,
  factualBeforeNoun: Words,
  factualPrepositions: Strings,
  notDoneAdjectives: Words,
  verbsBeforeNotDone: Words,
  unsureBeforeThat: Words,
  adjectivesBeforeQuestion: Words,
  unsureNounsBeforeThat: Words,
  stateVerbs: Words,
  drafts: Words,
  legalVerbs: Words,
})

const Type = z.enum([
  'state',
  'company',
  'person',
  'public-body',
  'armed-force',
  'organisation',
  'publisher',
])

const Frame = z.strictObject({
  type: z.string(),
  becomes: z.string().optional(),
  form: z.string().optional(),
  doer: z.string().optional(),
  doerTypes: z.array(Type).optional(),
  /** Of the object: "blocked the export", not "blocked exports". */
  singular: z.boolean().default(false),
  verbs: Strings.default([]),
  object: Strings.optional(),
  /** What it is asked for. */
  forObject: Strings.optional(),
  nouns: Strings.default([]),
  nounObject: Strings.optional(),
  direct: z.string().optional(),
  from: z.string().optional(),
  needsLink: z.boolean().default(false),
})
export type Frame = z.infer<typeof Frame>

const Frames = z.strictObject({
  classes: z.record(z.string(), Strings),
  frames: z.array(Frame),
  endings: z.strictObject({ verbs: Strings, of: Strings }),
  governments: Words,
  standIns: z.partialRecord(Type, Words),
  verbsOfTwoObjects: Words,
  authorityPlurals: Words,
  requestAddressees: Words,
  authorities: Words,
  armsWords: Words,
  definiteMeasures: Words,
  memberNouns: Words,
  authoredDocuments: Words,
  nounsBeforeName: Words,
  exportVerbs: Words,
  licenceScopeVerbs: Words,
  originVerbs: Words,
  wordsBeforeOtherPreposition: Words,
  armsRequestWords: Words,
  measureWords: Words,
  shipmentNouns: Words,
  holderParticiples: Words,
  wordsBeforePermitNumber: Words,
  askingVerbs: Words,
  armsSentenceWords: Words,
  goodsMeasureWords: Words,
})

const Saying = z.strictObject({
  verbs: Strings,
  onlyLinked: Words,
  accordingTo: Strings,
  documentVerbs: Words,
  documentPublications: Words,
  unnamed: Words,
  neverBeforeSpeaker: Words,
  documents: Words,
  withAddressee: Words,
  hearers: Words,
})

const Goods = z.strictObject({
  nouns: z.record(z.string(), z.string()),
  vague: Words,
  notGoods: z.array(z.string()).transform((words) => new Set(words)),
  typeWords: Words,
  numbers: z.record(z.string(), z.number()),
  over: Strings,
  almost: Strings,
  about: Strings,
  notAfterName: Words,
  neverCounted: Words,
  wordsBeforeFileNumber: Words,
})

const Amounts = z.strictObject({
  currencies: z.record(z.string(), Strings),
  multipliers: z.record(z.string(), z.number()),
})

const Language = z.strictObject({
  short: Strings.length(12),
  seasons: z.record(z.string(), z.int()),
  between: z.array(z.tuple([z.string(), z.string()])),
  since: Strings,
  until: Strings,
  to: Strings,
  year: Strings.default([]),
})
export type CalendarLanguage = z.infer<typeof Language>

export const languages = ['en', 'fr', 'de', 'nl', 'it', 'es', 'tr', 'sv'] as const
export type LanguageCode = (typeof languages)[number]

const Calendar = z.strictObject({
  en: Language,
  fr: Language,
  de: Language,
  nl: Language,
  it: Language,
  es: Language,
  tr: Language,
  sv: Language,
  parts: z.record(z.string(), z.tuple([z.int(), z.int()])),
  numbers: z.record(z.string(), z.int()),
})

/** What words and frames the reader knows. */
export type ReaderData = {
  countries: z.infer<typeof Countries>
  names: z.infer<typeof Names>
  knownNames: z.infer<typeof KnownNames>
  verbs: z.infer<typeof Verbs>
  doubt: z.infer<typeof Doubt>
  frames: z.infer<typeof Frames>
  saying: z.infer<typeof Saying>
  goods: z.infer<typeof Goods>
  amounts: z.infer<typeof Amounts>
  calendar: z.infer<typeof Calendar>
}

let calendar: ReaderData['calendar'] | undefined

/**
 * The words of dates alone.
 *
 * @throws {FatalError} naming the file and what is wrong with it
 */
export function readCalendar(): ReaderData['calendar'] {
  calendar ??= load('calendar', Calendar)
  return calendar
}

let amounts: ReaderData['amounts'] | undefined

/**
 * The words of money and of multipliers alone.
 *
 * @throws {FatalError} naming the file and what is wrong with it
 */
export function readAmountWords(): ReaderData['amounts'] {
  amounts ??= load('amounts', Amounts)
  return amounts
}

let countries: ReaderData['countries'] | undefined
let stateNames: ReadonlyMap<string, string> | undefined

/** What new records of states are called, by ISO 3166-1 alpha-2 code. @throws {FatalError} */
export function readStateNames(): ReadonlyMap<string, string> {
  stateNames ??= new Map(readCountries().map(({ code, name }) => [code, name]))
  return stateNames
}

function readCountries(): ReaderData['countries'] {
  countries ??= load('countries', Countries)
  return countries
}

let read: ReaderData | undefined

/**
 * The files of `dictionaries/`, read once.
 *
 * @throws {FatalError} naming the file and what is wrong with it
 */
export function readerData(): ReaderData {
  read ??= {
    countries: readCountries(),
    names: load('names', Names),
    knownNames: load('known-names', KnownNames),
    verbs: load('verbs', Verbs),
    doubt: load('doubt', Doubt),
    frames: load('frames', Frames),
    saying: load('saying', Saying),
    goods: load('goods-nouns', Goods),
    amounts: readAmountWords(),
    calendar: readCalendar(),
  }
  return read
}

function load<T extends z.ZodType>(name: string, schema: T): z.infer<T> {
  const file = join(folder, `${name}.yaml`)
  const parsed = schema.safeParse(parse(readFileSync(file, 'utf8'), { uniqueKeys: false }))
  if (parsed.success) return parsed.data
  throw new FatalError(`${file}: ${z.prettifyError(parsed.error)}`)
}
