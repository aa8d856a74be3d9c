import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { requestTimeStamp } from '../../src/ledger/time-stamp.ts'

/**
 * OWASP API10:2023, Unsafe Consumption of APIs. The only server that the program asks is a time-stamp authority that a setting
 * names. (Bundles of other instances: tests/exchange/bundle.test.ts.)
 */

const head = { revision: 1, hash: 'a'.repeat(64) } as Parameters<typeof requestTimeStamp>[0]

async function stampBy(listener: RequestListener): Promise<{ message: string; sentBytes: number }> {
  let sentBytes = 0
  const server = createServer((request, response) => {
    response.on('close', () => {
      sentBytes += response.socket?.bytesWritten ?? 0
    })
    listener(request, response)
  })
  server.on('connection', (socket) => {
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sentBytes = Math.max(sentBytes, socket.bytesWritten)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const message = await requestTimeStamp(head, `http://127.0.0.1:${port}/`).then(
    () => 'stamped',
    (error: Error) => error.message,
  )
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  return { message, sentBytes }
}

test.each<[string, RegExp, RequestListener]>([
  ['a page', /no time-stamp/, (_request, response) => response.end('<html></html>')],
  ['nothing', /no time-stamp/, (_request, response) => response.end()],
  ['an error', /answered 500/, (_request, response) => response.writeHead(500).end()],
  [
    'a redirect',
    /cannot be used/,
    (_request, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
  ],
  ['a broken connection', /cannot be used/, (request) => request.socket.destroy()],
  [
    'random bytes',
    /no time-stamp|refused/,
    (_request, response) => response.end(Buffer.from('3082ffff0102030405', 'hex')),
  ],
])('an authority that sends %s gives no stamp', async (_what, reason, listener) => {
  const { message } = await stampBy(listener)
  expect(message).toMatch(reason)
  expect(message).not.toContain('\n')
})

test('an authority that never stops is read no further than a stamp can be', async () => {
  const megabyte = Buffer.alloc(1_000_000)
  const { message, sentBytes } = await stampBy((_request, response) => {
    const send = () => {
      while (!response.destroyed && response.write(megabyte));
      if (!response.destroyed) response.once('drain', send)
    }
    send()
  })
  expect(message).toMatch(/too long/)
  expect(sentBytes).toBeLessThan(50_000_000)
})

test('a redirect is not followed', async () => {
  let followed = false
  const other = createServer((_request, response) => {
    followed = true
    response.end()
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
  await stampBy((_request, response) => response.writeHead(307, { location }).end())
  other.close()
  expect(followed).toBe(false)
})
