import { z } from 'zod'
import { Kind, PlaceInput, RecordCitation, RecordId, Slug } from '../../records/model/schema.ts'

/** The version that is written, and the highest that is read. */
export const bundleVersion = 1

const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in lower-case hexadecimal')

/** Names of parts: no others are in a bundle, so no path leads out of it. */
export const partNamePattern =
  /^(places\.ndjson|records\.ndjson|articles\/[0-9a-f-]{36}\/(parts\.ndjson|body\.txt|source)|ledgers\/[0-9a-f]{64}\.ndjson)$/

export const BundleManifest = z
  .strictObject({
    format: z.literal('casefile-bundle'),
    version: z.int().min(1).describe('Of the format; a higher one is refused.'),
    case: z.strictObject({ id: RecordId, slug: Slug, title: z.string() }),
    ledgers: z
      .array(
        z.strictObject({
          id: Sha256Hex.describe('Hash of the first revision of that ledger.'),
          revision: z.int().describe('The newest revision of it that is in the bundle.'),
          hash: Sha256Hex.describe('Hash of that revision.'),
        }),
      )
      .describe('The ledgers that wrote the records, by id.'),
    parts: z
      .array(
        z.strictObject({
          name: z.string().regex(partNamePattern),
          size: z.int().min(0).describe('Bytes.'),
          sha256: Sha256Hex,
        }),
      )
      .describe('Every other file of the bundle, in their order.'),
  })
  .meta({ id: 'BundleManifest', description: 'manifest.json, the last file of a bundle.' })
export type BundleManifest = z.infer<typeof BundleManifest>

/** A citation with references as ids, as the ledger has it. */
const BundledCitation = RecordCitation.extend({
  article: RecordId,
  voices: z.array(z.strictObject({ actor: RecordId.nullable(), document: z.string().nullable() })),
})
export type BundledCitation = z.infer<typeof BundledCitation>

export const BundledRecord = z
  .strictObject({
    id: RecordId,
    kind: Kind,
    state: z.enum(['live', 'retracted', 'merged']),
    stateReason: z.string().nullable(),
    mergedInto: RecordId.nullable(),
    record: z
      .looseObject({ slug: Slug })
      .describe(
        'What the record is made from, as a client would send it (`NewPermit` and so on in the OpenAPI document), with ids for references. An article has `spans`, `metadata`, `bodySha256`, `sourceSha256` and `sourceMediaType` besides, and its text in parts of its own.',
      ),
    citations: z.array(BundledCitation),
    register: z
      .strictObject({
        name: Slug.describe('The `register` of its column map.'),
        key: z
          .string()
          .nullable()
          .describe(
            'Of a permit: what tells its rows there from those of others. Of an article: null.',
          ),
      })
      .optional()
      .describe(
        'Of an article that is a release of a register, and of a permit that was read from it. No ledger says it.',
      ),
  })
  .meta({ id: 'BundledRecord', description: 'A line of records.ndjson.' })
export type BundledRecord = z.infer<typeof BundledRecord>

/** A part is in memory whole; the longest row that an import of a register takes is far below. */
const maxPartBytes = 16 * 1_048_576

export const BundledTextPart = z
  .strictObject({
    start: z.int().min(0).describe('Code points of the text before it.'),
    length: z.int().min(1).describe('Code points in it.'),
    textBytes: z.int().min(1).max(maxPartBytes).describe('Bytes of it in body.txt.'),
    sourceBytes: z.int().min(0).max(maxPartBytes).describe('Bytes of it in source.'),
    sha256: Sha256Hex.describe('Of its text.'),
  })
  .meta({
    id: 'BundledTextPart',
    description:
      'A line of articles/<id>/parts.ndjson: a part of a long text that is kept in parts, in order and without gaps.',
  })
export type BundledTextPart = z.infer<typeof BundledTextPart>

export const BundledPlace = PlaceInput.meta({
  id: 'BundledPlace',
  description: 'A line of places.ndjson.',
})
export type BundledPlace = z.infer<typeof BundledPlace>

export const BundledRevision = z
  .strictObject({
    revision: z.int().min(1),
    committedAt: z.iso.datetime(),
    change: z.string(),
    author: z.string(),
    documents: z.array(
      z.strictObject({
        record: RecordId,
        change: z.enum(['create', 'update', 'derive', 'retract', 'merge']),
        hash: Sha256Hex,
        text: z
          .string()
          .nullable()
          .describe('Canonical JSON; null for a record that is not in the bundle.'),
      }),
    ),
    previousHash: Sha256Hex,
    hash: Sha256Hex.describe('As docs/ledger.md says, over the other members without the texts.'),
  })
  .meta({ id: 'BundledRevision', description: 'A line of ledgers/<id>.ndjson.' })
export type BundledRevision = z.infer<typeof BundledRevision>

/** All shapes of a bundle as one JSON Schema (docs/bundle.schema.json). */
export const buildBundleJsonSchema = () =>
  z.toJSONSchema(
    z
      .strictObject({
        'manifest.json': BundleManifest,
        'places.ndjson': z.array(BundledPlace),
        'records.ndjson': z.array(BundledRecord),
        'articles/<id>/parts.ndjson': z.array(BundledTextPart),
        'ledgers/<id>.ndjson': z.array(BundledRevision),
      })
      .meta({
        title: 'Casefile bundle',
        description: 'The files of a bundle by name; of NDJSON an array of its lines.',
      }),
    { io: 'input' },
  )
