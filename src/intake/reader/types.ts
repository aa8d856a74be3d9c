/** A stretch of the body in code points; `end` is exclusive. */
type Passage = { start: number; end: number }

export type ActorType =
  | 'state'
  | 'company'
  | 'person'
  | 'public-body'
  | 'armed-force'
  | 'organisation'
  | 'publisher'

/** A record that there is. */
export type KnownName = {
  slug: string
  kind: 'actor' | 'good'
  name: string
  aliases: readonly string[]
  /** Of an actor. */
  type: ActorType | null
  /** ISO 3166-1 alpha-2. */
  country: string | null
}

/** An actor that the text names. */
export type Actor = {
  id: string
  type: ActorType
  name: string
  /** Other forms in which this text names it. */
  aliases: string[]
  country: string | null
  known: { slug: string; name: string } | null
  /** How sure it is that this is an actor of this name and type, 0 to 1: 1 for a known name. No probability. */
  score: number
  reasons: string[]
}

export type Mention = Passage & {
  actor: Actor
  /** `name`, `alias`, `adjective` ("Turkish"), `people` ("the Turks"), `capital` ("Ankara"), `foreign` ("Turquie"), `short` ("Morgan"), `misspelt` ("Baykr"). */
  form:
    | 'name'
    | 'alias'
    | 'foreign'
    | 'adjective'
    | 'people'
    | 'capital'
    | 'short'
    | 'inflected'
    | 'misspelt'
  sentence: number
  score: number
  reasons: string[]
  /** Words around that say who it is: "Turkish drone-maker Baykar". */
  cue: Passage
}

/** A post that the text gives somebody. */
export type Post = Passage & {
  person: Actor
  role: string
  organisation: Actor | null
  sentence: number
}

export type Good = {
  id: string
  designation: string
  description: string | null
  maker: Actor | null
  known: { slug: string; name: string } | null
}

export type GoodMention = Passage & {
  good: Good
  sentence: number
  score: number
  reasons: string[]
  /** With the noun that says what it is: "MX-15D sensors". */
  cue: Passage
}

/** How many or how much. `exact` has `from` equal to `to`; null is an open end. */
type Bounds = { from: number | null; to: number | null; isApproximate: boolean }

export type Quantity = Passage & Bounds & { unit: string; sentence: number; good: Good | null }

export type Money = Passage & Bounds & { currency: string; sentence: number }

export type FoundDate = Passage & {
  words: string
  /** Null where it cannot be told; the words are kept and nothing is guessed. */
  edtf: string | null
  reason: string | null
  /** `on` may be the day of a deed; `by` and `before` may not. */
  relation: 'on' | 'since' | 'until' | 'by' | 'before' | 'after'
  isExplicit: boolean
  sentence: number
}

export type Speech = Passage & {
  sentence: number
  /** Null where no name is given. */
  speaker: Actor | null
  /** The words for who speaks: "an expert", "documents". */
  speakerWords: string | null
  /** It is a document that says it. */
  isDocument: boolean
  addressee: Actor | null
  verb: string
  isDenial: boolean
  date: FoundDate | null
  score: number
  /** What is said, where it stands in the same sentence. */
  said: Passage | null
}

export type Participant = Passage & { role: string; actor: Actor; form: Mention['form'] }

export type ReadEvent = Passage & {
  type: string
  becomes: string | null
  /** Of a measure: embargo or suspension. */
  form: string | null
  sentence: number
  /** The words that say it happened. */
  trigger: Passage & { words: string }
  participants: Participant[]
  /** Where the goods of a permit go. */
  destinations: Participant[]
  exporter: Participant | null
  place: Participant | null
  /** What it is done to: "the Turkish drones". */
  object: Passage | null
  goods: Good[]
  quantity: Quantity | null
  value: Money | null
  permitNumber: string | null
  permitCount: number | null
  date: FoundDate | null
  /** Who is said to say so. */
  speech: Speech | null
  /** How sure the reading is, 0 to 1; less for a pronoun, a headline, a present tense or a missing doer. No probability. */
  score: number
  reasons: string[]
}

export type Reading = {
  language: string
  /** What was not read, in words for the user. */
  notRead: string[]
  sentences: Passage[]
  actors: Actor[]
  mentions: Mention[]
  posts: Post[]
  goods: GoodMention[]
  quantities: Quantity[]
  money: Money[]
  dates: FoundDate[]
  speech: Speech[]
  events: ReadEvent[]
}
