import { byKey } from './by-key.ts'
import { exportAll, exportCsv, exportNdjson } from './export.ts'
import { findings } from './findings.ts'
import { keysetDeep, keysetFirst } from './keyset.ts'
import { list, listOfMany } from './list.ts'
import { nested } from './nested.ts'
import { network } from './network.ts'
import { reconcile } from './reconcile.ts'
import { cached, conditional } from './same-request.ts'
import { search } from './search.ts'
import { timeline } from './timeline.ts'
import type { Workload } from './workload.ts'

/** In the order of the table. */
export const workloads: readonly Workload[] = [
  byKey,
  nested,
  list,
  listOfMany,
  timeline,
  keysetFirst,
  keysetDeep,
  search,
  reconcile,
  network,
  findings,
  cached,
  conditional,
  exportAll,
  exportNdjson,
  exportCsv,
]
