import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectionDetails, type DataFolder, writeConnectionDetails } from './data-folder.ts'
import { EmbeddedPostgresError } from './error.ts'
import { findFreePort, isPortFree } from './free-port.ts'
import type { OpenRequest } from './open-request.ts'
import { programEnvironment } from './program-execution.ts'
import { findPrograms, type Programs } from './programs.ts'
import { describeUnreachable, type RunningServer, START_TIMEOUT_MS } from './running-server.ts'
import { connectToServer } from './server-connection.ts'
import { readFailureReason, trimServerLog } from './server-log.ts'
import { formatServerFlags } from './server-settings.ts'

const RETRY_TIMEOUT_MS = 15_000
/** Another program took the port, or parts of a killed server have not ended yet. */
const TEMPORARY_FAILURE = /could not create any TCP\/IP sockets|pre-existing shared memory/

/**
 * Starts the server and waits until it accepts connections. Uses the port of the last start when it
 * is free, otherwise another.
 * @param fixedPort the only port to try, because the URL is in use
 * @throws {EmbeddedPostgresError}
 */
export async function startServer(
  request: OpenRequest,
  details: ConnectionDetails,
  fixedPort: number | undefined,
): Promise<RunningServer> {
  const { folder } = request
  const programs = await findPrograms(folder)
  const deadline = Date.now() + RETRY_TIMEOUT_MS
  for (;;) {
    const port = fixedPort ?? (await choosePort(details.port))
    if (port !== details.port) await writeConnectionDetails(folder, { ...details, port })
    const started = await tryStart(request, programs, { ...details, port })
    if (typeof started !== 'string') return started
    if (!TEMPORARY_FAILURE.test(started) || Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        'start-failed',
        `PostgreSQL does not start on ${folder.cluster}: ${started}; see ${folder.log}`,
      )
    }
    await sleep(100)
  }
}

async function choosePort(lastPort: number): Promise<number> {
  return (await isPortFree(lastPort)) ? lastPort : await findFreePort()
}

/** Returns the reason as text when the server ends instead of starting. */
async function tryStart(
  request: OpenRequest,
  programs: Programs,
  details: ConnectionDetails,
): Promise<RunningServer | string> {
  const { folder, onLaunch } = request
  const logSize = await trimServerLog(folder)
  const flags = formatServerFlags(request, details.port)
  const hasEnded =
    process.platform === 'win32'
      ? await launchOnWindows(programs, folder, flags)
      : launchServer(programs, folder, flags)
  onLaunch('postgres')
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!hasEnded()) {
    const attempt = await connectToServer(request, details)
    if (attempt.kind === 'connected') return { client: attempt.client, port: details.port }
    // The server goes on with its recovery, and the next process to open the folder finds it.
    if (Date.now() > deadline) throw describeUnreachable(folder, attempt.message)
    await sleep(5)
  }
  return await readFailureReason(folder, logSize)
}

/**
 * In a process group of its own, so that Ctrl-C does not reach it, and with the log file as output,
 * so that it survives when this process is killed. Returns a function that tells if it has ended.
 */
function launchServer(programs: Programs, folder: DataFolder, flags: string[]): () => boolean {
  const command = [...programs.prefix, programs.postgres, '-D', folder.cluster, ...flags]
  const [file = '', ...args] = command
  const log = openSync(folder.log, 'a', 0o600)
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: programEnvironment,
    ...programs.spawnAs,
  })
  closeSync(log)
  child.unref()
  let hasEnded = false
  const setEnded = () => {
    hasEnded = true
  }
  child.once('error', setEnded)
  child.once('exit', setEnded)
  return () => hasEnded
}

/** PostgreSQL refuses to run with the rights of an administrator; `pg_ctl` drops them. */
async function launchOnWindows(
  programs: Programs,
  folder: DataFolder,
  flags: string[],
): Promise<() => boolean> {
  const args = ['start', '-w', '-D', folder.cluster, '-l', folder.log, '-o', flags.join(' ')]
  const child = spawn(programs.pg_ctl, args, { stdio: 'ignore', env: programEnvironment })
  const hasFailed = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(true))
    child.once('exit', (code) => resolve(code !== 0))
  })
  return () => hasFailed
}
