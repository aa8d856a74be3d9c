import pg from 'pg'
import { registerCleanup } from '../cleanup.ts'

const copyName = 'casefile_bench_writes'

/** A copy of the data set to write to, gone at the end of the run. Nobody may be connected to the data set. */
export async function createWritableCopy(dataSet: string): Promise<string> {
  const admin = new pg.Client(new URL('/postgres', dataSet).href)
  await admin.connect()
  const drop = () => admin.query(`DROP DATABASE IF EXISTS ${copyName} WITH (FORCE)`)
  registerCleanup(async () => {
    await drop()
    await admin.end()
  })
  await drop()
  // Copied file by file: through the log it takes several times as long.
  await admin.query(
    `CREATE DATABASE ${copyName} TEMPLATE ${new URL(dataSet).pathname.slice(1)} STRATEGY FILE_COPY`,
  )
  const copy = new URL(dataSet)
  copy.pathname = copyName
  return copy.href
}
