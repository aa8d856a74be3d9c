import type { Database } from '../../src/database/database.ts'
import { encodePng } from '../../src/intake/extraction/ocr/pictures/png.ts'
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
import { figureWriter } from '../../src/records/kinds/figures/queries.ts'
import { FigureInput } from '../../src/records/kinds/figures/schema.ts'
import { goodWriter } from '../../src/records/kinds/goods/queries.ts'
import { GoodInput } from '../../src/records/kinds/goods/schema.ts'
import { measureWriter } from '../../src/records/kinds/measures/queries.ts'
import { MeasureInput } from '../../src/records/kinds/measures/schema.ts'
import { permitWriter } from '../../src/records/kinds/permits/queries.ts'
import { PermitInput } from '../../src/records/kinds/permits/schema.ts'
import { placeWriter } from '../../src/records/kinds/places/queries.ts'
import { PlaceRecordInput } from '../../src/records/kinds/places/schema.ts'
import { CitationInput } from '../../src/records/model/schema.ts'
import { commit } from '../../src/records/write/commit.ts'
import { buildNewRecord, type NewRecord } from '../../src/records/write/create.ts'

/**
 * Builders of valid records. A test states only the members that it is about. The default citation is of the seed's
 * article, so the records belong to the seed's case.
 */

let slugCount = 0
const nextSlug = (kind: string): string => {
  slugCount += 1
  return `${kind}-${String(slugCount).padStart(4, '0')}`
}

/** Occurs once in the seed's article. */
const seedQuote = 'Turkey had pressed Ottawa'

export const buildCitation = (overrides: object = {}): CitationInput =>
  CitationInput.parse({ article: 'turkey-pressed-canada', quote: seedQuote, ...overrides })

/** Members and citations that replace the defaults. */
type RecordOverrides = { citations?: readonly CitationInput[]; [member: string]: unknown }

export const buildCase = ({ citations = [], ...overrides }: RecordOverrides = {}): NewRecord =>
  buildNewRecord(
    caseWriter,
    CaseInput.parse({ slug: nextSlug('case'), title: 'A case', ...overrides }),
    citations,
    '/case',
  )

export const buildArticle = ({ citations = [], ...overrides }: RecordOverrides = {}): NewRecord => {
  const articleSlug = nextSlug('article')
  const input = ArticleInput.parse({
    slug: articleSlug,
    title: 'An article',
    case: 'canada-turkey-wescam',
    body: `The body of ${articleSlug}.`,
    source: Buffer.from(`The source of ${articleSlug}.`),
    sourceMediaType: 'text/plain; charset=utf-8',
    ...overrides,
  })
  return buildNewRecord(articleWriter, input, citations, '/article')
}

export const buildPlace = ({ citations = [], ...overrides }: RecordOverrides = {}): NewRecord => {
  const members = { slug: nextSlug('place'), name: 'A place', source: 'A test.', ...overrides }
  return buildNewRecord(placeWriter, PlaceRecordInput.parse(members), citations, '/place')
}

/** @param unchecked members that the schema refuses today, as older records may have them */
export const buildActor = (
  { citations = [buildCitation()], ...overrides }: RecordOverrides = {},
  unchecked: object = {},
): NewRecord => {
  const members = { slug: nextSlug('actor'), type: 'company', name: 'A company', ...overrides }
  const input = { ...ActorInput.parse(members), ...unchecked }
  return buildNewRecord(actorWriter, input, citations, '/actor')
}

export const buildAffiliation = ({
  citations = [buildCitation()],
  ...overrides
}: RecordOverrides = {}): NewRecord => {
  const input = AffiliationInput.parse({
    slug: nextSlug('affiliation'),
    actor: 'marta-morgan',
    organisation: 'canada',
    role: 'a post',
    ...overrides,
  })
  return buildNewRecord(affiliationWriter, input, citations, '/affiliation')
}

export const buildGood = ({
  citations = [buildCitation()],
  ...overrides
}: RecordOverrides = {}): NewRecord =>
  buildNewRecord(
    goodWriter,
    GoodInput.parse({ slug: nextSlug('good'), designation: 'A good', ...overrides }),
    citations,
    '/good',
  )

export const buildPermit = ({
  citations = [buildCitation()],
  ...overrides
}: RecordOverrides = {}): NewRecord =>
  buildNewRecord(
    permitWriter,
    PermitInput.parse({
      slug: nextSlug('permit'),
      title: 'A permit',
      issuer: 'canada',
      ...overrides,
    }),
    citations,
    '/permit',
  )

export const buildFigure = ({
  citations = [buildCitation()],
  ...overrides
}: RecordOverrides = {}): NewRecord => {
  const input = FigureInput.parse({
    slug: nextSlug('figure'),
    title: 'A figure',
    measure: 'licences',
    quantity: 29,
    from: 'canada',
    to: 'turkey',
    period: { edtf: '2020' },
    ...overrides,
  })
  return buildNewRecord(figureWriter, input, citations, '/figure')
}

/** The figure of `exampleRecords`. */
export const storeExampleFigure = (database: Database): Promise<number> =>
  storeRecords(database, buildFigure({ slug: 'canada-licences-for-turkey-2020' }))

/** The page of `insertExample`: a scan, as the seeded article is text. */
export const storeExamplePage = (database: Database): Promise<number> => {
  const source = encodePng({ width: 4, height: 4, data: new Uint8Array(16) })
  return storeRecords(
    database,
    buildArticle({ slug: 'scanned-letter', source, sourceMediaType: 'image/png' }),
  )
}

export const buildMeasure = ({
  citations = [buildCitation()],
  ...overrides
}: RecordOverrides = {}): NewRecord => {
  const input = MeasureInput.parse({
    slug: nextSlug('measure'),
    title: 'A measure',
    imposer: 'canada',
    target: 'turkey',
    legalForm: 'embargo',
    ...overrides,
  })
  return buildNewRecord(measureWriter, input, citations, '/measure')
}

export const buildEvent = ({
  citations = [buildCitation()],
  ...overrides
}: RecordOverrides = {}): NewRecord => {
  const members = { slug: nextSlug('event'), type: 'statement', title: 'An event', ...overrides }
  return buildNewRecord(eventWriter, EventInput.parse(members), citations, '/event')
}

/** Stores records as one revision. Returns its number. */
export async function storeRecords(database: Database, ...records: NewRecord[]): Promise<number> {
  const author = { name: 'test', keyId: null }
  const { revision } = await commit(database, author, 'test', ({ create }) => create(records))
  return revision
}
