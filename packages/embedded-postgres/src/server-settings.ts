import { totalmem } from 'node:os'
import type { OpenRequest } from './open-request.ts'

/** An eighth of the memory, from 128 to 512 MiB: other programs share the machine. */
function sharedBuffersMiB(): number {
  const limit = process.constrainedMemory()
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem()
  return Math.min(512, Math.max(128, Math.floor(memory / 8 / 2 ** 20)))
}

const defaultSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=100',
  `shared_buffers=${sharedBuffersMiB()}MB`,
  // Most reads come from the page cache of the operating system, where a worker process costs more than it saves.
  'io_method=sync',
  'jit=off',
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
  'timezone=UTC',
  'log_timezone=UTC',
  // The client receives the errors of its statements; the log would only grow.
  'log_min_messages=log',
  'log_checkpoints=off',
]

/** Flags take precedence over postgresql.conf, and a later flag over an earlier one. */
export function formatServerFlags({ settings }: OpenRequest, port: number): string[] {
  return [...defaultSettings, ...settings, `port=${port}`].flatMap((setting) => ['-c', setting])
}
