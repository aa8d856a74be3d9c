import { z } from 'zod'
import { ArticleDescription } from '../../records/kinds/articles/schema.ts'
import { Line, Reference, StatedDateInput } from '../../records/model/schema.ts'

const descriptionFields = ArticleDescription.partial().shape

/** A form field that may occur several times; a single one arrives as a string. */
const RepeatableLines = z.preprocess(
  (value) => (value === undefined || Array.isArray(value) ? value : [value]),
  z.array(Line).max(100).optional(),
)

/**
 * A document as a form sends it. Missing fields are taken from the document itself; `metadata` of the article says where.
 */
export const DocumentForm = z
  .strictObject({
    ...descriptionFields,
    case: ArticleDescription.shape.case.describe('The case that it belongs to: slug or id.'),
    authors: RepeatableLines.describe('May occur several times.'),
    publishedOn: StatedDateInput.shape.edtf.optional().describe('EDTF, e.g. `2021-04-12`.'),
    // The file name. The bytes are in `request.document`.
    file: z.string('the form has no file').meta({
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
            .describe('Share of the words of this article that are also in the other one, 0 to 1.'),
          shareOfOther: z
            .number()
            .describe('Share of the words of the other article that are in this one, 0 to 1.'),
        }),
      )
      .describe('At most 20, highest shares first.'),
  })
  .meta({
    id: 'NearDuplicates',
    description: 'Articles that share at least half of the text of one of the two.',
  })
