import type { Database } from '../../src/database/database.ts'
import { actorWriter } from '../../src/records/kinds/actors/queries.ts'
import { ActorInput } from '../../src/records/kinds/actors/schema.ts'
import { affiliationWriter } from '../../src/records/kinds/affiliations/queries.ts'
import { AffiliationInput } from '../../src/records/kinds/affiliations/schema.ts'
import { articleWriter } from '../../src/records/kinds/articles/queries.ts'
import { ArticleInput } from '../../src/records/kinds/articles/schema.ts'
import { caseWriter } from '../../src/records/kinds/cases/queries.ts'
import { CaseInput } from '../../src/records/kinds/cases/schema.ts'
import { eventWriter } from '../../src/records/kinds/events/queries.ts'
import { EventInput } from '../../src/records/kinds/events/schema.ts'
import { goodWriter } from '../../src/records/kinds/goods/queries.ts'
import { GoodInput } from '../../src/records/kinds/goods/schema.ts'
import { measureWriter } from '../../src/records/kinds/measures/queries.ts'
import { MeasureInput } from '../../src/records/kinds/measures/schema.ts'
import { permitWriter } from '../../src/records/kinds/permits/queries.ts'
import { PermitInput } from '../../src/records/kinds/permits/schema.ts'
import { CitationInput } from '../../src/records/model/schema.ts'
import { commit } from '../../src/records/write/commit.ts'
import { type NewRecord, newRecord } from '../../src/records/write/create.ts'

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
