import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { addHelpExamples } from '../cli/help.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import { FatalError } from '../fatal-error.ts'
import { exportPublicKey, formatKeyId, loadLedgerKey, signHead } from './head-signature.ts'

type WithDatabase = (work: (database: Database, config: Config) => Promise<void>) => Promise<void>

/** `casefile head`. */
export function addHeadCommand(program: Command, withDatabase: WithDatabase): void {
  const command = program
    .command('head')
    .description(
      'print the newest revision of the ledger and its hash, signed and stamped as the settings say',
    )
    .option('--append <file>', 'also add it as a line to this file')
    .option('--json', 'the same: it is always JSON')
    .action(async ({ append }: { append?: string }) =>
      withDatabase(async ({ db }, config) => {
        const [{ getLedgerHead }, { requestTimeStamp }] = await Promise.all([
          import('./queries.ts'),
          import('./time-stamp.ts'),
        ])
        const key = loadLedgerKey(config)
        const head = await getLedgerHead(db)
        const authority = config.LEDGER_TIMESTAMP_URL
        const line = JSON.stringify({
          ...head,
          signature: key === null ? null : signHead(head, key),
          timeStamp: authority === undefined ? null : await requestTimeStamp(head, authority),
        })
        if (append !== undefined) appendFileSync(append, `${line}\n`)
        console.log(line)
      }),
    )
  addHelpExamples(command, ['casefile head', 'casefile head --append heads.ndjson'])
}

/** `casefile keys ledger`. */
export function addLedgerKeyCommand(keys: Command): void {
  const command = keys
    .command('ledger')
    .description('make the key that signs heads of the ledger (LEDGER_KEY_FILE)')
    .requiredOption(
      '--out <file>',
      'where to write the private key; the file must not be there yet',
    )
    .option('--json', 'as JSON')
    .action(({ out, json }: { out: string; json?: true }) => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519')
      const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
      try {
        writeFileSync(out, pem, { mode: 0o600, flag: 'wx' })
      } catch (error) {
        const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST'
        throw new FatalError(isThere ? `${out} is there already.` : `${out} cannot be written.`, {
          cause: error,
        })
      }
      const publicPem = String(publicKey.export({ type: 'spki', format: 'pem' })).trim()
      const keyId = formatKeyId(exportPublicKey(publicKey))
      if (json) return console.log(JSON.stringify({ keyId, publicKey: publicPem, file: out }))
      console.error(`Wrote the private key to ${out}. Its id is ${keyId}. Publish the public key:`)
      console.log(publicPem)
    })
  addHelpExamples(command, ['casefile keys ledger --out ledger-key.pem > ledger-key.pub'])
}

/** The id of a key in a file, public or private. @throws {FatalError} */
export function readKeyId(file: string): string {
  try {
    const text = readFileSync(file, 'utf8')
    const key = text.includes('PRIVATE KEY') ? createPrivateKey(text) : createPublicKey(text)
    return formatKeyId(exportPublicKey(key))
  } catch (error) {
    throw new FatalError(`${file} is no key in PEM, or cannot be read.`, { cause: error })
  }
}
