import type { Database } from '../database/database.ts'

/** What every route of records is given. */
export type RouteContext = {
  database: Database
  /** Told of every revision that this process wrote, so that it reads its own writes at once. */
  head: { announced(revision: number): void }
}
