import type { Database } from '../../src/database/database.ts'
import { actorWriter } from '../../src/records/actors/queries.ts'
import { ActorInput } from '../../src/records/actors/schema.ts'
import { affiliationWriter } from '../../src/records/affiliations/queries.ts'
import { AffiliationInput } from '../../src/records/affiliations/schema.ts'
import { articleWriter } from '../../src/records/articles/queries.ts'
import { ArticleInput } from '../../src/records/articles/schema.ts'
import { caseWriter } from '../../src/records/cases/queries.ts'
import { CaseInput } from '../../src/records/cases/schema.ts'
import { commit } from '../../src/records/commit.ts'
import { eventWriter } from '../../src/records/events/queries.ts'
import { EventInput } from '../../src/records/events/schema.ts'
import { goodWriter } from '../../src/records/goods/queries.ts'
import { GoodInput } from '../../src/records/goods/schema.ts'
import { measureWriter } from '../../src/records/measures/queries.ts'
import { MeasureInput } from '../../src/records/measures/schema.ts'
import { permitWriter } from '../../src/records/permits/queries.ts'
import { PermitInput } from '../../src/records/permits/schema.ts'
import { CitationInput } from '../../src/records/schema.ts'
import { type NewRecord, newRecord } from '../../src/records/writing.ts'

/**
 * Valid records to store; a test names only the members that it is about. Each is cited with the opening words of the
 * seed's article, so it belongs to the seed's case.
 */

let made = 0
const slug = (kind: string): string => {
  made += 1
  return `${kind}-${String(made).padStart(4, '0')}`
}

/** Stands once in the seed's article. */
const quote = 'Turkey had pressed Ottawa'

export const aCitation = (given: object = {}): CitationInput =>
  CitationInput.parse({ article: 'turkey-pressed-canada', quote, ...given })

/** The members of a record that a test is about, and what is cited for it. */
type Given = { citations?: readonly CitationInput[]; [member: string]: unknown }

export const aCase = ({ citations = [], ...given }: Given = {}): NewRecord =>
  newRecord(
    caseWriter,
    CaseInput.parse({ slug: slug('case'), title: 'A case', ...given }),
    citations,
    '/case',
  )

export const anArticle = ({ citations = [], ...given }: Given = {}): NewRecord => {
  const own = slug('article')
  const input = ArticleInput.parse({
    slug: own,
    title: 'An article',
    case: 'canada-turkey-wescam',
    body: `The body of ${own}.`,
    source: Buffer.from(`The source of ${own}.`),
    sourceMediaType: 'text/plain; charset=utf-8',
    ...given,
  })
  return newRecord(articleWriter, input, citations, '/article')
}

export const anActor = ({ citations = [aCitation()], ...given }: Given = {}): NewRecord =>
  newRecord(
    actorWriter,
    ActorInput.parse({ slug: slug('actor'), type: 'company', name: 'A company', ...given }),
    citations,
    '/actor',
  )

export const anAffiliation = ({ citations = [aCitation()], ...given }: Given = {}): NewRecord => {
  const input = AffiliationInput.parse({
    slug: slug('affiliation'),
    actor: 'marta-morgan',
    organisation: 'canada',
    role: 'a post',
    ...given,
  })
  return newRecord(affiliationWriter, input, citations, '/affiliation')
}

export const aGood = ({ citations = [aCitation()], ...given }: Given = {}): NewRecord =>
  newRecord(
    goodWriter,
    GoodInput.parse({ slug: slug('good'), designation: 'A good', ...given }),
    citations,
    '/good',
  )

export const aPermit = ({ citations = [aCitation()], ...given }: Given = {}): NewRecord =>
  newRecord(
    permitWriter,
    PermitInput.parse({ slug: slug('permit'), title: 'A permit', issuer: 'canada', ...given }),
    citations,
    '/permit',
  )

export const aMeasure = ({ citations = [aCitation()], ...given }: Given = {}): NewRecord => {
  const input = MeasureInput.parse({
    slug: slug('measure'),
    title: 'A measure',
    imposer: 'canada',
    target: 'turkey',
    legalForm: 'embargo',
    ...given,
  })
  return newRecord(measureWriter, input, citations, '/measure')
}

export const anEvent = ({ citations = [aCitation()], ...given }: Given = {}): NewRecord =>
  newRecord(
    eventWriter,
    EventInput.parse({ slug: slug('event'), type: 'statement', title: 'An event', ...given }),
    citations,
    '/event',
  )

/** Stores them as one revision, whose number is returned. */
export async function store(database: Database, ...records: NewRecord[]): Promise<number> {
  const author = { name: 'test', keyId: null }
  const { revision } = await commit(database, author, 'test', ({ create }) => create(records))
  return revision
}
