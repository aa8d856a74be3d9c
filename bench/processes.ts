import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'

/** Microseconds of CPU time of all threads of a process; null without /proc. */
export function readCpuMicros(pid: number): number | null {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const nanoseconds = threads.map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    )
    return nanoseconds.reduce((sum, time) => sum + time, 0) / 1_000
  } catch {
    return null
  }
}

/** Resident memory in bytes; null without /proc. */
export function readResidentBytes(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024
  } catch {
    return null
  }
}

export type PostgresCpuMeter = {
  /** CPU time in microseconds of the backends of this database, by process id. */
  read(): Promise<ReadonlyMap<number, number>>
  close(): Promise<void>
}

/** Measures the CPU time of PostgreSQL's backends for a database. Reads nothing of a server on another machine. */
export async function openPostgresCpuMeter(url: string): Promise<PostgresCpuMeter> {
  const client = new pg.Client(url)
  await client.connect()
  const isPostgres = (pid: number) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
    } catch {
      return false
    }
  }
  return {
    async read() {
      const { rows } = await client.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      )
      return new Map(
        rows.flatMap(({ pid }) => {
          const micros = isPostgres(pid) ? readCpuMicros(pid) : null
          return micros === null ? [] : [[pid, micros] as const]
        }),
      )
    },
    close: () => client.end(),
  }
}

/** CPU time between two readings; null when nothing could be read. */
export function subtractReadings(
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
): number | null {
  if (after.size === 0) return null
  return [...after].reduce((sum, [pid, micros]) => sum + micros - (before.get(pid) ?? 0), 0)
}
