import { defineConfig } from 'prisma/config'

// `prisma generate` insists on a native schema engine that it never runs; any executable satisfies it
// (migrations run through Prisma's engine in WebAssembly instead, see src/database/migrate.ts).
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: {
    path: 'prisma/migrations',
    seed: 'node_modules/.bin/node --disable-warning=ExperimentalWarning src/main.js seed',
  },
  datasource: { url: process.env.DATABASE_URL ?? '' },
})
