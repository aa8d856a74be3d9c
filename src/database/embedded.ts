import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { FatalError } from '../fatal-error.ts'
import {
  clusterVersion,
  type Folder,
  openFolder,
  readFacts,
  readPidFile,
} from './embedded/folder.ts'
import { withGate } from './embedded/gate.ts'
import { initialise } from './embedded/initialise.ts'
import { findRunning, type Running, start, stop } from './embedded/postmaster.ts'
import { moveIn, moveOut, type Purpose } from './embedded/tenancy.ts'

export type Embedded = {
  /** Of the database `casefile`; stays the same when PostgreSQL is started again. */
  url: string
  /**
   * Leaves, and stops PostgreSQL if nobody else uses it, which cuts any connection of ours that is
   * still open. Never rejects.
   */
  close(): Promise<void>
}

type EmbeddedOptions = {
  dataDir: string
  /** Any number of processes may hold a data folder open, but only one of them to serve. */
  purpose: Purpose
  /** Takes the rare events that an operator wants to know of, a line each. */
  log: (line: string) => void
  /** Hears that a program of PostgreSQL runs that takes its time: one that makes a new database, or the server. */
  launched?: ((isNew: boolean) => void) | undefined
}

type Tenancy = Running & { password: string }

/**
 * Runs a real PostgreSQL in the data folder, or joins the one that runs there already. It is a
 * process of its own that outlives us if we are killed; the next to open the folder takes it over.
 * While we serve, a PostgreSQL that dies is started again.
 *
 * Nothing here hooks into the end of the process: whoever opens also closes.
 * @throws {FatalError}
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { purpose, log } = options
  const opened = await open(options)
  const { folder } = opened
  const { port, password } = opened.tenancy
  let client = opened.tenancy.client
  const closing = new AbortController()
  const watch = purpose === 'serve' ? supervise() : null

  /** Lasts until `close`: waits for PostgreSQL to die, starts it again, and so on. */
  async function supervise(): Promise<void> {
    while (!closing.signal.aborted) {
      await endOf(client, closing.signal)
      if (closing.signal.aborted) return
      log('PostgreSQL has ended unexpectedly and is being started again')
      await startAgain()
    }
  }

  async function startAgain(): Promise<void> {
    let lastReason = ''
    for (let pauseMs = 50; !closing.signal.aborted; pauseMs = Math.min(pauseMs * 2, 5000)) {
      try {
        const again = () => enter(folder, { purpose, log, samePort: port })
        client = (await withGate(folder.gate, again, closing.signal)).client
        log('PostgreSQL runs again')
        return
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        if (closing.signal.aborted) return
        if (reason !== lastReason) log(`PostgreSQL could not be started again: ${reason}`)
        lastReason = reason
      }
      await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  async function close(): Promise<void> {
    closing.abort()
    await watch
    try {
      await withGate(folder.gate, async () => {
        const isConnected = await client.query('select').then(
          () => true,
          () => false,
        )
        const still = isConnected
          ? { client }
          : await findRunning(folder, { port, password }, purpose)
        if (still) await leave(folder, still.client)
      })
    } catch (error) {
      log(`PostgreSQL was left running: ${error instanceof Error ? error.message : error}`)
    }
  }

  let closed: Promise<void> | undefined
  return {
    url: `postgres://casefile:${password}@127.0.0.1:${port}/casefile`,
    close() {
      closed ??= close()
      return closed
    },
  }
}

async function open({ dataDir, purpose, log, launched }: EmbeddedOptions): Promise<{
  folder: Folder
  tenancy: Tenancy
}> {
  try {
    const folder = await openFolder(dataDir)
    return {
      folder,
      tenancy: await withGate(folder.gate, () => enter(folder, { purpose, log, launched })),
    }
  } catch (error) {
    throw asFatalError(error, dataDir)
  }
}

/**
 * Finds PostgreSQL running, or makes it run, and becomes one of its tenants. To be called in the
 * gate.
 * @param how `samePort` is the port that others have been told: nothing new is made then
 */
async function enter(
  folder: Folder,
  how: Omit<EmbeddedOptions, 'dataDir'> & { samePort?: number },
): Promise<Tenancy> {
  const { purpose, log, samePort, launched = () => undefined } = how
  const isNew = (await clusterVersion(folder)) === null
  if (isNew && samePort) throw new FatalError(`${folder.cluster} has disappeared`)
  const facts = isNew
    ? await initialise(folder, log, () => launched(true))
    : await readFacts(folder)
  const found = await findRunning(folder, facts, purpose)
  const { client, port } =
    found ?? (await start(folder, facts, purpose, samePort, () => launched(false)))
  try {
    if (samePort && port !== samePort) throw new FatalError(`it now runs on port ${port}`)
    const alone = await moveIn(client, folder, purpose)
    if (found && alone) log(`adopted the PostgreSQL that was left running in ${folder.cluster}`)
    return { client, port, password: facts.password }
  } catch (error) {
    await leave(folder, client).catch(() => {})
    throw error
  }
}

/** The last to leave stops PostgreSQL. To be called in the gate. */
async function leave(folder: Folder, client: Client): Promise<void> {
  const wasLast = await moveOut(client)
  const noted = await readPidFile(folder)
  await client.end()
  if (wasLast && noted && !(await stop(folder, noted.pid))) {
    throw new FatalError(`process ${noted.pid} does not end`)
  }
}

/** Waits until a connection is lost, or `signal` comes. */
function endOf(client: Client, signal: AbortSignal): Promise<void> {
  return new Promise((settle) => {
    client.once('end', settle)
    signal.addEventListener('abort', () => settle(), { once: true })
  })
}

/**
 * What is wrong with a folder the system itself says well: "EACCES: permission denied, mkdir ...".
 */
function asFatalError(error: unknown, dataDir: string): unknown {
  if (error instanceof FatalError || !(error instanceof Error) || !('code' in error)) return error
  return new FatalError(`the data folder ${dataDir} cannot be used: ${error.message}`, {
    cause: error,
  })
}
