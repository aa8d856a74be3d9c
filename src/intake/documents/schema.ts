import { z } from 'zod'
import { ArticleDescription } from '../../records/kinds/articles/schema.ts'
import { Line, Reference, StatedDateInput } from '../../records/model/schema.ts'

const descriptionFields = ArticleDescription.partial().shape

/** A part of a form that stands for several values may stand in it several times. */
const RepeatableLines = z.preprocess(
  (given) => (given === undefined || Array.isArray(given) ? given : [given]),
  z.array(Line).max(100).optional(),
)

/**
 * A document as a form sends it. What is not given is taken from the document itself, which says in `metadata` where.
 */
export const DocumentForm = z
  .strictObject({
    ...descriptionFields,
    case: ArticleDescription.shape.case.describe('The case that it belongs to: slug or id.'),
    authors: RepeatableLines.describe('May stand several times.'),
    publishedOn: StatedDateInput.shape.edtf.optional().describe('EDTF, e.g. `2021-04-12`.'),
    // Its name: the bytes are kept apart.
    file: z.string('there is no file').meta({
      format: 'binary',
      description: 'Plain text, HTML, PDF with a text layer, or DOCX. Never fetched from anywhere.',
    }),
  })
  .meta({ id: 'NewDocument' })
export type DocumentForm = z.infer<typeof DocumentForm>

export const NearDuplicates = z
  .strictObject({
    article: Reference,
    data: z
      .array(
        z.strictObject({
          article: Reference,
          case: Reference,
          share: z
            .number()
            .describe('How many of the words of this article stand in the other too, 0 to 1.'),
          shareOfOther: z
            .number()
            .describe('How many of the words of the other stand in this article, 0 to 1.'),
        }),
      )
      .describe('At most 20, those with the most in common first.'),
  })
  .meta({
    id: 'NearDuplicates',
    description: 'Articles that have the same text in other clothes, or a large part of it.',
  })
