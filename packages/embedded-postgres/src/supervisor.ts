import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { withFileLock } from './file-lock.ts'
import { acquireServer, type ServerSession } from './server-session.ts'

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5000

/** Restarts the server each time it dies, until `closing` aborts. Replaces `session.client`. */
export async function superviseServer(session: ServerSession, closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    await waitForDisconnect(session.client, closing)
    if (closing.aborted) return
    session.request.log('PostgreSQL ended unexpectedly and is being restarted')
    await restartServer(session, closing)
  }
}

async function restartServer(session: ServerSession, closing: AbortSignal): Promise<void> {
  const { request, port } = session
  let lastReason = ''
  for (
    let pauseMs = FIRST_PAUSE_MS;
    !closing.aborted;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  ) {
    try {
      const acquire = () => acquireServer(request, port)
      const { client } = await withFileLock(request.folder.lock, acquire, closing)
      session.client = client
      request.log('PostgreSQL is running again')
      return
    } catch (error) {
      if (closing.aborted) return
      const reason = error instanceof Error ? error.message : String(error)
      if (reason !== lastReason) request.log(`PostgreSQL could not be restarted: ${reason}`)
      lastReason = reason
    }
    await sleep(pauseMs, undefined, { signal: closing }).catch(() => {})
  }
}

function waitForDisconnect(client: Client, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    client.once('end', resolve)
    closing.addEventListener('abort', () => resolve(), { once: true })
  })
}
