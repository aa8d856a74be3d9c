import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// The cache holds only modules that are imported after this call. This file is JavaScript so that even the type stripper
// loads after it.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/casefile'))
await import('./program.ts')
