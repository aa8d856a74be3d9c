import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { type ConnectionDetails, type DataFolder, pidFilePath, readPidFile } from './data-folder.ts'
import { EmbeddedPostgresError } from './error.ts'
import type { OpenRequest } from './open-request.ts'
import { identifyServer } from './process-status.ts'
import { connectToServer } from './server-connection.ts'
import { stopServer } from './server-shutdown.ts'

/** A server that runs, with our connection to it. */
export type RunningServer = { client: Client; port: number }

/** For a start with recovery after a crash. */
export const START_TIMEOUT_MS = 120_000
/** For a process that may be ours and does not answer. */
const SILENCE_TIMEOUT_MS = 5000

/**
 * Connects to the server that runs on the cluster; returns null when there is none. A server that
 * does not answer is stopped, but only when it certainly is the one of this cluster.
 * @throws {EmbeddedPostgresError} `unreachable` when it refuses us or does not finish its recovery
 */
export async function findRunningServer(
  request: OpenRequest,
  { password }: ConnectionDetails,
): Promise<RunningServer | null> {
  const { folder } = request
  const begin = Date.now()
  for (;;) {
    const server = await readPidFile(folder)
    if (server === null) return null
    const { pid, port } = server
    const isOurs = await identifyServer(folder.cluster, pid)
    if (isOurs === 'gone') return null
    const attempt = port > 0 ? await connectToServer(request, { port, password }) : null
    if (attempt?.kind === 'connected') return { client: attempt.client, port }
    if (isOurs === 'no') {
      // PostgreSQL refuses to start as long as any process has the number in this file.
      await rm(pidFilePath(folder), { force: true })
      return null
    }
    const waitedMs = Date.now() - begin
    if (attempt?.kind === 'starting') {
      if (waitedMs > START_TIMEOUT_MS) throw describeUnreachable(folder, attempt.message)
    } else if (attempt?.kind === 'denied' && isOurs === 'yes') {
      throw describeUnreachable(folder, attempt.message)
    } else if (waitedMs > SILENCE_TIMEOUT_MS) {
      if (isOurs === 'yes') await stopSilentServer(folder, pid)
      return null
    }
    await sleep(20)
  }
}

async function stopSilentServer(folder: DataFolder, pid: number): Promise<void> {
  if (await stopServer(folder, pid)) return
  throw describeUnreachable(folder, `process ${pid} does not end`)
}

export function describeUnreachable(folder: DataFolder, reason: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'unreachable',
    `the PostgreSQL that runs in ${folder.cluster} cannot be used: ${reason}; see ${folder.log}`,
  )
}
