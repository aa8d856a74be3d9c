// npm run new-migration -- NAME: compares schema.prisma of the work tree with the committed one and writes the SQL of the
// change into a new migration folder. Review it and add checks and expression indexes by hand. The engine connects to the
// server of DATABASE_URL, but changes nothing there.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine } from '@prisma/schema-engine-wasm'

const [name] = process.argv.slice(2)
if (!name) {
  console.error('Usage: npm run new-migration -- NAME')
  process.exit(2)
}
const schemaPath = 'prisma/schema.prisma'
const readCommittedSchema = () => {
  try {
    return execFileSync('git', ['show', `HEAD:${schemaPath}`], { encoding: 'utf8' })
  } catch {
    return undefined
  }
}
const toDiffTarget = (content: string | undefined) =>
  content === undefined
    ? { tag: 'empty' as const }
    : { tag: 'schemaDatamodel' as const, files: [{ path: schemaPath, content }] }

const currentSchema = readFileSync(schemaPath, 'utf8')
const engine = await SchemaEngine.new(
  { datamodels: [[schemaPath, currentSchema]] },
  () => undefined,
  bindMigrationAwareSqlAdapterFactory(
    new PrismaPg({ connectionString: process.env.DATABASE_URL ?? '' }),
  ),
)
const { stdout } = await engine.diff({
  from: toDiffTarget(process.argv.includes('--from-empty') ? undefined : readCommittedSchema()),
  to: toDiffTarget(currentSchema),
  script: true,
  exitCode: null,
  shadowDatabaseUrl: null,
  filters: { externalTables: [], externalEnums: [] },
})
const timestamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
const folder = join('prisma/migrations', `${timestamp}_${name}`)
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'migration.sql'), stdout ?? '')
console.log(join(folder, 'migration.sql'))
