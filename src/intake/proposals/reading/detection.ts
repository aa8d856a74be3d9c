import type { ActorInput } from '../../../records/kinds/actors/schema.ts'
import type { EventInput } from '../../../records/kinds/events/schema.ts'

/** Offsets in a body, in UTF-16 units. `end` is exclusive. */
export type TextRange = { start: number; end: number }

/** What a name refers to. `known` is its record; null if there is none yet. */
export type Entity = {
  /** The same for the same actor or good in every run, with or without a record. */
  key: string
  kind: 'actor' | 'good'
  type: ActorInput['type'] | null
  name: string
  /** Other names that the text gives it. */
  aliases: string[]
  country: string | null
  known: { id: string; slug: string; name: string } | null
  /** How sure the reader is that this is an actor or good of this name and type. */
  score: number
  reasons: string[]
}

/** How a mention names its entity. `part`: a part of a name that the article has in full; `new`: a name without a record. */
type NameMatchKind =
  | 'name'
  | 'alias'
  | 'capital'
  | 'people'
  | 'adjective'
  | 'foreign'
  | 'inflected'
  | 'misspelt'
  | 'part'
  | 'new'

/** A place in the text that names an actor or a good. */
export type Mention = TextRange & {
  entity: Entity
  how: NameMatchKind
  /** Number of the sentence. */
  sentence: number
  /** The name with the words around it that identify the entity: `Turkish drone-maker Baykar`. */
  cueStart: number
  cueEnd: number
  score: number
}

export type GoodMention = Mention & { description: string | null; maker: Entity | null }

/** A post that the text gives somebody. Offsets are those of the name and the post. */
export type Post = TextRange & {
  person: Entity
  role: string
  /** Null where the text does not name the organisation. */
  organisation: Entity | null
}

export type Quantity = TextRange & {
  sentence: number
  value: number
  /** The least and the most that the words mean; null is an open end. */
  from: number | null
  to: number | null
  /** False for "about 40" and "more than 40". */
  isExact: boolean
  unit: string
  /** As in the text, with "more than". */
  words: string
  good: Entity | null
}

export type DetectedDate = TextRange & {
  /** Null where the words do not determine it. */
  edtf: string | null
  words: string
  reasoning: string | null
}

/** Who says something: an actor, a document, or with both null somebody without a name. */
export type Voice = { entity: Entity | null; document: string | null }

/** Speech that the text reports. Offsets are those of the sentence. */
export type ReportedSpeech = TextRange & {
  sentence: number
  voice: Voice
  verb: string
  /** What is said, where it stands in the same sentence. */
  said: TextRange | null
  isDenial: boolean
}

export type ParticipantRole = EventInput['participants'][number]['role']
export type Participant = TextRange & { entity: Entity; role: ParticipantRole }

/** A form of measures that a text says in a verb. */
export type MeasureForm = 'embargo' | 'suspension' | 'presumptive-denial'

/** Something that a sentence says has happened. Offsets are those of the passage to cite. */
export type DetectedEvent = TextRange & {
  type: EventInput['type']
  /** What becomes of a permit or measure. */
  becomes: string | null
  /** Of a measure that is imposed. */
  form: MeasureForm | null
  /** The words that say it, as in the text. */
  trigger: string
  triggerStart: number
  sentence: number
  participants: Participant[]
  destination: Entity | null
  exporter: Entity | null
  place: Entity | null
  goods: Entity[]
  /** What it is done to, in the words of the text. */
  object: string | null
  /** Where that phrase begins. Two events with the same phrase are about the same thing. */
  objectStart: number | null
  quantity: Quantity | null
  /** Money, as in the text. */
  value: {
    text: string
    amount: number
    from: number | null
    to: number | null
    currency: string
    isExact: boolean
  } | null
  permitNumber: string | null
  permitCount: number | null
  date: DetectedDate | null
  /** What somebody says, in the words of the text. Of a statement. */
  said: string | null
  /** Who says that it happened, the nearest to the fact first. */
  voices: Voice[]
  score: number
  reasons: string[]
}

/** Everything found in a text. Offsets are UTF-16 units of the body. */
export type Detection = {
  sentences: TextRange[]
  mentions: Mention[]
  posts: Post[]
  goods: GoodMention[]
  quantities: Quantity[]
  dates: DetectedDate[]
  speech: ReportedSpeech[]
  events: DetectedEvent[]
}
