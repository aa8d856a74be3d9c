import { createServer } from 'node:net'
import { EmbeddedPostgresError } from './error.ts'

/** From 32768 on, Linux uses ports for outgoing connections. */
const [LOWEST_PORT, HIGHEST_PORT] = [20_000, 31_999]

/** @throws {EmbeddedPostgresError} `start-failed` */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT + 1))
    if (await isPortFree(port)) return port
  }
  throw new EmbeddedPostgresError(
    'start-failed',
    `no free port between ${LOWEST_PORT} and ${HIGHEST_PORT} was found on 127.0.0.1: ` +
      'end programs that listen on these ports',
  )
}

/** Port 0, which stands for "none yet", is not free. */
export function isPortFree(port: number): Promise<boolean> {
  if (port === 0) return Promise.resolve(false)
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
