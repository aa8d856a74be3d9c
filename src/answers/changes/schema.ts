import { z } from 'zod'
import { Kind, RecordId, Slug } from '../../records/model/schema.ts'

/** JSON Patch (RFC 6902). */
const PatchOperation = z
  .looseObject({
    op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
    path: z.string().describe('JSON pointer into the document.'),
  })
  .meta({ id: 'PatchOperation', description: 'A step of a JSON Patch (RFC 6902).' })

export const RecordChange = z
  .strictObject({
    revision: z.int(),
    committedAt: z.iso.datetime().describe('When it was written, UTC.'),
    author: z.string().describe('Name of the key that wrote it, or of the command.'),
    change: z
      .string()
      .describe('What kind of write the revision was, e.g. `create`, `batch`, `seed`.'),
    action: z
      .enum(['create', 'update', 'derive', 'retract', 'merge'])
      .describe(
        'What it did to this record; `derive`: it shows something of a record that changed.',
      ),
    record: z.strictObject({
      id: RecordId,
      kind: Kind,
      slug: Slug,
      href: z.string(),
      gone: z
        .boolean()
        .describe('Whether the record is gone since this change: retracted or merged.'),
    }),
    patch: z
      .array(PatchOperation)
      .describe(
        "From the document before to the one after; references stand in documents as ids. A new record's is one `add` of the whole.",
      ),
  })
  .meta({ id: 'RecordChange', description: 'What a revision did to one record.' })
export type RecordChange = z.infer<typeof RecordChange>

export const ChangesPage = z
  .strictObject({
    data: z.array(RecordChange).describe('In the order in which they were written.'),
    next: z.string().nullable().describe('Cursor of the next page; null at the end.'),
    revision: z.int().describe('The newest revision; the next `since` once `next` is null.'),
  })
  .meta({ id: 'ChangesPage' })

export const History = z
  .strictObject({
    data: z.array(RecordChange).describe('Oldest first.'),
    next: z.string().nullable(),
  })
  .meta({ id: 'History', description: 'Every change of one record.' })

export const LedgerHead = z
  .strictObject({
    revision: z.int(),
    committedAt: z.iso.datetime(),
    change: z.string(),
    author: z.string(),
    previousHash: z.string(),
    hash: z
      .string()
      .describe('SHA-256, hexadecimal: publish it with the revision to be held to it.'),
  })
  .meta({ id: 'LedgerHead', description: 'The end of the chain of revisions.' })
