import type { z } from 'zod'
import type { Fragment, Members } from '../database/columns.ts'
import { actorListing, actorWriter, singleActor } from './actors/queries.ts'
import { Actor, ActorListed } from './actors/schema.ts'
import { affiliationListing, affiliationWriter, singleAffiliation } from './affiliations/queries.ts'
import { Affiliation, AffiliationListed } from './affiliations/schema.ts'
import { articleListing, articleWriter, singleArticle } from './articles/queries.ts'
import { Article, ArticleListed } from './articles/schema.ts'
import { caseListing, caseWriter, singleCase } from './cases/queries.ts'
import { Case, CaseListed } from './cases/schema.ts'
import { eventListing, eventWriter, singleEvent } from './events/queries.ts'
import { Event, EventListed } from './events/schema.ts'
import { goodListing, goodWriter, singleGood } from './goods/queries.ts'
import { Good, GoodListed } from './goods/schema.ts'
import { measureListing, measureWriter, singleMeasure } from './measures/queries.ts'
import { Measure, MeasureListed } from './measures/schema.ts'
import { permitListing, permitWriter, singlePermit } from './permits/queries.ts'
import { Permit, PermitListed } from './permits/schema.ts'
import type { Listing } from './reading.ts'
import type { Kind } from './schema.ts'
import type { AnyWriter, Writer } from './writing.ts'

/** All that the shared doors know of a kind. */
export type KindOfRecord = {
  listing: Listing
  single: { from: Fragment; members: Members }
  /** As lists show it, and as its own route does. */
  listed: z.ZodObject
  whole: z.ZodObject
  writer: AnyWriter
  /** The member of the wire form that a reference shows as `name`. */
  name: string
}

const entry = <Input extends { slug: string }>(
  listing: Listing,
  single: KindOfRecord['single'],
  listed: z.ZodObject,
  whole: z.ZodObject,
  writer: Writer<Input>,
  name: string,
): KindOfRecord => ({
  listing,
  single,
  listed,
  whole,
  writer: writer as unknown as AnyWriter,
  name,
})

export const kinds: Readonly<Record<Kind, KindOfRecord>> = {
  case: entry(caseListing, singleCase, CaseListed, Case, caseWriter, 'title'),
  article: entry(articleListing, singleArticle, ArticleListed, Article, articleWriter, 'title'),
  actor: entry(actorListing, singleActor, ActorListed, Actor, actorWriter, 'name'),
  affiliation: entry(
    affiliationListing,
    singleAffiliation,
    AffiliationListed,
    Affiliation,
    affiliationWriter,
    'role',
  ),
  good: entry(goodListing, singleGood, GoodListed, Good, goodWriter, 'designation'),
  permit: entry(permitListing, singlePermit, PermitListed, Permit, permitWriter, 'title'),
  measure: entry(measureListing, singleMeasure, MeasureListed, Measure, measureWriter, 'title'),
  event: entry(eventListing, singleEvent, EventListed, Event, eventWriter, 'title'),
}
