import type { Client } from 'pg'
import { initialiseCluster } from './cluster-initialisation.ts'
import { registerUser, unregisterUser } from './cluster-users.ts'
import {
  type ConnectionDetails,
  type DataFolder,
  readClusterVersion,
  readConnectionDetails,
  readPidFile,
} from './data-folder.ts'
import { EmbeddedPostgresError } from './error.ts'
import type { OpenRequest } from './open-request.ts'
import { findRunningServer } from './running-server.ts'
import { startServer } from './server-process.ts'
import { stopServer } from './server-shutdown.ts'

/** Our registration with a running server; it lasts as long as the connection `client`. */
export type ServerSession = {
  request: OpenRequest
  client: Client
  port: number
  password: string
}

/**
 * Finds or starts the server and registers as one of its users. The caller holds the file lock.
 * @param fixedPort accepts no other port, because the URL is in use; creates no new cluster then
 */
export async function acquireServer(
  request: OpenRequest,
  fixedPort?: number,
): Promise<ServerSession> {
  const { folder, log } = request
  const details = await prepareCluster(request, fixedPort)
  const running = await findRunningServer(request, details)
  const { client, port } = running ?? (await startServer(request, details, fixedPort))
  try {
    if (fixedPort !== undefined && port !== fixedPort) {
      throw new EmbeddedPostgresError('start-failed', `the server now runs on port ${port}`)
    }
    const isOnlyUser = await registerUser(client, request)
    if (running && isOnlyUser) {
      log(`adopted the PostgreSQL that was left running in ${folder.cluster}`)
    }
    return { request, client, port, password: details.password }
  } catch (error) {
    await releaseServer(folder, client).catch(() => {})
    throw error
  }
}

async function prepareCluster(
  request: OpenRequest,
  fixedPort: number | undefined,
): Promise<ConnectionDetails> {
  const { folder } = request
  if ((await readClusterVersion(folder)) !== null) return await readConnectionDetails(folder)
  if (fixedPort !== undefined) {
    throw new EmbeddedPostgresError('start-failed', `${folder.cluster} has disappeared`)
  }
  return await initialiseCluster(request)
}

/** The last user to leave stops the server. The caller holds the file lock. */
export async function releaseServer(folder: DataFolder, client: Client): Promise<void> {
  const wasLastUser = await unregisterUser(client)
  const server = await readPidFile(folder)
  await client.end()
  if (wasLastUser && server && !(await stopServer(folder, server.pid))) {
    throw new EmbeddedPostgresError('stop-failed', `process ${server.pid} does not end`)
  }
}
