import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// What is compiled once is kept, where the folder can be written. It holds for what is imported from here on, so
// everything else is imported from here on; and this file is JavaScript, so that a start with all of it kept does
// not load what strips the types.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/casefile'))
await import('./program.ts')
