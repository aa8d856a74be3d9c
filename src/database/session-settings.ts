import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import pg from 'pg'

/** Settings of PostgreSQL for a connection, by name. */
export type SessionSettings = Readonly<Record<string, string | number>>

/**
 * Settings of every connection. They are the defaults of the embedded PostgreSQL; another server, database or role may
 * have other ones.
 */
const commonSettings: SessionSettings = {
  // Compiling a statement takes longer than running it: a write takes 67 ms instead of 8.
  jit: 'off',
  // The default (4) is for rotating disks: PostgreSQL would scan a whole table to find one row by id.
  random_page_cost: '1.1',
  default_transaction_isolation: 'read committed',
  // Idle connections stay open: they hold the plans of prepared statements.
  idle_session_timeout: 0,
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: 1,
}

/**
 * Settings are sent as the first statement of a connection. A connection pooler such as PgBouncer refuses them as startup
 * parameters.
 *
 * @param scope `transaction`: until the end of the current transaction
 */
export function buildSettingsSql(
  settings: SessionSettings = {},
  scope: 'session' | 'transaction' = 'session',
): string {
  const command = scope === 'session' ? 'SET' : 'SET LOCAL'
  return Object.entries({ ...commonSettings, ...settings })
    .map(([name, value]) => `${command} ${name} = ${pg.escapeLiteral(String(value))}`)
    .join('; ')
}

/** A pool whose connections have these settings. */
export function createSessionPool(config: pg.PoolConfig, settings?: SessionSettings): pg.Pool {
  const text = buildSettingsSql(settings)
  return new pg.Pool({
    ...config,
    onConnect: async (client) => {
      await applySettings(client, text)
    },
  })
}

/**
 * Connects and applies the settings. The caller listens to `error` first.
 *
 * @throws when the server cannot be reached or refuses
 */
export async function connectSession(client: pg.Client, settings?: SessionSettings): Promise<void> {
  await client.connect()
  try {
    await applySettings(client, buildSettingsSql(settings))
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
}

/** Milliseconds in which a new connection has to be ready. */
const settingsTimeoutMs = 5_000

/** Rejects also when the connection is lost, or does not respond, before the answer. */
async function applySettings(client: pg.ClientBase, text: string): Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  const timer = setTimeout(
    () => stream.destroy(new Error('timeout exceeded when trying to connect')),
    settingsTimeoutMs,
  )
  const lost = Promise.withResolvers<never>()
  const emitter = client as unknown as EventEmitter
  const onLost = (error = new Error('Connection terminated unexpectedly')) => lost.reject(error)
  emitter.once('error', onLost)
  emitter.once('end', onLost)
  try {
    await Promise.race([client.query(text), lost.promise])
  } finally {
    clearTimeout(timer)
    emitter.removeListener('error', onLost)
    emitter.removeListener('end', onLost)
    lost.promise.catch(() => undefined)
  }
}
