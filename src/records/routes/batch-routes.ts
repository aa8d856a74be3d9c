import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { createEtagCheck, selectTagsOfHistory } from '../../http/preconditions.ts'
import { problemResponses, sendJsonText } from '../../http/problems.ts'
import type { RevisionSource } from '../../http/revision-source.ts'
import { Problem } from '../../problem.ts'
import { kinds } from '../kinds/all-kinds.ts'
import { buildHref, type CitationInput, Kind, RecordId, Ref, Slug } from '../model/schema.ts'
import { validationProblem } from '../model/validation-errors.ts'
import type { WriteSession } from '../write/commit.ts'
import { correctRecord, retractRecord } from '../write/correct.ts'
import { buildNewRecord, type NewRecord } from '../write/create.ts'
import { commitOnce } from '../write/idempotency.ts'
import { loadSlugs } from '../write/write-response.ts'
import type { RouteContext } from './context.ts'
import { buildCreateSchema, idempotencyHeaders } from './create-routes.ts'
import { Reason } from './write-routes.ts'

const maxItems = 1_000

const itemIfMatch = z.string().max(1_000).optional().describe('As the header `If-Match`; needed.')

const BatchItem = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('create'),
    kind: Kind,
    as: Slug.optional().describe(
      'A name for this batch: other items refer to the record as `$name`.',
    ),
    record: z.looseObject({}).describe('As the body of `POST` of the kind, citations included.'),
  }),
  z.strictObject({
    op: z.literal('update'),
    kind: Kind,
    ref: Ref,
    ifMatch: itemIfMatch,
    patch: z.looseObject({}).describe('As the body of `PATCH` of the kind.'),
  }),
  z.strictObject({
    op: z.literal('retract'),
    kind: Kind,
    ref: Ref,
    ifMatch: itemIfMatch,
    reason: Reason.shape.reason,
  }),
])
type BatchItem = z.infer<typeof BatchItem>

const Batch = z
  .strictObject({ items: z.array(BatchItem).min(1).max(maxItems) })
  .meta({ id: 'NewBatch', description: 'Writes that happen together or not at all.' })

const BatchAnswer = z
  .strictObject({
    revision: z.int().describe('The one revision that all of it is.'),
    items: z
      .array(
        z.strictObject({
          op: z.enum(['create', 'update', 'retract']),
          kind: Kind,
          id: RecordId,
          slug: Slug,
          href: z.string(),
        }),
      )
      .describe('In the order of the request.'),
  })
  .meta({ id: 'BatchAnswer' })

export const batchRoutes: FastifyPluginAsyncZod<RouteContext> = async (app, context) => {
  app.post(
    '/v1/batch',
    {
      config: { scope: 'write' },
      bodyLimit: 32 * 1_048_576,
      schema: {
        operationId: 'writeBatch',
        summary: 'Write up to 1,000 records at once',
        description:
          'All items or none, as one revision. New records can refer to one another by slug or by `$name`, in any order. They are created first; then corrections and retractions follow in their order. An error points at its item: `/body/items/3/record/issuer`.',
        tags: ['service'],
        security: [{ key: [] }],
        headers: idempotencyHeaders,
        body: Batch,
        response: {
          200: {
            description: 'What was written.',
            content: { 'application/json': { schema: BatchAnswer } },
          },
          ...problemResponses(
            'invalid-request',
            'unauthorized',
            'forbidden',
            'unknown-reference',
            'not-found',
            'retracted',
            'slug-taken',
            'number-taken',
            'identifier-taken',
            'state-known',
            'article-known',
            'still-referenced',
            'idempotency-conflict',
            'precondition-failed',
            'precondition-required',
            'body-too-large',
            'unsupported-media-type',
            'quote-not-found',
            'quote-ambiguous',
            'quote-in-boilerplate',
            'citation-missing',
            'impossible-transition',
            'busy',
          ),
        },
      },
    },
    async (request, reply) => {
      const { items } = request.body
      const creations = parseCreateItems(items)
      const answer = await commitOnce(
        context,
        request,
        'batch',
        async (session) => {
          const made = await session.create(creations.filter((one) => one !== null))
          const ids: string[] = []
          for (const [index, item] of items.entries())
            ids.push(
              creations[index]
                ? (made.shift() ?? '')
                : await applyChangeItem(session, item, index, context.head),
            )
          return ids
        },
        async (ids, _wires, session) => ({
          status: 200,
          location: null,
          body: JSON.stringify({
            revision: Number(session.revision),
            items: await summariseItems(session, items, ids),
          }),
        }),
      )
      reply.header('Cache-Control', 'no-store')
      return sendJsonText(reply, answer.body)
    },
  )
}

const createSchemas = new Map<Kind, z.ZodObject>()

/** The body of `POST` of a kind; built once, because zod compiles a schema at its first use. */
function getCreateSchema(kind: Kind): z.ZodObject {
  const body = createSchemas.get(kind) ?? buildCreateSchema(kind)
  createSchemas.set(kind, body)
  return body
}

/**
 * The records of `create` items; null for other items.
 *
 * @throws {Problem} invalid-request with the errors of all items
 */
function parseCreateItems(items: readonly BatchItem[]): (NewRecord | null)[] {
  const problems: Problem[] = []
  const records = items.map((item, index) => {
    try {
      return parseCreateItem(item, `/body/items/${index}`)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      problems.push(error)
      return null
    }
  })
  const [first, ...others] = problems
  if (first === undefined) return records
  if (others.length === 0) throw first
  const errors = problems.flatMap(({ errors: ofItem }) => ofItem ?? [])
  const detail = errors.map((bad) => `${bad.pointer}: ${bad.detail}`).join('; ')
  throw new Problem('invalid-request', detail, { errors })
}

/** The record of a `create` item; null for other items. */
function parseCreateItem(item: BatchItem, at: string): NewRecord | null {
  if (item.op !== 'create') return null
  const { writer } = kinds[item.kind]
  const parsed = getCreateSchema(item.kind).safeParse(item.record)
  if (!parsed.success) throw validationProblem(parsed.error, `${at}/record`)
  const { citations, ...given } = parsed.data
  const input = writer.postRequest
    ? writer.postRequest.toInput(given)
    : (given as unknown as { slug: string })
  return {
    ...buildNewRecord(writer, input, citations as z.infer<typeof CitationInput>[], `${at}/record`),
    localName: item.as,
  }
}

/** Corrects or retracts; an error names the item. */
async function applyChangeItem(
  session: WriteSession,
  item: BatchItem,
  index: number,
  source: RevisionSource,
): Promise<string> {
  if (item.op === 'create') throw new TypeError('created already')
  const at = `/body/items/${index}`
  const { kind, ref } = item
  try {
    const tags = item.ifMatch && (await selectTagsOfHistory(source, item.ifMatch))
    const checkPrecondition = createEtagCheck(
      tags,
      `${at}/ifMatch, the ETag of the record as it was read`,
    )
    return item.op === 'update'
      ? await correctRecord(
          session,
          { kind, ref, patch: item.patch, pointer: `${at}/patch` },
          checkPrecondition,
        )
      : await retractRecord(session, { kind, ref, reason: item.reason }, checkPrecondition)
  } catch (error) {
    if (!(error instanceof Problem) || error.errors) throw error
    const { code, message, references, passages } = error
    throw new Problem(code, `${at}: ${message}`, {
      cause: error,
      errors: [{ pointer: at, detail: message }],
      ...(references && { references }),
      ...(passages && { passages }),
    })
  }
}

async function summariseItems(
  session: WriteSession,
  items: readonly BatchItem[],
  ids: readonly string[],
) {
  const slugs = await loadSlugs(session, ids)
  return items.map(({ op, kind }, index) => {
    const slug = slugs[index] ?? ''
    return { op, kind, id: ids[index] ?? '', slug, href: buildHref(kind, slug) }
  })
}
