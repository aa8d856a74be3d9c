import type { Database } from './database/database.ts'
import type { Metrics } from './http/metrics.ts'
import type { ResponseCache } from './http/response-cache.ts'
import type { HeadTracker } from './ledger/head-tracker.ts'
import { countImportBacklog } from './ledger/queries.ts'

type GaugeSources = {
  database: Database
  head: HeadTracker
  cache: ResponseCache | undefined
  countWaitingQueries(): number
}

/** What the metrics tell about the server besides its requests. */
export function addServerGauges(metrics: Metrics, sources: GaugeSources): void {
  const { database, head, cache, countWaitingQueries } = sources
  metrics.addGauge(
    'casefile_revision',
    'The newest revision that this process knows. Missing without a database.',
    () => head.getKnownHead()?.revision ?? null,
  )
  for (const state of ['total', 'idle', 'waiting'] as const)
    metrics.addGaugeByLabel(
      `casefile_database_connections_${state}`,
      state === 'waiting'
        ? 'Statements, writes or exports that wait for a connection.'
        : `Connections to the database, ${state === 'idle' ? 'without work' : 'open'}.`,
      'pool',
      () => Object.entries(database.getPoolStats()).map(([name, stats]) => [name, stats[state]]),
    )
  metrics.addGauge(
    'casefile_queries_waiting',
    'Searches, findings and other long queries that wait for their turn.',
    countWaitingQueries,
  )
  for (const unit of ['revisions', 'seconds'] as const)
    metrics.addGaugeByLabel(
      `casefile_replica_lag_${unit}`,
      `How far a standby is behind, in ${unit}. Missing while it is not used.`,
      'replica',
      () =>
        (database.replicas?.listLags() ?? []).flatMap(({ name, [unit]: lag }) =>
          lag === null ? [] : [[name, lag] as const],
        ),
    )
  metrics.addGauge(
    'casefile_import_backlog_revisions',
    'Revisions of imports that are not searchable yet. Missing without a database.',
    () => countImportBacklog(database.db).catch(() => null),
  )
  if (cache === undefined) return
  metrics.addGauge(
    'casefile_cache_entries',
    'Responses in the cache.',
    () => cache.getSize().entries,
  )
  metrics.addGauge('casefile_cache_bytes', 'Bytes in the cache.', () => cache.getSize().bytes)
}
