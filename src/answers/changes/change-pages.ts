import { LRUCache } from 'lru-cache'
import type { Db } from '../../database/database.ts'
import { toEpoch } from '../../ledger/head-tracker.ts'
import { listChanges } from '../../ledger/queries.ts'
import type { LedgerCursor } from './cursor.ts'
import { describeChange } from './rules.ts'

/** A change as JSON text, ready to be sent. */
export type ChangeText = {
  revision: number
  epoch: string
  recordId: string
  kind: string
  json: string
}

/** Changes of one page: few, because each stream that waits for its reader holds a page. */
const pageSize = 50
/** Bytes of pages that streams at the same position share. */
const maxCacheBytes = 8_000_000

/** The changes of the ledger in pages, for streams. Streams at the same position share a page. */
export class ChangePages {
  readonly #cache: LRUCache<string, ChangeText[]>

  constructor(db: Db) {
    this.#cache = new LRUCache<string, ChangeText[]>({
      maxSize: maxCacheBytes,
      sizeCalculation: (page) => page.reduce((bytes, { json }) => bytes + json.length * 2, 1_000),
      fetchMethod: (key) => loadPage(db, key),
    })
  }

  /**
   * The next changes after a position, up to the revision `until`; empty when there are none. Both are part of the key: a
   * page that ends at the newest revision is not the page that a newer revision belongs to.
   */
  async read({ revision, recordId }: LedgerCursor, until: number): Promise<ChangeText[]> {
    return (await this.#cache.fetch(`${revision}/${recordId ?? ''}/${until}`)) ?? []
  }
}

async function loadPage(db: Db, key: string): Promise<ChangeText[]> {
  const [revision, recordId, until] = key.split('/')
  const changes = await listChanges(db, {
    after: { revision: Number(revision), recordId: recordId || null },
    until: Number(until),
    kinds: null,
    caseId: null,
    recordId: null,
    limit: pageSize,
  })
  return changes.map((change) => ({
    revision: change.revision,
    epoch: toEpoch(change.hash),
    recordId: change.recordId,
    kind: change.kind,
    json: JSON.stringify(describeChange(change)),
  }))
}
