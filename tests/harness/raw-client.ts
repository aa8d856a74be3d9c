import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { TestApp } from './app.ts'

/** The port of the server of a test, which opens it if need be. */
export async function listenOnFreePort({ app }: Pick<TestApp, 'app'>): Promise<number> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as { port: number }).port
}

export type RawConnection = {
  socket: Socket
  /** Resolves with all that the server has sent when `pattern` has come. */
  waitFor(pattern: RegExp): Promise<string>
  /** Resolves with all that the server has sent when it closes the connection. */
  closed: Promise<string>
}

/** A connection on which a test writes bytes of its own. */
export async function connectRaw(port: number, bytes = ''): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    received += text
    socket.emit('received')
  })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  if (bytes !== '') socket.write(bytes)
  return {
    socket,
    async waitFor(pattern) {
      while (!pattern.test(received)) {
        if (socket.closed) throw new Error(`Closed before ${pattern}: ${received}`)
        await new Promise<void>((resolve) => {
          socket.once('received', resolve).once('close', resolve)
        })
      }
      return received
    },
    closed: new Promise((resolve) => socket.once('close', () => resolve(received))),
  }
}

/** Status and body of an HTTP response as it came over the wire, with a JSON body. */
export function parseRawResponse(text: string): { status: number; headers: string; body: unknown } {
  const [headers = '', body = ''] = text.split('\r\n\r\n')
  const json = /\{.*\}/s.exec(body)?.[0] ?? 'null'
  return { status: Number(headers.split(' ')[1]), headers, body: JSON.parse(json) }
}
