import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { isPacked } from './packed.js'

// What is compiled once is kept, where the folder can be written. It holds for what is imported from here on, so
// everything else is imported from here on; and these two files are JavaScript, so that a start with all of it packed or
// kept does not load what strips the types.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/casefile'))
if (isPacked()) await import('./generated/packed/program.js')
else await import('./program.ts')
