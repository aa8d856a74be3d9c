import { z } from 'zod'
import { PlaceRecordInput } from '../../records/kinds/places/schema.ts'
import { Kind, RecordCitation, RecordId, Slug } from '../../records/model/schema.ts'

/** The version that is written and the highest version that can be read. */
export const bundleVersion = 1

const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in lower-case hexadecimal')

/** Other names are refused, so no path can lead out of the bundle. */
export const partNamePattern =
  /^(places\.ndjson|records\.ndjson|articles\/[0-9a-f-]{36}\/(parts\.ndjson|body\.txt|source)|ledgers\/[0-9a-f]{64}\.ndjson)$/

export const BundleManifest = z
  .strictObject({
    format: z.literal('casefile-bundle'),
    version: z.int().min(1).describe('Version of the format. A higher version is refused.'),
    case: z.strictObject({ id: RecordId, slug: Slug, title: z.string() }),
    ledgers: z
      .array(
        z.strictObject({
          id: Sha256Hex.describe('Hash of the first revision of the ledger.'),
          revision: z.int().describe('Number of its newest revision in the bundle.'),
          hash: Sha256Hex.describe('Hash of that revision.'),
        }),
      )
      .describe('The ledgers that wrote the records, sorted by id.'),
    parts: z
      .array(
        z.strictObject({
          name: z.string().regex(partNamePattern),
          size: z.int().min(0).describe('Size in bytes.'),
          sha256: Sha256Hex,
        }),
      )
      .describe('All other files of the bundle, in their order.'),
  })
  .meta({ id: 'BundleManifest', description: 'manifest.json, the last file of a bundle.' })
export type BundleManifest = z.infer<typeof BundleManifest>

/** A citation with references as ids, as in a snapshot of the ledger. */
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
        'The record as a client would send it (`NewPermit` etc. in the OpenAPI description), with ids as references. An article also has `spans`, `metadata`, `bodySha256`, `sourceSha256` and `sourceMediaType`. Its text is in other files of the bundle.',
      ),
    citations: z.array(BundledCitation),
    register: z
      .strictObject({
        name: Slug.describe('The `register` of its column map.'),
        key: z
          .string()
          .nullable()
          .describe('For a permit: the key of its rows in the register. Null for an article.'),
      })
      .optional()
      .describe(
        'For an article that is a release of a register, and for a permit that was read from it. It is not in the ledger.',
      ),
  })
  .meta({ id: 'BundledRecord', description: 'A line of records.ndjson.' })
export type BundledRecord = z.infer<typeof BundledRecord>

/** A part is read into memory as a whole. The longest row of a register import is far shorter. */
const maxPartBytes = 16 * 1_048_576

export const BundledTextPart = z
  .strictObject({
    start: z.int().min(0).describe('First code point of the part, from 0.'),
    length: z.int().min(1).describe('Number of code points.'),
    textBytes: z.int().min(1).max(maxPartBytes).describe('Number of bytes in body.txt.'),
    sourceBytes: z.int().min(0).max(maxPartBytes).describe('Number of bytes in source.'),
    sha256: Sha256Hex.describe('SHA-256 of the text of the part.'),
  })
  .meta({
    id: 'BundledTextPart',
    description:
      'A line of articles/<id>/parts.ndjson: a part of a long text. The parts are in order and without gaps.',
  })
export type BundledTextPart = z.infer<typeof BundledTextPart>

export const BundledPlace = PlaceRecordInput.extend({
  within: Slug.nullable().default(null).describe('Slug of the place that it lies in.'),
}).meta({
  id: 'BundledPlace',
  description:
    'A line of places.ndjson: a place as a client would send it. Older bundles have slug, name, country, latitude, longitude and source alone.',
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
          .describe('Canonical JSON. Null for a record that is not in the bundle.'),
      }),
    ),
    previousHash: Sha256Hex,
    hash: Sha256Hex.describe('Hash of the other members without the texts (docs/ledger.md).'),
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
        description: 'The files of a bundle by name. An NDJSON file is an array of its lines.',
      }),
    { io: 'input' },
  )
