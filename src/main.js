import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Node keeps compiled code only of what is imported after this call. This file is JavaScript so that nothing, not even
// the type stripper, loads before it.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/casefile'))
await import('./program.ts')
