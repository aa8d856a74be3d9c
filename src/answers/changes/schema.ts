import { z } from 'zod'
import { Kind, RecordId, Slug } from '../../records/model/schema.ts'

/** JSON Patch (RFC 6902). */
const PatchOperation = z
  .looseObject({
    op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
    path: z.string().describe('JSON pointer into the snapshot.'),
  })
  .meta({ id: 'PatchOperation', description: 'A step of a JSON Patch (RFC 6902).' })

export const RecordChange = z
  .strictObject({
    revision: z.int(),
    committedAt: z.iso.datetime().describe('When the revision was written, in UTC.'),
    author: z.string().describe('Name of the key or of the command that wrote the revision.'),
    change: z.string().describe('The type of the write, e.g. `create`, `batch`, `seed`.'),
    action: z
      .enum(['create', 'update', 'derive', 'retract', 'merge'])
      .describe(
        'What the revision did to this record. `derive`: the record shows data of another record that changed.',
      ),
    record: z.strictObject({
      id: RecordId,
      kind: Kind,
      slug: Slug,
      href: z.string(),
      gone: z
        .boolean()
        .describe('Whether this change removed the record: it was retracted or merged.'),
    }),
    patch: z
      .array(PatchOperation)
      .describe(
        'From the snapshot before the change to the snapshot after it. Snapshots hold references as ids. For a new record: one `add` of the whole snapshot.',
      ),
  })
  .meta({ id: 'RecordChange', description: 'What a revision did to one record.' })
export type RecordChange = z.infer<typeof RecordChange>

export const ChangesPage = z
  .strictObject({
    data: z.array(RecordChange).describe('In the order in which they were written.'),
    next: z.string().nullable().describe('Cursor of the next page; null at the end.'),
    revision: z.int().describe('The newest revision.'),
    nextSince: z
      .string()
      .describe(
        'The newest revision with its epoch, e.g. `57-1f0c2a9b`. Use it as the next `since` when `next` is null.',
      ),
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
      .describe(
        'SHA-256, hexadecimal. Publish it with the revision: later anyone can check the ledger against it.',
      ),
  })
  .extend({
    signature: z
      .strictObject({
        algorithm: z.literal('Ed25519'),
        keyId: z
          .string()
          .describe('First 16 digits of the SHA-256 of the public key, hexadecimal.'),
        publicKey: z.string().describe('SPKI in DER, base64.'),
        signedAt: z.iso
          .datetime()
          .describe('When this answer was signed, by the clock of the server.'),
        signature: z
          .string()
          .describe('Of the canonical JSON of `hash`, `revision` and `signedAt`, base64.'),
      })
      .nullable()
      .describe('Null when the server has no `LEDGER_KEY`.'),
  })
  .meta({ id: 'LedgerHead', description: 'The newest revision of the hash chain.' })
