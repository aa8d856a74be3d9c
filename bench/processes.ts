import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'

/** Microseconds of processor time that a process has used in all its threads; null where there is no /proc. */
export function readCpuMicros(pid: number): number | null {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const nanoseconds = threads.map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    )
    return nanoseconds.reduce((sum, one) => sum + one, 0) / 1_000
  } catch {
    return null
  }
}

/** Resident memory in bytes; null where there is no /proc. */
export function readResidentBytes(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024
  } catch {
    return null
  }
}

export type PostgresCpuMeter = {
  /** Processor time by process, of those that serve this database. */
  read(): Promise<ReadonlyMap<number, number>>
  close(): Promise<void>
}

/** Watches what PostgreSQL's own processes use for a database; sees nothing of a server on another machine. */
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
        'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
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

/** Processor time between two readings; null when nothing could be read. */
export function subtractReadings(
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
): number | null {
  if (after.size === 0) return null
  return [...after].reduce((sum, [pid, micros]) => sum + micros - (before.get(pid) ?? 0), 0)
}
