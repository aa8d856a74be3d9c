import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import { FatalError } from '../fatal-error.ts'

type HttpListener = {
  /** For a browser on this machine. */
  url: string
  /** Accepts no new connections, waits up to `SHUTDOWN_SECONDS` for requests in flight, then closes the app. */
  close(): Promise<void>
}

/**
 * Opens the port. `localhost` means both loopback addresses regardless of the hosts file, or only 127.0.0.1 on a machine
 * without IPv6.
 *
 * @throws {FatalError}
 */
export async function listen(
  app: Pick<FastifyInstance, 'server' | 'ready' | 'close'>,
  { HOST, PORT, SHUTDOWN_SECONDS }: Config,
): Promise<HttpListener> {
  await app.ready()
  const { server } = app
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  // Node counts connections that never sent a request as busy.
  const closeIdle = () => {
    server.closeIdleConnections()
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }
  try {
    server.listen({ host: HOST === 'localhost' ? '127.0.0.1' : HOST, port: PORT })
    await once(server, 'listening')
    const port = getPort(server)
    const ipv6Server = HOST === 'localhost' ? await listenOnIpv6(server, port) : null
    return {
      url: `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}`,
      async close() {
        const forceCloseTimer = setTimeout(
          () => server.closeAllConnections(),
          SHUTDOWN_SECONDS * 1_000,
        )
        const idleTimer = setInterval(closeIdle, 50)
        await Promise.all([app.close(), ipv6Server && closeServer(ipv6Server)])
        clearInterval(idleTimer)
        clearTimeout(forceCloseTimer)
      },
    }
  } catch (error) {
    await app.close()
    throw toFatalError(error, HOST, PORT)
  }
}

/** Passes connections to ::1 on to the same server. Null on a machine without IPv6. */
async function listenOnIpv6(server: Server, port: number): Promise<Server | null> {
  const ipv6Server = createServer((socket) => server.emit('connection', socket))
  ipv6Server.listen({ host: '::1', port })
  try {
    await once(ipv6Server, 'listening')
    return ipv6Server
  } catch (error) {
    if (getErrorCode(error) === 'EADDRINUSE') throw error
    return null
  }
}

const closeServer = (server: Server) => new Promise((resolve) => server.close(resolve))

function getPort(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

function toFatalError(error: unknown, host: string, port: number): unknown {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another program. Stop it, or set PORT.`,
    EACCES: `This user may not use port ${port}. Set PORT.`,
    ENOTFOUND: `HOST ${host} is not an address of this machine. Set HOST.`,
  }
  const code = getErrorCode(error)
  const isWrongHost = /^(EADDRNOTAVAIL|EAFNOSUPPORT|EAI_\w+|EINVAL)$/.test(code)
  const reason = reasons[isWrongHost ? 'ENOTFOUND' : code]
  return reason === undefined ? error : new FatalError(reason, { cause: error })
}

const getErrorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
