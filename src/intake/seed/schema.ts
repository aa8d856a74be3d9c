import { z } from 'zod'
import { ActorInput } from '../../records/kinds/actors/schema.ts'
import { AffiliationInput } from '../../records/kinds/affiliations/schema.ts'
import { ArticleInput } from '../../records/kinds/articles/schema.ts'
import { CaseInput } from '../../records/kinds/cases/schema.ts'
import { EventInput } from '../../records/kinds/events/schema.ts'
import { FigureInput } from '../../records/kinds/figures/schema.ts'
import { GoodInput } from '../../records/kinds/goods/schema.ts'
import { MeasureInput } from '../../records/kinds/measures/schema.ts'
import { PermitInput } from '../../records/kinds/permits/schema.ts'
import { PlaceRecordInput } from '../../records/kinds/places/schema.ts'
import { CitationInput, Slug } from '../../records/model/schema.ts'

/** A citation in case.yaml, for one or several fields. `article`: needed only if the file has several. */
const SeedCitation = CitationInput.omit({ article: true, field: true }).extend({
  article: Slug.optional(),
  fields: z.array(z.string().min(1).max(200)).min(1),
})
export type SeedCitation = z.infer<typeof SeedCitation>

const citations = z.array(SeedCitation).min(1)

const SeedArticle = ArticleInput.omit({
  case: true,
  body: true,
  spans: true,
  metadata: true,
  source: true,
  sourceMediaType: true,
}).extend({
  source: z.string().min(1),
  boilerplate: z
    .array(z.strictObject({ from: z.string().min(1), note: z.string().nullable().default(null) }))
    .default([]),
  citations,
})
export type SeedArticle = z.infer<typeof SeedArticle>

/** `case.yaml`: the facts of one source document (`article`) or of several (`articles`), each with its quotes. */
export const CaseYaml = z.strictObject({
  case: CaseInput.extend({ citations }),
  article: SeedArticle.optional(),
  articles: z.array(SeedArticle).default([]),
  places: z.array(PlaceRecordInput).default([]),
  actors: z.array(ActorInput.extend({ citations })).default([]),
  affiliations: z.array(AffiliationInput.extend({ citations })).default([]),
  goods: z.array(GoodInput.extend({ citations })).default([]),
  permits: z.array(PermitInput.extend({ citations })).default([]),
  measures: z.array(MeasureInput.extend({ citations })).default([]),
  events: z.array(EventInput.extend({ citations })).default([]),
  figures: z.array(FigureInput.extend({ citations })).default([]),
})
export type CaseYaml = z.infer<typeof CaseYaml>
