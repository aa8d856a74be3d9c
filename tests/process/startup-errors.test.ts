import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { runProgram, stopAllPrograms } from './program.ts'
import { copySeededDatabase, createDatabase, runQuery } from './test-database.ts'

afterAll(stopAllPrograms)

/** The line with which the program refuses to do what it is asked. */
async function refusal(settings: Record<string, string>, args = ['serve']): Promise<string> {
  const program = runProgram(args, settings)
  expect(await program.ended).toBe(1)
  expect(program.stderr()).toMatch(/^[^\n]+\n$/)
  expect(program.stdout()).not.toContain('ready')
  return program.stderr().trim()
}

async function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

describe.concurrent('a wrong setting', () => {
  test('is reported with its value', async () => {
    expect(await refusal({ PORT: '70000' })).toBe(
      'Wrong settings. PORT: Too big: expected number to be <=65535 (it is "70000")',
    )
    expect(await refusal({ SEED: 'perhaps', LOG_FORMAT: 'xml' })).toMatch(
      /^Wrong settings\. SEED: .* \(it is "perhaps"\); LOG_FORMAT: .* \(it is "xml"\)$/,
    )
  })

  test('is reported without its value when that may contain a password', async () => {
    expect(await refusal({ DATABASE_URL: 'mysql://me:secret@127.0.0.1/casefile' })).toBe(
      'Wrong settings. DATABASE_URL: must look like postgres://user:password@host:5432/name',
    )
  })

  test('stops other commands too', async () => {
    expect(await refusal({ POOL_SIZE: 'many' }, ['seed'])).toContain('POOL_SIZE')
  })
})

describe.concurrent('an address that cannot be listened on', () => {
  test('a port in use', async () => {
    const other = createServer()
    const port = await listening(other)
    const DATABASE_URL = await copySeededDatabase()
    expect(await refusal({ DATABASE_URL, PORT: `${port}` })).toBe(
      `Port ${port} on localhost is in use by another program. Stop it, or set PORT.`,
    )
    other.close()
  })

  test('an address of another host', async () => {
    const DATABASE_URL = await copySeededDatabase()
    expect(await refusal({ DATABASE_URL, HOST: '203.0.113.7' })).toBe(
      'HOST 203.0.113.7 is not an address of this machine. Set HOST.',
    )
  })
})

describe.concurrent('a database that cannot be used', () => {
  const advice = 'Check DATABASE_URL, or leave it unset for the embedded PostgreSQL.'
  const at = (change: (url: URL) => void): URL => {
    const url = new URL(inject('adminUrl'))
    change(url)
    return url
  }

  test('connection refused', async () => {
    const DATABASE_URL = 'postgres://me:secret@127.0.0.1:9/casefile'
    expect(await refusal({ DATABASE_URL })).toBe(
      `The database casefile at 127.0.0.1:9 cannot be used: connect ECONNREFUSED 127.0.0.1:9. ${advice}`,
    )
  })

  test('something that is not PostgreSQL', async () => {
    const other = createHttpServer()
    const port = await listening(other)
    const DATABASE_URL = `postgres://me:secret@127.0.0.1:${port}/casefile`
    expect(await refusal({ DATABASE_URL })).toBe(
      `The database casefile at 127.0.0.1:${port} cannot be used: the server there is not PostgreSQL. ${advice}`,
    )
    other.close()
  })

  test('a wrong password, without showing it', async () => {
    const url = at((one) => {
      one.password = 'secret-and-wrong'
    })
    const line = await refusal({ DATABASE_URL: url.href })
    expect(line).toContain(`cannot be used: password authentication failed for user`)
    expect(line).not.toContain('secret')
  })

  test('no such database', async () => {
    const url = at((one) => {
      one.pathname = 'nowhere'
    })
    expect(await refusal({ DATABASE_URL: url.href })).toBe(
      `The database nowhere at ${url.host} cannot be used: database "nowhere" does not exist. ${advice}`,
    )
  })

  test('a database with tables of other programs is not changed', async () => {
    const DATABASE_URL = await createDatabase()
    await runQuery(DATABASE_URL, 'CREATE TABLE theirs (kept int)')
    expect(await refusal({ DATABASE_URL })).toContain(
      'cannot be used: it holds tables of another program: use an empty database.',
    )
    const tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    expect(await runQuery(DATABASE_URL, tables)).toEqual([{ relname: 'theirs' }])
  })

  test('a database in an encoding that cannot hold every name', async () => {
    const DATABASE_URL = await createDatabase(`ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`)
    expect(await refusal({ DATABASE_URL })).toContain('its encoding is LATIN1, and UTF8 is needed')
  })

  test('a database of a newer version', async () => {
    const DATABASE_URL = await copySeededDatabase()
    await runQuery(
      DATABASE_URL,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
       VALUES ('x', 'x', '29991231000000_later', now())`,
    )
    expect(await refusal({ DATABASE_URL })).toBe(
      'This database is of a newer version of Casefile (migration 29991231000000_later is unknown). ' +
        'Update Casefile, or set DATABASE_URL to another database.',
    )
  })
})

test('an unknown command suggests the nearest one', async () => {
  const program = runProgram(['sede'])
  expect(await program.ended).toBe(2)
  expect(program.stderr()).toBe(
    "error: unknown command 'sede'\n(Did you mean seed?)\n" +
      'casefile --help lists the commands and their options.\n',
  )
})
