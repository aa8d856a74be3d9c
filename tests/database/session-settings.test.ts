import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { connectSession } from '../../src/database/session-settings.ts'

/** AuthenticationOk and ReadyForQuery of PostgreSQL's protocol 3. */
const greeting = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49])

const sockets: Socket[] = []
const server = createServer((socket) => {
  sockets.push(socket)
  socket.on('error', () => undefined)
  socket.once('data', () => socket.write(greeting))
})
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server.close()
})

test('a server that accepts a connection and then says nothing does not hold it up for ever', async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'nobody', ssl: false })
  client.on('error', () => undefined)
  await expect(connectSession(client)).rejects.toThrow('timeout exceeded when trying to connect')
})
