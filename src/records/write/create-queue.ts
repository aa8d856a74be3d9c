import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import type { Tx } from '../../database/transaction.ts'
import {
  appendRevisions,
  type ChainHead,
  declareFirstRevision,
  lockLedger,
} from '../../ledger/ledger-writer.ts'
import { Problem } from '../../problem.ts'
import {
  buildNewSnapshots,
  type ChangedRecords,
  changesOtherRecords,
  namesPlaces,
} from './commit.ts'
import { createUnrelatedRecords, type NewRecord } from './create.ts'
import { checkDistinctStates } from './distinct-states.ts'
import {
  commitOnce,
  findStoredResponse,
  getAuthor,
  type StoredWriteResponse,
  storeResponse,
  type WriteContext,
  type WriteRequest,
} from './idempotency.ts'
import { InlinePlaces } from './place-writes.ts'
import { assignSlugs } from './slugs.ts'
import { buildWireResponse, buildWriteResponse } from './write-response.ts'

type Create = { request: WriteRequest; record: NewRecord }
type WaitingCreate = Create & {
  resolve(response: StoredWriteResponse): void
  reject(error: unknown): void
}

const maxGroupSize = 32
const maxWaiting = 500

/**
 * Creates of single records. Those that arrive while another is being written wait, and then share one transaction: each is
 * a revision of its own, in the order of arrival. See docs/decisions/0039-group-commit.md.
 */
export class CreateQueue {
  readonly #context: WriteContext
  readonly #waiting: WaitingCreate[] = []
  #isRunning = false

  constructor(context: WriteContext) {
    this.#context = context
  }

  /** @throws {Problem} as `commitOnce` */
  async create(request: WriteRequest, record: NewRecord): Promise<StoredWriteResponse> {
    const create = { request, record }
    if (!isIndependent(record)) return createAlone(this.#context, create)
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= maxWaiting) {
        reject(new Problem('busy', `${maxWaiting} writes are waiting already.`))
        return
      }
      this.#waiting.push({ ...create, resolve, reject })
      void this.#run()
    })
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    while (this.#waiting.length > 0) {
      // Requests that have arrived together are read first.
      await setImmediate()
      await this.#writeGroup(this.#waiting.splice(0, maxGroupSize))
    }
    this.#isRunning = false
  }

  async #writeGroup(group: readonly WaitingCreate[]): Promise<void> {
    if (group.length > 1)
      try {
        const responses = await createTogether(this.#context, group)
        for (const [index, { resolve, reject }] of group.entries()) {
          const response = responses[index]
          if (response === undefined) reject(new TypeError('A create has no response.'))
          else resolve(response)
        }
        return
      } catch (error) {
        if (!isRefusal(error)) {
          for (const { reject } of group) reject(error)
          return
        }
      }
    // One of them is refused, which concerns no other.
    for (const waiting of group)
      await createAlone(this.#context, waiting).then(waiting.resolve, waiting.reject)
  }
}

/** Whether the transaction was undone for a reason that lies in one of its records. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Problem
    ? error.code !== 'busy'
    : error instanceof pg.DatabaseError && /^(23|40)/.test(error.code ?? '')

/** Whether the write of a record changes no other record, and makes no other. */
function isIndependent({ writer, input, pointer }: NewRecord): boolean {
  if (changesOtherRecords(input)) return false
  if (!namesPlaces(writer)) return true
  const places = new InlinePlaces()
  places.extract(input, pointer)
  return places.records.length === 0
}

const createAlone = (
  context: WriteContext,
  { request, record }: Create,
): Promise<StoredWriteResponse> =>
  commitOnce(
    context,
    request,
    'create',
    ({ create }) => create([record]),
    async ([id = ''], readWire) => ({
      status: 201,
      ...(await buildWriteResponse(readWire, record.writer.kind, id)),
    }),
  )

/** Writes all in one transaction, or none. */
async function createTogether(
  { database, head }: WriteContext,
  creates: readonly Create[],
): Promise<StoredWriteResponse[]> {
  const responses = await database.write(async (tx) => {
    const previous = await lockLedger(tx)
    const stored = await Promise.all(
      creates.map(({ request }) => findStoredResponse({ tx }, request)),
    )
    const fresh = creates.filter((_, index) => stored[index] === null)
    const written = await createRevisions(tx, previous, fresh)
    return stored.map((response) => response ?? written.shift())
  })
  const present = responses.filter((response) => response !== undefined)
  head.noteRevision(Math.max(...present.map(({ revision }) => revision)))
  return present
}

/** Each create becomes a revision. */
async function createRevisions(
  tx: Tx,
  previous: ChainHead,
  creates: readonly Create[],
): Promise<StoredWriteResponse[]> {
  if (creates.length === 0) return []
  const firstRevision = previous.number + 1n
  const [named] = await Promise.all([
    assignSlugs(
      tx.db,
      creates.map(({ record }) => record),
    ),
    declareFirstRevision(tx, firstRevision),
  ])
  const records = named.map((record, index) => ({
    ...record,
    revision: firstRevision + BigInt(index),
  }))
  const ids = await createUnrelatedRecords(tx, records)
  const kindById = new Map(ids.map((id, index) => [id, records[index]?.writer.kind ?? 'case']))
  await checkDistinctStates(
    tx.db,
    ids.filter((id) => kindById.get(id) === 'actor'),
    new Map(),
  )
  const wires = new Map<string, Record<string, unknown>>()
  const changedRecords: ChangedRecords = new Map(
    [...kindById].map(([id, kind]) => [id, { kind, change: 'create' }]),
  )
  const snapshots = Map.groupBy(
    await buildNewSnapshots(tx.db, changedRecords, wires),
    ({ recordId }) => recordId,
  )
  const revisions = creates.map(({ request }, index) => ({
    change: 'create',
    author: getAuthor(request),
    snapshots: snapshots.get(ids[index] ?? '') ?? [],
  }))
  appendRevisions(tx, previous, revisions)
  return Promise.all(
    [...kindById].map(async ([id, kind], index) => {
      const response = {
        ...buildWireResponse(kind, wires.get(id) ?? {}),
        status: 201,
        revision: Number(firstRevision) + index,
      }
      const request = creates[index]?.request
      if (request !== undefined) await storeResponse({ tx }, request, response)
      return response
    }),
  )
}
