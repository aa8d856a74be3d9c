import { z } from 'zod'
import { ActorListed } from '../../records/kinds/actors/schema.ts'
import { ArticleListed } from '../../records/kinds/articles/schema.ts'
import { Case } from '../../records/kinds/cases/schema.ts'
import { GoodListed } from '../../records/kinds/goods/schema.ts'
import { MeasureListed } from '../../records/kinds/measures/schema.ts'
import { PermitListed } from '../../records/kinds/permits/schema.ts'
import { Finding } from '../findings/schema.ts'
import { TimelineEntry } from '../timeline/schema.ts'

const part = <T extends z.ZodType>(entry: T, order: string) =>
  z.strictObject({
    data: z.array(entry).describe(order),
    total: z.int().describe('How many there are, of which `data` can hold fewer.'),
  })

export const Dossier = z
  .strictObject({
    case: Case,
    findings: z.strictObject({
      data: z
        .array(Finding)
        .describe(
          'The first, in the order of `/v1/findings`. None of a case with more than 10,000 citations, all of whose records would have to be compared.',
        ),
      complete: z.boolean().describe('Whether these are all findings of the case.'),
    }),
    timeline: z.strictObject({
      data: z.array(TimelineEntry).describe('The first, in the order of `/v1/timeline`.'),
      complete: z.boolean().describe('Whether these are all events of the case.'),
    }),
    permits: part(PermitListed, 'The newest, by the day of issue.'),
    measures: part(MeasureListed, 'By slug.'),
    actors: part(ActorListed, 'By name.'),
    goods: part(GoodListed, 'By name.'),
    articles: part(ArticleListed, 'The newest, by the day of publication.'),
  })
  .meta({ id: 'Dossier', description: 'A case on one page: the most important of everything.' })
